import inspect
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import pytest
import pytest_asyncio
from servicenow_site import SERVERS, Site, connected, running

from connectors.servicenow.connector import ServiceNowConnector

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests of this folder share one event loop, and so their servers."""
    for item in items:
        if HERE in item.path.parents and inspect.iscoroutinefunction(cast("object", getattr(item, "obj", None))):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session", autouse=True)
async def servers() -> AsyncIterator[None]:
    async with SERVERS.stack:
        yield


@pytest_asyncio.fixture(loop_scope="session")
async def site() -> AsyncIterator[Site]:
    async with running() as site:
        yield site


@pytest_asyncio.fixture(loop_scope="session")
async def snow(site: Site) -> AsyncIterator[ServiceNowConnector]:
    async with connected(site) as connector:
        yield connector
