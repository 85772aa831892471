"""The database: tables, queries, migrations; the only SQL. Values go in and come out as the frozen models of `model`."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from sqlmodel.ext.asyncio.session import AsyncSession

from store.acts import Act
from store.audit import AuditLog
from store.awaited import Awaited
from store.capacity import Capacities
from store.cipher import MasterKey
from store.columns import now
from store.configuration import Configurations
from store.conflicts import ConflictLog
from store.database import Database
from store.home import Homes
from store.hooks import HookChecks
from store.inbox import Inbox
from store.journal import Journal
from store.lifecycle import Lifecycles
from store.locks import lock_all_configuration
from store.members import Members
from store.movements import Movements
from store.operation_items import OperationItems
from store.operations import Operations
from store.plans import Plans
from store.pruning import Pruning
from store.replicas import Replicas
from store.requests import Requests
from store.searching import Searching
from store.transactions import Transactions
from store.twins import Twins
from store.versions import Versions


@dataclass(frozen=True)
class Store:
    """Everything that is kept, by noun. Each method is one database transaction unless it says otherwise."""

    database: Database
    configurations: Configurations
    lifecycles: Lifecycles
    capacities: Capacities
    homes: Homes
    twins: Twins
    transactions: Transactions
    replicas: Replicas
    searching: Searching
    plans: Plans
    journal: Journal
    inbox: Inbox
    hooks: HookChecks
    conflicts: ConflictLog
    awaited: Awaited
    operations: Operations
    operation_items: OperationItems
    pruning: Pruning
    requests: Requests
    versions: Versions
    audit: AuditLog
    members: Members
    movements: Movements

    @classmethod
    async def open(cls, url: str, key: MasterKey, now: Callable[[], datetime] = now) -> Self:
        """See `Database.open`."""
        return cls.on(await Database.open(url, key, now))

    @classmethod
    def on(cls, database: Database) -> Self:
        """The store on an open database."""
        return cls(
            database=database,
            configurations=Configurations(database),
            lifecycles=Lifecycles(database),
            capacities=Capacities(database),
            homes=Homes(database),
            twins=Twins(database),
            transactions=Transactions(database),
            replicas=Replicas(database),
            searching=Searching(database),
            plans=Plans(database),
            journal=Journal(database),
            inbox=Inbox(database),
            hooks=HookChecks(database),
            conflicts=ConflictLog(database),
            awaited=Awaited(database),
            operations=Operations(database),
            operation_items=OperationItems(database),
            pruning=Pruning(database),
            requests=Requests(database),
            versions=Versions(database),
            audit=AuditLog(database),
            members=Members(database),
            movements=Movements(database),
        )

    def used_by(self, act: Act) -> Self:
        """The same store for one call of a person; see `Database.used_by`."""
        return self.on(self.database.used_by(act))

    def expect(self, check: Callable[[Self], Awaitable[None]]) -> None:
        """Have the first change of the call begin by `check`, and not happen where that raises.

        It is given the store as it is from then on until the change is done: nobody else declares, switches or renames anything.
        """

        async def met(session: AsyncSession) -> None:
            await lock_all_configuration(session)
            await check(self.on(self.database.within(session)))

        if self.database.act:
            self.database.act.condition = met

    async def aclose(self) -> None:
        await self.database.aclose()


__all__ = ["Act", "MasterKey", "Store"]
