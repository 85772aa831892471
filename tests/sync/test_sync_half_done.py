"""What of the target does not count as agreed while a plan is only half done."""

import pytest
from sync_samples import item, planned

from model.agreement import Agreed, Base
from model.plan import Acknowledgement, Step, Transition, UpdateItem
from sync.settle import less_edits, with_status_to_come

UPDATE = UpdateItem(fields={"summary": "anvil"})
MOVE = Transition(status="Done")
ON_THE_WAY = Transition(status="Doing", passing=True)


@pytest.mark.parametrize(("agreed", "then"), [({"summary": Agreed(asked="Old", got="old")}, "old"), ({}, "at first")])
def test_less_its_edits_the_target_has_what_was_last_agreed_on(agreed: dict[str, Agreed], then: str) -> None:
    base = Base(agreed=agreed, item=item({"summary": "at first", "labels": ["x"]}))
    left = less_edits(item({"summary": "edited", "labels": ["y"]}), base, {"summary", "comment L1"})
    assert left.fields == {"summary": then, "labels": ["y"]}


@pytest.mark.parametrize(
    ("steps", "status"),
    [
        ([], "Open"),
        ([UPDATE], "Open"),
        ([UPDATE, ON_THE_WAY], "Done"),
        ([ON_THE_WAY, MOVE], "Open"),
        ([ON_THE_WAY.model_copy(update={"conflict": 7})], "Open"),
    ],
)
def test_a_status_is_still_to_come_after_the_last_step_on_the_way_to_it(steps: list[Step], status: str) -> None:
    plan = planned(MOVE).model_copy(update={"agreed": {"status": Agreed(asked="Done", got="Done")}})
    at = item({"summary": "anvil", "status": "Open"})
    assert with_status_to_come(at, plan, [(one, Acknowledgement()) for one in steps]).fields == {"summary": "anvil", "status": status}
    assert with_status_to_come(at, planned(), [(one, Acknowledgement()) for one in steps]) == at
