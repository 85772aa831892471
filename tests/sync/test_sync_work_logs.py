"""Work logs: what changed on the source, and what becomes of it on the target."""

import pytest
from sync_samples import EARLY, abilities, item, judge, situation, work_log, work_pair

from model.agreement import Trace
from model.errors import Refused
from model.item import Fields, Item, Work, WorkLog, work_of
from model.journal import Intent
from model.plan import Acknowledgement, AddWorkLog, DeleteWorkLog, EditWorkLog, Plan
from model.words import ChildKind, ConflictPolicy, IntentStatus, Side
from sync.children import ChildPlan, Delta, delta
from sync.pairing import agreed_item, pair_children
from sync.plan import Wishes, make_plan
from sync.settle import settle
from sync.work_logs import WorkWish, plan_work_logs
from sync.work_parts import changed_parts, worked

HOUR, TWO_HOURS = work_log("LW"), work_log("LW", spent=7200)


def sent(log: WorkLog) -> Fields:
    return {"id": log.id, "startDate": int(log.started.timestamp() * 1000), "timeSpent": log.spent, "comment": log.comment or None}


def found(now: Item, *traces: Trace, side: Side = Side.LEFT) -> Delta:
    return delta(ChildKind.WORK_LOG, [sent(log) for log in now.work_logs], now, side, traces)


def planned(
    wishes: list[WorkWish], changes: Delta, target: Item | None, *traces: Trace, policy: ConflictPolicy = ConflictPolicy.LEFT
) -> ChildPlan:
    return plan_work_logs(wishes, changes, target, Side.RIGHT, traces, judge(policy), rule_prefix="rule:1")


def wish(log: WorkLog, source_id: str = "") -> WorkWish:
    return WorkWish(log.id, source_id, Work(started=log.started, spent=log.spent, comment=log.comment))


def test_a_new_one_is_added_and_our_own_is_not() -> None:
    changes = found(item(work_logs=(HOUR, work_log("ours", marker="op1"))))
    assert [one["id"] for one in changes.added] == ["LW"]
    [step] = planned([WorkWish("", "LW", HOUR)], changes, item()).steps
    assert isinstance(step, AddWorkLog)
    assert (step.source_id, step.source_text, step.of_rule) == ("LW", HOUR.text, False)


def test_one_that_the_rule_wrote_has_no_original() -> None:
    [step] = planned([WorkWish("", "", TWO_HOURS)], Delta(), item()).steps
    assert isinstance(step, AddWorkLog)
    assert (step.source_id, step.of_rule) == ("rule:1:0", True)


def test_one_that_is_not_new_is_not_added_again() -> None:
    assert planned([WorkWish("", "LW", HOUR)], Delta(), item()).steps == ()


def test_an_edit_is_carried_over() -> None:
    changes = found(item(work_logs=(TWO_HOURS,)), work_pair())
    wished = wish(work_log("RW", spent=7200), "LW")
    [step] = planned([wished], changes, item(work_logs=(work_log("RW"),)), work_pair()).steps
    assert isinstance(step, EditWorkLog)
    assert (step.log_id, step.work.spent, step.subject) == ("RW", 7200, "work log LW")


def test_what_is_there_already_is_agreed() -> None:
    changes = found(item(work_logs=(TWO_HOURS,)), work_pair())
    there = work_log("RW", spent=7200)
    plan = planned([wish(there, "LW")], changes, item(work_logs=(there,)), work_pair())
    assert plan.steps == ()
    assert [(one.left, one.right) for one in plan.kept] == [(TWO_HOURS.text, there.text)]


@pytest.mark.parametrize(
    ("policy", "steps", "kept"), [(ConflictPolicy.LEFT, 1, 0), (ConflictPolicy.RIGHT, 0, 1), (ConflictPolicy.HOLD, 0, 0)]
)
def test_edits_on_both_sides_are_a_conflict(policy: ConflictPolicy, steps: int, kept: int) -> None:
    changes = found(item(work_logs=(TWO_HOURS,)), work_pair())
    target = item(work_logs=(work_log("RW", spent=60),))
    plan = planned([wish(work_log("RW", spent=7200), "LW")], changes, target, work_pair(), policy=policy)
    assert [one.subject for one in plan.conflicts] == ["work log LW"]
    assert (len(plan.steps), len(plan.kept)) == (steps, kept)


def test_a_removal_is_carried_over() -> None:
    changes = found(item(), work_pair())
    [step] = planned([], changes, item(work_logs=(work_log("RW"),)), work_pair()).steps
    assert step == DeleteWorkLog(source_id="LW", log_id="RW")


