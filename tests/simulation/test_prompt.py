"""What other safeguards would bring in the end comes at once all the same: they look only every few minutes."""

from model.words import Side
from tests.simulation.campaign import quiet
from tests.simulation.case import Case
from tests.simulation.profile import Habits, Profile
from tests.simulation.simulate import judge
from tests.simulation.steps import AddComment, Away, CallFault, Crash, CreateItem, Edit, Operate, Step, Switch
from tests.simulation.world import World

PROFILE = Profile(left=Habits(), right=Habits(), seed=1)
SILENT = Profile(left=Habits(hooks=False), right=Habits(hooks=False), poll=60.0, seed=1)
NEXT_POLL = 90.0


def summary(at: float, value: str, side: Side = Side.LEFT, field: str = "summary") -> Step:
    return Edit(at=at, side=side, item=0, field=field, value=value)


def arrivals(profile: Profile, *steps: Step) -> dict[str, float]:
    """When each value was written by the engine; no promise may be broken meanwhile."""
    quiet()
    worlds: list[World] = []
    assert judge(Case(profile=profile, steps=steps), worlds.append).findings == []
    [world] = worlds
    entries = [one for platform in world.platforms.values() for one in platform.truth.entries if one.ours]
    return {one.new or "": one.at for one in reversed(entries)}


def test_what_came_while_a_connection_was_off_arrives_when_it_is_on() -> None:
    off, on = Switch(at=20.0, active=False), Switch(at=40.0, active=True)
    assert arrivals(PROFILE, CreateItem(at=1.0, text="anvil"), off, summary(25.0, "t2"), on)["t2"] < 60.0


def test_what_a_deactivation_broke_off_arrives_when_the_connection_is_on() -> None:
    slow = CallFault(at=19.0, side=Side.RIGHT, op="update", how="slow", seconds=8.0)
    comment = AddComment(at=20.0, side=Side.LEFT, item=0, text="c3 words")
    steps = (
        CreateItem(at=1.0, text="anvil"),
        slow,
        comment,
        summary(20.0, "t2"),
        Switch(at=23.0, active=False),
        Switch(at=40.0, active=True),
    )
    assert arrivals(PROFILE, *steps)["Ann commented: \nc3 words"] < 60.0


def test_nothing_more_is_written_once_a_forced_unlink_is_answered() -> None:
    slow = CallFault(at=19.0, side=Side.RIGHT, op="update", how="slow", seconds=8.0)
    comment = AddComment(at=20.0, side=Side.LEFT, item=0, text="c3 words")
    steps = (CreateItem(at=1.0, text="anvil"), slow, comment, summary(20.0, "t2"), Away(at=22.5, seconds=15.0))
    steps = (*steps, Operate(at=23.0, what="force_unlink", twin=0))
    assert "Ann commented: \nc3 words" not in arrivals(PROFILE, *steps)


def test_a_plan_for_an_item_that_moved_is_made_anew() -> None:
    slow = CallFault(at=20.0, side=Side.RIGHT, op="update", how="slow", seconds=4.0)
    steps = (CreateItem(at=1.0, text="anvil"), slow, summary(20.0, "t2"), summary(23.0, "t3", Side.RIGHT, "description"))
    found = arrivals(PROFILE, *steps)
    assert 24.0 < max(found["t2"], found["t3"]) < 40.0


def test_an_item_of_the_first_moments_is_found_by_the_next_poll() -> None:
    slow = CallFault(at=0.0, side=Side.LEFT, op="changes", how="slow", seconds=6.0)
    assert arrivals(SILENT, slow, CreateItem(at=3.0, text="anvil"))["anvil"] < NEXT_POLL


def test_a_crash_between_a_page_and_its_cursor_loses_nothing() -> None:
    crashes = [Crash(at=100.0, point="after inbox.save_cursor", seconds=4.0)] * 4
    assert "t2" in arrivals(SILENT, CreateItem(at=1.0, text="anvil"), summary(90.0, "t2"), *crashes, CreateItem(at=400.0, text="boat"))
