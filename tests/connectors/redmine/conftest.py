from collections.abc import AsyncIterator

import pytest
from redmine_site import Site, connected, running

from connectors.redmine.connector import RedmineConnector


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with running() as site:
        yield site


@pytest.fixture
async def redmine(site: Site) -> AsyncIterator[RedmineConnector]:
    async with connected(site) as connector:
        yield connector
