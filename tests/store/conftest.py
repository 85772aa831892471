"""Every test runs on SQLite, and on PostgreSQL too where TWINLINE_TEST_DATABASE_URL names a server on which databases may be made.

Those that are not marked as being about databases run on the stores that only tests use, too: they have to keep the same promises.
"""

import asyncio
import os
import secrets
from collections.abc import AsyncGenerator, Generator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from model.deployment import ConnectionDeclaration, Deployment, IntegrationDeclaration, SideDeclaration, SystemDeclaration
from model.item import ItemRef
from model.twin import Transaction, Twin
from model.words import Side
from store import MasterKey, Store
from store.tables import Table
from tests import inline_sqlite, memory_store
from tests.store.clock import Clock

SERVER = os.environ.get("TWINLINE_TEST_DATABASE_URL", "")
DATABASES = ["sqlite", "postgresql"] if SERVER else ["sqlite"]
OTHERS = ["memory", "inline"]


async def _administer(statement: str) -> None:
    engine = create_async_engine(make_url(SERVER).set(drivername="postgresql+asyncpg"), isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(statement))
    await engine.dispose()


@pytest.fixture(scope="session")
def postgresql() -> Generator[str]:
    """The URL of a new database, dropped in the end."""
    name = f"twinline_{secrets.token_hex(6)}"
    asyncio.run(_administer(f"CREATE DATABASE {name}"))
    yield make_url(SERVER).set(database=name).render_as_string(hide_password=False)
    asyncio.run(_administer(f"DROP DATABASE {name} WITH (FORCE)"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "kind" in metafunc.fixturenames:
        others = [] if metafunc.definition.get_closest_marker("databases") else OTHERS
        metafunc.parametrize("kind", DATABASES + others)


@pytest.fixture
def url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return request.getfixturevalue("postgresql") if kind == "postgresql" else f"sqlite:///{tmp_path}/twinline.db"


@pytest.fixture
def key() -> MasterKey:
    return MasterKey("q0Zr8cV1yNw5pXk3sT7uJ2mB9hLd4fGa6eRiOoPzQxY=")


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime.now(UTC))


async def _opened(kind: str, url: str, key: MasterKey, clock: Clock) -> Store:
    match kind:
        case "memory":
            return memory_store.opened(key, clock)
        case "inline":
            return await inline_sqlite.opened(Path(str(make_url(url).database)), key, clock)
        case _:
            return await Store.open(url, key, clock)


@pytest.fixture
async def empty(kind: str, url: str, key: MasterKey, clock: Clock) -> AsyncGenerator[Store]:
    """A store in which nothing is configured."""
    store = await _opened(kind, url, key, clock)
    yield store
    if kind == "postgresql":
        tables = ", ".join(f'"{table.name}"' for table in Table.metadata.sorted_tables)
        async with store.database.writing() as session:
            await (await session.connection()).execute(text(f"TRUNCATE {tables} RESTART IDENTITY"))
    await store.aclose()


@pytest.fixture
def acme() -> Deployment:
    side = SideDeclaration(settings={"project": "ACME"}, outgoing="replica.summary = issue.summary", incoming="")
    return Deployment(
        systems={
            "acme-jira": SystemDeclaration(
                kind="jira",
                url="https://jira.acme.example",
                credentials={"token": SecretStr("canary-token")},
                webhook_secret=SecretStr("s3"),
            ),
            "acme-github": SystemDeclaration(kind="github", url="https://github.acme.example"),
        },
        integrations={"acme": IntegrationDeclaration(left="acme-jira", right="acme-github")},
        connections={"support": ConnectionDeclaration(integration="acme", left=side, right=side)},
    )


@pytest.fixture
async def store(empty: Store, acme: Deployment) -> Store:
    await empty.configurations.match(acme)
    return empty


@pytest.fixture
async def twin(store: Store) -> Twin:
    started = await store.twins.start(
        "support", Side.LEFT, ItemRef(id="10001", key="ACME-1", url="https://jira.acme.example/ACME-1"), "Printer"
    )
    assert started
    return started


@pytest.fixture
async def transaction(store: Store, twin: Twin) -> Transaction:
    return await store.transactions.begin(twin.id, Side.LEFT)
