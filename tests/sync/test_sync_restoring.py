import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue
from sync_samples import abilities, item, planned, situation

from model.agreement import Agreed, Base
from model.item import Fields
from model.plan import Acknowledgement, Conflict, Plan, Step, Transition, UpdateItem
from model.words import ConflictPolicy, Side
from sync.plan import Wishes, make_plan
from sync.restoring import Wanted, edited_since
from sync.settle import overwritten, settle

BASE = Base(item=item({"summary": "won"}), agreed={"summary": Agreed(asked="won", got="won")})
BY_TRANSITION = abilities(status_is_transition=True)


def wanted(subject: str = "summary", won: JsonValue = "won", lost: JsonValue = "lost", conflict: int = 7) -> Wanted:
    return Wanted(conflict=conflict, subject=subject, won=won, lost=lost, who="ann")


def back(lost: JsonValue = "lost", conflict: int = 7) -> UpdateItem:
    return UpdateItem(fields={"summary": lost}, restores=True, conflict=conflict)


def plan_for(
    there: Fields,
    wishes: Fields,
    *wishes_back: Wanted,
    base: Base = BASE,
    policy: ConflictPolicy = ConflictPolicy.HOLD,
    by_transition: bool = False,
) -> Plan:
    here = situation(item(there), right=base, policy=policy, can=BY_TRANSITION if by_transition else None)
    return make_plan(dataclasses.replace(here, wanted=wishes_back or (wanted(),)), Wishes(fields=wishes))


def outcome(plan: Plan) -> tuple[tuple[Step, ...], tuple[int, ...], tuple[int, ...]]:
    return plan.steps, plan.restored, plan.overtaken


def test_the_loser_is_written_over_the_winner_and_sent_back() -> None:
    plan = plan_for({"summary": "won"}, {"summary": "won"})
    assert outcome(plan) == ((back(),), (7,), ())
    assert (plan.send_back, plan.notes, plan.summary) == (True, (), "restore summary")


def test_it_comes_after_all_other_steps() -> None:
    plan = plan_for({"summary": "won", "labels": []}, {"summary": "won", "labels": ["a"]})
    assert plan.steps == (UpdateItem(fields={"labels": ["a"]}), back())


def test_a_property_that_the_rule_no_longer_sets_comes_back_too() -> None:
    assert outcome(plan_for({"summary": "won"}, {})) == ((back(),), (7,), ())


def test_what_the_platform_made_of_the_winner_is_the_winner() -> None:
    base = Base(item=item(), agreed={"summary": Agreed(asked="won", got="WON!")})
    assert outcome(plan_for({"summary": "WON!"}, {"summary": "won"}, base=base)) == ((back(),), (7,), ())


def test_a_winner_of_the_target_that_has_not_travelled_yet_gives_way() -> None:
    base = Base(item=item(), agreed={"summary": Agreed(asked="lost", got="lost")})
    assert outcome(plan_for({"summary": "won"}, {"summary": "lost"}, base=base)) == ((back(),), (7,), ())


def test_a_loser_that_is_there_already_is_only_sent_back() -> None:
    plan = plan_for({"summary": "lost"}, {"summary": "won"})
    assert (outcome(plan), plan.send_back) == (((), (7,), ()), True)


def test_a_loser_that_is_written_anyway_is_not_written_twice() -> None:
    assert outcome(plan_for({"summary": "won"}, {"summary": "lost"})) == ((UpdateItem(fields={"summary": "lost"}),), (7,), ())


@pytest.mark.parametrize(
    ("there", "asked", "steps"),
    [
        pytest.param("edited", "won", (), id="the target was edited"),
        pytest.param("won", "edited", (UpdateItem(fields={"summary": "edited"}),), id="the source was edited"),
        pytest.param("edited", "edited", (), id="both were edited alike"),
        pytest.param("edited", "edited too", (), id="both were edited"),
        pytest.param("lost", "edited", (), id="a new conflict with the loser is held"),
    ],
)
def test_a_later_edit_stands(there: str, asked: str, steps: tuple[Step, ...]) -> None:
    plan = plan_for({"summary": there}, {"summary": asked})
    assert outcome(plan) == (steps, (), (7,))
    assert not plan.send_back
    assert plan.notes == ("summary was edited after conflict 7 was settled, so that what ann wanted back is not written over it",)


def test_the_same_conflict_is_settled_for_the_loser_that_the_target_has() -> None:
    plan = plan_for({"summary": "lost"}, {"summary": "edited"}, policy=ConflictPolicy.RIGHT)
    assert outcome(plan) == ((), (7,), ())


@pytest.mark.parametrize("policy", [ConflictPolicy.HOLD, ConflictPolicy.RIGHT])
def test_an_edit_that_is_in_conflict_with_the_winner_stands(policy: ConflictPolicy) -> None:
    base = Base(item=item(), agreed={"summary": Agreed(asked="older", got="older")})
    assert outcome(plan_for({"summary": "won"}, {"summary": "edited"}, base=base, policy=policy)) == ((), (), (7,))


