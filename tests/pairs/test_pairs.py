"""Every platform with every other, by the rules that are used where none are given: what a person does on one side is there on the other.

`make test` runs a ring in which each platform is once the source and once the target, `make pairs` all ordered pairs.
"""

import random

import pytest

from tests.e2e.places import Place
from tests.e2e.stage import eventually
from tests.pairs.azure_platform import AzurePlatform
from tests.pairs.crossing import differences, files_cross
from tests.pairs.data_center_platform import DataCenterPlatform
from tests.pairs.platform import COLLEAGUE, PEOPLE, Platform, Report, Seen
from tests.pairs.platforms import PLATFORMS, RING
from tests.pairs.world import PairWorld, opened_pair

ALL = [(one, other) for one in PLATFORMS for other in PLATFORMS if one is not other]

DATA_CENTER = (DataCenterPlatform, AzurePlatform)
REMARKS = 30
LITTLE, LARGE = 200_000, 20_000_000
DESCRIPTION = f"""\
## Why it jams

It **jams** at *dawn*, says {COLLEAGUE}, and `release()` hangs:

1. oil
   - hinge
   - spring
     - left
2. wait

| part | state |
| --- | --- |
| arm | bent |
| rope | worn |

```python
def release(rope: str) -> bool:
    return rope != "<worn>"
```

> Nobody moves.

See [the plan](https://acme.test/plan?a=1&b=2)."""
WORDS = frozenset(
    {"jams", "dawn", "hangs", "oil", "hinge", "spring", "left", "wait", "arm", "bent", "rope", "worn", "return", "Nobody", "plan"}
)


class Pair(PairWorld[Platform, Platform]):
    """An item on the left, where Ann, Bob and Cat talk about it, and its twin on the right."""

    async def seen(self, item: str, twin: str) -> tuple[Seen, Seen]:
        return await self.left.people["ann"].look(item), await self.right.people["ann"].look(twin)

    async def alike(self, item: str, twin: str, *, back: bool = False) -> None:
        """Wait until what the rules send is on the right as it is on the left, or with `back` on the left as on the right."""

        async def look() -> list[str]:
            here, there = await self.seen(item, twin)
            wrong = differences(self.right, there, self.left, here) if back else differences(self.left, here, self.right, there)
            return wrong and [*(twin.reason for twin in await self.twins() if twin.reason), *wrong]

        await eventually(look, lambda wrong: not wrong, "a difference")


def _names(pair: tuple[type[Platform], type[Platform]]) -> str:
    return "-".join(one.kind for one in pair)


@pytest.mark.parametrize("pair", RING, ids=_names)
async def test_a_ring_of_all_platforms(pair: tuple[type[Platform], type[Platform]], place: Place) -> None:
    await _there_and_back(pair, place, LITTLE)


async def test_jira_data_center_with_another(place: Place) -> None:
    await _there_and_back(DATA_CENTER, place, LITTLE)


@pytest.mark.pairs
@pytest.mark.parametrize("pair", ALL, ids=_names)
async def test_every_pair(pair: tuple[type[Platform], type[Platform]], place: Place) -> None:
    await _there_and_back(pair, place, LARGE)


async def _there_and_back(pair: tuple[type[Platform], type[Platform]], place: Place, size: int) -> None:
    content = random.Random(size).randbytes(size)
    async with opened_pair(Pair, *place, pair[0].opened, pair[1].opened) as world:
        item = await _reported(world, content)
        twin = await world.begin_with(item)
        await world.alike(item, twin)
        await _nothing_lost(world, item, twin, content, b"")
        assert (await world.still())[0] == 0, "the first crossing wrote to where it came from"

        await _edited_there(world, twin, content[::-1])
        await world.alike(item, twin, back=True)
        await _nothing_lost(world, item, twin, content, content[::-1])
        writes = await world.still()

        await world.left.people["cat"].reword(item, summary="Catapult throws")
        await world.alike(item, twin)
        more = await world.still()
        assert (more[0], more[1] - writes[1]) == (writes[0], 1), "an edit is one write on the other side, and none comes back"
        assert await world.still(12) == more, "a converged pair was written to"


async def _reported(world: Pair, content: bytes) -> str:
    """An item with all that Ann, Bob and Cat can put into it."""
    here = world.left
    item = await here.people["ann"].report(Report(summary="Catapult jams", description=DESCRIPTION, high=True, assignee="bob"))
    for number in range(REMARKS):
        who = list(PEOPLE)[number % len(PEOPLE)]
        internal = number % 7 == 6 and "internal" in here.capabilities.comments
        await here.people[who].say(item, f"Remark {number + 100}: it *jams* again, and `rope` hangs.", internal=internal)
    if here.capabilities.attachments:
        await here.people["bob"].enclose(item, "plan.bin", content)
    return item


async def _edited_there(world: Pair, twin: str, content: bytes) -> None:
    there = world.right
    before = await there.people["ann"].look(twin)
    await there.people["bob"].reword(twin, summary="Catapult is oiled")
    if there.rewords:
        await there.people["cat"].reword(twin, description=f"{before.description}\n\nNow **oiled**.")
    await there.people["ann"].say(twin, "Oiled by the smith.")
    if "internal" in there.capabilities.comments:
        await there.people["cat"].say(twin, "The smith is a fraud.", internal=True)
    if there.capabilities.attachments:
        await there.people["ann"].enclose(twin, "proof.bin", content)
    await there.people["bob"].finish(twin)


async def _nothing_lost(world: Pair, item: str, twin: str, plan: bytes, proof: bytes) -> None:
    """Every word is there on both sides, and every file byte for byte where both know files."""
    await world.quiet(1)
    for seen in await world.seen(item, twin):
        assert [word for word in WORDS if word not in seen.description] == []
    here, there = world.left, world.right
    own = {"plan.bin": plan} if here.capabilities.attachments else {}
    others = {"proof.bin": proof} if proof and there.capabilities.attachments else {}
    assert await here.people["ann"].enclosures(item) == {**own, **(others if files_cross(there, here) else {})}
    assert await there.people["ann"].enclosures(twin) == {**others, **(own if files_cross(here, there) else {})}
