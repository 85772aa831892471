from collections.abc import AsyncIterator

import pytest
from salesforce_site import Site, connected, running

from connectors.salesforce.connector import SalesforceConnector


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with running() as site:
        yield site


@pytest.fixture
async def salesforce(site: Site) -> AsyncIterator[SalesforceConnector]:
    async with connected(site) as connector:
        yield connector
