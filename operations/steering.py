"""What an operator does to one twin: try again, or stop."""

from activities.signals import Signals
from model.errors import BadInput
from model.twin import Twin
from model.words import TwinStatus
from operations.telling import told
from operations.views import Steered
from store import Store


async def retry(store: Store, signals: Signals, twin_id: str) -> Steered:
    """Let a parked twin go on with what waits. BadInput if there is no such twin or it is unlinked."""
    twin = await _live(store, twin_id)
    connection = await store.configurations.connection(twin.connection)
    store.audit.note(twin_id, before={"status": twin.status, "reason": twin.reason})
    await store.audit.record()
    return Steered(twin=twin, warnings=await told(signals.retry(twin, connection)))


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
        await store.transactions.discard(twin_id)
    await store.audit.record()
    return Steered(twin=twin, warnings=await told(signals.unlink(twin, connection, force=force)))


async def _live(store: Store, twin_id: str) -> Twin:
    twin = await store.twins.get(twin_id)
    if twin.status is TwinStatus.UNLINKED:
        raise BadInput(f"twin {twin_id} is unlinked already ({twin.reason or 'by request'}); relink it to take it up again")
    return twin
