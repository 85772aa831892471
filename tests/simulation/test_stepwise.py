"""A status that is reached through another one, whatever breaks on the way."""

import pytest

from model.words import Side
from tests.simulation.case import Case
from tests.simulation.profile import Habits, Profile
from tests.simulation.recorded import disputes_of
from tests.simulation.simulate import judge
from tests.simulation.steps import CallFault, Crash, CreateItem, Edit, How, Step
from tests.simulation.world import World

PROFILE = Profile(left=Habits(), right=Habits(transitions=True, stepwise=True, compare_and_set=False), seed=1)


def moves(*steps: Step) -> tuple[list[str], list[str]]:
    """Who moved the status on the right and to where, and how it stands on both sides in the end."""
    return _moves(steps)[:2]


def disputes(*steps: Step) -> list[str]:
    """What went on record as a conflict."""
    return _moves(steps)[2]


def _moves(steps: tuple[Step, ...]) -> tuple[list[str], list[str], list[str]]:
    worlds: list[World] = []
    disputed: list[list[str]] = []

    def opened(world: World) -> None:
        worlds.append(world)
        disputed.append(disputes_of(world))

    done = (CreateItem(at=1.0, text="anvil"), Edit(at=40.0, item=0, field="status", value="Done"), *steps)
    assert judge(Case(profile=PROFILE, steps=done), opened).findings == []
    [world] = worlds
    told = [one for one in world.platforms[Side.RIGHT].truth.entries if one.kind == "field" and one.name == "status" and one.old]
    ends = [record.fields["status"] for side in Side for record in world.platforms[side].records.values()]
    return [f"{one.actor} {one.new}" for one in told], ends, disputed[0]


def test_it_goes_step_by_step() -> None:
    assert moves() == (["engine Doing", "engine Done"], ["Done", "Done"])


@pytest.mark.parametrize("seconds", [0.2, 30.0])
@pytest.mark.parametrize("point", ["before right.transition", "after right.transition", "after journal.acknowledge"])
def test_it_goes_on_from_where_it_was_broken_off(point: str, seconds: float) -> None:
    assert moves(Crash(at=39.0, point=point, seconds=seconds)) == (["engine Doing", "engine Done"], ["Done", "Done"])


@pytest.mark.parametrize("how", ["lost", "late", "limited"])
def test_it_goes_on_once_it_is_known_what_became_of_a_step(how: How) -> None:
    trouble = CallFault(at=39.0, side=Side.RIGHT, op="transition", how=how, seconds=8.0)
    assert moves(trouble) == (["engine Doing", "engine Done"], ["Done", "Done"])
    assert disputes(trouble) == []


def test_an_edit_on_the_way_stands() -> None:
    back = Edit(at=55.0, side=Side.RIGHT, item=0, field="status", value="Open")
    assert moves(Crash(at=39.0, point="after journal.acknowledge", seconds=30.0), back) == (["engine Doing", "bob Open"], ["Open", "Open"])
