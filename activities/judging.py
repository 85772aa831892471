"""Who wins a conflict of a transaction: the connection's policy, or a person's decision that is on record."""

from datetime import datetime

from activities.engine import Engine
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


def _decision(conflict: Conflict, winner: Side | None) -> Conflict:
    return conflict.model_copy(update={"winner": winner})
