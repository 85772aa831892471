"""Every test runs on SQLite and on PostgreSQL."""

from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from model.deployment import ConnectionDeclaration, Deployment, IntegrationDeclaration, SideDeclaration, SystemDeclaration
from model.item import ItemRef
from model.twin import Transaction, Twin
from model.words import Side
from store import MasterKey, Store
from tests.postgres_server import PostgresServer
from tests.store.crew import crew, idle_crew

__all__ = ["crew", "idle_crew"]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/twinline.db" if request.param == "sqlite" else request.getfixturevalue("postgresql")


@pytest.fixture
def new_url(request: pytest.FixtureRequest, url: str) -> Iterator[str]:
    """The URL of a database in which there is nothing, not even tables."""
    if url.startswith("sqlite"):
        yield url
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.database("template0") as empty:
        yield empty


@pytest.fixture
def key() -> MasterKey:
    return MasterKey("q0Zr8cV1yNw5pXk3sT7uJ2mB9hLd4fGa6eRiOoPzQxY=")


@pytest.fixture
async def empty(url: str, key: MasterKey) -> AsyncGenerator[Store]:
    """A store in which nothing is configured."""
    store = await Store.open(url, key)
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
