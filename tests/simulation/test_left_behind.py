"""What an attempt that died, froze or was broken off leaves behind is found out, whatever happened to the item meanwhile."""

from model.words import Side, TwinStatus
from tests.simulation.platform import Origin
from tests.simulation.profile import Habits, Profile
from tests.simulation.steps import AddComment, Attach, CallFault, Crash, CreateItem, Evict, Freeze, Hide, Switch
from tests.simulation.timed import PROFILE, SILENT, arrivals, summary, writes
from tests.simulation.world import CONNECTION, World

DEAF = PROFILE.model_copy(update={"right": Habits(hooks=False)})
NEXT_POLL = 300.0


def test_a_value_that_was_taken_back_while_its_write_was_in_doubt_is_taken_back_there_too() -> None:
    steps = (
        CreateItem(at=1.0, text="anvil"),
        CallFault(at=19.0, side=Side.RIGHT, op="update", how="lost"),
        summary(20.0, "High", field="priority"),
        Switch(at=22.2, active=False),
        summary(30.0, "Medium", field="priority"),
        Switch(at=40.0, active=True),
    )
    assert [(value, at < 60.0) for value, at in writes(DEAF, *steps) if value in {"High", "Medium"}] == [
        ("Medium", True),
        ("High", True),
        ("Medium", True),
    ]


def test_a_read_that_comes_late_leaves_a_parked_twin_as_it_is() -> None:
    seen: list[TwinStatus] = []

    async def look(world: World) -> None:
        for at in (50.0, 70.0):
            await world.clock.sleep(at - world.clock.elapsed)
            seen.extend([twin.status for twin in await world.bare.twins.listing(CONNECTION, None)])

    steps = (
        CreateItem(at=1.0, text="anvil"),
        Freeze(at=19.5, point="before replicas.add", seconds=35.0),
        summary(20.0, "t2"),
        Hide(at=30.0, side=Side.LEFT, item=0, seconds=50.0),
        AddComment(at=120.0, side=Side.LEFT, item=0, text="c1 words"),
    )
    writes(PROFILE, *steps, alter=lambda world: world.clock.create_task(look(world)) and None)
    assert seen == [TwinStatus.ERROR, TwinStatus.ERROR]


def test_of_two_files_of_one_name_and_size_one_is_in_doubt() -> None:
    unmarked = Profile(left=Habits(file_markers=False), right=Habits(file_markers=False), seed=1)
    steps = (
        CreateItem(at=1.0, text="anvil"),
        Switch(at=10.0, active=False),
        Attach(at=12.0, side=Side.LEFT, item=0, name="a.txt", content="f1"),
        Attach(at=13.0, side=Side.LEFT, item=0, name="a.txt", content="f2"),
        CallFault(at=14.0, side=Side.RIGHT, op="upload", how="slow", seconds=0.1),
        CallFault(at=14.0, side=Side.RIGHT, op="upload", how="error"),
        Switch(at=20.0, active=True),
    )
    assert [value for value, _ in writes(unmarked, *steps) if value.startswith("a.txt")] == ["a.txt:f1", "a.txt:f2"]


def test_an_error_after_all_was_done_stops_nothing() -> None:
    steps = (
        CreateItem(at=1.0, text="anvil"),
        Crash(at=19.5, point="before completion of transform", seconds=4.0),
        summary(19.0, "High", Side.RIGHT, "priority"),
        summary(20.0, "High", field="priority"),
        Hide(at=23.0, side=Side.RIGHT, item=0, seconds=25.0),
        summary(60.0, "t3"),
    )
    assert arrivals(DEAF, *steps)["t3"] < 70.0


def test_a_twin_that_was_begun_and_not_told_begins_by_itself() -> None:
    def long_there(world: World) -> None:
        world.platforms[Side.LEFT].create(Origin("ann"), {"summary": "anvil", "label": "sync"})
        world.clock.elapsed = 10.0

    crash = Crash(at=0.0, point="after twins.start", seconds=4.0)
    assert dict(writes(SILENT, crash, Evict(at=30.0), alter=long_there))["anvil"] < NEXT_POLL


def test_a_call_in_doubt_waits_for_a_person_though_the_worker_died_when_it_parked_the_twin() -> None:
    seen: list[tuple[TwinStatus, bool]] = []

    async def look(world: World) -> None:
        await world.clock.sleep(60.0)
        (twin,) = await world.bare.twins.listing(CONNECTION, None)
        seen.append((twin.status, twin.reason.startswith("the answer to the incoming rule's 'POST /tally' was lost")))

    steps = (
        CreateItem(at=1.0, text="anvil"),
        CallFault(at=19.5, side=Side.RIGHT, op="call", how="lost"),
        Crash(at=19.5, point="after journal.doubt", seconds=4.0),
        summary(20.0, "t2"),
        Evict(at=70.0),
    )
    posts = PROFILE.model_copy(update={"calls": "POST"})
    writes(posts, *steps, alter=lambda world: world.clock.create_task(look(world)) and None)
    assert seen == [(TwinStatus.ERROR, True)]


def test_a_repeatable_call_that_the_rule_makes_no_more_is_closed() -> None:
    steps = (
        CreateItem(at=1.0, text="anvil"),
        CallFault(at=19.5, side=Side.RIGHT, op="call", how="lost"),
        summary(20.0, "t2"),
        Switch(at=22.0, active=False),
        summary(30.0, "t3"),
        Switch(at=40.0, active=True),
    )
    assert arrivals(PROFILE.model_copy(update={"calls": "PUT"}), *steps)["t3"] < 60.0
