from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from azure_site import AzureSite, House, connected, opened

from connectors.azure_devops.connector import AzureDevOpsConnector
from connectors.kit.fake import serving


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests of this folder share one event loop, in which one server serves their fakes."""
    for item in items:
        if item.path.parent.name == "azure_devops" and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def house() -> AsyncIterator[House]:
    house = House()
    async with serving(house) as house.url:
        yield house


@pytest_asyncio.fixture(loop_scope="session")
async def site(house: House) -> AsyncIterator[AzureSite]:
    """An Azure DevOps of its own for each test."""
    async with opened(house) as site:
        yield site


@pytest_asyncio.fixture(loop_scope="session")
async def azure(site: AzureSite) -> AsyncIterator[AzureDevOpsConnector]:
    async with connected(site) as connector:
        yield connector
