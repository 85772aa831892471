"""The inbox of changes that webhooks and polls told of, the ledger of our own versions, and the cursors of the polls."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import col, select

from model.inbox import InboxChange, InboxRow
from model.settlement import Confirmed
from store import tables
from store.columns import row_id
from store.database import Database
from store.settling import enter
from store.uninterrupted import uninterrupted
from store.upsert import insert_missing, put

POLL = "poll"
_PRUNED_AT_ONCE = 1000


@uninterrupted
class Inbox:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, system: str, delivery: str, changes: Iterable[InboxChange]) -> int:
        """Store what one webhook delivery tells; returns how many rows are new. A repeated delivery adds none."""
        moment = self._database.now()
        rows = [_row(system, delivery, change, moment) for change in changes]
        async with self._database.writing() as session:
            return await insert_missing(session, rows)

    async def add_polled(self, system: str, scope: str, changes: Iterable[InboxChange], cursor: str) -> int:
        """Store what a poll found together with its cursor; returns how many rows are new.

        A version that an earlier poll found is not new. A change without a version always is, since nothing tells it from a later one.
        """
        moment, token = self._database.now(), self._database.token
        rows = [_row(system, POLL if change.version else f"{POLL}/{token(8)}", change, moment) for change in changes]
        async with self._database.writing() as session:
            await put(session, tables.Cursor(system=system, scope=scope, cursor=cursor, updated=moment))
            return await insert_missing(session, rows)

    async def pending(self, system: str, limit: int) -> tuple[InboxRow, ...]:
        """Rows that wait for routing: oldest first, postponed ones after the others so that they hold up nobody."""
        query = select(tables.Inbox).where(tables.Inbox.system == system, col(tables.Inbox.routed).is_(None))
        async with self._database.reading() as session:
            rows = await session.exec(query.order_by(col(tables.Inbox.attempts), col(tables.Inbox.id)).limit(limit))
            return tuple(_inbox_row(row) for row in rows)

    async def routed(self, ids: Sequence[int]) -> None:
        async with self._database.writing() as session:
            await session.exec(update(tables.Inbox).where(col(tables.Inbox.id).in_(ids)).values(routed=self._database.now()))

    async def postpone(self, ids: Sequence[int]) -> None:
        async with self._database.writing() as session:
            attempts = col(tables.Inbox.attempts)
            await session.exec(update(tables.Inbox).where(col(tables.Inbox.id).in_(ids)).values(attempts=attempts + 1))

    async def ledger_has(self, system: str, item: str, version: str, *, certain: bool = False) -> bool:
        """Whether that version of the item is settled; with `certain`, the whole state that it stands for."""
        async with self._database.reading() as session:
            row = await session.get(tables.Ledger, (system, item, version))
            return row is not None and (row.certain or not certain)

    async def confirm(self, settled: Confirmed) -> None:
        """Note that this version of the item brings nothing new."""
        async with self._database.writing() as session:
            await enter(session, settled, self._database.now())

    async def prune(self, before: datetime) -> int:
        """Delete rows routed, and ledger entries made, before that time; returns how many.

        Many short transactions. `before` must lie further back than any poll overlaps: a day at the least.
        """
        return await self._prune_inbox(before) + await self._prune_ledger(before)

    async def cursor(self, system: str, scope: str) -> str:
        """Where the poll of that scope stands; empty where it never ran."""
        async with self._database.reading() as session:
            row = await session.get(tables.Cursor, (system, scope))
        return row.cursor if row else ""

    async def cursors(self, systems: Collection[str]) -> dict[tuple[str, str], str]:
        """Those of all scopes of these systems, by system and scope."""
        async with self._database.reading() as session:
            rows = await session.exec(select(tables.Cursor).where(col(tables.Cursor.system).in_(systems)))
            return {(row.system, row.scope): row.cursor for row in rows}

    async def save_cursor(self, system: str, scope: str, cursor: str) -> None:
        async with self._database.writing() as session:
            await put(session, tables.Cursor(system=system, scope=scope, cursor=cursor, updated=self._database.now()))

    async def _prune_inbox(self, before: datetime) -> int:
        old = select(tables.Inbox.id).where(col(tables.Inbox.routed) < before).limit(_PRUNED_AT_ONCE)
        pruned = 0
        while True:
            async with self._database.writing() as session:
                count = (await session.exec(delete(tables.Inbox).where(col(tables.Inbox.id).in_(old)))).rowcount
            pruned += count
            if count < _PRUNED_AT_ONCE:
                return pruned

    async def _prune_ledger(self, before: datetime) -> int:
        created = col(tables.Ledger.created)
        some = select(created).where(created < before).order_by(created).offset(_PRUNED_AT_ONCE - 1).limit(1)
        pruned = 0
        while True:
            async with self._database.writing() as session:
                until = (await session.exec(some)).first()
                old = created < before if until is None else created <= until
                pruned += (await session.exec(delete(tables.Ledger).where(old))).rowcount
            if until is None:
                return pruned


def _row(system: str, delivery: str, change: InboxChange, now: datetime) -> tables.Inbox:
    return tables.Inbox(
        system=system,
        delivery=delivery,
        item_id=change.item_id,
        key=change.key,
        version=change.version,
        marker=change.marker,
        deleted=change.deleted,
        received=now,
    )


def _inbox_row(row: tables.Inbox) -> InboxRow:
    return InboxRow(
        id=row_id(row.id),
        system=row.system,
        delivery=row.delivery,
        item_id=row.item_id,
        key=row.key,
        version=row.version,
        marker=row.marker,
        deleted=row.deleted,
        attempts=row.attempts,
        received=row.received,
    )
