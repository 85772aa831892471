"""What an operator does to one twin: sync it anew, try again, or stop."""

from collections.abc import Sequence

from activities.interface import Hint
from activities.signals import Signals
from model.errors import BadInput
from model.frozen import Frozen
from model.monitor import TwinSearch
from model.twin import Twin
from model.words import Side, TwinStatus
from operations.telling import told, while_inactive, while_parked
from operations.views import Started, Steered
from store import Store

AT_ONCE = 100


async def resync(store: Store, signals: Signals, twin_id: str, source: Side) -> Started:
    """Send what `source` has now through the rules, though it did not change since it was sent.

    It is a sync like any other: what someone edited on the other side stays, or is a conflict. BadInput if there is no such twin, it is
    unlinked, or it has no item on that side.
    """
    twin = await _live(store, twin_id)
    if twin.item(source) is None:
        raise BadInput(f"twin {twin_id} has no item on its {source} side yet; sync it from the {source.other} one")
    connection = await store.configurations.connection(twin.connection)
    store.audit.note(twin_id, after={"from": source})
    await store.transactions.queue(twin_id, source, forced=True)
    warnings = await told(signals.item_changed(twin, connection, Hint(side=source, force=True)))
    return Started(twin=twin, side=source, new=False, warnings=(*warnings, *while_inactive(connection), *while_parked(twin)))


async def retry(store: Store, signals: Signals, twin_id: str) -> Steered:
    """Let a parked twin go on with what waits. BadInput if there is no such twin or it is unlinked."""
    twin = await _live(store, twin_id)
    connection = await store.configurations.connection(twin.connection)
    store.audit.note(twin_id, before={"status": twin.status, "reason": twin.reason})
    await store.audit.record()
    return Steered(twin=twin, warnings=await told(signals.retry(twin, connection)))


class Retried(Frozen):
    """How many twins were told to go on. `warnings` tell where a message did not get there."""

    told: int
    warnings: tuple[str, ...] = ()


async def retry_these(store: Store, signals: Signals, twins: Sequence[str]) -> Retried:
    """BadInput, and none is told, if there is no twin of one of these ids or it is unlinked."""
    chosen = [await _live(store, one) for one in twins]
    for twin in chosen:
        store.audit.note(twin.id, before={"status": twin.status, "reason": twin.reason})
    await store.audit.record()
    return await _retried(store, signals, chosen)


async def retry_all(store: Store, signals: Signals, wanted: TwinSearch) -> Retried:
    """All twins in error that `wanted` finds. BadInput if there is no such connection."""
    if wanted.connection is not None:
        await store.configurations.connection(wanted.connection)
    store.audit.note(wanted.connection or "all connections", after={"retried": wanted.text or "all in error"})
    await store.audit.record()
    parked = wanted.model_copy(update={"statuses": (TwinStatus.ERROR,)})
    done, after = Retried(told=0), ""
    while page := await store.searching.twins(parked, AT_ONCE, after):
        more, after = await _retried(store, signals, page), page[-1].id
        done = Retried(told=done.told + more.told, warnings=done.warnings or more.warnings)
    return done


async def _retried(store: Store, signals: Signals, twins: Sequence[Twin]) -> Retried:
    connections = {one.id: one for one in await store.configurations.connections()}
    warnings = await told(*(signals.retry(twin, connections[twin.connection]) for twin in twins))
    return Retried(told=len(twins), warnings=warnings)


async def unlink(store: Store, signals: Signals, twin_id: str, *, force: bool) -> Steered:
    """Stop syncing the pair; both items stay. What is queued is finished first, or discarded with `force`.

    Once a forced one is answered nothing more is written, whatever is under way.

    BadInput if there is no such twin or it is unlinked already.
    """
    twin = await _live(store, twin_id)
    connection = await store.configurations.connection(twin.connection)
    store.audit.note(twin_id, before={"status": twin.status}, after={"status": TwinStatus.UNLINKED, "force": force})
    if force:
        await store.twins.set_status(twin_id, TwinStatus.UNLINKED, "unlinked by request")
    await store.audit.record()
    return Steered(twin=twin, warnings=await told(signals.unlink(twin, connection, force=force)))


async def _live(store: Store, twin_id: str) -> Twin:
    twin = await store.twins.get(twin_id)
    if twin.status is TwinStatus.UNLINKED:
        raise BadInput(f"twin {twin_id} is unlinked already ({twin.reason or 'by request'}); relink it to take it up again")
    return twin
