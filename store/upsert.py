"""Inserts that get along with a row that is there already, on both databases."""

from collections.abc import Sequence
from functools import cache
from typing import cast

from sqlalchemy import Insert, Integer, Table, inspect, literal_column
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

_ROWS_AT_ONCE = 500


async def insert_missing(session: AsyncSession, rows: Sequence[SQLModel]) -> int:
    """Insert the rows of one table whose unique keys are free; returns how many those were."""
    connection = await session.connection()
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    inserted = 0
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        part = rows[start : start + _ROWS_AT_ONCE]
        values = [row.model_dump(exclude_none=True) for row in part]
        names = sorted({name for value in values for name in value})
        filled = [{name: value.get(name) for name in names} for value in values]
        statement = insert(type(part[0])).values(filled).on_conflict_do_nothing()
        inserted += len((await connection.execute(statement.returning(literal_column("1", Integer)))).all())
    return inserted


async def put(session: AsyncSession, row: SQLModel) -> None:
    """Insert the row, or replace the one that has its primary key."""
    connection = await session.connection()
    await connection.execute(_put(cast("Table", inspect(type(row)).local_table), connection.dialect.name), row.model_dump())


@cache
def _put(table: Table, database: str) -> Insert:
    insert = postgresql.insert if database == "postgresql" else sqlite.insert
    statement, keys = insert(table), list(table.primary_key)
    replaced = {column.name: statement.excluded[column.name] for column in table.columns if not column.primary_key}
    return statement.on_conflict_do_update(index_elements=keys, set_=replaced)
