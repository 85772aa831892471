from collections.abc import AsyncIterator

import pytest
from github_site import GitHubSite, connected, running

from connectors.github.connector import GitHubConnector


@pytest.fixture
async def site() -> AsyncIterator[GitHubSite]:
    async with running() as site:
        yield site


@pytest.fixture
async def github(site: GitHubSite) -> AsyncIterator[GitHubConnector]:
    async with connected(site) as connector:
        yield connector
