"""How people begin operations on many items: everything is checked, the operation is recorded, then its workflow starts."""

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

from activities.access import Systems
from activities.signals import Signals
from model.configuration import Connection
from model.errors import BadInput
from model.operation import Entry, Parameters
from model.trigger import Trigger
from model.words import Feature, OperationKind, Side
from operations import capacity
from operations.bulk_connecting import pair_entry
from operations.bulk_items import AT_ONCE, twin_entry
from operations.bulk_steering import look, told_workflow
from operations.bulk_views import Begun
from operations.finding import located
from operations.pairs import read_pairs
from operations.telling import while_inactive
from store import Store

MOST_PER_MINUTE = 6000
CALLS_PER_ITEM = 8
"""What bringing an item under sync takes of the dearer system, see docs/vendor-calls.md."""


class _Items(NamedTuple):
    """What is known of an operation's items as it begins; the worker records those after the first ones from the `source`."""

    first: Sequence[Entry]
    total: int
    source: str = ""


async def exalate(
    store: Store, signals: Signals, systems: Systems, name: str, who: str, *, query: Trigger | None = None, per_minute: int | None = None
) -> Begun:
    """Bring all items under sync that the query finds, or else the connection's triggers; those that are get changes that went unnoticed.

    BadInput or Refused if a query cannot be used, or there is none; other `model.errors` if a system cannot tell.
    """
    connection = await store.configurations.connection(name)
    queries = await _queries(systems, connection, query)
    parameters = Parameters(per_minute=await _pace(store, connection, per_minute), queries=queries)
    searches = tuple(f"searches {connection.system(one.side)} for {one.query!r}" for one in queries)
    notes = (*searches, "what is not under sync begins; what is, is compared with what was sent last")
    return await _begin(store, signals, connection, OperationKind.EXALATE, who, notes, parameters)


async def sync(store: Store, signals: Signals, name: str, who: str, *, side: Side | None = None, per_minute: int | None = None) -> Begun:
    """Send the values of one side, or of the one that each twin began on, once more."""
    connection = await store.configurations.connection(name)
    parameters = Parameters(per_minute=await _pace(store, connection, per_minute), side=side)
    source = f"the {side} side" if side else "the side that it began on"
    notes = (f"every twin of {name} gets the values of {source} once more",)
    return await _begin(store, signals, connection, OperationKind.SYNC, who, notes, parameters)


async def connect(
    store: Store, signals: Signals, name: str, who: str, *, text: str, source: Side, dry_run: bool = False, per_minute: int | None = None
) -> Begun:
    """Pair items by a CSV file, see `operations.pairs.read_pairs`; with `dry_run` only tell what would become of each line.

    Rejected, naming the lines, if the file cannot be used.
    """
    connection = await store.configurations.connection(name)
    pairs = await asyncio.to_thread(read_pairs, text)
    pace = MOST_PER_MINUTE if dry_run and per_minute is None else await _pace(store, connection, per_minute)
    parameters = Parameters(per_minute=pace, source=source, dry_run=dry_run)
    what = f"{len(pairs)} pairs of items are linked; where two differ, the values of the {source} one are written to the other"
    notes = (f"looks up {len(pairs)} pairs; nothing is linked" if dry_run else what,)
    items = _Items([pair_entry(pair) for pair in pairs[:AT_ONCE]], len(pairs), text)
    return await _begin(store, signals, connection, OperationKind.CONNECT, who, notes, parameters, items)


async def unlink(
    store: Store, signals: Signals, systems: Systems, name: str, who: str, *, query: Trigger | None = None, per_minute: int | None = None
) -> Begun:
    """Stop syncing the items that the query finds, or all of the connection, once what is queued is done. Raises as `exalate` does."""
    connection = await store.configurations.connection(name)
    queries = await _queries(systems, connection, query) if query else ()
    parameters = Parameters(per_minute=await _pace(store, connection, per_minute), queries=queries)
    what = f"twins of what {query.query!r} finds in {connection.system(query.side)}" if query else f"all twins of {name}"
    notes = (f"{what} end once their queue is done; all items stay",)
    return await _begin(store, signals, connection, OperationKind.UNLINK, who, notes, parameters)


