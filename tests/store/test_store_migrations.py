import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect

from store import Store
from store.database import migrations
from store.tables import Table

pytestmark = pytest.mark.databases


async def test_migrations_make_the_tables_of_the_models(empty: Store) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), Table.metadata))

    async with empty.database.reading() as session:
        assert await (await session.connection()).run_sync(differences) == []


async def test_partial_indexes_are_partial(empty: Store) -> None:
    partial = {
        index.name
        for table in Table.metadata.sorted_tables
        for index in table.indexes
        if index.dialect_options[empty.database.dialect].get("where") is not None
    }

    def stored(connection: Connection) -> set[str | None]:
        found = inspect(connection)
        indexes = [index for table in found.get_table_names() for index in found.get_indexes(table)]
        return {index["name"] for index in indexes if f"{empty.database.dialect}_where" in index.get("dialect_options", {})}

    async with empty.database.reading() as session:
        assert await (await session.connection()).run_sync(stored) == partial
    assert "uq_twin_left" in partial


async def test_down_and_up_again(empty: Store) -> None:
    def down(connection: Connection) -> list[str]:
        command.downgrade(migrations(connection), "base")
        return inspect(connection).get_table_names()

    def up(connection: Connection) -> set[str]:
        command.upgrade(migrations(connection), "head")
        return set(inspect(connection).get_table_names())

    async with empty.database.writing() as session:
        connection = await session.connection()
        assert await connection.run_sync(down) == ["alembic_version"]
        assert await connection.run_sync(up) == set(Table.metadata.tables) | {"alembic_version"}
