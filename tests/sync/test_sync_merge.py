from datetime import datetime

import pytest
from pydantic import JsonValue
from sync_samples import EARLY, LATE, item, judge

from model.agreement import Agreed, Base
from model.configuration import Conflicts
from model.item import Fields
from model.plan import Conflict
from model.words import ConflictPolicy, Side
from sync.merge import Judge, Verdict, changed, merge, partly_reversed, reverse_agreed, verdict

KNOWN = Agreed(asked="old", got="OLD")
BASE = Base(agreed={"summary": KNOWN})


@pytest.mark.parametrize(
    ("theirs", "ours", "known", "expected"),
    [
        pytest.param("old", "OLD", KNOWN, Verdict.KEEP, id="nobody changed it"),
        pytest.param("old", "mine", KNOWN, Verdict.KEEP, id="only the target changed it"),
        pytest.param("new", "OLD", KNOWN, Verdict.WRITE, id="only the source changed it"),
        pytest.param("new", "new", KNOWN, Verdict.AGREE, id="both changed it alike"),
        pytest.param("new", "mine", KNOWN, Verdict.CONFLICT, id="both changed it"),
        pytest.param("new", "OLD", None, Verdict.WRITE, id="unknown, and the target is as it was"),
        pytest.param("new", "new", None, Verdict.AGREE, id="unknown, and alike"),
        pytest.param("new", "mine", None, Verdict.CONFLICT, id="unknown, and the target changed"),
        pytest.param("old \r\n", "mine", KNOWN, Verdict.KEEP, id="raw forms do not count"),
    ],
)
def test_verdict(theirs: str, ours: str, known: Agreed | None, expected: Verdict) -> None:
    assert verdict(theirs, ours, known, "OLD") is expected


@pytest.mark.parametrize(
    ("policy", "source", "source_updated", "winner"),
    [
        (ConflictPolicy.LEFT, Side.LEFT, EARLY, Side.LEFT),
        (ConflictPolicy.LEFT, Side.RIGHT, LATE, Side.LEFT),
        (ConflictPolicy.RIGHT, Side.LEFT, LATE, Side.RIGHT),
        (ConflictPolicy.RIGHT, Side.RIGHT, EARLY, Side.RIGHT),
        (ConflictPolicy.HOLD, Side.LEFT, LATE, None),
        (ConflictPolicy.LATEST, Side.LEFT, LATE, Side.LEFT),
        (ConflictPolicy.LATEST, Side.RIGHT, LATE, Side.RIGHT),
        (ConflictPolicy.LATEST, Side.LEFT, EARLY, Side.LEFT),
        (ConflictPolicy.LATEST, Side.RIGHT, EARLY, Side.LEFT),
    ],
)
def test_policy_names_the_winner(policy: ConflictPolicy, source: Side, source_updated: datetime, winner: Side | None) -> None:
    assert judge(policy, source, source_updated).conflict("summary", "new", "mine").winner is winner


def test_latest_is_the_target_where_it_changed_later() -> None:
    late_target = Judge(Conflicts(), Side.LEFT, EARLY, LATE)
    assert late_target.conflict("summary", "new", "mine").winner is Side.RIGHT


def test_a_propertys_own_policy_comes_before_the_default() -> None:
    conflicts = Conflicts(default=ConflictPolicy.LEFT, properties={"summary": ConflictPolicy.RIGHT})
    one = Judge(conflicts, Side.LEFT, LATE, EARLY)
    assert [one.conflict(subject, "new", "mine").winner for subject in ("summary", "status")] == [Side.RIGHT, Side.LEFT]


@pytest.mark.parametrize(("source", "left", "right"), [(Side.LEFT, "new", "mine"), (Side.RIGHT, "mine", "new")])
def test_a_conflict_records_both_values_on_their_sides(source: Side, left: str, right: str) -> None:
    conflict = judge(source=source).conflict("summary", "new", "mine")
    assert (conflict.left, conflict.right, conflict.target) == (left, right, source.other)


