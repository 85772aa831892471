"""Items for whose copies rules asked in vain, in memory."""

from collections.abc import Collection

from model.words import Side, TwinStatus
from store.awaited import Awaited
from tests.memory_store.rows import MemoryDatabase


class MemoryAwaited(Awaited):
    def __init__(self, database: MemoryDatabase) -> None:
        super().__init__(database)
        self._rows = database

    async def note(self, twin: str, side: Side, items: Collection[str]) -> None:
        if items:
            self._rows.refer(twin=twin)
        self._rows.awaited |= {(twin, side, item): False for item in items}

    async def arrived(self, connection: str, limit: int) -> tuple[tuple[str, Side, str], ...]:
        live = [one for one in self._rows.twins.values() if one.connection == connection and one.status is not TwinStatus.UNLINKED]
        copied = {(side, ref.id) for one in live if one.left and one.right for side in Side if (ref := one.item(side))}
        waiting = {one.id for one in live}
        untold = (one for one, told in self._rows.awaited.items() if not told)
        return tuple(sorted((twin, side, item) for twin, side, item in untold if (side, item) in copied and twin in waiting))[:limit]

    async def tell(self, twin: str, side: Side, item: str) -> None:
        if (twin, side, item) in self._rows.awaited:
            self._rows.awaited[twin, side, item] = True

    async def of(self, twin: str, side: Side) -> frozenset[str]:
        return frozenset(item for known, of, item in self._rows.awaited if known == twin and of is side)

    async def forget(self, twin: str, side: Side, items: Collection[str]) -> None:
        for item in items:
            self._rows.awaited.pop((twin, side, item), None)