def test_of_two_wishes_the_first_one_counts() -> None:
    plan = plan_for({"summary": "won"}, {"summary": "won"}, wanted(), wanted(lost="older", conflict=5))
    assert outcome(plan) == ((back(),), (7,), (5,))


def test_nothing_comes_back_to_an_item_that_is_not_there() -> None:
    here = dataclasses.replace(situation(None), wanted=(wanted(),))
    assert make_plan(here, Wishes(fields={"summary": "won"})).restored == ()


STATUS = wanted("status", {"name": "Done"}, {"name": "Open", "id": "1"})


def test_a_status_comes_back_by_a_transition_where_the_platform_has_those() -> None:
    assert plan_for({"status": {"name": "Done"}}, {}, STATUS, by_transition=True).steps == (Transition(status="Open", conflict=7),)
    assert plan_for({"status": {"name": "Done"}}, {}, STATUS).steps == (
        UpdateItem(fields={"status": {"name": "Open", "id": "1"}}, restores=True, conflict=7),
    )


@pytest.mark.parametrize("lost", [None, {"id": "1"}, ""])
def test_nothing_leads_to_a_status_without_a_name(lost: JsonValue) -> None:
    gone = wanted("status", {"name": "Done"}, lost)
    assert outcome(plan_for({"status": {"name": "Done"}}, {}, gone, by_transition=True)) == ((), (), (7,))


@pytest.mark.parametrize(
    ("base", "edited"),
    [
        pytest.param(Base(), False, id="nothing agreed"),
        pytest.param(BASE, False, id="the winner"),
        pytest.param(Base(item=item({"summary": "won"})), False, id="the winner, as read"),
        pytest.param(Base(item=item({"summary": "other"})), True, id="another, as read"),
        pytest.param(Base(agreed={"summary": Agreed(asked="won", got="WON!")}), False, id="what was made of the winner"),
        pytest.param(Base(agreed={"summary": Agreed(asked="lost", got="lost")}), False, id="the loser"),
        pytest.param(Base(agreed={"summary": Agreed(asked="other", got="other")}), True, id="another"),
    ],
)
def test_the_bases_tell_of_an_edit(base: Base, edited: bool) -> None:
    assert edited_since(base, wanted()) is edited


def test_what_is_brought_back_counts_as_no_write_of_ours() -> None:
    plan = planned(back(), target=item({"summary": "won"})).model_copy(update={"restored": (7, 8)})
    for complete, ended in ((True, (7, 8)), (False, (7,))):
        result = settle(plan, BASE, (), [(back(), Acknowledgement(id="1", fields={"summary": "lost"}))], complete=complete)
        assert (result.item, result.agreed, result.ref) == (BASE.item, BASE.agreed, None)
        assert (result.written, result.restored) == (("summary",), ended)
    assert settle(plan, BASE, (), [], complete=False).restored == ()


@pytest.mark.parametrize(
    ("base", "agreed"),
    [
        (Base(item=item(), agreed={"status": Agreed(asked="Done", got="Done")}), Agreed(asked="Done", got={"name": "Half"})),
        (Base(item=item()), Agreed(asked={"name": "Half"}, got={"name": "Half"})),
    ],
)
def test_a_status_on_the_way_back_is_ours_to_go_on_from(base: Base, agreed: Agreed) -> None:
    on_the_way = Transition(status="Half", passing=True, conflict=7)
    result = settle(planned(target=item()), base, (), [(on_the_way, Acknowledgement())], complete=False)
    assert (result.agreed, result.item, result.restored, result.written) == ({"status": agreed}, base.item, (), ())


def test_bringing_back_overwrites_no_conflict_of_its_plan() -> None:
    conflict = Conflict(subject="summary", target=Side.RIGHT, left="a", right="b", policy=ConflictPolicy.LEFT, winner=Side.LEFT)
    plan = planned(back()).model_copy(update={"conflicts": (conflict,)})
    assert overwritten(plan, (back(),)) == ()


VALUES = st.sampled_from(["won", "lost", "edited", "other", None])
KNOWN = st.none() | st.builds(Agreed, asked=VALUES, got=VALUES)


@given(there=VALUES, asked=VALUES, known=KNOWN, policy=st.sampled_from(ConflictPolicy))
def test_no_edit_is_ever_written_over(there: str | None, asked: str | None, known: Agreed | None, policy: ConflictPolicy) -> None:
    """Whatever was agreed: the loser takes the place of the winner or of what was made of it only, and every wish comes to an end."""
    base = Base(item=item({"summary": "won"}), agreed={"summary": known} if known else {})
    plan = plan_for({"summary": there}, {"summary": asked}, base=base, policy=policy)
    if back() in plan.steps:
        assert there == "won" or (known is not None and (known.asked, known.got) == ("won", there))
        assert plan.steps == (back(),)
    assert sorted((*plan.restored, *plan.overtaken)) == [7]
    assert plan.send_back or not plan.restored