@pytest.mark.parametrize(
    ("subject", "left", "right", "winner"),
    [
        pytest.param("summary", "new", "mine", Side.LEFT, id="the values that the person saw"),
        pytest.param("summary", "new\r\n", "mine ", Side.LEFT, id="in another raw form"),
        pytest.param("summary", "newer", "mine", None, id="left moved on"),
        pytest.param("summary", "new", "other", None, id="right moved on"),
        pytest.param("status", "new", "mine", None, id="another property"),
    ],
)
def test_a_persons_decision_holds_for_the_values_it_was_made_on(subject: str, left: str, right: str, winner: Side | None) -> None:
    seen = Conflict(subject="summary", target=Side.RIGHT, left="new", right="mine", policy=ConflictPolicy.HOLD, winner=Side.LEFT)
    one = Judge(Conflicts(default=ConflictPolicy.HOLD), Side.LEFT, EARLY, EARLY, (seen,))
    assert one.conflict(subject, left, right).winner is winner


def test_a_persons_decision_holds_in_either_direction() -> None:
    seen = Conflict(subject="summary", target=Side.RIGHT, left="new", right="mine", policy=ConflictPolicy.HOLD, winner=Side.LEFT)
    one = Judge(Conflicts(default=ConflictPolicy.HOLD), Side.RIGHT, EARLY, EARLY, (seen,))
    assert one.conflict("summary", "mine", "new").winner is Side.LEFT


@pytest.mark.parametrize(
    ("theirs", "ours", "writes", "agreed"),
    [
        pytest.param("old", "mine", {}, {}, id="the target's own edit stays"),
        pytest.param("new", "new", {}, {"summary": Agreed(asked="new", got="new")}, id="the base moves"),
        pytest.param("new", "OLD", {"summary": "new"}, {"summary": Agreed(asked="new", got="new")}, id="the source's edit is written"),
    ],
)
def test_merge_without_conflict(theirs: str, ours: str, writes: dict[str, str], agreed: dict[str, Agreed]) -> None:
    merged = merge({"summary": theirs}, {"summary": ours}, BASE, judge())
    assert (merged.writes, merged.agreed, merged.conflicts) == (writes, agreed, ())


@pytest.mark.parametrize(
    ("policy", "writes", "agreed"),
    [
        pytest.param(ConflictPolicy.LEFT, {"summary": "new"}, {"summary": Agreed(asked="new", got="new")}, id="the source wins"),
        pytest.param(ConflictPolicy.RIGHT, {}, {"summary": Agreed(asked="new", got="new")}, id="the target wins and still has to travel"),
        pytest.param(ConflictPolicy.HOLD, {}, {}, id="held: nothing is agreed"),
    ],
)
def test_merge_of_a_conflict(policy: ConflictPolicy, writes: dict[str, str], agreed: dict[str, Agreed]) -> None:
    merged = merge({"summary": "new"}, {"summary": "mine"}, BASE, judge(policy))
    assert (merged.writes, merged.agreed, len(merged.conflicts)) == (writes, agreed, 1)


def test_only_what_the_rule_set_is_merged() -> None:
    assert merge({}, {"summary": "mine"}, BASE, judge()).writes == {}


def test_without_an_agreement_the_last_state_of_the_target_tells_whether_it_changed() -> None:
    merged = merge({"summary": "new"}, {"summary": "mine"}, Base(item=item({"summary": "mine"})), judge())
    assert (merged.writes, merged.conflicts) == ({"summary": "new"}, ())


