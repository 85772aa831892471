from collections.abc import AsyncIterator

import pytest
from servicenow_site import Site, connected, running

from connectors.servicenow.connector import ServiceNowConnector


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with running() as site:
        yield site


@pytest.fixture
async def snow(site: Site) -> AsyncIterator[ServiceNowConnector]:
    async with connected(site) as connector:
        yield connector
