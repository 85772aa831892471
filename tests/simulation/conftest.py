"""What the tests of the simulation share."""

from collections.abc import Iterator

import pytest
import structlog

from tests.simulation.campaign import quiet


@pytest.fixture(autouse=True)
def silence() -> Iterator[None]:
    """The engine's own log lines are left out, in these tests only."""
    before = structlog.get_config()
    quiet()
    yield
    structlog.configure(**before)
