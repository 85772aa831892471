"""Every test runs on SQLite and on PostgreSQL.

Those that are not marked as being about databases run on the stores that only tests use, too: they have to keep the same promises.
"""

from collections.abc import AsyncGenerator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import make_url

from model.deployment import ConnectionDeclaration, Deployment, IntegrationDeclaration, SideDeclaration, SystemDeclaration
from model.item import ItemRef
from model.twin import Transaction, Twin
from model.words import Side
from store import MasterKey, Store
from tests import inline_sqlite, memory_store
from tests.postgres_server import PostgresServer
from tests.store.clock import Clock
from tests.store.crew import crew, idle_crew

__all__ = ["crew", "idle_crew"]

DATABASES = ["sqlite", "postgresql"]
OTHERS = ["memory", "inline"]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "kind" in metafunc.fixturenames:
        others = [] if metafunc.definition.get_closest_marker("databases") else OTHERS
        metafunc.parametrize("kind", DATABASES + others)


@pytest.fixture
def url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return request.getfixturevalue("postgresql") if kind == "postgresql" else f"sqlite:///{tmp_path}/twinline.db"


@pytest.fixture
def new_url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database in which there is nothing, not even tables."""
    if kind != "postgresql":
        yield f"sqlite:///{tmp_path}/twinline.db"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.database("template0") as empty:
        yield empty


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
        case "sqlite":
            Path(str(make_url(url).database)).write_bytes(inline_sqlite.migrated())
            return await Store.open(url, key, clock)
        case _:
            return await Store.open(url, key, clock)


@pytest.fixture
async def empty(kind: str, url: str, key: MasterKey, clock: Clock) -> AsyncGenerator[Store]:
    """A store in which nothing is configured."""
    store = await _opened(kind, url, key, clock)
    yield store
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
