"""Replicas in memory."""

from model.item import Fields, Item
from model.twin import StoredReplica
from model.words import Side, Stage, TwinStatus
from store.columns import prose
from store.refusals import unknown_replica
from store.replicas import PAYLOAD, Replicas
from tests.memory_store.rows import MemoryDatabase, through_json


class MemoryReplicas(Replicas):
    def __init__(self, database: MemoryDatabase) -> None:
        super().__init__(database)
        self._rows = database

    async def add(
        self, twin: str, source: Side, transaction: int, version: int, payload: Fields, item: Item, attempt: int | None = None
    ) -> StoredReplica:
        rows = self._rows
        rows.twin(twin)
        rows.refer_to_transaction(twin, transaction)
        newest = rows.latest.get((twin, source))
        added = StoredReplica(
            id=len(rows.replicas) + 1,
            twin=twin,
            source=source,
            sequence=newest.sequence + 1 if newest else 1,
            transaction=transaction,
            version=version,
            payload=PAYLOAD.validate_json(PAYLOAD.dump_json(payload)),
            item=through_json(item),
        )
        rows.replicas[added.id] = rows.latest[twin, source] = added
        current = attempt is None or rows.transactions[transaction].attempts == attempt
        summary = prose(f"{item.ref.key} read")
        moved = current and rows.change_transaction(transaction, stage=Stage.FETCHED, summary=summary, reason="")
        if moved and rows.twins[twin].status is not TwinStatus.UNLINKED:
            rows.change_twin(rows.twins[twin], status=TwinStatus.SYNCING, reason="")
        return added

    async def get(self, id: int) -> StoredReplica:  # noqa: A002
        found = self._rows.replicas.get(id)
        if found is None:
            raise unknown_replica(id)
        return found

    async def latest(self, twin: str, source: Side) -> StoredReplica | None:
        return self._rows.latest.get((twin, source))
