"""The whole store in memory: what the SQL one promises, without a file, a thread or a wait.

A method never suspends, so each is one transaction. Rows are frozen models and are changed by being replaced. What SQL would keep as
JSON goes through JSON once, on its way in.
"""

import secrets
from collections.abc import Callable
from datetime import datetime

from store import MasterKey, Store
from store.audit import AuditLog
from store.columns import now
from store.home import Homes
from store.members import Members
from store.movements import Movements
from store.operation_items import OperationItems
from store.operations import Operations
from store.pruning import Pruning
from store.requests import Requests
from store.searching import Searching
from store.versions import Versions
from tests.memory_store.awaited import MemoryAwaited
from tests.memory_store.capacity import MemoryCapacities
from tests.memory_store.configuration import MemoryConfigurations
from tests.memory_store.conflicts import MemoryConflictLog
from tests.memory_store.hooks import MemoryHookChecks
from tests.memory_store.inbox import MemoryInbox
from tests.memory_store.journal import MemoryJournal
from tests.memory_store.lifecycle import MemoryLifecycles
from tests.memory_store.plans import MemoryPlans
from tests.memory_store.replicas import MemoryReplicas
from tests.memory_store.rows import MemoryDatabase
from tests.memory_store.transactions import MemoryTransactions
from tests.memory_store.twins import MemoryTwins


def opened(key: MasterKey, now: Callable[[], datetime] = now, token: Callable[[int], str] = secrets.token_hex) -> Store:
    """An empty store; `now` and `token` are those of `store.database.Database`."""
    database = MemoryDatabase(key, now, token)
    return Store(
        database=database,
        configurations=MemoryConfigurations(database),
        lifecycles=MemoryLifecycles(database),
        capacities=MemoryCapacities(database),
        homes=Homes(database),
        twins=MemoryTwins(database),
        transactions=MemoryTransactions(database),
        replicas=MemoryReplicas(database),
        searching=Searching(database),
        plans=MemoryPlans(database),
        journal=MemoryJournal(database),
        inbox=MemoryInbox(database),
        hooks=MemoryHookChecks(database),
        conflicts=MemoryConflictLog(database),
        awaited=MemoryAwaited(database),
        operations=Operations(database),
        operation_items=OperationItems(database),
        pruning=Pruning(database),
        requests=Requests(database),
        versions=Versions(database),
        audit=AuditLog(database),
        members=Members(database),
        movements=Movements(database),
    )
