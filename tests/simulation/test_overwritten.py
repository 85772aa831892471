"""Edits that meet a write of ours whose fate is not known at once: they stand in the end."""

import pytest

from model.words import ConflictPolicy, Side
from tests.simulation.case import Case
from tests.simulation.profile import Habits, Profile
from tests.simulation.simulate import judge
from tests.simulation.steps import AddComment, CallFault, Crash, CreateItem, Edit, EditComment, Step
from tests.simulation.world import World

REMEMBERS = Habits(compare_and_set=False, change_history=True)
FORGETS = Habits(compare_and_set=False)


def priority(at: float, side: Side, value: str) -> Step:
    return Edit(at=at, side=side, item=0, field="priority", value=value)


def in_the_end(right: Habits, *steps: Step, policy: ConflictPolicy = ConflictPolicy.LATEST) -> set[str]:
    """The priorities of both items, after an item whose priority was Low on both sides met the steps."""
    worlds: list[World] = []
    begin = (CreateItem(at=1.0, text="anvil"), priority(10.0, Side.LEFT, "Low"))
    profile = Profile(left=Habits(), right=right, policy=policy, seed=1)
    assert judge(Case(profile=profile, steps=(*begin, *steps)), worlds.append).findings == []
    return {record.fields["priority"] for side in Side for record in worlds[0].platforms[side].records.values()}


def test_an_edit_back_to_the_old_value_while_our_write_is_in_doubt_stands() -> None:
    lost = Crash(at=39.0, point="after right.update", seconds=30.0)
    assert in_the_end(REMEMBERS, lost, priority(40.0, Side.LEFT, "Medium"), priority(60.0, Side.RIGHT, "Low")) == {"Low"}


def test_an_edit_that_may_have_been_made_over_a_write_in_doubt_stands_whatever_the_policy() -> None:
    steps = (Crash(at=39.0, point="after right.update", seconds=30.0), priority(40.0, Side.LEFT, "Medium"))
    edited = priority(60.0, Side.RIGHT, "High")
    assert in_the_end(Habits(), *steps, edited, policy=ConflictPolicy.LEFT) == {"High"}
    assert in_the_end(FORGETS, *steps, edited, policy=ConflictPolicy.LATEST) == {"High"}


@pytest.mark.parametrize("policy", [ConflictPolicy.LEFT, ConflictPolicy.LATEST])
def test_an_edit_of_a_comment_that_may_have_been_made_over_a_write_in_doubt_stands(policy: ConflictPolicy) -> None:
    steps = (
        CreateItem(at=1.0, text="anvil"),
        AddComment(at=10.0, item=0, text="first"),
        Crash(at=39.0, point="after right.edit_comment", seconds=30.0),
        EditComment(at=40.0, side=Side.LEFT, item=0, comment=0, text="second"),
        EditComment(at=60.0, side=Side.RIGHT, item=0, comment=0, text="third"),
        Edit(at=65.0, side=Side.LEFT, item=0, field="summary", value="rake"),
    )
    worlds: list[World] = []
    assert judge(Case(profile=Profile(left=Habits(), right=Habits(), policy=policy, seed=1), steps=steps), worlds.append).findings == []
    comments = [one for side in Side for record in worlds[0].platforms[side].records.values() for one in record.notes.values()]
    assert ["third" in one.text for one in comments] == [True, True]


def test_an_edit_that_our_write_hit_unseen_is_given_back_where_it_wins() -> None:
    slow = CallFault(at=39.0, side=Side.RIGHT, op="update", how="slow", seconds=4.0)
    assert in_the_end(REMEMBERS, slow, priority(40.0, Side.LEFT, "Medium"), priority(42.0, Side.RIGHT, "High")) == {"High"}


def test_an_edit_made_while_a_plan_waits_for_the_platform_stands() -> None:
    away = [CallFault(at=39.0, side=Side.RIGHT, op="update", how="refused") for _ in range(6)]
    assert in_the_end(FORGETS, *away, priority(40.0, Side.LEFT, "Medium"), priority(44.0, Side.RIGHT, "High")) == {"High"}


def test_an_edit_in_the_second_in_which_our_lost_comment_arrived_travels() -> None:
    coarse = Profile(left=Habits(), right=Habits(clock="seconds"), seed=1)
    lost = Crash(at=39.0, point="after right.add_comment", seconds=30.0)
    begin = (CreateItem(at=1.0, text="anvil"), lost, AddComment(at=40.0, item=0, text="first"))
    worlds: list[World] = []
    assert judge(Case(profile=coarse, steps=begin), worlds.append).findings == []
    copied = next(one.at for one in worlds[0].platforms[Side.RIGHT].truth.entries if one.ours and one.kind == "comment")
    edit = EditComment(at=copied + 0.01, side=Side.RIGHT, item=0, comment=0, text="second")
    assert int(edit.at) == int(copied)
    assert judge(Case(profile=coarse, steps=(*begin, edit)), worlds.append).findings == []
    comments = [one for side in Side for record in worlds[1].platforms[side].records.values() for one in record.notes.values()]
    assert ["second" in one.text for one in comments] == [True, True]


def test_what_an_edit_kept_a_plan_from_doing_is_done_after_it() -> None:
    worlds: list[World] = []
    steps = (
        CreateItem(at=1.0, text="anvil"),
        CallFault(at=39.0, side=Side.RIGHT, op="transition", how="slow", seconds=4.0),
        Edit(at=40.0, side=Side.LEFT, item=0, field="summary", value="rake"),
        Edit(at=40.01, side=Side.LEFT, item=0, field="status", value="Done"),
        priority(43.0, Side.RIGHT, "High"),
    )
    profile = Profile(left=Habits(), right=Habits(transitions=True), seed=1)
    assert judge(Case(profile=profile, steps=steps), worlds.append).findings == []
    ends = [record.fields for side in Side for record in worlds[0].platforms[side].records.values()]
    assert [(one["summary"], one["status"], one["priority"]) for one in ends] == [("rake", "Done", "High")] * 2
