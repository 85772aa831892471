"""What is asked for every second, as long as somebody looks, reads no more than what has changed."""

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from store import Store, tables

pytestmark = pytest.mark.databases


async def test_twins_that_changed_are_found_by_an_index(empty: Store) -> None:
    if empty.database.dialect != "sqlite":
        pytest.skip("PostgreSQL reads empty tables as a whole")
    changed = (
        select(tables.Twin).where(col(tables.Twin.updated) >= empty.database.now()).order_by(col(tables.Twin.updated), col(tables.Twin.id))
    )
    async with empty.database.reading() as session:
        connection = await session.connection()
        query = changed.compile(connection.sync_connection, compile_kwargs={"literal_binds": True})
        plan = [str(row[-1]) for row in await connection.execute(text(f"EXPLAIN QUERY PLAN {query}"))]
    assert plan == ["SEARCH twin USING INDEX ix_twin_updated (updated>?)", "USE TEMP B-TREE FOR RIGHT PART OF ORDER BY"]
