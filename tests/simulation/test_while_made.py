"""Edits of a new item while it is still being made: its status comes after it, and the worker may be away between the two."""

import pytest

from model.words import ConflictPolicy, Side
from tests.simulation.case import Case
from tests.simulation.profile import Habits, Profile
from tests.simulation.recorded import disputes_of
from tests.simulation.simulate import judge
from tests.simulation.steps import AddComment, Crash, CreateItem, DeleteComment, Edit, Step
from tests.simulation.world import World

MADE = CreateItem(at=1.0, text="anvil")
AWAY = Crash(at=0.5, point="after journal.acknowledge", seconds=60.0)
TELLS = Habits(transitions=True, created_with_status=False, tells_status=True)


def edit(at: float, side: Side, value: str, field: str = "status") -> Step:
    return Edit(at=at, side=side, item=0, field=field, value=value)


def in_the_end(policy: ConflictPolicy, *steps: Step, right: Habits = TELLS) -> tuple[set[str], list[str]]:
    """The statuses of both items, and the properties of which a value was put on record before it was overwritten."""
    worlds: list[World] = []
    disputed: list[list[str]] = []

    def alter(world: World) -> None:
        worlds.append(world)
        disputed.append(disputes_of(world))

    profile = Profile(left=Habits(), right=right, policy=policy, seed=1)
    assert judge(Case(profile=profile, steps=steps), alter).findings == []
    return {record.fields["status"] for side in Side for record in worlds[0].platforms[side].records.values()}, disputed[0]


@pytest.mark.parametrize(
    ("policy", "end", "recorded_first"),
    [(ConflictPolicy.RIGHT, "Doing", []), (ConflictPolicy.LEFT, "Done", ["status"]), (ConflictPolicy.LATEST, "Doing", [])],
)
def test_a_status_that_a_person_gave_a_new_item_before_ours_came_is_no_default(
    policy: ConflictPolicy, end: str, recorded_first: list[str]
) -> None:
    ends = in_the_end(policy, AWAY, MADE, edit(1.01, Side.LEFT, "Done"), edit(20.0, Side.RIGHT, "Doing"))
    assert ends == ({end}, recorded_first)


def test_a_new_item_of_which_a_person_edited_something_else_gets_its_status() -> None:
    ends = in_the_end(ConflictPolicy.RIGHT, AWAY, MADE, edit(1.01, Side.LEFT, "Done"), edit(20.0, Side.RIGHT, "rake", "summary"))
    assert ends == ({"Done"}, [])


def test_a_status_that_a_person_set_and_took_back_is_none() -> None:
    there = (edit(20.0, Side.RIGHT, "Doing"), edit(21.0, Side.RIGHT, "Open"))
    assert in_the_end(ConflictPolicy.RIGHT, AWAY, MADE, edit(1.01, Side.LEFT, "Done"), *there) == ({"Done"}, [])


@pytest.mark.parametrize("guarded", [True, False])
def test_a_status_that_was_there_first_for_all_we_know_goes_on_record(guarded: bool) -> None:
    hides = Habits(transitions=True, created_with_status=False, compare_and_set=guarded)
    there = (edit(1.01, Side.LEFT, "Done"), edit(20.0, Side.RIGHT, "Doing"))
    assert in_the_end(ConflictPolicy.RIGHT, AWAY, MADE, *there, right=hides) == ({"Done"}, ["status"])


def test_a_comment_that_an_earlier_attempt_copied_is_known_where_a_later_one_stops_before_it() -> None:
    away = Crash(at=0.5, point="before twins.settle", seconds=60.0)
    begin = (away, MADE, edit(1.01, Side.LEFT, "Done"), AddComment(at=1.02, side=Side.LEFT, item=0, text="first"))
    meanwhile = (edit(20.0, Side.RIGHT, "Doing"), DeleteComment(at=21.0, side=Side.LEFT, item=0, comment=0))
    assert in_the_end(ConflictPolicy.RIGHT, *begin, *meanwhile) == ({"Doing"}, [])
