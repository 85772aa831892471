"""The inbox, the ledger and the cursors in memory."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from model.inbox import InboxChange, InboxRow
from model.settlement import Confirmed
from store.columns import prose, utc
from store.inbox import POLL, Inbox
from tests.memory_store.rows import MemoryDatabase


class MemoryInbox(Inbox):
    def __init__(self, database: MemoryDatabase) -> None:
        super().__init__(database)
        self._rows = database
        self._newest = 0

    async def add(self, system: str, delivery: str, changes: Iterable[InboxChange]) -> int:
        return sum(self._insert(system, delivery, change) for change in changes)

    async def add_polled(self, system: str, scope: str, changes: Iterable[InboxChange], cursor: str) -> int:
        told = [(POLL if change.version else f"{POLL}/{self._rows.token(8)}", change) for change in changes]
        await self.save_cursor(system, scope, cursor)
        return sum(self._insert(system, delivery, change) for delivery, change in told)

    async def pending(self, system: str, limit: int) -> tuple[InboxRow, ...]:
        found = [row for row in self._rows.unrouted.values() if row.system == system]
        return tuple(sorted(found, key=lambda row: (row.attempts, row.id))[:limit])

    async def routed(self, ids: Sequence[int]) -> None:
        for id in ids:  # noqa: A001
            if self._rows.unrouted.pop(id, None) or id in self._rows.routed:
                self._rows.routed[id] = self._rows.now()

    async def postpone(self, ids: Sequence[int]) -> None:
        for id in {id for id in ids if id in self._rows.unrouted}:  # noqa: A001
            row = self._rows.unrouted[id]
            self._rows.unrouted[id] = row.model_copy(update={"attempts": row.attempts + 1})

    async def ledger_has(self, system: str, item: str, version: str, *, certain: bool = False) -> bool:
        sure = Confirmed(system=system, item=item, version=version, certain=True)
        return sure in self._rows.ledger or (not certain and sure.model_copy(update={"certain": False}) in self._rows.ledger)

    async def confirm(self, settled: Confirmed) -> None:
        self._rows.refer(system=settled.system)
        self._rows.enter(settled)

    async def prune(self, before: datetime) -> int:
        rows, before = self._rows, utc(before)
        old = {id for id, routed in rows.routed.items() if routed < before}  # noqa: A001
        rows.routed = {id: routed for id, routed in rows.routed.items() if id not in old}  # noqa: A001
        rows.deliveries = {delivery: id for delivery, id in rows.deliveries.items() if id not in old}  # noqa: A001
        kept = {own: created for own, created in rows.ledger.items() if created >= before}
        pruned = len(old) + len(rows.ledger) - len(kept)
        rows.ledger = kept
        return pruned

    async def cursor(self, system: str, scope: str) -> str:
        return self._rows.cursors.get((system, scope), "")

    async def cursors(self, systems: Collection[str]) -> dict[tuple[str, str], str]:
        return {place: cursor for place, cursor in self._rows.cursors.items() if place[0] in systems}

    async def save_cursor(self, system: str, scope: str, cursor: str) -> None:
        self._rows.refer(system=system)
        self._rows.cursors[system, scope] = cursor

    def _insert(self, system: str, delivery: str, change: InboxChange) -> bool:
        """False where the row is there already."""
        unique = (system, delivery, change.item_id, change.version, change.deleted)
        if unique in self._rows.deliveries:
            return False
        self._rows.refer(system=system)
        self._newest += 1
        self._rows.deliveries[unique] = self._newest
        self._rows.unrouted[self._newest] = InboxRow(
            id=self._newest,
            system=system,
            delivery=delivery,
            item_id=change.item_id,
            key=prose(change.key),
            version=change.version,
            marker=change.marker,
            deleted=change.deleted,
            received=self._rows.now(),
        )
        return True
