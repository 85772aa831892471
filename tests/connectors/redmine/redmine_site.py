"""A Redmine for tests: the fake over real HTTP, or the real one; and people who work in it."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from pydantic import JsonValue

from connectors.kit.fake import serving
from connectors.kit.interface import FakeOptions, SystemAccess
from connectors.redmine import DECLARATION
from connectors.redmine.client import RedmineClient
from connectors.redmine.connector import RedmineConnector
from model.item import Fields

SETTINGS: dict[str, JsonValue] = {"project": "sync"}
AGENT = "agent"


@dataclass(frozen=True)
class Site:
    """`keys` by login: `agent`, `ann` and `bob`."""

    url: str
    keys: Mapping[str, str]

    def access(self, login: str) -> SystemAccess:
        return SystemAccess(name="acme-redmine", url=self.url, credentials={"key": self.keys.get(login, login)}, calls_per_second=1000)


@asynccontextmanager
async def running(seed: Mapping[str, JsonValue] | None = None) -> AsyncGenerator[Site]:
    app = DECLARATION.fake(FakeOptions(user=AGENT, secret="agent-token", seed=seed))
    async with serving(app) as url:
        yield Site(url, {AGENT: "agent-token", "ann": "ann-token", "bob": "bob-token"})


@asynccontextmanager
async def connected(site: Site, login: str = AGENT) -> AsyncGenerator[RedmineConnector]:
    connector = RedmineConnector(site.access(login))
    try:
        yield connector
    finally:
        await connector.aclose()


@asynccontextmanager
async def acting(site: Site, login: str) -> AsyncGenerator[RedmineClient]:
    """A person's own calls."""
    client = RedmineClient(site.access(login))
    try:
        yield client
    finally:
        await client.aclose()


def new_marker() -> str:
    return f"acme-to-sync:{uuid4().hex}"


async def created(redmine: RedmineConnector, **fields: JsonValue) -> str:
    """The id of a new issue of project `sync`."""
    own: Fields = {"summary": "Printer on fire", **fields}
    return (await redmine.create(SETTINGS, own, new_marker())).ref.id


def an_hour_ago() -> datetime:
    return datetime.now(UTC) - timedelta(hours=1)


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part
