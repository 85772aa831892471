"""Inserts that get along with a row that is there already, on both databases."""

from collections.abc import Sequence

from sqlalchemy import Integer, inspect, literal_column
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
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    keys = [column.name for column in inspect(type(row)).primary_key]
    statement = insert(type(row)).values(row.model_dump())
    replaced = {name: statement.excluded[name] for name in row.model_dump(exclude=set(keys))}
    await connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=replaced))
