"""A rule pairs the source's item with one that exists on its side already, instead of having one created."""

from activities.engine import Engine, Place
from model.agreement import Base, Trace
from model.errors import BadInput, NotFound, Refused
from model.item import Item
from model.settlement import Settlement
from model.twin import StoredReplica, Twin
from model.words import Side, TwinStatus
from sync.pairing import agreed_item, pair_children


async def connect(engine: Engine, twin: Twin, stored: StoredReplica, target: Place, named: str) -> Twin:
    """The twin with the named item on the target's side. A second attempt finds it there.

    Refused where there is no such item, or another pair of the connection has it; other `model.errors` where the platform cannot tell.
    """
    item, traces = await counterpart(engine, stored, target, named)
    state = await engine.store.twins.state(twin.id)
    settlement = Settlement(
        twin=twin.id,
        transaction=stored.transaction,
        revision=state.twin.revision,
        stage=None,
        status=TwinStatus.SYNCING,
        summary=f"paired with {item.ref.key}, which was there",
        refs={target.side: item.ref},
        title=twin.title,
        bases={target.side: Base(item=agreed_item(item, target.side, traces))},
        kept=traces,
    )
    try:
        await engine.store.twins.settle(settlement)
    except BadInput as taken:
        raise Refused(f"{item.ref.key} came under sync on {target.connection.id} just now: {taken.message}") from taken
    return await engine.store.twins.get(twin.id)


async def counterpart(engine: Engine, stored: StoredReplica, target: Place, named: str) -> tuple[Item, tuple[Trace, ...]]:
    """The named item with its children that belong to those of the source's; raises as `connect` does."""
    item = await _named(target, named)
    await _require_free(engine, target, item)
    items = {stored.source: stored.item, target.side: item}
    return item, pair_children(items[Side.LEFT], items[Side.RIGHT], (), ())


async def _named(target: Place, named: str) -> Item:
    try:
        change = await target.connector.find(target.settings, named)
        return await target.connector.read(change.id)
    except NotFound as absent:
        message = f"the incoming rule pairs with {named!r}, which {target.system.id} does not have: {absent.message}"
        raise Refused(message, "id") from absent


async def _require_free(engine: Engine, target: Place, item: Item) -> None:
    for other, side in await engine.store.twins.by_item(target.system.id, item.ref.id):
        if other.connection == target.connection.id and side is target.side:
            message = f"the incoming rule pairs with {item.ref.key}, which is in sync already (twin {other.id}); unlink that pair first"
            raise Refused(message, "id")
