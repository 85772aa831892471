"""A held conflict that goes because one side took its old value back: what the other side has travels, and nobody is asked."""

from model.words import ConflictPolicy, Side
from tests.simulation.case import Case
from tests.simulation.profile import Habits, Profile
from tests.simulation.simulate import judge
from tests.simulation.steps import CreateItem, Edit, Step, Switch
from tests.simulation.world import World

LONG_AFTER = 200.0


def priority(at: float, side: Side, value: str) -> Step:
    return Edit(at=at, side=side, item=0, field="priority", value=value)


def test_the_value_that_a_gone_conflict_kept_away_arrives() -> None:
    worlds: list[World] = []
    steps = (
        CreateItem(at=1.0, text="anvil"),
        priority(10.0, Side.LEFT, "Low"),
        priority(10.05, Side.RIGHT, "High"),
        priority(40.0, Side.LEFT, "Medium"),
        Switch(at=LONG_AFTER, active=True),
    )
    profile = Profile(left=Habits(), right=Habits(), policy=ConflictPolicy.HOLD, seed=1)
    assert judge(Case(profile=profile, steps=steps), worlds.append).findings == []
    arrived = [one for one in worlds[0].platforms[Side.LEFT].truth.entries if one.ours and one.name == "priority" and one.new == "High"]
    assert [one.at < LONG_AFTER for one in arrived] == [True]
