import base64
import secrets
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from acme_world import World, fake

from activities.access import Systems
from connectors.kit.fake import serving
from store import MasterKey, Store


@pytest.fixture
async def world(tmp_path: Path) -> AsyncGenerator[World]:
    key = MasterKey(base64.b64encode(secrets.token_bytes(32)).decode())
    store = await Store.open(f"sqlite:///{tmp_path}/twinline.db", key)
    systems = Systems(store)
    async with serving(fake("jira")) as jira, serving(fake("github")) as github:
        yield World(store, systems, jira, github)
        await systems.aclose()
        await store.aclose()
