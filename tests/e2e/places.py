"""Where a world stands: a Temporal server and a store of its own."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.temporal_server import temporal_server

Place = tuple[Path, str]


@pytest.fixture(scope="session")
def temporal_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One server for all tests of this process."""
    with temporal_server(tmp_path_factory.mktemp("temporal")) as address:
        yield address


@pytest.fixture
def place(temporal_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: None) -> Place:
    """A folder, and what the names of a test's own systems end with."""
    monkeypatch.setenv("TEMPORAL_ADDRESS", temporal_address)
    return tmp_path, uuid.uuid4().hex[:6]
