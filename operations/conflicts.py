"""What people see of conflicts, and how they decide them."""

import re

from activities.interface import Hint
from activities.judging import wish
from activities.signals import Signals
from model.errors import BadInput
from model.twin import StoredConflict, Twin
from model.words import Side, TwinStatus
from operations.telling import told
from operations.views import ConflictPage, Decided
from store import Store
from store.conflicting import refuse_restoring
from store.transactions import UNFINISHED
from sync.restoring import edited_since

PAGE = 200
CHILD = re.compile(r"(comment|work log|attachment) \S+")


async def listed(store: Store, connection: str | None, *, limit: int = PAGE, after: int = 0) -> ConflictPage:
    """Those nobody has decided, newest first. BadInput if there is no such connection."""
    if connection is not None:
        await store.configurations.connection(connection)
    page = await store.conflicts.page(connection, limit, after)
    return ConflictPage(conflicts=page, after=str(page[-1].id) if len(page) == limit else "")


async def restore(store: Store, signals: Signals, conflict_id: int, who: str) -> Decided:
    """Bring the value back that lost, for both sides, as an edit of `who`.

    BadInput if the conflict has no loser, or it was asked for before, or the property was edited since, or is no property, or the twin is
    unlinked.
    """
    recorded = await store.conflicts.get(conflict_id)
    twin = await _linked(store, recorded)
    refuse_restoring(recorded)
    subject = recorded.conflict.subject
    if CHILD.fullmatch(subject):
        noun = subject.rpartition(" ")[0]
        raise BadInput(f"conflict {conflict_id} is of {subject}; both texts are on record: edit the {noun} itself")
    wished = recorded.model_copy(update={"winner": recorded.winner and recorded.winner.other})
    await _require_unedited(store, wished)
    store.audit.note(str(conflict_id), after={"property": subject, "restored": wished.winner})
    return await _told(store, signals, twin, await store.conflicts.restore(conflict_id, who))


async def _require_unedited(store: Store, wished: StoredConflict) -> None:
    """While changes are under way the bases do not tell; the sync finds out then."""
    if any(one.stage in UNFINISHED for one in await store.transactions.of_twin(wished.twin)):
        return
    base = (await store.twins.state(wished.twin)).base(wished.conflict.target)
    if edited_since(base, wish(wished)):
        edited = f"{wished.conflict.subject} was edited after conflict {wished.id} was settled"
        raise BadInput(f"{edited}, and an edit is not overwritten; edit the item itself")


async def resolve(store: Store, signals: Signals, conflict_id: int, use: Side, who: str) -> Decided:
    """Take the value of side `use` for both. BadInput if the conflict is settled already, or the twin is unlinked."""
    recorded = await store.conflicts.get(conflict_id)
    if recorded.resolved is not None:
        how = f"{recorded.winner} won" if recorded.winner else "later edits overtook it"
        raise BadInput(f"conflict {conflict_id} is settled ({how}); `twinline conflict restore {conflict_id}` brings the other value back")
    twin = await _linked(store, recorded)
    store.audit.note(str(conflict_id), after={"property": recorded.conflict.subject, "taken": use})
    return await _told(store, signals, twin, await store.conflicts.resolve(conflict_id, use, who))


async def _linked(store: Store, recorded: StoredConflict) -> Twin:
    twin = await store.twins.get(recorded.twin)
    if twin.status is TwinStatus.UNLINKED:
        raise BadInput(f"conflict {recorded.id} is of a twin that was unlinked; change the items themselves")
    return twin


async def _told(store: Store, signals: Signals, twin: Twin, decided: StoredConflict) -> Decided:
    connection = await store.configurations.connection(twin.connection)
    hint = Hint(side=decided.conflict.target.other, force=True)
    return Decided(conflict=decided, warnings=await told(signals.item_changed(twin, connection, hint)))
