"""A Temporal server that skips the time in which nothing happens: thirty days pass in a moment."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

from activities.attributes import ALL
from tests.store.conftest import acme, clock, empty, key, pytest_generate_tests, store, url
from tests.workflows.stand_ins import Theatre, theatre

__all__ = ["acme", "clock", "empty", "key", "pytest_generate_tests", "store", "url"]

SERVER = Path(sys.executable).with_name("temporal-test-server")


@pytest_asyncio.fixture
async def skipping() -> AsyncIterator[WorkflowEnvironment]:
    async with await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=str(SERVER), data_converter=pydantic_data_converter
    ) as environment:
        attributes = {one.name: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD for one in ALL}
        wanted = AddSearchAttributesRequest(namespace=environment.client.namespace, search_attributes=attributes)
        await environment.client.operator_service.add_search_attributes(wanted)
        yield environment


@pytest_asyncio.fixture
async def stands(skipping: WorkflowEnvironment) -> AsyncIterator[Theatre]:
    async with theatre(skipping.client, "acme-jira") as running:
        yield running
