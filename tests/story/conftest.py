"""The long way of telling the story, by request."""

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "story" not in str(config.getoption("-m")):
        items[:] = [one for one in items if one.get_closest_marker("story") is None]
