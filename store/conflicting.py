"""Which open conflicts a settlement closes, and which of its own are recorded; pure."""

from collections.abc import Collection, Sequence

from model.agreement import Base
from model.errors import BadInput
from model.plan import Conflict
from model.settlement import Settlement
from model.twin import StoredConflict
from model.words import ChildKind, Restoration


def agreed_anew(before: Base, after: Base) -> set[str]:
    """The properties on which the sides came to agree anew."""
    return {name for name, agreed in after.agreed.items() if before.agreed.get(name) != agreed}


def settled_subjects(settlement: Settlement, agreed: set[str]) -> set[str]:
    """Whatever the settlement settles, `agreed` anew, written or paired, as conflicts name it."""
    comments = {f"comment {one.left_id}" for one in settlement.kept if one.kind is ChildKind.COMMENT}
    return agreed | set(settlement.written) | comments


def overtaken(before: Conflict, settlement: Settlement, settled: set[str]) -> bool:
    """Whether an open conflict is over: it came up again with other values, or did not come up and its subject is `settled`."""
    found = {(conflict.target, conflict.subject): conflict for conflict in settlement.conflicts}
    now_there = found.get((before.target, before.subject))
    return before.subject in settled if now_there is None else not _same(before, now_there)


def unrecorded(settlement: Settlement, still_open: Sequence[Conflict], decided: Collection[str]) -> list[Conflict]:
    """The settlement's conflicts less those that are open already and those, as JSON, that its transaction has `decided`."""
    return [
        conflict
        for conflict in settlement.conflicts
        if conflict.model_dump_json() not in decided and not any(_same(conflict, other) for other in still_open)
    ]


def refuse_restoring(conflict: StoredConflict) -> None:
    """BadInput unless the conflict has a loser that nobody asked to have back."""
    id = conflict.id  # noqa: A001
    if conflict.restoration is Restoration.WANTED:
        raise BadInput(f"conflict {id} is {conflict.state} already; watch its twin with `twinline twin show {conflict.twin}`")
    if conflict.restoration is not None:
        raise BadInput(f"conflict {id} is not restored twice ({conflict.state}); edit the item itself")
    if conflict.resolved is None:
        raise BadInput(f"conflict {id} is open, so that neither value is lost; decide it with `twinline conflict resolve {id}` instead")
    if conflict.winner is None:
        raise BadInput(f"conflict {id} was overtaken by later edits, so that neither value won; edit the item itself")


def _same(one: Conflict, other: Conflict) -> bool:
    """Whichever side is the target: both directions meet the same conflict."""
    return (one.subject, one.left, one.right, one.winner) == (other.subject, other.left, other.right, other.winner)
