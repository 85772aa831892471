"""A Temporal server for the workflows alone; their activities are stand-ins."""

from collections.abc import Iterator

import pytest

from tests.e2e.temporal_server import temporal_server


@pytest.fixture(scope="session")
def temporal_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with temporal_server(tmp_path_factory.mktemp("temporal")) as address:
        yield address
