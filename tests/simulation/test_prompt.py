"""What other safeguards would bring in the end comes at once all the same: they look only every few minutes."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import JsonValue

from connectors.kit.interface import Change
from model.words import Side
from tests.simulation.profile import Habits, Profile
from tests.simulation.steps import AddComment, Away, CallFault, Crash, CreateItem, Operate, Switch
from tests.simulation.timed import PROFILE, SILENT, arrivals, summary, writes
from tests.simulation.world import World

NEXT_POLL = 90.0


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


def test_an_item_that_is_just_being_made_is_not_looked_for() -> None:
    searches: list[float] = []

    def watched(world: World) -> None:
        account = world.accounts[Side.RIGHT]
        search = account.search

        async def noted(settings: Mapping[str, JsonValue], query: str, since: datetime | None) -> tuple[Change, ...]:
            searches.append(world.clock.elapsed)
            return await search(settings, query, since)

        account.search = noted

    unmarked = Habits(shows_marker=False)
    slow = CallFault(at=0.0, side=Side.RIGHT, op="create", how="lost", seconds=2.0)
    profile = Profile(left=unmarked, right=unmarked, seed=1)
    writes(profile, CreateItem(at=5.0, text="anvil"), slow, AddComment(at=40.0, side=Side.LEFT, item=0, text="c1 words"), alter=watched)
    assert [at for at in searches if 5.0 < at < 100.0] == []
