"""A creation whose answer was lost is repeated on a platform that makes one item of it: what people did to that meanwhile is theirs."""

from model.words import Side
from tests.simulation.case import Case
from tests.simulation.profile import Habits, Profile
from tests.simulation.simulate import judge
from tests.simulation.steps import CallFault, CreateItem, Edit
from tests.simulation.world import World


def test_an_edit_before_the_repetition_travels() -> None:
    worlds: list[World] = []
    steps = (
        CallFault(at=1.0, side=Side.RIGHT, op="create", how="lost", seconds=20.0),
        CreateItem(at=2.0, text="anvil"),
        Edit(at=4.3, side=Side.RIGHT, item=0, field="summary", value="hammer"),
    )
    profile = Profile(left=Habits(), right=Habits(create_key=True), seed=1)
    assert judge(Case(profile=profile, steps=steps), worlds.append).findings == []
    entries = worlds[0].platforms[Side.LEFT].truth.entries
    assert [one.new for one in entries if one.ours and one.name == "summary"] == ["hammer"]
