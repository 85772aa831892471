from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from acme_world import World, fake

from activities.access import Systems
from config.opening import open_store
from config.settings import Settings
from connectors.kit.fake import serving


@pytest.fixture
async def world(tmp_path: Path, database: None) -> AsyncGenerator[World]:
    store = await open_store(Settings(data=tmp_path))
    systems = Systems(store)
    async with serving(fake("jira")) as jira, serving(fake("github")) as github:
        yield World(store, systems, jira, github)
        await systems.aclose()
        await store.aclose()
