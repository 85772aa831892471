"""The items of operations, each marked in the same transaction as what it queues: work that is repeated finds it done."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import exists, func, insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from model.item import ItemRef
from model.operation import Entry, OperationItem, Target
from model.pairing import Pairing
from model.words import ItemState, OperationKind, OperationStatus, Side, TwinStatus
from store import operation_tables as tables
from store.capacity import require_room
from store.database import Database
from store.locks import locked_twin
from store.settling import put_item
from store.tables import Transaction, Twin
from store.transactions import queued, unfinished
from store.twins import new_twin, paired, was_unlinked
from store.uninterrupted import uninterrupted
from store.upsert import insert_missing

WAS_UNLINKED = "was unlinked from the connection before; relink it to take it up again"
ENDING = frozenset({OperationKind.UNLINK, OperationKind.CLEANUP})


@uninterrupted
class OperationItems:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, operation: str, entries: Sequence[Entry]) -> None:
        """Record more items. Those whose mark the operation has already are left out."""
        of_operation = tables.OperationItem.operation == operation
        async with self._database.writing() as session:
            await session.get(tables.Operation, operation, with_for_update=True)
            marks = [entry.mark for entry in entries]
            known = set(
                await session.exec(select(tables.OperationItem.mark).where(of_operation, col(tables.OperationItem.mark).in_(marks)))
            )
            last = (await session.exec(select(func.max(tables.OperationItem.number)).where(of_operation))).one() or 0
            new = {entry.mark: entry for entry in entries if entry.mark not in known}
            await insert_entries(session, operation, last, list(new.values()), self._database.now())

    async def listing(self, operation: str, state: ItemState | None, limit: int, after: int = 0) -> tuple[OperationItem, ...]:
        """By number, from the one that follows `after`."""
        query = select(tables.OperationItem).where(tables.OperationItem.operation == operation, tables.OperationItem.number > after)
        if state is not None:
            query = query.where(tables.OperationItem.state == state)
        async with self._database.reading() as session:
            rows = await session.exec(query.order_by(col(tables.OperationItem.number)).limit(limit))
            return tuple(_item(row) for row in rows)

    async def counts(self, operation: str) -> dict[ItemState, int]:
        """How many items have each state; states that no item has count 0."""
        row = tables.OperationItem
        query = select(row.state, func.count()).where(row.operation == operation).group_by(row.state)
        async with self._database.reading() as session:
            counted = dict((await session.exec(query)).all())
        return {state: counted.get(state, 0) for state in ItemState}

    async def finished(self, operation: str, since: datetime) -> int:
        """How many items came to their result since then."""
        row = tables.OperationItem
        results = col(row.state).in_([ItemState.DONE, ItemState.SKIPPED, ItemState.FAILED])
        query = select(func.count()).where(row.operation == operation, row.updated >= since, results)
        async with self._database.reading() as session:
            return (await session.exec(query)).one()

    async def start(self, operation: str, number: int, connection: str, side: Side, ref: ItemRef) -> str | None:
        """Begin a twin of that item with its first transaction queued; its id.

        Raises OverCapacity where the integration has no room for it. None where the item no longer waits, where it was unlinked before, so
        that it is skipped now, or where a live twin has it.
        """
        async with self._database.writing() as session:
            row = await _waiting(session, operation, number)
            if row is None:
                return None
            if await was_unlinked(session, connection, side, ref.id):
                _mark(row, ItemState.SKIPPED, WAS_UNLINKED, "", self._database.now())
                return None
            twin = new_twin(self._database, connection, side, "")
            put_item(twin, side, ref)
            if not await insert_missing(session, [twin]):
                return None
            await require_room(session, connection)
            row.transaction = await queued(session, twin.id, side, self._database.now())
            _mark(row, ItemState.QUEUED, "", twin.id, self._database.now())
            return twin.id

    async def pair(self, operation: str, number: int, pairing: Pairing) -> str | None:
        """Make two items a twin with a transaction of each side queued; its id.

        Raises OverCapacity as `start` does. None where the item no longer waits, or where a live twin has one of the two.
        """
        async with self._database.writing() as session:
            row = await _waiting(session, operation, number)
            twin = await paired(session, self._database, pairing) if row else None
            if row is None or twin is None:
                return None
            row.transaction = max([await queued(session, twin.id, side, self._database.now()) for side in Side])
            _mark(row, ItemState.QUEUED, "", twin.id, self._database.now())
            return twin.id

    async def sync(self, operation: str, number: int, twin: str, side: Side) -> bool:
        """Queue a forced transaction of a twin; False where the item no longer waits."""
        async with self._database.writing() as session:
            row = await _waiting(session, operation, number)
            if row is None:
                return False
            await locked_twin(session, twin)
            row.transaction = await queued(session, twin, side, self._database.now(), forced=True)
            _mark(row, ItemState.QUEUED, "", twin, self._database.now())
            return True

    async def follow(self, operation: str, number: int, twin: str) -> bool:
        """The item's result is what becomes of all that the twin has queued now; False where the item no longer waits."""
        async with self._database.writing() as session:
            row = await _waiting(session, operation, number)
            if row is None:
                return False
            row.transaction = (
                await session.exec(select(func.max(Transaction.id)).where(Transaction.twin == twin, unfinished()))
            ).one() or 0
            _mark(row, ItemState.QUEUED, "", twin, self._database.now())
            return True

    async def conclude(self, operation: str, number: int, state: ItemState, reason: str = "", twin: str = "") -> None:
        """The result of an item that waits, also while the operation pauses; one that has a result keeps it."""
        async with self._database.writing() as session:
            await session.get(tables.Operation, operation, with_for_update=True)
            row = await session.get(tables.OperationItem, (operation, number))
            if row is not None and row.state == ItemState.WAITING:
                _mark(row, state, reason, twin, self._database.now())

    async def look_up(self, operation: str, targets: Mapping[int, Target]) -> None:
        """What became known of the targets of items, by their numbers."""
        async with self._database.writing() as session:
            for number, target in targets.items():
                row = await session.get_one(tables.OperationItem, (operation, number))
                row.target = target.model_dump_json(exclude_defaults=True)

    async def settle(self, operation: str, kind: OperationKind) -> None:
        """Give queued items the result that their twins came to."""
        row = tables.OperationItem
        of_operation = (row.operation == operation, row.state == ItemState.QUEUED)
        going = exists().where(col(Transaction.twin) == col(row.twin), col(Transaction.id) <= col(row.transaction), unfinished())
        async with self._database.reading() as session:
            found = await session.exec(select(row, Twin).join(Twin, col(Twin.id) == col(row.twin)).where(*of_operation))
            busy = set(await session.exec(select(row.number).where(*of_operation, going)))
            judged = {item.number: _result(kind, item, twin, busy=item.number in busy) for item, twin in found}
        results = {number: result for number, result in judged.items() if result is not None}
        if not results:
            return
        async with self._database.writing() as session:
            await session.get(tables.Operation, operation, with_for_update=True)
            for number, (state, reason) in results.items():
                row = await session.get_one(tables.OperationItem, (operation, number))
                if row.state == ItemState.QUEUED:
                    _mark(row, state, reason, row.twin, self._database.now())


