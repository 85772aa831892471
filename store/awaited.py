"""Items for whose copies rules asked in vain, as for that of a parent: their twins are told once the copies are there."""

from collections.abc import Collection
from functools import cache

from sqlalchemy import ColumnElement, bindparam, delete, update
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from model.words import Side, TwinStatus
from store import tables
from store.database import Database
from store.uninterrupted import uninterrupted
from store.upsert import put


@cache
def _arrived(side: Side) -> Select[str, str]:
    """Of `connection`, at `most` so many. Made once, since every poll asks."""
    waiting, other, row = tables.Twin, aliased(tables.Twin), tables.Awaited
    original, copy = (other.left_item_id, other.right_item_id) if side is Side.LEFT else (other.right_item_id, other.left_item_id)
    live = (col(waiting.status) != TwinStatus.UNLINKED, col(other.status) != TwinStatus.UNLINKED)
    there = (waiting.connection == bindparam("connection"), other.connection == bindparam("connection"), col(copy).is_not(None))
    query = select(row.twin, row.item).join(waiting, col(row.twin) == waiting.id).join(other, col(original) == row.item)
    return (
        query.where(row.side == side, col(row.told).is_(False), *there, *live)
        .order_by(col(row.twin), col(row.item))
        .limit(bindparam("most"))
    )


@uninterrupted
class Awaited:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(self, twin: str, side: Side, items: Collection[str]) -> None:
        """The twin waits for the copies of these items of that side."""
        async with self._database.writing() as session:
            for item in sorted(items):
                await put(session, tables.Awaited(twin=twin, side=side, item=item))

    async def arrived(self, connection: str, side: Side, limit: int) -> tuple[tuple[str, str], ...]:
        """The live twins of the connection that wait for the copy of an item of that side, which is there by now; each with the item.

        Those that were `told` are left out.
        """
        given = {"connection": connection, "most": limit}
        async with self._database.reading() as session:
            return tuple((twin, item) for twin, item in await session.exec(_arrived(side), params=given))

    async def tell(self, twin: str, side: Side, item: str) -> None:
        """The twin is told that the copy is there."""
        async with self._database.writing() as session:
            await session.exec(update(tables.Awaited).where(*_those(twin, side, [item])).values(told=True))

    async def of(self, twin: str, side: Side) -> frozenset[str]:
        """The items of that side for whose copies the twin's rule asked in vain when it last asked; they may be there by now."""
        row = tables.Awaited
        async with self._database.reading() as session:
            return frozenset(await session.exec(select(row.item).where(row.twin == twin, row.side == side)))

    async def forget(self, twin: str, side: Side, items: Collection[str]) -> None:
        """The twin's rule has these copies now."""
        async with self._database.writing() as session:
            await session.exec(delete(tables.Awaited).where(*_those(twin, side, items)))


def _those(twin: str, side: Side, items: Collection[str]) -> tuple[ColumnElement[bool], ...]:
    row = tables.Awaited
    return (col(row.twin) == twin, col(row.side) == side, col(row.item).in_(sorted(items)))
