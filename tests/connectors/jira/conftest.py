"""A fake Jira site on a real socket, and accounts on it."""

from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from jira_site import BOT, TOKEN, Site

from connectors.jira.connector import JiraConnector
from connectors.jira.fake import FakeJira
from connectors.kit.fake import serving
from connectors.kit.interface import FakeOptions, SystemAccess


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with serving(FakeJira(FakeOptions(user=BOT, secret=TOKEN))) as url, httpx.AsyncClient(base_url=url, trust_env=False) as http:
        yield Site(url, http)


@pytest.fixture
async def center() -> AsyncIterator[Site]:
    """The same as a Data Center."""
    options = FakeOptions(user=BOT, secret=TOKEN, seed={"deployment": "Server"})
    headers = {"Authorization": "Bearer ann-token"}
    async with serving(FakeJira(options)) as url, httpx.AsyncClient(base_url=url, trust_env=False, headers=headers) as http:
        yield Site(url, http)


@pytest.fixture
async def jira(site: Site) -> AsyncIterator[JiraConnector]:
    connector = JiraConnector(site.access())
    yield connector
    await connector.aclose()


@pytest.fixture
async def opened() -> AsyncIterator[Callable[[SystemAccess], JiraConnector]]:
    """Opens connectors that are closed after the test."""
    made: list[JiraConnector] = []

    def open_one(access: SystemAccess) -> JiraConnector:
        made.append(JiraConnector(access))
        return made[-1]

    yield open_one
    for one in made:
        await one.aclose()
