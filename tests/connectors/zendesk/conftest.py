from collections.abc import AsyncIterator

import pytest
from zendesk_site import ZendeskSite, connected, running

from connectors.zendesk.connector import ZendeskConnector


@pytest.fixture
async def site() -> AsyncIterator[ZendeskSite]:
    async with running() as site:
        yield site


@pytest.fixture
async def zendesk(site: ZendeskSite) -> AsyncIterator[ZendeskConnector]:
    async with connected(site) as connector:
        yield connector
