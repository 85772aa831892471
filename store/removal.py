"""Deleting a connection with every row that hangs on it, whatever tables there are."""

from functools import cache

from sqlalchemy import ColumnElement, ForeignKeyConstraint, Select, Table, delete, or_, select, tuple_
from sqlmodel import col
from sqlmodel import select as rows_of
from sqlmodel.ext.asyncio.session import AsyncSession

from model.trigger import Trigger
from model.words import Side
from store import tables

_ROOT = "connection"


async def remove(session: AsyncSession, row: tables.Connection) -> None:
    """Within the caller's transaction, rows before those that they refer to."""
    await _remove_cursors(session, row)
    await session.flush()
    connection = await session.connection()
    for table in reversed(tables.Table.metadata.sorted_tables):
        if table.name in _hanging():
            await connection.execute(delete(table).where(_of(table, row.id)))


async def _remove_cursors(session: AsyncSession, row: tables.Connection) -> None:
    """A connection that is given the same name later must look for all that its triggers select."""
    for one in await session.exec(rows_of(tables.Trigger).where(tables.Trigger.connection == row.id)):
        trigger = Trigger(side=Side(one.side), query=one.query)
        system = row.left_system if trigger.side is Side.LEFT else row.right_system
        of_trigger = (col(tables.Cursor.system) == system, col(tables.Cursor.scope) == trigger.scope(row.id))
        await session.exec(delete(tables.Cursor).where(*of_trigger))


@cache
def _hanging() -> frozenset[str]:
    """The connection's table and those whose rows refer to one of its rows, directly or through others."""
    found = {_ROOT}
    for table in tables.Table.metadata.sorted_tables:
        if any(key.column.table.name in found for key in table.foreign_keys):
            found.add(table.name)
    return frozenset(found)


def _of(table: Table, connection: str) -> ColumnElement[bool]:
    """Which rows of the table hang on the connection."""
    if table.name == _ROOT:
        return table.c.id == connection
    ways = [_through(key, connection) for key in table.foreign_key_constraints if key.referred_table.name in _hanging()]
    return or_(*ways)


def _through(key: ForeignKeyConstraint, connection: str) -> ColumnElement[bool]:
    referred: Select[tuple[object, ...]] = select(*(one.column for one in key.elements)).where(_of(key.referred_table, connection))
    columns = list(key.columns)
    return columns[0].in_(referred) if len(columns) == 1 else tuple_(*columns).in_(referred)