def test_a_copy_that_was_edited_outlives_its_original() -> None:
    plan = planned([], found(item(), work_pair()), item(work_logs=(work_log("RW", spent=60),)), work_pair())
    assert plan.steps == ()
    assert [one.released for one in plan.kept] == [True]
    assert [one.winner for one in plan.conflicts] == [Side.RIGHT]


def test_of_an_edited_copy_only_what_changed_travels_back() -> None:
    """Here the copy has only the day, and names the author."""
    original = WorkLog(id="LW", started=EARLY.replace(hour=9), spent=3600, comment="Repair")
    copy = work_log("RW", comment="Ann: Repair")
    edited = copy.model_copy(update={"spent": 60})
    changes = found(item(work_logs=(edited,)), work_pair(left=original, right=copy), side=Side.RIGHT)
    [change] = changes.changed
    assert work_of(change) == Work(started=original.started, spent=60, comment="Repair")
    assert changes.texts == {"RW": edited.text}


def test_the_text_of_work_tells_all_of_it() -> None:
    work = Work(started=EARLY, spent=60, comment="One\n\nTwo")
    assert Work.parsed(work.text) == work


def test_a_record_without_time_is_refused() -> None:
    with pytest.raises(Refused, match="work log '7' of the replica has no start or no time spent"):
        work_of({"id": "7", "timeSpent": 60})


def test_each_step_becomes_part_of_the_base() -> None:
    base = item(work_logs=(work_log("RX"), work_log("RW")))
    traces = (work_pair(), work_pair(left=work_log("LX"), right=work_log("RX")))
    plan = Plan(source=Side.LEFT, target=base)
    steps = (
        (AddWorkLog(source_id="LN", source_text=HOUR.text, work=HOUR), Acknowledgement(id="RN", text=HOUR.text)),
        (
            EditWorkLog(source_id="LW", source_text=TWO_HOURS.text, log_id="RW", work=TWO_HOURS, pair="LW"),
            Acknowledgement(id="RW", text=TWO_HOURS.text),
        ),
        (DeleteWorkLog(source_id="LX", log_id="RX"), Acknowledgement(id="RX")),
    )
    settled = settle(plan, situation(base).state.right.model_copy(update={"item": base}), traces, steps, complete=True)
    assert settled.item is not None
    assert [(one.id, one.spent) for one in settled.item.work_logs] == [("RW", 7200), ("RN", 3600)]
    assert [(one.left_id, one.right_id, one.right) for one in settled.kept] == [("LN", "RN", HOUR.text), ("LW", "RW", TWO_HOURS.text)]
    assert [one.left_id for one in settled.dropped] == ["LX"]
    assert settled.written == ("work log LN", "work log LW", "work log LX")


def test_a_late_answer_to_an_edit_of_a_former_pair_is_of_no_account() -> None:
    edit = EditWorkLog(source_id="LW", source_text="", log_id="RW", work=HOUR, pair="LW")
    settled = settle(
        Plan(source=Side.LEFT, target=item()), situation(item()).state.right, (), ((edit, Acknowledgement(id="RW")),), complete=False
    )
    assert settled.written == ()


def test_items_that_become_a_pair_share_equal_work() -> None:
    left, right = item(work_logs=(HOUR, work_log("L2", spent=60))), item(work_logs=(work_log("RW"), work_log("R3", spent=120)))
    traces = pair_children(left, right, (), ())
    assert [(one.left_id, one.right_id) for one in traces] == [("LW", "RW")]
    assert [one.id for one in agreed_item(right, Side.RIGHT, traces).work_logs] == ["RW"]


def described(log: WorkLog, **changed: str | None) -> Fields:
    return {**sent(log), "author": {"displayName": "Ann Archer"}, **changed}


def traced(original: WorkLog, copy: WorkLog) -> Trace:
    return worked(Side.LEFT, original.id, copy.id, original.text, copy.text)


@pytest.mark.parametrize(
    ("original", "copy", "line"),
    [
        ("Repair", "Ann logged: Repair", "Ann logged: "),
        ("Of the\n\npump", "Ann logged:\n\nOf the\n\npump", "Ann logged: "),
        ("Of the\n\npump", "Ann logged: Of the pump", "Ann logged: "),
        ("", "Ann logged:", "Ann logged:"),
        ("Repair", "Repair", ""),
        ("Repair", "Repair by Ann", ""),
    ],
)
def test_what_a_copy_begins_with_is_known(original: str, copy: str, line: str) -> None:
    assert traced(work_log("LW", comment=original), work_log("RW", comment=copy)).line == line


