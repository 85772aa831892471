"""Who wins a conflict of a transaction: the connection's policy, or a person's decision that is on record."""

from datetime import datetime

from pydantic import JsonValue

from activities.engine import Engine, Place
from model.configuration import Configuration
from model.plan import Conflict
from model.twin import StoredReplica, Twin
from model.words import Side
from sync.merge import Judge


async def judge_of(engine: Engine, twin: Twin, stored: StoredReplica, configuration: Configuration, target_updated: datetime) -> Judge:
    decisions = await engine.store.conflicts.of_twin(twin.id)
    return Judge(
        conflicts=configuration.conflicts,
        source=stored.source,
        source_updated=stored.item.updated,
        target_updated=target_updated,
        decisions=tuple(_decision(one.conflict, one.winner) for one in decisions if one.who),
    )


def won_by_target(target: Place, subject: str, theirs: JsonValue, ours: JsonValue) -> Conflict:
    """A conflict in which the target's value stands, whatever the policy says."""
    left, right = (theirs, ours) if target.side is Side.RIGHT else (ours, theirs)
    policy = target.configuration.conflicts.policy(subject)
    return Conflict(subject=subject, target=target.side, left=left, right=right, policy=policy, winner=target.side)


def _decision(conflict: Conflict, winner: Side | None) -> Conflict:
    return conflict.model_copy(update={"winner": winner})
