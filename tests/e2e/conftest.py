"""A whole Twinline in one process: a real Temporal server, a real store, fakes over real HTTP, a real worker."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.e2e.places import Place, place, temporal_address
from tests.e2e.redmine_world import RedmineWorld, opened_redmine_world
from tests.e2e.world import World, opened_world
from tests.redmine_server import RedmineServer

__all__ = ["place", "temporal_address"]


@pytest_asyncio.fixture
async def world(place: Place) -> AsyncIterator[World]:
    """Jira project APP and GitHub acme/app, connected, polled twice a second, with webhooks."""
    async with opened_world(*place) as running:
        yield running


@pytest_asyncio.fixture
async def redmine_world(place: Place, redmine_server: RedmineServer) -> AsyncIterator[RedmineWorld]:
    """Service desk HELP of a fake Jira and project `ops` of a real Redmine, connected, polled twice a second."""
    async with opened_redmine_world(*place, redmine_server) as running:
        yield running
