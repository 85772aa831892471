import asyncio
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlmodel import select

from model.errors import BadInput, Unavailable
from model.inbox import InboxChange
from model.item import ItemRef
from model.words import Side
from store import Act, MasterKey, Store, tables
from store.database import Database
from tests.postgres_server import PostgresServer

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


async def test_many_open_a_new_database_at_once(new_url: str, key: MasterKey) -> None:
    databases = await asyncio.gather(*(Database.open(new_url, key) for _ in range(4)))
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


async def test_a_database_is_closed_after_what_is_under_way(url: str, key: MasterKey) -> None:
    database = await Database.open(url, key)
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def read() -> object:
        async with database.used_by(Act("", "", None)).reading() as session:
            begun.set()
            await go_on.wait()
            return (await session.exec(select(tables.Connection.id))).first()

    reading = asyncio.create_task(read())
    await begun.wait()
    closing = asyncio.create_task(database.aclose())
    await asyncio.sleep(0)
    with pytest.raises(RuntimeError, match="closed"):
        async with database.writing():
            pass
    assert not closing.done()
    go_on.set()
    await closing
    assert reading.done()
    assert await reading is None


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


async def test_text_with_nul_is_no_trouble_anywhere(store: Store) -> None:
    twin = await store.twins.start("support", Side.LEFT, ItemRef(id="1\0", key="ACME\0-1", url=""))
    assert twin
    assert await store.inbox.add("acme-jira", "d\0", [InboxChange(item_id=f"{n}\0", version="\0", marker="\0") for n in range(3)]) == 3
    assert await store.twins.find("no\0ne") is None
    assert await store.twins.listing(None, None, "nothing\0like it") == ()
    assert [found for found, _ in await store.twins.by_item("acme-jira", "1\0")] == [await store.twins.get(twin.id)]


async def test_postgresql_is_named_as_for_psql(postgresql: str, key: MasterKey) -> None:
    named = make_url(postgresql).update_query_dict({"application_name": "twinline-worker", "sslmode": "prefer"})
    database = await Database.open(named.render_as_string(hide_password=False), key)
    async with database.reading() as session:
        assert (await (await session.connection()).execute(text("SHOW application_name"))).scalar() == "twinline-worker"
    await database.aclose()


async def test_lost_connections_are_replaced(postgresql: str, postgres_server: PostgresServer, key: MasterKey) -> None:
    store = await Store.open(postgresql, key)
    await asyncio.gather(*(store.configurations.systems() for _ in range(5)))
    name = make_url(postgresql).database
    end = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"  # noqa: S608
    await asyncio.to_thread(postgres_server.run, end)
    assert await asyncio.gather(*(store.configurations.systems() for _ in range(5))) == [()] * 5
    await store.aclose()


@pytest.mark.parametrize("url", ["postgresql://bot:s3cr3t@127.0.0.1:1/acme", "postgresql://bot@/acme?host=/nowhere&password=s3cr3t"])
async def test_a_server_that_does_not_answer_is_told(url: str, key: MasterKey) -> None:
    with pytest.raises(Unavailable, match="cannot open database 'acme' at ") as told:
        await Database.open(url, key)
    assert "s3cr3t" not in told.value.message


async def test_a_database_that_does_not_exist_is_told(postgres_server: PostgresServer, key: MasterKey) -> None:
    with pytest.raises(Unavailable, match='database "nowhere" does not exist; check the database URL'):
        await Database.open(postgres_server.address("nowhere"), key)


@pytest.mark.parametrize("url", ["", "sqlite://", "sqlite:///:memory:", "mysql://acme.example/twinline"])
async def test_other_urls_are_refused(url: str, key: MasterKey) -> None:
    with pytest.raises(BadInput, match=r"sqlite:///path/to/file.db"):
        await Database.open(url, key)
