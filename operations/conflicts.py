"""What people see of conflicts, and how they decide them."""

from activities.interface import Hint
from activities.signals import Signals
from model.errors import BadInput
from model.words import Side, TwinStatus
from operations.telling import told
from operations.views import ConflictPage, Decided
from store import Store

PAGE = 200


async def listed(store: Store, connection: str | None, *, limit: int = PAGE, after: int = 0) -> ConflictPage:
    """Those nobody has decided, newest first. BadInput if there is no such connection."""
    if connection is not None:
        await store.configurations.connection(connection)
    page = await store.conflicts.page(connection, limit, after)
    return ConflictPage(conflicts=page, after=str(page[-1].id) if len(page) == limit else "")


async def resolve(store: Store, signals: Signals, conflict_id: int, use: Side, who: str) -> Decided:
    """Take the value of side `use` for both. BadInput if the conflict is settled already, or the twin is unlinked."""
    recorded = await store.conflicts.get(conflict_id)
    if recorded.resolved is not None:
        how = f"{recorded.winner} won" if recorded.winner else "later edits overtook it"
        raise BadInput(f"conflict {conflict_id} is settled ({how}); its values are on record: to bring one back, edit the item itself")
    twin = await store.twins.get(recorded.twin)
    if twin.status is TwinStatus.UNLINKED:
        raise BadInput(f"conflict {conflict_id} is of a twin that was unlinked; change the items themselves")
    connection = await store.configurations.connection(twin.connection)
    store.audit.note(str(conflict_id), after={"property": recorded.conflict.subject, "taken": use})
    decided = await store.conflicts.resolve(conflict_id, use, who)
    source = recorded.conflict.target.other
    await store.transactions.queue(twin.id, source)
    warnings = await told(signals.item_changed(twin, connection, Hint(side=source, force=True)))
    return Decided(conflict=decided, warnings=warnings)
