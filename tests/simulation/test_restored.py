"""A value that lost a conflict is brought back once, whatever breaks on the way, and never over a newer edit."""

from collections.abc import Callable

import pytest

from connectors.kit.interface import Written
from model.errors import Refused
from model.item import Fields
from model.settlement import Settlement
from model.words import ConflictPolicy, Restoration, Side
from tests.simulation.case import Case
from tests.simulation.profile import Habits, Profile
from tests.simulation.simulate import judge
from tests.simulation.steps import CallFault, Crash, CreateItem, Edit, How, Operate, Step, StoreFault, Switch
from tests.simulation.world import CONNECTION, World

ASKED = 120.0
GUARDS, REMEMBERS, FORGETS = Habits(), Habits(compare_and_set=False, change_history=True), Habits(compare_and_set=False)
MOVES, STEPWISE = Habits(transitions=True), Habits(transitions=True, stepwise=True)


def edit(at: float, side: Side, value: str, field: str = "priority") -> Step:
    return Edit(at=at, side=side, item=0, field=field, value=value)


def played(
    *steps: Step,
    right: Habits = GUARDS,
    winner: ConflictPolicy = ConflictPolicy.LEFT,
    field: str = "priority",
    values: tuple[str, str] = ("Low", "High"),
    alter: Callable[[World], None] | None = None,
) -> tuple[list[str], Restoration | None, list[str]]:
    """What both sides have in the end, what became of the wish, and our writes on the right since it was made.

    Ann wrote the first of the values, Bob the second, and the winner is on both sides when the other one is asked back.
    """
    worlds: list[World] = []
    wishes: list[Restoration | None] = []

    def opened(world: World) -> None:
        worlds.append(world)
        told, log = world.end, world.bare.conflicts

        async def ended() -> None:
            (twin,) = await world.bare.twins.listing(CONNECTION, None)
            wishes.extend(one.restoration for one in reversed(await log.of_twin(twin.id)) if one.conflict.subject == field)
            await told()

        world.end = ended
        if alter:
            alter(world)

    begin = (
        CreateItem(at=1.0, text="anvil"),
        edit(10.0, Side.LEFT, "Doing", "status"),
        Switch(at=39.0, active=False),
        edit(40.0, Side.LEFT, values[0], field),
        edit(41.0, Side.RIGHT, values[1], field),
        Switch(at=42.0, active=True),
        Operate(at=ASKED, what="restore", twin=0),
    )
    profile = Profile(left=Habits(), right=right, policy=winner, seed=1)
    assert judge(Case(profile=profile, steps=(*begin, *steps)), opened).findings == []
    [world] = worlds
    told = [one for one in world.platforms[Side.RIGHT].truth.entries if one.ours and one.name == field and one.at > ASKED]
    ends = [record.fields[field] for side in Side for record in world.platforms[side].records.values()]
    return ends, wishes[0], [one.new or "" for one in told]


HABITS = pytest.mark.parametrize("right", [GUARDS, REMEMBERS, FORGETS])


@HABITS
def test_the_value_that_lost_comes_back_by_one_write(right: Habits) -> None:
    assert played(right=right) == (["High", "High"], Restoration.DONE, ["High"])


def test_the_value_that_lost_on_the_other_side_comes_back() -> None:
    ends, wish, _ = played(winner=ConflictPolicy.RIGHT)
    assert (ends, wish) == (["Low", "Low"], Restoration.DONE)


WAYS = pytest.mark.parametrize(("right", "way"), [(MOVES, ["Open"]), (STEPWISE, ["Doing", "Open"])])


@WAYS
def test_a_status_comes_back_by_transitions(right: Habits, way: list[str]) -> None:
    assert played(right=right, field="status", values=("Done", "Open")) == (["Open", "Open"], Restoration.DONE, way)


@pytest.mark.parametrize(
    "point", [f"{when} {where}" for when in ("before", "after") for where in ("right.transition", "journal.acknowledge")]
)
@WAYS
def test_a_status_comes_back_also_where_its_way_is_broken_off(right: Habits, way: list[str], point: str) -> None:
    fault = Crash(at=ASKED - 1, point=point, seconds=20.0)
    assert played(fault, right=right, field="status", values=("Done", "Open")) == (["Open", "Open"], Restoration.DONE, way)


POINTS = (
    "right.update",
    "conflicts.restore",
    "journal.open",
    "journal.sent",
    "journal.acknowledge",
    "plans.add",
    "twins.settle",
    "transactions.begin",
)


