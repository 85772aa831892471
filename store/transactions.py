"""Transactions: the sync queue of every twin."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, bindparam, exists, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from model.twin import Transaction
from model.words import Side, Stage, TwinStatus
from store import tables
from store.columns import row_id
from store.database import Database
from store.locks import locked_twin
from store.refusals import unknown_transaction
from store.scopes import of_workspace
from store.uninterrupted import uninterrupted

UNFINISHED = (Stage.QUEUED, Stage.HELD, Stage.ERROR, Stage.FETCHED, Stage.TRANSFORMED)
WAITING = (Stage.QUEUED, Stage.HELD)
GOING = (TwinStatus.SYNCHRONIZED, TwinStatus.CONFLICT, TwinStatus.SYNCING)
FETCHED = (Stage.FETCHED, Stage.TRANSFORMED)
LEFT_BEHIND = (Stage.QUEUED, *FETCHED)


def unfinished() -> ColumnElement[bool]:
    """The condition in the very words of the partial index; a bound parameter would miss it."""
    return col(tables.Transaction.stage).in_(bindparam("open_stages", UNFINISHED, expanding=True, literal_execute=True))


def forgotten_ones(connection: str | BindParameter[Any], before: datetime | BindParameter[Any]) -> tuple[ColumnElement[bool], ...]:
    """See `Transactions.forgotten`. What is unfinished is gone through, which is little, and not the twins."""
    goers = exists().where(
        col(tables.Twin.id) == col(tables.Transaction.twin), col(tables.Twin.connection) == connection, col(tables.Twin.status).in_(GOING)
    )
    return (unfinished(), col(tables.Transaction.stage).in_(LEFT_BEHIND), col(tables.Transaction.created) < before, goers)


@uninterrupted
class Transactions:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def queue(self, twin: str, source: Side, *, forced: bool = False) -> int:
        """The transaction that will carry the change: the one that already waits for that twin and side, else a new one.

        A `forced` one is carried out also where the item of `source` brings nothing new, however the twin comes to know of it. It joins
        none that an attempt has taken up, which may be about to find nothing new.
        """
        async with self._database.writing() as session:
            await locked_twin(session, twin)
            return await queued(session, twin, source, self._database.now(), forced=forced)

    async def begin(self, twin: str, source: Side) -> Transaction:
        """Take the oldest unfinished transaction of that twin and side, or a new one.

        It counts the attempt, and runs with the connection's active version unless it was already fetched with another. Others of that
        twin and side that wait are done with, since this one reads the item after them.
        """
        async with self._database.writing() as session:
            connection = await session.get_one(tables.Connection, (await locked_twin(session, twin)).connection)
            moment = self._database.now()
            waiting = await _oldest_first(session, twin, source, UNFINISHED)
            row = waiting[0] if waiting else await _new(session, twin, source, moment)
            row.forced = any(one.forced for one in waiting)
            row.attempts += 1
            row.updated = moment
            if row.version == 0 or row.stage not in FETCHED:
                row.version = connection.version
            if len(waiting) > 1:
                await _join(session, row, moment)
            return stored_transaction(row)

    async def advance(self, id: int, stage: Stage, summary: str = "", reason: str = "") -> bool:  # noqa: A002
        """Move an unfinished transaction on; a finished one stays as it is: False. An empty summary keeps the one it had."""
        async with self._database.writing() as session:
            values = {"stage": stage, "reason": reason, "updated": self._database.now()} | ({"summary": summary} if summary else {})
            moved = update(tables.Transaction).where(col(tables.Transaction.id) == id, unfinished()).values(**values)
            return (await session.exec(moved)).rowcount > 0

    async def park(self, id: int, reason: str) -> bool:  # noqa: A002
        """End an unfinished transaction, and its twin unless that is unlinked, in error; False for a finished one."""
        async with self._database.writing() as session:
            known = await session.get(tables.Transaction, id)
            if known is None:
                return False
            twin, moment = await locked_twin(session, known.twin), self._database.now()
            ended = update(tables.Transaction).where(col(tables.Transaction.id) == id, unfinished())
            if not (await session.exec(ended.values(stage=Stage.ERROR, reason=reason, updated=moment))).rowcount:
                return False
            if twin.status != TwinStatus.UNLINKED:
                twin.status, twin.reason, twin.updated = TwinStatus.ERROR, reason, moment
            return True

    async def explain(self, id: int, reason: str) -> None:  # noqa: A002
        """Say why a transaction waits, without moving it."""
        async with self._database.writing() as session:
            row = await session.get(tables.Transaction, id)
            if row is not None:
                row.reason, row.updated = reason, self._database.now()

    async def discard(self, twin: str) -> None:
        """Drop the twin's queue; its transactions stay visible as discarded."""
        async with self._database.writing() as session:
            await locked_twin(session, twin)
            await discard_queue(session, twin, self._database.now())

    async def get(self, id: int) -> Transaction:  # noqa: A002
        async with self._database.reading() as session:
            row = await session.get(tables.Transaction, id)
        if row is None:
            raise unknown_transaction(id)
        return stored_transaction(row)

    async def of_twin(self, twin: str, limit: int = 20) -> tuple[Transaction, ...]:
        """Newest first."""
        of_twin = select(tables.Transaction).where(tables.Transaction.twin == twin)
        async with self._database.reading() as session:
            rows = await session.exec(of_twin.order_by(col(tables.Transaction.id).desc()).limit(limit))
            return tuple(stored_transaction(row) for row in rows)

    async def forgotten(self, connection: str, before: datetime, limit: int) -> tuple[Transaction, ...]:
        """Queued before that time, of twins that wait for nobody, and still not done.

        The message to the twin did not get there, or an attempt that nobody listens to any more began it.
        """
        query = select(tables.Transaction).where(*forgotten_ones(connection, before))
        async with self._database.reading() as session:
            rows = await session.exec(query.order_by(col(tables.Transaction.id)).limit(limit))
            return tuple(stored_transaction(row) for row in rows)

    async def waiting(self, connection: str | None, limit: int) -> tuple[Transaction, ...]:
        """Unfinished ones, oldest first."""
        query = select(tables.Transaction).where(unfinished())
        if connection is not None:
            query = query.join(tables.Twin).where(tables.Twin.connection == connection)
        elif self._database.workspace is not None:
            query = query.join(tables.Twin).where(of_workspace(tables.Twin.connection, self._database.workspace))
        async with self._database.reading() as session:
            rows = await session.exec(query.order_by(col(tables.Transaction.id)).limit(limit))
            return tuple(stored_transaction(row) for row in rows)


