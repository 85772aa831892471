"""All pairs take a quarter of an hour: they run where `-m pairs` asks for them."""

import pytest

from tests.e2e.places import place, temporal_address

__all__ = ["place", "temporal_address"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "pairs" not in str(config.getoption("-m")):
        items[:] = [one for one in items if one.get_closest_marker("pairs") is None]
