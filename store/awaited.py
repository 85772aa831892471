"""Items for whose copies rules asked in vain, as for that of a parent: their twins are told once the copies are there."""

from collections.abc import Collection
from functools import cache

from sqlalchemy import bindparam, delete
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from model.words import Side, TwinStatus
from store import tables
from store.database import Database
from store.uninterrupted import uninterrupted
from store.upsert import insert_missing


@cache
def _arrived(side: Side) -> Select[str, str]:
    """Of `connection`, at `most` so many. Made once, since every poll asks."""
    waiting, other, row = tables.Twin, aliased(tables.Twin), tables.Awaited
    original, copy = (other.left_item_id, other.right_item_id) if side is Side.LEFT else (other.right_item_id, other.left_item_id)
    live = (col(waiting.status) != TwinStatus.UNLINKED, col(other.status) != TwinStatus.UNLINKED)
    there = (waiting.connection == bindparam("connection"), other.connection == bindparam("connection"), col(copy).is_not(None))
    query = select(row.twin, row.item).join(waiting, col(row.twin) == waiting.id).join(other, col(original) == row.item)
    return query.where(row.side == side, *there, *live).order_by(col(row.twin), col(row.item)).limit(bindparam("most"))


@uninterrupted
class Awaited:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(self, twin: str, side: Side, items: Collection[str]) -> None:
        """The twin waits for the copies of these items of that side."""
        async with self._database.writing() as session:
            await insert_missing(session, [tables.Awaited(twin=twin, side=side, item=item) for item in sorted(items)])

    async def arrived(self, connection: str, side: Side, limit: int) -> tuple[tuple[str, str], ...]:
        """The live twins of the connection that wait for the copy of an item of that side, which is there by now; each with the item."""
        given = {"connection": connection, "most": limit}
        async with self._database.reading() as session:
            return tuple((twin, item) for twin, item in await session.exec(_arrived(side), params=given))

    async def forget(self, twin: str, side: Side, item: str) -> None:
        """The twin no longer waits for that one."""
        row = tables.Awaited
        async with self._database.writing() as session:
            await session.exec(delete(row).where(col(row.twin) == twin, col(row.side) == side, col(row.item) == item))
