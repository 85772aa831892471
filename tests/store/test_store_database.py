import asyncio
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select

from model.errors import BadInput
from model.item import ItemRef
from model.words import Side
from store import MasterKey, Store, tables
from store.database import Database

pytestmark = pytest.mark.databases

WRITERS = """
import asyncio, sys
from model.words import Side
from store import MasterKey, Store

async def main(url, key, twin):
    store = await Store.open(url, MasterKey(key))
    for _ in range(40):
        await store.transactions.begin(twin, Side.LEFT)
    await store.aclose()

asyncio.run(main(*sys.argv[1:]))
"""
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
KEY = "q0Zr8cV1yNw5pXk3sT7uJ2mB9hLd4fGa6eRiOoPzQxY="


async def test_two_processes_write_at_once(store: Store, url: str) -> None:
    twin = await store.twins.start("support", Side.LEFT, ItemRef(id="1", key="ACME-1", url=""))
    assert twin
    command = [sys.executable, "-W", "error", "-c", WRITERS, url, KEY, twin.id]
    root = Path(__file__).parents[2]
    writers = [
        await asyncio.create_subprocess_exec(*command, cwd=root, env={"PYTHONPATH": str(root)}, stderr=subprocess.PIPE) for _ in range(2)
    ]
    errors = [(await writer.communicate())[1].decode() for writer in writers]
    assert errors == ["", ""]
    (transaction,) = await store.transactions.of_twin(twin.id)
    assert transaction.attempts == 80


async def test_many_tasks_of_two_databases_write_at_once(store: Store, url: str, key: MasterKey) -> None:
    other = await Store.open(url, key)
    twin = await store.twins.start("support", Side.LEFT, ItemRef(id="1", key="ACME-1", url=""))
    assert twin

    async def write(through: Store) -> None:
        for _ in range(10):
            await through.transactions.begin(twin.id, Side.LEFT)

    await asyncio.gather(*(write(through) for through in [store, other] * 4))
    await other.aclose()
    assert (await store.transactions.of_twin(twin.id))[0].attempts == 80


async def test_many_open_a_new_database_at_once(url: str, key: MasterKey) -> None:
    databases = await asyncio.gather(*(Database.open(url, key) for _ in range(4)))
    for database in databases:
        async with database.reading() as session:
            assert (await session.exec(select(tables.Workspace))).all() == []
        await database.aclose()


async def test_a_failed_block_writes_nothing(store: Store) -> None:
    async def fail() -> None:
        async with store.database.writing() as session:
            session.add(tables.Workspace(id="other", created=MOMENT))
            await session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with store.database.reading() as session:
        assert (await session.exec(select(tables.Workspace.id))).all() == ["default"]


async def test_writing_goes_on_after_cancelled_writers(store: Store) -> None:
    for number in range(20):
        waiting = [asyncio.create_task(store.inbox.save_cursor("acme-jira", "all", f"{number}.{n}")) for n in range(3)]
        for _ in range(number):
            await asyncio.sleep(0)
        waiting[0].cancel()
        assert (await asyncio.gather(*waiting, return_exceptions=True))[1:] == [None, None]
        assert await store.inbox.cursor("acme-jira", "all") in {f"{number}.{n}" for n in range(3)}


async def test_a_reader_sees_one_state(store: Store) -> None:
    async with store.database.reading() as session:
        before = (await session.exec(select(tables.Connection.status))).one()
        assert await store.configurations.fail_system("acme-jira", "login rejected") == ("support",)
        assert (await session.exec(select(tables.Connection.status))).one() == before


async def test_the_file_is_its_owners_and_keeps_a_log(tmp_path: Path, key: MasterKey) -> None:
    path = tmp_path / "new" / "twinline.db"
    database = await Database.open(f"sqlite:///{path}", key)
    async with database.writing() as session:
        connection = await session.connection()
        assert (await connection.execute(text("PRAGMA journal_mode"))).scalar() == "wal"
        assert (await connection.execute(text("PRAGMA foreign_keys"))).scalar() == 1
        assert (await connection.execute(text("PRAGMA synchronous"))).scalar() == 1
        assert (await connection.execute(text("PRAGMA busy_timeout"))).scalar() == 15_000
        session.add(tables.Workspace(id="default", created=MOMENT))
        await session.flush()
        assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {0o600}
    await database.aclose()


@pytest.mark.parametrize("url", ["", "sqlite://", "sqlite:///:memory:", "mysql://acme.example/twinline"])
async def test_other_urls_are_refused(url: str, key: MasterKey) -> None:
    with pytest.raises(BadInput, match=r"sqlite:///path/to/file.db"):
        await Database.open(url, key)
