"""Who wins a conflict of a transaction: the connection's policy, or a person's decision that is on record; and which losers come back."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import JsonValue

from activities.engine import Engine, Place
from model.configuration import Configuration
from model.plan import Conflict
from model.twin import StoredConflict, StoredReplica, Twin
from model.words import Restoration, Side
from sync.merge import Judge
from sync.restoring import Wanted


async def judge_of(engine: Engine, twin: Twin, stored: StoredReplica, configuration: Configuration, target_updated: datetime) -> Judge:
    return judge_by(await engine.store.conflicts.of_twin(twin.id), stored, configuration, target_updated)


def judge_by(recorded: Sequence[StoredConflict], stored: StoredReplica, configuration: Configuration, target_updated: datetime) -> Judge:
    """By the decisions among the twin's `recorded` conflicts, the last one first."""
    decided = sorted((one for one in recorded if one.who and one.resolved), key=_decided_at, reverse=True)
    return Judge(
        conflicts=configuration.conflicts,
        source=stored.source,
        source_updated=stored.item.updated,
        target_updated=target_updated,
        decisions=tuple(one.conflict.model_copy(update={"winner": one.winner}) for one in decided),
    )


def wanted_back(recorded: Sequence[StoredConflict], target: Side) -> tuple[Wanted, ...]:
    """What is to be restored on that side, of the twin's `recorded` conflicts; the last wish first."""
    those = [one for one in recorded if one.restoration is Restoration.WANTED and one.conflict.target is target]
    return tuple(wish(one) for one in sorted(those, key=_decided_at, reverse=True))


def wish(recorded: StoredConflict) -> Wanted:
    """To have the value back of the side that a conflict names as its winner from now on."""
    conflict = recorded.conflict
    left_is_back = recorded.winner is Side.LEFT
    won, lost = (conflict.right, conflict.left) if left_is_back else (conflict.left, conflict.right)
    return Wanted(conflict=recorded.id, subject=conflict.subject, won=won, lost=lost, who=recorded.who)


def won_by_target(target: Place, subject: str, theirs: JsonValue, ours: JsonValue) -> Conflict:
    """A conflict of the source's value with ours on the target, which stands, whatever the policy says."""
    left, right = (theirs, ours) if target.side is Side.RIGHT else (ours, theirs)
    policy = target.configuration.conflicts.policy(subject)
    return Conflict(subject=subject, target=target.side, left=left, right=right, policy=policy, winner=target.side)


def won_by_source(target: Place, subject: str, theirs: JsonValue, ours: JsonValue) -> Conflict:
    """As `won_by_target`, but the source's value stands."""
    return won_by_target(target, subject, theirs, ours).model_copy(update={"winner": target.side.other})


def _decided_at(recorded: StoredConflict) -> datetime:
    return recorded.resolved or recorded.created
