"""A whole Twinline in one process: a real Temporal server, a real store, fakes over real HTTP, a real worker."""

import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.e2e.redmine_world import RedmineWorld, opened_redmine_world
from tests.e2e.temporal_server import temporal_server
from tests.e2e.world import World, opened_world
from tests.redmine_server import RedmineServer


@pytest.fixture(scope="session")
def temporal_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One server for all tests of this process."""
    with temporal_server(tmp_path_factory.mktemp("temporal")) as address:
        yield address


@pytest_asyncio.fixture
async def world(temporal_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: None) -> AsyncIterator[World]:
    """Jira project APP and GitHub acme/app, connected, polled every second, with webhooks."""
    monkeypatch.setenv("TEMPORAL_ADDRESS", temporal_address)
    async with opened_world(tmp_path, uuid.uuid4().hex[:6]) as running:
        yield running


@pytest_asyncio.fixture
async def redmine_world(
    temporal_address: str, redmine_server: RedmineServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: None
) -> AsyncIterator[RedmineWorld]:
    """Service desk HELP of a fake Jira and project `ops` of a real Redmine, connected, polled every second."""
    monkeypatch.setenv("TEMPORAL_ADDRESS", temporal_address)
    async with opened_redmine_world(tmp_path, uuid.uuid4().hex[:6], redmine_server) as running:
        yield running