async def insert_entries(session: AsyncSession, operation: str, last: int, entries: Sequence[Entry], now: datetime) -> None:
    """Within the caller's transaction, numbered from the one that follows `last`; one prepared statement for all, however many."""
    rows = [
        {
            "operation": operation,
            "number": last + place,
            "mark": entry.mark,
            "subject": entry.subject,
            "target": entry.target.model_dump_json(exclude_defaults=True),
            "state": ItemState.WAITING,
            "reason": "",
            "twin": "",
            "transaction": 0,
            "updated": now,
        }
        for place, entry in enumerate(entries, 1)
    ]
    if rows:
        await (await session.connection()).execute(insert(tables.OperationItem), rows)


async def _waiting(session: AsyncSession, operation: str, number: int) -> tables.OperationItem | None:
    """The item, where it waits and its operation runs; no pause, and no other worker, comes in between."""
    running = await session.get(tables.Operation, operation, with_for_update=True)
    row = await session.get(tables.OperationItem, (operation, number))
    if running is None or row is None or running.status != OperationStatus.RUNNING or row.state != ItemState.WAITING:
        return None
    return row


def _mark(row: tables.OperationItem, state: ItemState, reason: str, twin: str, now: datetime) -> None:
    row.state, row.reason, row.twin, row.updated = state, reason, twin, now


def _result(kind: OperationKind, item: tables.OperationItem, twin: Twin, *, busy: bool) -> tuple[ItemState, str] | None:
    """None while the twin is at it. One in error from before counts only once it fails again."""
    match TwinStatus(twin.status):
        case TwinStatus.UNLINKED:
            return (ItemState.DONE, "") if kind in ENDING else (ItemState.SKIPPED, f"unlinked meanwhile: {twin.reason}")
        case _ if kind in ENDING:
            return None
        case TwinStatus.ERROR:
            return (ItemState.FAILED, twin.reason) if twin.updated > item.updated else None
        case TwinStatus.HELD:
            return None
        case TwinStatus.CONFLICT:
            return None if busy else (ItemState.DONE, "in conflict; choose a side")
        case TwinStatus.SYNCING | TwinStatus.SYNCHRONIZED:
            return None if busy else (ItemState.DONE, "")


def _item(row: tables.OperationItem) -> OperationItem:
    return OperationItem(
        number=row.number,
        subject=row.subject,
        target=Target.model_validate_json(row.target),
        state=ItemState(row.state),
        reason=row.reason,
        twin=row.twin,
        updated=row.updated,
    )
