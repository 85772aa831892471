import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.client import Client

from activities.attributes import ALL
from config.http import listen
from config.server import server_command, server_ready
from model.errors import Misconfigured
from tests.ports import free_port


@asynccontextmanager
async def _server(database: Path, port: int) -> AsyncGenerator[Client]:
    server = await asyncio.create_subprocess_exec(*server_command(database, port, free_port()))
    try:
        async with asyncio.timeout(30):
            await server_ready(port)
        yield await Client.connect(f"127.0.0.1:{port}")
    finally:
        server.kill()
        await server.wait()


async def test_workflows_and_search_attributes_survive_a_killed_server(tmp_path: Path):
    database, port = tmp_path / "temporal.db", free_port()
    async with _server(database, port) as client:
        await client.start_workflow("TwinWorkflow", id="twin/app-bugs/left/1", task_queue="twinline")
    async with _server(database, port) as client:
        found = await client.get_workflow_handle("twin/app-bugs/left/1").describe()
        known = await client.operator_service.list_search_attributes(ListSearchAttributesRequest(namespace="default"))

    assert found.workflow_type == "TwinWorkflow"
    assert {attribute.name for attribute in ALL} <= set(known.custom_attributes)


def test_a_taken_port_is_told_with_the_option_that_chose_it():
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Misconfigured, match=rf"port {port}: .*choose another with --ui-port"):
            listen("127.0.0.1", port, "--ui-port")