async def retry(store: Store, signals: Signals, name: str, who: str, *, per_minute: int | None = None) -> Begun:
    """Let all twins in error go on."""
    connection = await store.configurations.connection(name)
    parameters = Parameters(per_minute=await _pace(store, connection, per_minute))
    notes = (f"every twin of {name} in error is tried again",)
    return await _begin(store, signals, connection, OperationKind.RETRY, who, notes, parameters)


async def clean_up(
    store: Store, signals: Signals, systems: Systems, name: str, who: str, *, item: str | None = None, side: Side | None = None
) -> Begun:
    """End all twins of the connection at once, or those of one item, which is named by key, id or URL. No item is touched.

    BadInput if there is no such item, or it is on both sides, or has no twin.
    """
    connection = await store.configurations.connection(name)
    items = None if item is None else await _of_item(store, systems, connection, item, side)
    what = f"all twins of {name} end" if item is None else f"the twin of {item!r} ends"
    notes = (f"{what} now; what is queued is discarded, and all items stay",)
    return await _begin(store, signals, connection, OperationKind.CLEANUP, who, notes, Parameters(per_minute=MOST_PER_MINUTE), items)


async def clean_up_system(store: Store, signals: Signals, systems: Systems, system: str, who: str) -> tuple[Begun, ...]:
    """Clean up every connection that uses the system. BadInput if none does."""
    await store.configurations.system(system)
    connections = await store.configurations.connections_of(system)
    if not connections:
        raise BadInput(f"no connection uses {system!r}; there is nothing to clean up")
    return tuple([await clean_up(store, signals, systems, one.id, who) for one in connections])


async def _queries(systems: Systems, connection: Connection, query: Trigger | None) -> tuple[Trigger, ...]:
    """The query, or else those of the triggers, tried by their systems."""
    queries = (query,) if query else tuple(one for one in connection.configuration.triggers if one.active)
    if not queries:
        raise BadInput(f"{connection.id} has no active trigger; say with a query and its side which items are meant")
    for one in queries:
        connector = (await systems.opened(connection.system(one.side))).connector
        await connector.check_query(connection.configuration.side(one.side).settings, one.query)
    return queries


async def _of_item(store: Store, systems: Systems, connection: Connection, item: str, side: Side | None) -> _Items:
    found = await located(systems, connection, item, side)
    pairs = await store.twins.by_item(connection.system(found.side), found.change.id)
    entries = [twin_entry(twin) for twin, on in pairs if twin.connection == connection.id and on is found.side]
    if not entries:
        raise BadInput(f"{found.change.key!r} is not under sync on {connection.id}; there is nothing to clean up")
    return _Items(entries, len(entries))


async def _begin(
    store: Store,
    signals: Signals,
    connection: Connection,
    kind: OperationKind,
    who: str,
    notes: tuple[str, ...],
    parameters: Parameters,
    items: _Items | None = None,
) -> Begun:
    """Record the operation, with its items where they are known, and start it."""
    await capacity.require(store, connection, Feature.BULK)
    known = items.first if items else None
    operation = await store.operations.add(kind, connection.id, parameters, who, known, items.source if items else "")
    warnings = await told_workflow(signals, operation)
    pace = f"at most {parameters.per_minute} items begin per minute"
    return Begun(
        operation=await look(store, operation),
        notes=(*notes, pace),
        warnings=(*warnings, *while_inactive(connection), *await _room(store, connection, kind, items.total if items else 0)),
    )


async def _room(store: Store, connection: Connection, kind: OperationKind, count: int) -> tuple[str, ...]:
    """What to tell of the integration's capacity, where the operation brings items under sync."""
    if kind not in {OperationKind.EXALATE, OperationKind.CONNECT}:
        return ()
    return await capacity.warnings(store, connection, count)


async def _pace(store: Store, connection: Connection, wanted: int | None) -> int:
    """What is wanted, or else items per minute that leave both systems below the calls per second that they are set to."""
    if wanted is not None:
        return wanted
    systems = [await store.configurations.system(connection.system(side)) for side in Side]
    slowest = min(system.calls_per_second for system in systems)
    return min(MOST_PER_MINUTE, max(1, int(slowest * 60 / CALLS_PER_ITEM)))