@pytest.mark.parametrize(
    ("copy", "comment"),
    [
        ("Ann logged: Other words", "Other words"),
        ("Ann  logged:\n\nOther\nwords", "Other\nwords"),
        ("Ann logged:", None),
        ("Somebody's words", "Somebody's words"),
    ],
)
def test_the_words_of_a_copy_travel_back_without_the_authors_name(copy: str, comment: str | None) -> None:
    trace = traced(work_log("LW", comment="Repair"), work_log("RW", comment="Ann logged: Repair"))
    changed = changed_parts(described(work_log("RW", comment=copy)), trace, Side.RIGHT)
    assert (changed["comment"], changed["ours"]) == (comment, True)


@pytest.mark.parametrize(
    ("copied", "now", "comment"),
    [
        ("Ann logged: Richer **words**", "Words", "Richer **words**"),
        ("Ann logged: Richer **words**", "Other", "Other"),
        ("Words by Ann", "Words", "Words"),
    ],
)
def test_unchanged_words_of_an_original_are_those_of_its_copy(copied: str, now: str, comment: str) -> None:
    trace = traced(work_log("LW", comment="Words"), work_log("RW", comment="Ann logged: Words"))
    trace = trace.with_texts(Side.LEFT, trace.left, work_log("RW", comment=copied).text)
    if not copied.startswith("Ann logged:"):
        trace = trace.model_copy(update={"line": ""})
    changed = changed_parts(described(work_log("LW", spent=60, comment=now)), trace, Side.LEFT)
    assert (changed["comment"], changed["timeSpent"], "ours" in changed) == (comment, 60, False)


@pytest.mark.parametrize("steps", [1, 0])
def test_where_none_are_kept_that_is_told_once(steps: int) -> None:
    wishes = Wishes(fields={}, work_logs=(WorkWish("", "LW", HOUR),) * steps)
    plan = make_plan(situation(item(), can=abilities(work_logs=False), work_logs=found(item(work_logs=(HOUR,)))), wishes)
    assert plan.steps == plan.traces == plan.conflicts == ()
    told = "acme-jira keeps no work logs: work log LW stays on its own side; leave issue.workLogs alone in the incoming rule"
    assert plan.notes == (told,) * steps


ANN = {"displayName": "Ann Archer", "username": "ann"}


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("Repair", "Ann Archer logged: Repair"),
        ("Of the\n\npump", "ann logged: Of the pump"),
        ("", "Ann Archer logged:"),
    ],
)
def test_a_copy_that_names_the_author_finds_its_original(here: str, there: str) -> None:
    original = WorkLog(id="LW", started=EARLY.replace(hour=9), spent=3610, comment=here, author=dict(ANN))
    copy = WorkLog(id="RW", started=EARLY.replace(hour=12), spent=3600, comment=there)
    for left, right, origin in ((original, copy, Side.LEFT), (copy, original, Side.RIGHT)):
        [trace] = pair_children(item(work_logs=(left,)), item(work_logs=(right,)), (), ())
        assert (trace.origin, trace.line.rstrip()) == (origin, there[: there.index(":") + 1])


def test_a_marker_finds_the_original() -> None:
    step = AddWorkLog(source_id="LW", source_text=HOUR.text, work=HOUR)
    intent = Intent(op="op1", twin="t0", target=Side.RIGHT, step=step, status=IntentStatus.OPEN, created=EARLY)
    copy = work_log("RW", spent=60, comment="Edited", marker="op1")
    [trace] = pair_children(item(work_logs=(TWO_HOURS,)), item(work_logs=(copy,)), (), (intent,))
    assert (trace.left_id, trace.right_id, trace.left) == ("LW", "RW", HOUR.text)


@pytest.mark.parametrize(("released", "spent"), [(False, 3600), (True, 60)])
def test_an_edit_made_while_the_pair_was_apart_looks_new(*, released: bool, spent: int) -> None:
    edited = item(work_logs=(work_log("RW", spent=60),))
    agreed = agreed_item(edited, Side.RIGHT, (work_pair().model_copy(update={"released": released}),))
    assert [one.spent for one in agreed.work_logs] == [spent]


def test_a_copy_that_was_moved_to_another_day_takes_its_original_along() -> None:
    original, copy = WorkLog(id="LW", started=EARLY.replace(hour=9), spent=3610), work_log("RW")
    moved = copy.model_copy(update={"started": EARLY.replace(day=5)})
    assert work_of(changed_parts(described(moved), traced(original, copy), Side.RIGHT)) == Work(started=EARLY.replace(day=5), spent=3610)
