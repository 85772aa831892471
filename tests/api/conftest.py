"""The API over a real socket, with Temporal down: what is recorded must not depend on it."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from config.settings import Settings
from tests.api.api_site import KEY, Site, opened_site


@pytest.fixture
async def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: None) -> AsyncGenerator[Site]:
    monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:1")
    async with opened_site(Settings(data=tmp_path, secret_key=KEY)) as site:
        yield site
