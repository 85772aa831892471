"""What people see of twins, and how they start and repeat a sync by hand."""

from activities.access import Systems
from activities.interface import Hint
from activities.signals import Signals
from model.configuration import Connection
from model.errors import BadInput
from model.item import ItemRef
from model.monitor import TwinSearch
from model.twin import Twin
from model.words import Side
from operations import capacity
from operations.finding import Found, located
from operations.telling import told, while_inactive, while_parked
from operations.views import Started, TwinDetail, TwinPage
from store import Store

PAGE = 200


async def listed(store: Store, wanted: TwinSearch, *, limit: int = PAGE, after: str = "") -> TwinPage:
    """Pages stay right while twins change: their order never does. BadInput if there is no such connection or system."""
    if wanted.connection is not None:
        await store.configurations.connection(wanted.connection)
    if wanted.system is not None:
        await store.configurations.system(wanted.system)
    page = await store.searching.twins(wanted, limit, after)
    return TwinPage(twins=page, after=page[-1].id if len(page) == limit else "")


async def shown(store: Store, twin_id: str) -> TwinDetail:
    """The twin is read last: a transaction that is over is told with what it made of the twin, never with the status before it."""
    transactions, conflicts = await store.transactions.of_twin(twin_id), await store.conflicts.of_twin(twin_id)
    twin = await store.twins.get(twin_id)
    return TwinDetail(twin=twin, workflow=twin.workflow_id, transactions=transactions, conflicts=conflicts)


async def sync(store: Store, signals: Signals, systems: Systems, name: str, *, item: str, side: Side | None = None) -> Started:
    """Sync the item now, and bring it under sync if it is not. Without `side` the item is looked for on both.

    BadInput if there is no such item, or it is on both sides; OverCapacity if the integration has no room for a new one; other
    `model.errors` if a system cannot tell.
    """
    connection = await store.configurations.connection(name)
    found = await located(systems, connection, item, side)
    store.audit.note(name, after={"item": found.change.key, "side": found.side})
    twin, new = await _under_sync(store, connection, found)
    await store.transactions.queue(twin.id, found.side, forced=True)
    warnings = await told(signals.item_changed(twin, connection, Hint(side=found.side, force=True)))
    return Started(
        twin=twin,
        side=found.side,
        new=new,
        warnings=(*warnings, *while_inactive(connection), *while_parked(twin), *await capacity.warnings(store, connection)),
    )


async def _under_sync(store: Store, connection: Connection, found: Found) -> tuple[Twin, bool]:
    started = await _known(store, connection, found)
    if started:
        return started, False
    ref = ItemRef(id=found.change.id, key=found.change.key, url="")
    new = await store.twins.start(connection.id, found.side, ref)
    if new:
        return new, True
    raced = await _known(store, connection, found)
    if raced is None:
        raise BadInput(f"{found.change.key!r} was unlinked from {connection.id} just now; sync it again")
    return raced, False


async def _known(store: Store, connection: Connection, found: Found) -> Twin | None:
    twins = await store.twins.by_item(connection.system(found.side), found.change.id)
    return next((twin for twin, side in twins if twin.connection == connection.id and side is found.side), None)
