"""Test Run: what a sync of some items would do under a version that need not be active. Nothing is written anywhere."""

from activities.absence import read_there
from activities.access import Systems
from activities.engine import Engine, place
from activities.rehearsal import Rehearsal, rehearse
from activities.ruling import Ruling
from connectors.kit.interface import Change
from model.configuration import Connection
from model.errors import BadInput, Gone, NotFound, ScriptFailed, TwinlineError
from model.item import Item, ItemRef
from model.twin import Twin, TwinState
from model.version import Version
from model.words import Feature, Side, TwinStatus
from operations import capacity
from operations.finding import Found, located
from operations.predictions import Failure, ItemPrediction, Prediction, Predictions, prediction
from store import Store

MOST = 50
"""How many items one run looks at."""


async def run(
    store: Store,
    systems: Systems,
    name: str,
    *,
    items: tuple[str, ...] = (),
    query: str = "",
    side: Side | None = None,
    version: int | None,
) -> Predictions:
    """Predict a sync of each item, both ways where it is under sync, with that version's rules or the active one's.

    `items` are keys, ids or URLs, and one that is named twice counts once; `query` is in the language of the platform on `side`. BadInput
    if there is no such connection or version, if nothing is picked, or more than 50; other `model.errors` if a system cannot tell what the
    query finds.
    """
    connection = await store.configurations.connection(name)
    await capacity.require(store, connection, Feature.TEST_RUN)
    tried = await store.versions.get(name, connection.version if version is None else version)
    wanted = connection.model_copy(update={"configuration": tried.configuration, "version": tried.number})
    if query and side is None:
        raise BadInput("a query is in the language of one platform; say which with side left or right")
    if not items and not query:
        raise BadInput("no item is picked; name items, or a query and its side")
    if len(items) > MOST:
        raise BadInput(f"{len(items)} items are picked, and a Test Run looks at most at {MOST}; pick fewer")
    engine = Engine(store, systems, Ruling(store.database.now), b"", store.database.now)
    named = [await _named(engine, wanted, item, side) for item in items]
    found = {(one.side, one.item): one for one in named}
    hits = await _searched(systems, wanted, query, side) if query and side else ()
    new = [change for change in hits if side and (side, change.key) not in found]
    room = MOST - len(found)
    searched = [await _item(engine, wanted, Found(side, change)) for change in new[:room] if side]
    return _answered(tried, (*found.values(), *searched), more=len(new[room:]))


def _answered(tried: Version, found: tuple[ItemPrediction, ...], more: int) -> Predictions:
    return Predictions(connection=tried.connection, version=tried.number, status=tried.status, items=found, more=more)


async def _searched(systems: Systems, connection: Connection, query: str, side: Side) -> tuple[Change, ...]:
    connector = (await systems.opened(connection.system(side))).connector
    return await connector.search(connection.configuration.side(side).settings, query, None)


async def _named(engine: Engine, connection: Connection, item: str, side: Side | None) -> ItemPrediction:
    try:
        found = await located(engine.systems, connection, item, side)
    except TwinlineError as error:
        return ItemPrediction(item=item, side=side or Side.LEFT, error=failure(error))
    return await _item(engine, connection, found)


async def _item(engine: Engine, connection: Connection, found: Found) -> ItemPrediction:
    twins = await engine.store.twins.by_item(connection.system(found.side), found.change.id)
    twin = next((one for one, on in twins if one.connection == connection.id and on is found.side), None)
    state = await engine.store.twins.state(twin.id) if twin else TwinState(twin=_unbegun(engine, connection, found))
    try:
        read = {side: await _read(engine, connection, state.twin, side) for side in Side}
    except TwinlineError as error:
        return ItemPrediction(item=found.change.key, side=found.side, twin=twin.id if twin else "", error=failure(error))
    sides = [side for side in (found.side, found.side.other) if read[side]]
    directions = [await _direction(engine, connection, state, side, read) for side in sides]
    return ItemPrediction(item=found.change.key, side=found.side, twin=twin.id if twin else "", directions=tuple(directions))


def _unbegun(engine: Engine, connection: Connection, found: Found) -> Twin:
    """The twin that a sync of the item would begin; its id is that of none."""
    ref = ItemRef(id=found.change.id, key=found.change.key, url="")
    left, right = (ref, None) if found.side is Side.LEFT else (None, ref)
    status, now = TwinStatus.SYNCING, engine.now()
    return Twin(id="", connection=connection.id, origin=found.side, left=left, right=right, status=status, updated=now)


async def _read(engine: Engine, connection: Connection, twin: Twin, side: Side) -> Item | None:
    ref = twin.item(side)
    return await read_there(await place(engine, connection, connection.configuration, side), ref.id) if ref else None


async def _direction(engine: Engine, connection: Connection, state: TwinState, side: Side, read: dict[Side, Item | None]) -> Prediction:
    item, found = read[side], Rehearsal()
    if side is not state.twin.origin and state.base(state.twin.origin).item is None:
        return Prediction(source=side, waits=f"waits for the first sync from {state.twin.origin}")
    source, target = [await place(engine, connection, connection.configuration, one) for one in (side, side.other)]
    if item is None:
        return Prediction(source=side, waits="there is no item on that side yet")
    try:
        await rehearse(engine, source, target, state, item, read[side.other], found)
    except TwinlineError as error:
        return prediction(side, found, failure(error))
    return prediction(side, found, None)


def failure(error: TwinlineError) -> Failure:
    """Why a sync would be parked."""
    if isinstance(error, ScriptFailed):
        return Failure(kind="script", message=error.message, line=error.line, column=error.column)
    kind = "absent" if isinstance(error, NotFound | Gone) else "refused"
    return Failure(kind=kind, message=error.message)