async def queued(session: AsyncSession, twin: str, source: Side, now: datetime, *, forced: bool = False) -> int:
    """Queue within the caller's transaction, who has locked the twin or just made it; see `Transactions.queue`."""
    waiting = [one for one in await _oldest_first(session, twin, source, WAITING) if not (forced and one.attempts)]
    row = waiting[0] if waiting else await _new(session, twin, source, now)
    row.forced |= forced
    return row_id(row.id)


async def discard_queue(session: AsyncSession, twin: str, now: datetime) -> None:
    """See `Transactions.discard`; within the caller's transaction, who has locked the twin."""
    queue = update(tables.Transaction).where(col(tables.Transaction.twin) == twin, unfinished())
    await session.exec(queue.values(stage=Stage.DISCARDED, updated=now))


async def _oldest_first(session: AsyncSession, twin: str, source: Side, stages: tuple[Stage, ...]) -> Sequence[tables.Transaction]:
    query = select(tables.Transaction).where(
        tables.Transaction.twin == twin, tables.Transaction.source == source, col(tables.Transaction.stage).in_(stages)
    )
    return (await session.exec(query.order_by(col(tables.Transaction.id)))).all()


async def _join(session: AsyncSession, row: tables.Transaction, now: datetime) -> None:
    of_side = (col(tables.Transaction.twin) == row.twin, col(tables.Transaction.source) == row.source)
    others = update(tables.Transaction).where(*of_side, col(tables.Transaction.id) != row.id, unfinished())
    values = {"stage": Stage.UNCHANGED, "reason": f"travels with transaction {row.id}", "updated": now}
    await session.exec(others.values(**values))


async def _new(session: AsyncSession, twin: str, source: Side, now: datetime) -> tables.Transaction:
    row = tables.Transaction(twin=twin, source=source, stage=Stage.QUEUED, created=now, updated=now)
    session.add(row)
    await session.flush()
    return row


def stored_transaction(row: tables.Transaction) -> Transaction:
    return Transaction(
        id=row_id(row.id),
        twin=row.twin,
        source=Side(row.source),
        stage=Stage(row.stage),
        version=row.version,
        summary=row.summary,
        reason=row.reason,
        forced=row.forced,
        attempts=row.attempts,
        created=row.created,
        updated=row.updated,
    )
