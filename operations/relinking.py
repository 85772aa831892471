"""How people take up an unlinked pair again, and pair two items that are there already."""

from collections.abc import Mapping

from activities.access import Systems
from activities.interface import Hint
from activities.signals import Signals
from model.agreement import Base, Trace
from model.configuration import Connection
from model.errors import BadInput, Gone, NotFound
from model.item import Item
from model.journal import Intent
from model.pairing import Pairing
from model.twin import Twin
from model.words import Feature, Side, TwinStatus
from operations import capacity
from operations.finding import located
from operations.telling import told, while_inactive
from operations.views import Relinked
from store import Store
from sync.pairing import agreed_item, pair_children


async def relink(store: Store, signals: Signals, systems: Systems, name: str, *, left: str, right: str, source: Side) -> Relinked:
    """Pair two items, named by key, id or URL. Where they differ, the values of `source` count.

    BadInput if there is no such connection or item, or if one of the two is in sync already; other `model.errors` if a system
    cannot tell.
    """
    connection = await store.configurations.connection(name)
    ids = {
        Side.LEFT: (await located(systems, connection, left, Side.LEFT)).change.id,
        Side.RIGHT: (await located(systems, connection, right, Side.RIGHT)).change.id,
    }
    return await relink_items(store, signals, systems, connection, ids, source)


async def relink_twin(store: Store, signals: Signals, systems: Systems, twin_id: str, source: Side) -> Relinked:
    """Take up an unlinked pair again, as a new twin. Raises as `relink` does, and BadInput if the twin is not unlinked."""
    twin = await store.twins.get(twin_id)
    if twin.status is not TwinStatus.UNLINKED:
        raise BadInput(f"twin {twin_id} is {twin.status} and not unlinked; to send its values now, sync one of its items")
    if twin.left is None or twin.right is None:
        raise BadInput(f"twin {twin_id} was unlinked before it had an item on both sides; sync its item to begin anew")
    connection = await store.configurations.connection(twin.connection)
    return await relink_items(store, signals, systems, connection, {Side.LEFT: twin.left.id, Side.RIGHT: twin.right.id}, source)


async def relink_items(
    store: Store, signals: Signals, systems: Systems, connection: Connection, ids: Mapping[Side, str], source: Side
) -> Relinked:
    """As `relink`, of items named by their immutable ids."""
    pairing = await read_pairing(store, systems, connection, ids, source)
    store.audit.note(connection.id, after={"left": pairing.left.key, "right": pairing.right.key, "source": source})
    twin = await store.twins.pair(pairing)
    if twin is None:
        raise BadInput(f"{pairing.left.key!r} or {pairing.right.key!r} came under sync on {connection.id} just now; look at its twin first")
    for side in Side:
        await store.transactions.queue(twin.id, side)
    warnings = await told(*(signals.item_changed(twin, connection, Hint(side=side)) for side in (source, source.other)))
    matched = sum(1 for trace in pairing.traces if not trace.released)
    return Relinked(
        twin=twin,
        source=source,
        matched=matched,
        warnings=(*warnings, *while_inactive(connection), *await capacity.warnings(store, connection)),
    )


async def read_pairing(store: Store, systems: Systems, connection: Connection, ids: Mapping[Side, str], source: Side) -> Pairing:
    """What is to be recorded of the two; nothing is yet. Raises as `relink` does."""
    await capacity.require(store, connection, Feature.CONNECT)
    await _require_free(store, connection, ids)
    items = {side: await _read(systems, connection, side, ids[side]) for side in Side}
    return await _pairing(store, connection, items, source)


async def _require_free(store: Store, connection: Connection, ids: Mapping[Side, str]) -> None:
    if connection.left_system == connection.right_system and ids[Side.LEFT] == ids[Side.RIGHT]:
        raise BadInput(f"an item of {connection.left_system} cannot be paired with itself; name another one on one of the sides")
    for side in Side:
        for twin, on in await store.twins.by_item(connection.system(side), ids[side]):
            if twin.connection == connection.id:
                raise BadInput(_taken(twin, on))


def _taken(twin: Twin, side: Side) -> str:
    own, other = twin.item(side), twin.item(side.other)
    pair = f"{own.key if own else ''!r} is in sync with {other.key!r}" if other else f"{own.key if own else ''!r} is in sync"
    return f"{pair} on {twin.connection} already (twin {twin.id}); sync it, or unlink that twin first"


async def _read(systems: Systems, connection: Connection, side: Side, item_id: str) -> Item:
    connector = (await systems.opened(connection.system(side))).connector
    try:
        return await connector.read(item_id)
    except (NotFound, Gone) as absent:
        raise BadInput(f"{absent.message}; a pair needs both items: sync the {side.other} one to begin anew") from absent


async def _pairing(store: Store, connection: Connection, items: Mapping[Side, Item], source: Side) -> Pairing:
    left, right = items[Side.LEFT], items[Side.RIGHT]
    known, journal = await _remembered(store, connection, left, right)
    traces = pair_children(left, right, known, journal)
    return Pairing(
        connection=connection.id,
        source=source,
        left=left.ref,
        right=right.ref,
        title=str(items[source].fields.get("summary") or "")[:200],
        base=Base(item=agreed_item(items[source.other], source.other, traces)),
        traces=traces,
    )


async def _remembered(store: Store, connection: Connection, left: Item, right: Item) -> tuple[tuple[Trace, ...], tuple[Intent, ...]]:
    """What is known of these two from when they were a pair before."""
    earlier = await store.twins.earlier(connection.id, left.ref.id, right.ref.id)
    if earlier is None:
        return (), ()
    return (await store.twins.state(earlier.id)).traces, await store.journal.of_twin(earlier.id)
