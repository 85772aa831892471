"""A picture in a text shows, on the other side, the copy of the file that is there, by the rules that are used where none are given.

`make test` runs a ring of the platforms that know such pictures, `make pairs` all ordered pairs of them.
"""

from typing import cast

import pytest

from tests.e2e.places import Place
from tests.e2e.stage import eventually
from tests.pairs.azure_platform import AzurePlatform
from tests.pairs.jira_platform import JiraPlatform
from tests.pairs.platform import Painter, Platform, Report
from tests.pairs.redmine_platform import RedminePlatform
from tests.pairs.world import PairWorld, opened_pair
from tests.pairs.zendesk_platform import ZendeskPlatform

PLATFORMS: tuple[type[Platform], ...] = (JiraPlatform, AzurePlatform, RedminePlatform, ZendeskPlatform)
RING = [(one, PLATFORMS[(place + 1) % len(PLATFORMS)]) for place, one in enumerate(PLATFORMS)]
ALL = [(one, other) for one in PLATFORMS for other in PLATFORMS if one is not other]
FIRE, ASH = b"\x89PNG fire", b"\x89PNG ash"

Pair = tuple[type[Platform], type[Platform]]


def _names(pair: Pair) -> str:
    return "-".join(one.kind for one in pair)


def _painter(platform: Platform, name: str) -> Painter:
    return cast("Painter", platform.people[name])


@pytest.mark.parametrize("pair", RING[:1], ids=_names)
async def test_pictures_cross_between_two_platforms(pair: Pair, place: Place) -> None:
    await _there_and_back(pair, place)


@pytest.mark.pairs
@pytest.mark.parametrize("pair", ALL, ids=_names)
async def test_every_pair_of_them(pair: Pair, place: Place) -> None:
    await _there_and_back(pair, place)


async def _there_and_back(pair: Pair, place: Place) -> None:
    async with opened_pair(PairWorld[Platform, Platform], *place, pair[0].opened, pair[1].opened) as world:
        item = await world.left.people["ann"].report(Report(summary="Catapult burns", description="It burns."))
        await _painter(world.left, "ann").paste(item, "a fire.png", FIRE)
        own = await _painter(world.left, "ann").pictures(item)
        assert set(own) == {FIRE}
        twin = await world.begin_with(item)
        await _shows(world.right, twin, {FIRE}, len(own))
        assert (await world.still())[0] == 0, "the first crossing wrote to where it came from"

        await _painter(world.right, "bob").paste(twin, "ash (2).png", ASH)
        await _shows(world.left, item, {FIRE, ASH}, len(own) + 1)
        await _shows(world.right, twin, {FIRE, ASH}, len(own) + 1)
        writes = await world.still()
        assert await world.still(12) == writes, "a converged pair was written to"


async def _shows(platform: Platform, item: str, wanted: set[bytes], at_least: int) -> None:
    """All of them, and none that leads nowhere but in a description that was written before its file came and cannot be written again."""
    tolerated: set[bytes] = set() if platform.rewords else {b""}

    async def look() -> list[bytes]:
        return await _painter(platform, "cat").pictures(item)

    await eventually(look, lambda found: len(found) >= at_least and set(found) - tolerated == wanted, f"{wanted} on {platform.kind}")
