"""Whose decision holds, and which losers come back."""

from datetime import UTC, datetime, timedelta

import pytest

from activities.judging import judge_by, wanted_back
from model.configuration import Configuration, SideConfiguration
from model.item import Item, ItemRef
from model.plan import Conflict
from model.twin import StoredConflict, StoredReplica
from model.words import ConflictPolicy, Restoration, Side
from sync.restoring import Wanted

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
CONFLICT = Conflict(subject="summary", target=Side.RIGHT, left="a", right="b", policy=ConflictPolicy.HOLD, winner=None)
STORED = StoredReplica(
    id=1,
    twin="t",
    source=Side.LEFT,
    sequence=1,
    transaction=1,
    version=1,
    payload={},
    item=Item(ref=ItemRef(id="1", key="", url=""), version="", updated=MOMENT, fields={}),
)
NO_RULES = SideConfiguration(outgoing="", incoming="")
CONFIGURATION = Configuration.model_validate({"left": NO_RULES, "right": NO_RULES, "conflicts": {"default": "hold"}})


def decided(number: int, winner: Side, days: int, who: str = "ann", wish: Restoration | None = None) -> StoredConflict:
    at = MOMENT + timedelta(days=days)
    return StoredConflict(
        id=number, twin="t", transaction=1, conflict=CONFLICT, winner=winner, who=who, created=MOMENT, resolved=at, restoration=wish
    )


@pytest.mark.parametrize(
    ("recorded", "winner"),
    [
        ((decided(2, Side.LEFT, 1), decided(1, Side.RIGHT, 2, wish=Restoration.DONE)), Side.RIGHT),
        ((decided(2, Side.LEFT, 2), decided(1, Side.RIGHT, 1)), Side.LEFT),
        ((decided(2, Side.LEFT, 2, who=""), decided(1, Side.RIGHT, 1)), Side.RIGHT),
        ((decided(2, Side.LEFT, 2, who=""),), None),
    ],
)
def test_the_last_decision_of_a_person_holds(recorded: tuple[StoredConflict, ...], winner: Side | None) -> None:
    assert judge_by(recorded, STORED, CONFIGURATION, MOMENT).conflict("summary", "a", "b").winner is winner


def test_what_is_wanted_back_is_the_value_that_had_lost() -> None:
    found = wanted_back(
        [decided(3, Side.LEFT, 1, wish=Restoration.WANTED), decided(2, Side.RIGHT, 2, "ben", Restoration.WANTED)], Side.RIGHT
    )
    assert found == (
        Wanted(conflict=2, subject="summary", won="a", lost="b", who="ben"),
        Wanted(conflict=3, subject="summary", won="b", lost="a", who="ann"),
    )


def test_it_comes_back_to_the_target_of_its_conflict_and_while_it_is_wanted() -> None:
    assert wanted_back([decided(3, Side.LEFT, 1, wish=Restoration.WANTED)], Side.LEFT) == ()
    assert wanted_back([decided(3, Side.LEFT, 1, wish=one) for one in (None, Restoration.DONE, Restoration.OVERTAKEN)], Side.RIGHT) == ()
