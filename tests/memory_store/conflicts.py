"""The conflict log in memory."""

from collections.abc import Sequence

from model.plan import Conflict
from model.twin import StoredConflict
from model.words import Restoration, Side
from store.conflicting import refuse_restoring
from store.conflicts import ConflictLog
from store.refusals import unknown_conflict
from tests.memory_store.rows import MemoryDatabase
from tests.memory_store.settling import end_restoring, record


class MemoryConflictLog(ConflictLog):
    def __init__(self, database: MemoryDatabase) -> None:
        super().__init__(database)
        self._rows = database

    async def of_twin(self, twin: str) -> tuple[StoredConflict, ...]:
        return tuple(found for found in self._newest_first() if found.twin == twin)

    async def open_ones(self, connection: str | None = None) -> tuple[StoredConflict, ...]:
        twins = self._rows.twins
        still_open = (found for found in self._newest_first() if found.resolved is None)
        return tuple(found for found in still_open if connection is None or twins[found.twin].connection == connection)

    async def page(self, connection: str | None, limit: int, after: int = 0) -> tuple[StoredConflict, ...]:
        found = [one for one in await self.open_ones(connection) if not after or one.id < after]
        return tuple(found[:limit])

    async def get(self, id: int) -> StoredConflict:  # noqa: A002
        found = self._rows.conflicts.get(id)
        if found is None:
            raise unknown_conflict(id)
        return found

    async def record(self, twin: str, transaction: int, conflicts: Sequence[Conflict]) -> None:
        if conflicts:
            self._rows.twin(twin)
        of_transaction = (found.conflict for found in self._rows.conflicts.values() if found.transaction == transaction)
        known = {conflict.model_dump_json() for conflict in of_transaction}
        new = [conflict for conflict in conflicts if conflict.model_dump_json() not in known]
        if new:
            self._rows.refer_to_transaction(twin, transaction)
            record(self._rows, twin, transaction, new)

    async def resolve(self, id: int, winner: Side, who: str) -> StoredConflict:  # noqa: A002
        turned = (await self.get(id)).model_copy(update={"winner": winner, "who": who, "resolved": self._rows.now()})
        self._rows.conflicts[id] = turned
        self._rows.queued(turned.twin, turned.conflict.target.other, forced=True)
        return turned

    async def restore(self, id: int, who: str) -> StoredConflict:  # noqa: A002
        found = await self.get(id)
        refuse_restoring(found)
        winner = found.winner.other if found.winner else None
        changes = {"winner": winner, "who": who, "resolved": self._rows.now(), "restoration": Restoration.WANTED}
        self._rows.conflicts[id] = found.model_copy(update=changes)
        self._rows.queued(found.twin, found.conflict.target.other, forced=True)
        return self._rows.conflicts[id]

    async def end_restoring(self, id: int, restoration: Restoration) -> None:  # noqa: A002
        end_restoring(self._rows, (await self.get(id)).twin, (id,), restoration)

    def _newest_first(self) -> list[StoredConflict]:
        return list(self._rows.conflicts.values())[::-1]
