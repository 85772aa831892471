"""Twins in memory."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime

from model.agreement import Base
from model.item import ItemRef
from model.pairing import Pairing
from model.settlement import Settlement
from model.twin import Twin, TwinState
from model.words import ConnectionStatus, Side, TwinStatus
from store.columns import prose, utc
from store.neglected import Neglected
from store.twins import Twins, twin_id
from tests.memory_store.awaited import MemoryAwaited
from tests.memory_store.capacity import require_room
from tests.memory_store.rows import MemoryDatabase, Place, places, through_json
from tests.memory_store.settling import clean, settle
from tests.memory_store.transactions import MemoryTransactions


class MemoryTwins(Twins):
    def __init__(self, database: MemoryDatabase) -> None:
        super().__init__(database)
        self._rows = database

    async def start(self, connection: str, origin: Side, ref: ItemRef, title: str = "", *, anew: bool = True) -> Twin | None:
        if not anew and self._was_unlinked(connection, origin, ref.id):
            return None
        return self._begun(connection, origin, {origin: ref}, title)

    async def pair(self, pairing: Pairing) -> Twin | None:
        twin = self._begun(pairing.connection, pairing.source, {Side.LEFT: pairing.left, Side.RIGHT: pairing.right}, pairing.title)
        if twin is not None:
            self._rows.bases[twin.id, pairing.source.other] = through_json(pairing.base)
            self._rows.traces[twin.id] = tuple(through_json(trace) for trace in pairing.traces)
        return twin

    def _begun(self, connection: str, origin: Side, refs: Mapping[Side, ItemRef], title: str) -> Twin | None:
        rows, moment = self._rows, self._rows.now()
        twin = Twin(
            id=twin_id(moment, rows.token),
            connection=connection,
            origin=origin,
            left=clean(refs[Side.LEFT]) if Side.LEFT in refs else None,
            right=clean(refs[Side.RIGHT]) if Side.RIGHT in refs else None,
            status=TwinStatus.SYNCING,
            title=prose(title),
            updated=moment,
        )
        if any(place in rows.live for place in places(twin)):
            return None
        rows.refer(connection=connection)
        require_room(rows, connection)
        rows.write_twin(twin)
        return twin

    async def get(self, id: str) -> Twin:  # noqa: A002
        return self._rows.twin(id)

    async def find(self, id: str) -> Twin | None:  # noqa: A002
        return self._rows.twins.get(id)

    async def by_item(self, system_id: str, item_id: str) -> tuple[tuple[Twin, Side], ...]:
        rows = self._rows
        found: list[tuple[Twin, Side]] = []
        for side in Side:
            connections = [one.id for one in rows.configured.connections.values() if one.system(side) == system_id]
            ids = [rows.live.get(Place(connection, side, item_id)) for connection in connections]
            found += [(rows.twins[id], side) for id in sorted(filter(None, ids))]  # noqa: A001
        return tuple(found)

    async def ended_with(self, system_id: str, item_id: str) -> tuple[tuple[Twin, Side], ...]:
        rows = self._rows
        found: list[tuple[Twin, Side]] = []
        for side in Side:
            connections = {one.id for one in rows.configured.connections.values() if one.system(side) == system_id}
            for _, twin in sorted(rows.twins.items()):
                ref, ended = twin.item(side), twin.status is TwinStatus.UNLINKED
                if ended and twin.connection in connections and ref is not None and ref.id == item_id:
                    found.append((twin, side))
        return tuple(found)

    async def of_items(self, connection: str, side: Side, item_ids: Collection[str]) -> dict[str, bool]:
        found: dict[str, bool] = {}
        for twin in self._rows.twins.values():
            ref = twin.item(side)
            if twin.connection == connection and ref is not None and ref.id in item_ids:
                found[ref.id] = found.get(ref.id, False) or twin.status is not TwinStatus.UNLINKED
        return found

    async def by_key(self, connection: str, side: Side, key: str) -> tuple[Twin, ...]:
        live = [
            twin for _, twin in sorted(self._rows.twins.items()) if twin.connection == connection and twin.status is not TwinStatus.UNLINKED
        ]
        return tuple(twin for twin in live if (ref := twin.item(side)) is not None and ref.key == key)

    def _was_unlinked(self, connection: str, side: Side, item_id: str) -> bool:
        unlinked = (
            one.item(side) for one in self._rows.twins.values() if one.connection == connection and one.status is TwinStatus.UNLINKED
        )
        return any(ref is not None and ref.id == item_id for ref in unlinked)

    async def earlier(self, connection: str, left_id: str, right_id: str) -> Twin | None:
        found = [
            twin
            for twin in self._rows.twins.values()
            if twin.connection == connection and twin.status is TwinStatus.UNLINKED and _has(twin, left_id, right_id)
        ]
        return max(found, key=lambda twin: twin.id, default=None)

    async def listing(
        self, connection: str | None, status: TwinStatus | None, text: str | None = None, limit: int = 200, after: str = ""
    ) -> tuple[Twin, ...]:
        found = [
            twin
            for id, twin in sorted(self._rows.twins.items(), reverse=True)  # noqa: A001
            if (connection is None or twin.connection == connection)
            and (status is None or twin.status is status)
            and (not text or _shows(twin, text))
            and (not after or id < after)
        ]
        return tuple(found[:limit])

    async def counts(self, connection: str | None) -> dict[TwinStatus, int]:
        counted = Counter(twin.status for twin in self._rows.twins.values() if connection is None or twin.connection == connection)
        return {status: counted[status] for status in TwinStatus}

    async def counts_of(self, connections: Collection[str]) -> dict[str, dict[TwinStatus, int]]:
        return {one: await self.counts(one) for one in connections}

    async def state(self, id: str) -> TwinState:  # noqa: A002
        rows = self._rows
        twin = rows.twin(id)
        left, right = rows.bases.get((id, Side.LEFT), Base()), rows.bases.get((id, Side.RIGHT), Base())
        return TwinState(twin=twin, left=left, right=right, traces=rows.traces.get(id, ()))

    async def hold_unless_active(self, id: str) -> ConnectionStatus | None:  # noqa: A002
        twin = self._rows.twin(id)
        status = self._rows.configured.connections[twin.connection].status
        if status is ConnectionStatus.ACTIVE:
            await self.release(id)
            return None
        if twin.status is not TwinStatus.UNLINKED:
            self._rows.change_twin(twin, held=True, status=TwinStatus.HELD)
        return status

    async def held(self, connection: str, limit: int, after: str = "") -> tuple[Twin, ...]:
        found = [twin for id, twin in sorted(self._rows.twins.items()) if twin.held and twin.connection == connection and id > after]  # noqa: A001
        return tuple(found[:limit])

    async def making(self, system_id: str) -> bool:
        syncing = [twin for twin in self._rows.twins.values() if twin.status is TwinStatus.SYNCING]
        sides = [(self._rows.configured.connections[twin.connection].system(side), twin.item(side)) for twin in syncing for side in Side]
        return (system_id, None) in sides

    async def unbegun(self, connection: str, before: datetime, limit: int) -> tuple[Twin, ...]:
        syncing = [twin for twin in self._rows.twins.values() if twin.connection == connection and twin.status is TwinStatus.SYNCING]
        found = [twin for twin in syncing if twin.updated < before and not self._rows.transactions_of.get(twin.id)]
        return tuple(sorted(found, key=lambda twin: twin.id)[:limit])

    async def neglected(self, connection: str, before: datetime) -> Neglected:
        queued = MemoryTransactions(self._rows).forgotten(connection, before, 1)
        arrived = MemoryAwaited(self._rows).arrived(connection, 1)
        return Neglected(
            bool(await self.held(connection, 1)), bool(await self.unbegun(connection, before, 1)), bool(await queued), bool(await arrived)
        )

    async def release(self, id: str) -> None:  # noqa: A002
        twin = self._rows.twin(id)
        if twin.held:
            self._rows.change_twin(twin, held=False, status=TwinStatus.SYNCING if twin.status is TwinStatus.HELD else twin.status)

    async def set_status(self, id: str, status: TwinStatus, reason: str = "") -> None:  # noqa: A002
        twin = self._rows.twin(id)
        if status is TwinStatus.UNLINKED:
            self._rows.discard_queue(id)
        if twin.status is TwinStatus.UNLINKED:
            return
        held = twin.held and status is not TwinStatus.UNLINKED
        changes = {"status": status, "reason": prose(reason), "held": held, "updated": self._rows.now()}
        self._rows.replace_twin(twin.model_copy(update=changes))

    async def settle(self, settlement: Settlement) -> None:
        settle(self._rows, settlement)

    async def set_base(self, id: str, side: Side, base: Base) -> None:  # noqa: A002
        self._rows.twin(id)
        self._rows.bases[id, side] = through_json(base)

    async def recent_writes(self, id: str, since: datetime) -> tuple[tuple[Side, str], ...]:  # noqa: A002
        since = utc(since)
        found = ((one, name) for (_, name), one in self._rows.outcomes.items() if one.twin == id and one.written >= since)
        return tuple((one.source, name) for one, name in found)


def _has(twin: Twin, left_id: str, right_id: str) -> bool:
    return twin.left is not None and twin.left.id == left_id and twin.right is not None and twin.right.id == right_id


def _shows(twin: Twin, text: str) -> bool:
    keys = [ref.key for ref in (twin.left, twin.right) if ref is not None]
    return any(text.lower() in shown.lower() for shown in (*keys, twin.title))
