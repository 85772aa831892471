"""Who may go on, where two attempts at the same work are under way at once; pure."""

from model.errors import Overtaken, Stale
from model.settlement import Settlement
from model.words import IntentStatus, Stage, TwinStatus

SETTLED = frozenset({Stage.APPLIED, Stage.UNCHANGED})


def require_own_turn(status: IntentStatus, sends: int, seen: int, twin: TwinStatus, stage: Stage | None) -> None:
    """Overtaken unless a write that `seen` attempts were made at, when it was looked at, still stands like that.

    `stage` is that of the transaction that the write belongs to. Once that is applied the plan is Stale, also where nobody made the write.
    """
    if stage is Stage.APPLIED:
        raise Stale("another attempt has carried the change out")
    if twin is TwinStatus.UNLINKED:
        raise Overtaken("the twin was unlinked meanwhile; nothing more is written")
    if status is not IntentStatus.OPEN or sends != seen:
        raise Overtaken("another attempt is writing the same; this one stops")


def is_repeated(settlement: Settlement, stage: Stage, revision: int) -> bool:
    """Whether the settlement is of a transaction that was settled before, being at `stage`.

    What an overtaken attempt wrote after that is found by recovery.
    Raises Overtaken where it was worked out from what the twin no longer is.
    """
    if settlement.stage is not None and stage in SETTLED:
        return True
    if settlement.stage is not None and stage is Stage.ERROR:
        raise Overtaken("the twin was parked while this was worked out; what became of it is found out when it goes on")
    if settlement.revision != revision:
        raise Overtaken("the twin moved on while this was worked out; it is done anew")
    return False
