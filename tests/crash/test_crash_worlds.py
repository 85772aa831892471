"""Parts die at named points while people work on both sides; in the end nothing is lost or doubled. `make crash` does it for longer."""

from pathlib import Path

import pytest

from tests.crash.campaign import Campaign
from tests.crash.world import Told

# One worker with the other tests that need the machine most.
pytestmark = pytest.mark.xdist_group("redmine")

SEED = "everyday"


@pytest.mark.parametrize(("database", "kills"), [("sqlite", 20), ("postgresql", 10)])
async def test_what_dies_comes_back_and_nothing_is_lost_or_doubled(database: str, kills: int, tmp_path: Path) -> None:
    worlds: list[Told] = []
    counts = await Campaign(database, SEED, tmp_path, worlds.append).run(kills)
    assert [(world.seed, dict(world.kills), world.verdict.findings) for world in worlds if world.verdict.findings] == []
    assert counts.kills >= kills
