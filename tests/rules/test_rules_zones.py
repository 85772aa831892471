"""Time zones by name, wherever the worker runs."""

import zoneinfo
from collections.abc import Iterator

import pytest

from rules.library import zones
from tests.rules.play import play


@pytest.fixture
def no_system_zones() -> Iterator[None]:
    """As in a small container image: the system has no database of zones."""
    before = zoneinfo.TZPATH
    zoneinfo.reset_tzpath(to=[])
    zoneinfo.ZoneInfo.clear_cache()
    zones.zone.cache_clear()
    yield
    zoneinfo.reset_tzpath(to=before)


@pytest.mark.usefixtures("no_system_zones")
def test_zones_are_there_without_the_system() -> None:
    answer = play("new Date(0).toInstant().atZone(java.time.ZoneId.of('Europe/Brussels')).toString()")
    assert answer.value == '"1970-01-01T01:00+01:00[Europe/Brussels]"'


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "Europe", "", "+99:00", "Europe/Brussels\\0"])
def test_what_is_no_zone_is_an_error(name: str) -> None:
    assert play(f"java.time.ZoneId.of('{name}')").error in ("ZoneRulesException", "compile")