@pytest.mark.parametrize(
    ("base", "asked", "asked_now", "value", "expected"),
    [
        pytest.param(BASE, "new", "new", "NEW", Agreed(asked="new", got="NEW"), id="settled"),
        pytest.param(BASE, "old", "edit", "mine", KNOWN, id="both have outstanding edits: the base stays"),
        pytest.param(BASE, "old", "edit", "OLD", Agreed(asked="old", got="OLD"), id="only the target has one"),
        pytest.param(Base(), "old", "edit", "mine", Agreed(asked="old", got=None), id="never agreed: what was before"),
    ],
)
def test_the_sources_own_base(base: Base, asked: JsonValue, asked_now: JsonValue, value: JsonValue, expected: Agreed) -> None:
    assert reverse_agreed(base, {"summary": asked}, {"summary": asked_now}, {"summary": value}) == {"summary": expected}


def test_an_edit_of_the_target_that_was_sent_before_is_still_to_come() -> None:
    """The conflict that kept it away has gone, since the source went back to what it had."""
    base = Base(item=item({"summary": "OLD"}), agreed={"summary": Agreed(asked="old", got="OLD")})
    agreed = reverse_agreed(base, {"summary": "edit"}, {"summary": "edit"}, {"summary": "OLD"}, (), {"summary"})
    assert agreed == {"summary": Agreed(asked="old", got="OLD")}


@pytest.mark.parametrize(("value", "found"), [("old", Verdict.WRITE), ("mine", Verdict.CONFLICT)])
def test_an_edit_of_the_target_that_a_first_sync_sent_in_vain_is_still_to_come(value: str, found: Verdict) -> None:
    """It met a conflict before the two ever agreed on the property."""
    base = Base(item=item({"summary": "old"}))
    agreed = reverse_agreed(base, {"summary": "edit"}, {"summary": "edit"}, {"summary": value}, (), {"summary"})
    assert agreed == {"summary": Agreed(asked="old", got="old")}
    assert verdict("edit", value, agreed["summary"], "old") is found


def test_the_source_of_a_lost_conflict_takes_whatever_the_winner_has() -> None:
    agreed = reverse_agreed(BASE, {"summary": "old"}, {"summary": "old"}, {"summary": "mine"}, {"summary"})
    assert agreed == {"summary": Agreed(asked="mine", got="mine")}
    assert verdict("old", "mine", agreed["summary"], "mine") is Verdict.WRITE


@pytest.mark.parametrize(("base", "known"), [(BASE, KNOWN), (Base(item=item({"summary": "OLD"})), Agreed(asked="old", got="OLD"))])
def test_what_is_in_a_held_conflict_is_not_agreed_whatever_the_rule_says_of_it(base: Base, known: Agreed) -> None:
    agreed = reverse_agreed(base, {"summary": "old"}, {"summary": "old"}, {"summary": "mine"}, held={"summary"})
    assert agreed == {"summary": known}
    assert verdict("theirs", "mine", agreed["summary"], known.got) is Verdict.CONFLICT


def test_the_sources_own_base_has_only_what_its_rule_sets() -> None:
    assert reverse_agreed(BASE, {}, {}, {"summary": "mine"}) == {}


def test_after_a_part_only_what_arrived_is_agreed() -> None:
    base = Base(agreed={"summary": KNOWN, "status": Agreed(asked="Open", got="Open")})
    wished: Fields = {"summary": "new", "status": "Open", "labels": []}
    agreed = partly_reversed(base, wished, wished, {"summary": "NEW", "status": "Done"})
    assert agreed == {"summary": Agreed(asked="new", got="NEW"), "status": Agreed(asked="Open", got="Open")}


def test_a_status_on_the_way_is_asked_for_and_what_the_source_has_is_still_to_arrive() -> None:
    base = Base(agreed={"summary": KNOWN, "status": Agreed(asked="Open", got="Open")})
    agreed = partly_reversed(
        base, {"summary": "new", "status": "Doing"}, {"summary": "new", "status": "Done"}, {"summary": "NEW", "status": "Done"}
    )
    assert agreed == {"summary": Agreed(asked="new", got="NEW"), "status": Agreed(asked="Doing", got="Open")}


def test_what_differs_is_changed() -> None:
    assert changed({"summary": "old", "labels": ["a"]}, {"summary": "old", "labels": ["b"], "status": "Open"}) == {"labels", "status"}
