"""What a person decided about a held conflict is carried out, also where nobody could tell the twin of it."""

import pytest

from model.words import ConflictPolicy, Side
from tests.simulation.case import Case
from tests.simulation.profile import Habits, Profile
from tests.simulation.simulate import judge
from tests.simulation.steps import Away, Crash, CreateItem, Edit, Operate, Step, Switch
from tests.simulation.world import World

DECIDED = 120.0


@pytest.mark.parametrize("way", [Crash(at=DECIDED - 1, point="after conflicts.resolve", seconds=4.0), Away(at=DECIDED - 1, seconds=20.0)])
@pytest.mark.parametrize(("taken", "value"), [(Side.LEFT, "Low"), (Side.RIGHT, "High")])
def test_a_decision_of_which_the_message_is_lost_is_carried_out(way: Step, taken: Side, value: str) -> None:
    worlds: list[World] = []
    steps = (
        CreateItem(at=1.0, text="anvil"),
        Switch(at=39.0, active=False),
        Edit(at=40.0, side=Side.LEFT, item=0, field="priority", value="Low"),
        Edit(at=41.0, side=Side.RIGHT, item=0, field="priority", value="High"),
        Switch(at=42.0, active=True),
        way,
        Operate(at=DECIDED, what="resolve", side=taken, twin=0),
    )
    profile = Profile(left=Habits(), right=Habits(), policy=ConflictPolicy.HOLD, seed=1)
    assert judge(Case(profile=profile, steps=steps), worlds.append).findings == []
    [world] = worlds
    assert [record.fields["priority"] for side in Side for record in world.platforms[side].records.values()] == [value, value]
