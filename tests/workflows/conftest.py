"""A Temporal server for the workflows alone; their activities are stand-ins."""

import uuid
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from tests.e2e.temporal_server import temporal_server
from tests.workflows.stand_ins import Theatre, theatre


@pytest.fixture(scope="session")
def temporal_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with temporal_server(tmp_path_factory.mktemp("temporal")) as address:
        yield address


@pytest_asyncio.fixture
async def stands(temporal_address: str) -> AsyncIterator[Theatre]:
    client = await Client.connect(temporal_address, data_converter=pydantic_data_converter)
    async with theatre(client, uuid.uuid4().hex[:8]) as running:
        yield running
