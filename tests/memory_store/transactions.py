"""Transactions in memory."""

from datetime import datetime

from model.twin import Transaction
from model.words import Side, Stage, TwinStatus
from store.columns import prose
from store.refusals import unknown_transaction
from store.transactions import FETCHED, GOING, LEFT_BEHIND, UNFINISHED, Transactions
from tests.memory_store.rows import MemoryDatabase


class MemoryTransactions(Transactions):
    def __init__(self, database: MemoryDatabase) -> None:
        super().__init__(database)
        self._rows = database

    async def queue(self, twin: str, source: Side, *, forced: bool = False) -> int:
        self._rows.twin(twin)
        return self._rows.queued(twin, source, forced=forced)

    async def begin(self, twin: str, source: Side) -> Transaction:
        connection = self._rows.configured.connections[self._rows.twin(twin).connection]
        waiting = self._rows.oldest_first(twin, source, UNFINISHED)
        taken = waiting[0] if waiting else self._rows.new_transaction(twin, source)
        keeps = taken.version != 0 and taken.stage in FETCHED
        version = taken.version if keeps else connection.version
        forced = any(one.forced for one in waiting)
        self._rows.change_transaction(taken.id, attempts=taken.attempts + 1, version=version, forced=forced)
        for other in waiting[1:]:
            self._rows.change_transaction(other.id, stage=Stage.UNCHANGED, reason=f"travels with transaction {taken.id}")
        return self._rows.transactions[taken.id]

    async def advance(self, id: int, stage: Stage, summary: str = "", reason: str = "") -> bool:  # noqa: A002
        changes: dict[str, object] = {"summary": prose(summary)} if summary else {}
        return self._rows.change_transaction(id, stage=stage, reason=prose(reason), **changes)

    async def park(self, id: int, reason: str) -> bool:  # noqa: A002
        if not await self.advance(id, Stage.ERROR, reason=reason):
            return False
        twin = self._rows.twin(self._rows.transactions[id].twin)
        if twin.status is not TwinStatus.UNLINKED:
            self._rows.change_twin(twin, status=TwinStatus.ERROR, reason=prose(reason))
        return True

    async def explain(self, id: int, reason: str) -> None:  # noqa: A002
        found = self._rows.transactions.get(id)
        if found is not None:
            self._rows.transactions[id] = found.model_copy(update={"reason": prose(reason), "updated": self._rows.now()})

    async def discard(self, twin: str) -> None:
        self._rows.twin(twin)
        self._rows.discard_queue(twin)

    async def get(self, id: int) -> Transaction:  # noqa: A002
        found = self._rows.transactions.get(id)
        if found is None:
            raise unknown_transaction(id)
        return found

    async def of_twin(self, twin: str, limit: int = 20) -> tuple[Transaction, ...]:
        return tuple(self._of_twin(twin)[::-1][:limit])

    async def forgotten(self, connection: str, before: datetime, limit: int) -> tuple[Transaction, ...]:
        queued = [one for one in await self.waiting(connection, len(self._rows.transactions)) if one.stage in LEFT_BEHIND]
        return tuple(one for one in queued if one.created < before and self._rows.twins[one.twin].status in GOING)[:limit]

    async def waiting(self, connection: str | None, limit: int) -> tuple[Transaction, ...]:
        found = [
            one
            for one in self._rows.transactions.values()
            if one.stage in UNFINISHED and (connection is None or self._rows.twins[one.twin].connection == connection)
        ]
        return tuple(found[:limit])

    def _of_twin(self, twin: str) -> list[Transaction]:
        return self._rows.transactions_of_twin(twin)
