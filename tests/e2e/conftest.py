"""A whole Twinline in one process: a real Temporal server, a real store, fakes over real HTTP, a real worker."""

import asyncio
import signal
import socket
import subprocess
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from config.server import server_command, server_ready
from tests.e2e.world import World, opened_world


@pytest.fixture(scope="session")
def temporal_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A development server of our own, for all tests of this process."""
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        port, ui_port = one.getsockname()[1], other.getsockname()[1]
    database = tmp_path_factory.mktemp("temporal") / "temporal.db"
    process = subprocess.Popen(server_command(database, port, ui_port), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        asyncio.run(asyncio.wait_for(server_ready(port), 30))
        yield f"127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


@pytest_asyncio.fixture
async def world(temporal_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """Jira project APP and GitHub acme/app, connected, polled every second, with webhooks."""
    monkeypatch.setenv("TEMPORAL_ADDRESS", temporal_address)
    async with opened_world(tmp_path, uuid.uuid4().hex[:6]) as running:
        yield running


