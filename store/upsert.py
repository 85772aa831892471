"""Inserts that give way to a row that is there already, on both databases."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import literal_column
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

_ROWS_AT_ONCE = 500


async def insert_missing(session: AsyncSession, rows: Sequence[SQLModel]) -> int:
    """Insert the rows of one table whose unique keys are free; returns how many those were."""
    connection = await session.connection()
    inserted = 0
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        part = rows[start : start + _ROWS_AT_ONCE]
        table = type(part[0])
        values = [row.model_dump(exclude_none=True) for row in part]
        names = sorted({name for value in values for name in value})
        filled = [{name: value.get(name) for name in names} for value in values]
        insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        statement: Any = insert(table).values(filled).on_conflict_do_nothing()
        inserted += len((await connection.execute(statement.returning(literal_column("1")))).all())
    return inserted


async def put(session: AsyncSession, row: SQLModel) -> None:
    """Insert the row, or replace the one that has its primary key."""
    await session.merge(row)
