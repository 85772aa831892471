"""PostgreSQL for tests: the server that TWINLINE_TEST_DATABASE_URL names, or one of our own for the session; a database for each test.

All workers of a session share the server. It is started, and the template of the databases is made, by the first test that needs it.
`--database postgresql` puts what a test opens by its settings on PostgreSQL; without it that is SQLite.
"""

import asyncio
import contextlib
import fcntl
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest
from sqlalchemy import URL, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine
from xdist.workermanage import WorkerController

from store import MasterKey
from store.database import Database
from tests import postgres_keeper
from tests.inline_sqlite import migrated

GIVEN = "TWINLINE_TEST_DATABASE_URL"
CHOSEN = "TWINLINE_DATABASE_URL"
NOT_ASKED_FOR = "postgresql://the-fixture-database-is-missing@127.0.0.1:1/none"
START_SECONDS = 60
MEMORY = Path("/dev/shm")
ROOM = 4 * 2**30


@dataclass(frozen=True)
class Session:
    """One run of pytest with all its workers. `alive` is locked until the run is over, by the process that began it."""

    home: Path
    alive: IO[str] | None = None


SESSION = pytest.StashKey[Session]()


@dataclass(frozen=True)
class PostgresServer:
    """`url` is that of a database which others may use too."""

    url: URL
    template: str

    @contextlib.contextmanager
    def database(self, template: str | None = None) -> Generator[str]:
        """The URL of a new database with our tables, or with what is in `template`; dropped in the end."""
        name = f"twinline_{secrets.token_hex(6)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template or self.template} STRATEGY FILE_COPY")
        try:
            yield self.address(name)
        finally:
            self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def address(self, database: str) -> str:
        return self.url.set(database=database).render_as_string(hide_password=False)

    def run(self, statement: str) -> None:
        asyncio.run(self._run(statement))

    async def _run(self, statement: str) -> None:
        engine = create_async_engine(self.url.set(drivername="postgresql+asyncpg"), isolation_level="AUTOCOMMIT")
        async with engine.connect() as connection:
            await connection.execute(text(statement))
        await engine.dispose()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite", help="what tests open by their settings")


def pytest_configure(config: pytest.Config) -> None:
    """Settle where the session keeps its server, and that nothing opens the database of whoever runs the tests."""
    if config.getoption("database") == "postgresql":
        os.environ[CHOSEN] = NOT_ASKED_FOR
    else:
        os.environ.pop(CHOSEN, None)
    worker: dict[str, str] | None = getattr(config, "workerinput", None)
    if worker is None:
        home = Path(tempfile.mkdtemp(prefix="twinline-postgres-", dir=_roomy()))
        alive = (home / "session").open("w")
        fcntl.flock(alive, fcntl.LOCK_EX)
        config.stash[SESSION] = Session(home, alive)
    else:
        config.stash[SESSION] = Session(Path(worker["postgres"]))


def _roomy() -> Path | None:
    """A place in memory with room for the server's files: what copies a database there waits for no disk. None is the usual place."""
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM else None


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: WorkerController) -> None:
    node.workerinput["postgres"] = str(node.config.stash[SESSION].home)  # pyright: ignore[reportUnknownMemberType]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if isinstance(item, pytest.Function) and "database" in item.fixturenames:
            item.add_marker("database")


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the server, if there is one, and wait until it is gone."""
    session = config.stash.get(SESSION, None)
    if session is None or session.alive is None:
        return
    keeper = session.home / "keeper"
    if keeper.exists():
        with keeper.open() as running:
            session.alive.close()
            fcntl.flock(running, fcntl.LOCK_SH)
    else:
        session.alive.close()
        _forget(session.home / "server")
    shutil.rmtree(session.home, ignore_errors=True)


def _forget(record: Path) -> None:
    """Leave nothing on a server that is not ours."""
    if record.exists():
        server = _recorded(record)
        server.run(f"DROP DATABASE {server.template} WITH (FORCE)")


@pytest.fixture(scope="session")
def postgres_server(pytestconfig: pytest.Config) -> PostgresServer:
    home = pytestconfig.stash[SESSION].home
    record = home / "server"
    with (home / "turn").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not record.exists():
            url = make_url(os.environ[GIVEN]) if os.environ.get(GIVEN) else _started(home)
            record.write_text(url.render_as_string(hide_password=False) + "\n" + _template(url))
    return _recorded(record)


def _recorded(record: Path) -> PostgresServer:
    url, template = record.read_text().split("\n")
    return PostgresServer(make_url(url), template)


def _started(home: Path) -> URL:
    command = [sys.executable, "-I", postgres_keeper.__file__, str(home)]
    with (home / "keeper.log").open("w+") as log:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, timeout=START_SECONDS, check=False)
        log.seek(0)
        assert done.returncode == 0, log.read()
    return URL.create("postgresql", username=postgres_keeper.USER, database="postgres", query={"host": str(home)})


def _template(url: URL) -> str:
    """A database with our tables, from which the others are copied."""
    name = f"twinline_{secrets.token_hex(6)}"
    server = PostgresServer(url, name)
    server.run(f"CREATE DATABASE {name}")
    asyncio.run(_open(server.address(name)))
    return name


async def _open(url: str) -> None:
    database = await Database.open(url, MasterKey(secrets.token_urlsafe(33)))
    await database.aclose()


@pytest.fixture
def postgresql(postgres_server: PostgresServer) -> Iterator[str]:
    """The URL of a database of the test's own, with our tables in it."""
    with postgres_server.database() as url:
        yield url


@pytest.fixture
def database(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Every test that opens a store by its settings asks for this, so that `--database` decides where that store is.

    Over `tmp_path` it is a database with our tables in it, as it is on PostgreSQL.
    """
    if request.config.getoption("database") == "postgresql":
        monkeypatch.setenv(CHOSEN, request.getfixturevalue("postgresql"))
    else:
        (tmp_path / "twinline.db").write_bytes(migrated())
