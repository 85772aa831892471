"""Spent time, between any two platforms that keep it, by the rules that are used where none are given."""

from collections.abc import Mapping

import pytest

from connectors import declaration
from tests.e2e.places import Place
from tests.e2e.stage import eventually
from tests.pairs.crossing import work_crosses
from tests.pairs.jira_platform import JiraColleague
from tests.pairs.platform import Platform, Report
from tests.pairs.test_pairs import ALL
from tests.pairs.world import PairWorld, opened_pair

BOTH = [pair for pair in ALL if all(declaration(one.kind).capabilities.work_logs for one in pair)]
Told = Mapping[str, int]
"""Minutes by words."""


class Pair(PairWorld[Platform, Platform]):
    async def worked(self, item: str, twin: str) -> tuple[Told, Told]:
        here, there = await self.left.timekeepers["ann"].worked(item), await self.right.timekeepers["ann"].worked(twin)
        assert (len({one.words for one in here}), len({one.words for one in there})) == (len(here), len(there)), (here, there)
        return {one.words: one.minutes for one in here}, {one.words: one.minutes for one in there}

    async def come_to(self, item: str, twin: str, here: Told, there: Told) -> None:
        await eventually(lambda: self.worked(item, twin), lambda seen: seen == (here, there), f"{here} and {there}")


@pytest.mark.parametrize("pair", BOTH, ids=lambda pair: "-".join(one.kind for one in pair))
async def test_work_logs_cross_and_follow_and_nothing_comes_back(pair: tuple[type[Platform], type[Platform]], place: Place) -> None:
    async with opened_pair(Pair, *place, pair[0].opened, pair[1].opened) as world:
        assert work_crosses(world.left, world.right)
        left, right = world.left.timekeepers, world.right.timekeepers
        item = await world.left.people["ann"].report(Report(summary="Catapult jams"))
        await left["bob"].log(item, 20, "Oiled the hinge")
        twin = await world.begin_with(item)
        await world.come_to(item, twin, {"Oiled the hinge": 20}, {"Bob Baker logged: Oiled the hinge": 20})

        await right["ann"].log(twin, 90, "Bent the arm")
        await right["ann"].correct(twin, "Bob Baker logged: Oiled the hinge", new="Bob Baker logged: Oiled it twice")
        here = {"Oiled it twice": 20, "Ann Archer logged: Bent the arm": 90}
        await world.come_to(item, twin, here, {"Bob Baker logged: Oiled it twice": 20, "Bent the arm": 90})

        await left["bob"].correct(item, "Oiled it twice", minutes=40)
        await right["ann"].unlog(twin, "Bent the arm")
        await world.come_to(item, twin, {"Oiled it twice": 40}, {"Bob Baker logged: Oiled it twice": 40})
        writes = await world.still()
        assert await world.still(12) == writes
        await _unharmed(left["bob"], item)


async def _unharmed(person: object, item: str) -> None:
    """What only Jira can tell is as it was."""
    if isinstance(person, JiraColleague):
        [log] = await person.logs(item)
        assert str(log["started"]).endswith("30:15.000-0500")