@HABITS
@pytest.mark.parametrize("point", [f"{when} {where}" for when in ("before", "after") for where in POINTS])
def test_it_comes_back_once_whatever_breaks(right: Habits, point: str) -> None:
    """Or not at all, where the wish itself never arrived."""
    for fault in (Crash(at=ASKED - 1, point=point, seconds=20.0), StoreFault(at=ASKED - 1, point=point)):
        ends, wish, told = played(fault, right=right)
        asked = ["High"] if wish else []
        assert (wish, told) == (Restoration.DONE if wish else None, asked)
        assert ends == [*(asked or ["Low"])] * 2
        assert wish or point == "before conflicts.restore"


@HABITS
@pytest.mark.parametrize("how", ["lost", "late", "error", "slow", "limited"])
def test_a_lost_answer_is_looked_for(right: Habits, how: How) -> None:
    fault = CallFault(at=ASKED - 1, side=Side.RIGHT, op="update", how=how, seconds=4.0)
    assert played(fault, right=right) == (["High", "High"], Restoration.DONE, ["High"])


@HABITS
@pytest.mark.parametrize("at", [60.0, ASKED - 0.5, ASKED + 0.05, ASKED + 10])
@pytest.mark.parametrize("side", Side)
def test_a_newer_edit_stands(right: Habits, side: Side, at: float) -> None:
    for fault in ((), (Crash(at=ASKED - 1, point="after right.update", seconds=30.0),)):
        ends, _, _ = played(edit(at, side, "Medium"), *fault, right=right)
        assert ends == ["Medium", "Medium"]


@HABITS
def test_an_edit_back_to_the_winner_after_an_answer_was_lost_stands(right: Habits) -> None:
    lost = Crash(at=ASKED - 1, point="after journal.acknowledge", seconds=30.0)
    ends, wish, told = played(lost, edit(ASKED + 10, Side.RIGHT, "Low"), right=right)
    assert (ends, wish, told) == (["Low", "Low"], Restoration.DONE, ["High"])


def test_a_refused_value_parks_the_twin_and_is_not_tried_again() -> None:
    def refusing(world: World) -> None:
        account = world.accounts[Side.RIGHT]
        update = account.update

        async def refused(item_id: str, fields: Fields, version: str = "") -> Written:
            if world.clock.elapsed > ASKED:
                raise Refused("right shows no such option", "priority")
            return await update(item_id, fields, version)

        account.update = refused

    assert played(alter=refusing) == (["Low", "Low"], Restoration.REFUSED, [])


def test_an_edit_hit_unseen_by_what_comes_back_is_given_back() -> None:
    slow = CallFault(at=ASKED - 1, side=Side.RIGHT, op="update", how="slow", seconds=4.0)
    ends, wish, told = played(slow, edit(ASKED + 2, Side.RIGHT, "Medium"), right=REMEMBERS)
    assert (ends, wish) == (["Medium", "Medium"], Restoration.OVERTAKEN)
    assert told == ["High", "Medium"]


def test_an_edit_that_covers_a_write_in_doubt_has_overtaken_it() -> None:
    lost = Crash(at=ASKED - 1, point="after right.update", seconds=30.0)
    ends, wish, told = played(lost, edit(ASKED + 10, Side.RIGHT, "Medium"), right=FORGETS)
    assert (ends, wish, told) == (["Medium", "Medium"], Restoration.OVERTAKEN, ["High"])


def test_the_version_that_it_makes_is_not_taken_for_ours() -> None:
    settled: list[Settlement] = []

    def watched(world: World) -> None:
        settle = world.bare.twins.settle

        async def noted(settlement: Settlement) -> None:
            settled.append(settlement)
            await settle(settlement)

        world.bare.twins.settle = noted

    assert played(alter=watched)[1] is Restoration.DONE
    [restoring] = [one for one in settled if one.restored]
    assert [one.system for one in restoring.ledger] == ["left"]


def test_what_came_back_before_a_plan_was_broken_off_is_not_written_again() -> None:
    """Bob takes it back himself, while the status that was asked back as well is on its way."""
    steps = (
        Switch(at=60.0, active=False),
        edit(61.0, Side.LEFT, "Done", "status"),
        edit(62.0, Side.RIGHT, "Open", "status"),
        Switch(at=63.0, active=True),
        Switch(at=ASKED - 1, active=False),
        Operate(at=ASKED + 0.1, what="restore", twin=0),
        Switch(at=ASKED + 1, active=True),
        CallFault(at=ASKED + 1, side=Side.RIGHT, op="transition", how="slow", seconds=4.0),
        edit(ASKED + 4, Side.RIGHT, "Low"),
    )
    ends, wish, told = played(*steps, right=MOVES)
    assert (ends, wish, told) == (["Low", "Low"], Restoration.DONE, ["High"])
