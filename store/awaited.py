"""Items for whose copies rules asked in vain, as for that of a parent: their twins are told once the copies are there."""

from collections.abc import Collection
from functools import cache

from sqlalchemy import ColumnElement, and_, bindparam, delete, exists, literal_column, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from model.words import Side, TwinStatus
from store import tables
from store.database import Database
from store.uninterrupted import uninterrupted
from store.upsert import put


@cache
def arrived_copies() -> Select[str, str, str]:
    """Those of `Awaited.arrived`, of `connection`: what is awaited is gone through, and each copy looked up by its item.

    As a join it may be planned from the twins, each with each other.
    """
    row, waiting = tables.Awaited, aliased(tables.Twin)
    waits = exists().where(col(waiting.id) == col(row.twin), _live(waiting))
    return select(row.twin, row.side, row.item).where(col(row.told).is_(False), or_(*map(_is_there, Side)), waits)


def _is_there(side: Side) -> ColumnElement[bool]:
    row, other = tables.Awaited, aliased(tables.Twin)
    original, copy = (other.left_item_id, other.right_item_id) if side is Side.LEFT else (other.right_item_id, other.left_item_id)
    found = exists().where(col(original) == col(row.item), col(copy).is_not(None), _live(other))
    return and_(col(row.side) == side, found)


def _live(twin: type[tables.Twin]) -> ColumnElement[bool]:
    """In the very words of the unique indexes of a connection's items."""
    return and_(col(twin.connection) == bindparam("connection"), col(twin.status) != literal_column(f"'{TwinStatus.UNLINKED}'"))


@uninterrupted
class Awaited:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(self, twin: str, side: Side, items: Collection[str]) -> None:
        """The twin waits for the copies of these items of that side."""
        async with self._database.writing() as session:
            for item in sorted(items):
                await put(session, tables.Awaited(twin=twin, side=side, item=item))

    async def arrived(self, connection: str, limit: int) -> tuple[tuple[str, Side, str], ...]:
        """The live twins of the connection that wait for the copy of an item which is there by now; each with side and id of the item.

        Those that were `told` are left out.
        """
        row, given = tables.Awaited, {"connection": connection}
        query = arrived_copies().order_by(col(row.twin), col(row.side), col(row.item)).limit(limit)
        async with self._database.reading() as session:
            return tuple((twin, Side(side), item) for twin, side, item in await session.exec(query, params=given))

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
