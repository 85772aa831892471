"""A Temporal server whose twins outlive their workers; it reports a problem at the first task that fails."""

from collections.abc import Iterator

import pytest

from tests.e2e.temporal_server import temporal_server


@pytest.fixture(scope="session")
def temporal_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("temporal")
    with temporal_server(home, numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute="1") as address:
        yield address
