import pytest
from sync_samples import comment_pair, file_pair, item, judge, planned, work_log, work_pair

from model.agreement import Agreed, Base, Trace
from model.item import Attachment, Comment, Fields, Item, ItemRef
from model.plan import (
    Acknowledgement,
    AddAttachment,
    AddComment,
    CreateItem,
    DeleteAttachment,
    DeleteComment,
    EditComment,
    Plan,
    RuleCall,
    Step,
    Transition,
    UpdateItem,
)
from model.words import ChildKind, ConflictPolicy, Side
from sync.settle import (
    Settled,
    arrived,
    holds_already,
    outcome_of_update,
    outstanding,
    overwritten,
    pending_values,
    settle,
    values_of_ours,
)

UPDATE = UpdateItem(fields={"summary": "anvil"})
EDIT = EditComment(source_id="L1", source_text="Bye", comment_id="R1", body="Ann: Bye")
COMMENT = Comment(id="R1", body="Hello")
FILE = Attachment(id="RF", filename="a.txt")
BEFORE = item({"summary": "old", "status": {"name": "Open"}}, comments=(COMMENT,), attachments=(FILE,))
BASE = Base(item=BEFORE, agreed={"summary": Agreed(asked="old", got="old")})
TRACES = (comment_pair(), file_pair())


def settled(step: Step, done: Acknowledgement, *, base: Base = BASE) -> Settled:
    return settle(planned(step), base, TRACES, [(step, done)], complete=True)


def on_record(result: Settled) -> Item:
    assert result.item is not None
    return result.item


def test_what_the_platform_made_of_our_value_is_the_base() -> None:
    result = settled(UPDATE, Acknowledgement(version="v2", fields={"summary": "ANVIL"}))
    assert result.agreed["summary"] == Agreed(asked="anvil", got="ANVIL")
    assert (on_record(result).fields["summary"], on_record(result).version) == ("ANVIL", "v2")


def test_where_the_platform_does_not_tell_our_value_is_the_base() -> None:
    result = settled(UPDATE, Acknowledgement())
    assert result.agreed["summary"] == Agreed(asked="anvil", got="anvil")


def test_what_else_the_answer_shows_is_not_taken_for_agreed() -> None:
    result = settled(UPDATE, Acknowledgement(fields={"summary": "anvil", "status": {"name": "Done"}}))
    assert on_record(result).fields["status"] == {"name": "Open"}


def test_a_transition_settles_the_status() -> None:
    result = settled(Transition(status="Done"), Acknowledgement(fields={"status": {"name": "Done", "id": "3"}}))
    assert result.agreed["status"] == Agreed(asked={"name": "Done"}, got={"name": "Done", "id": "3"})
    assert result.written == ("status",)


def test_without_a_base_the_target_as_planned_for_is_the_start() -> None:
    plan = planned(UPDATE, target=BEFORE)
    result = settle(plan, Base(), (), [(UPDATE, Acknowledgement(fields={"summary": "ANVIL"}))], complete=True)
    assert on_record(result).fields == {"summary": "ANVIL", "status": {"name": "Open"}}


def test_writes_are_settled_without_any_known_item() -> None:
    result = settled(UPDATE, Acknowledgement(fields={"summary": "ANVIL"}), base=Base())
    assert (result.item, result.agreed["summary"].got) == (None, "ANVIL")


CREATE = CreateItem(fields={"summary": "anvil"})
READ = item({"summary": "ANVIL", "priority": {"name": "Medium"}, "created": 1, "updated": 1})


def test_a_created_item_is_known_as_read_back() -> None:
    result = settled(CREATE, Acknowledgement(id="7", key="ACME-7", url="u", item=READ), base=Base())
    assert result.ref == ItemRef(id="7", key="ACME-7", url="u")
    assert on_record(result).fields == READ.fields
    assert result.agreed == {"summary": Agreed(asked="anvil", got="ANVIL")}


def test_a_created_item_that_cannot_be_read_back_is_settled_as_asked() -> None:
    result = settled(CREATE, Acknowledgement(id="7"), base=Base())
    assert (result.item, result.agreed) == (None, {"summary": Agreed(asked="anvil", got="anvil")})


DELETE = DeleteComment(source_id="L1", comment_id="R1")
DELETE_FILE = DeleteAttachment(source_id="LF", attachment_id="RF")


@pytest.mark.parametrize(
    ("step", "known"),
    [
        pytest.param(EDIT, (file_pair(),), id="an edited comment"),
        pytest.param(DELETE, (file_pair(),), id="a deleted comment"),
        pytest.param(DELETE_FILE, (comment_pair(),), id="a deleted file"),
    ],
)
def test_what_was_done_to_a_copy_that_is_no_longer_paired_changes_nothing(step: Step, known: tuple[Trace, ...]) -> None:
    done = [(step, Acknowledgement(id="R1", text="Ann: Bye")), (UPDATE, Acknowledgement())]
    result = settle(planned(step, UPDATE), BASE, known, done, complete=False)
    assert (result.kept, result.dropped, result.written) == ((), (), ("summary",))
    assert (on_record(result).comments, on_record(result).attachments) == (BEFORE.comments, BEFORE.attachments)


ADD = AddComment(source_id="L2", source_text="Hello", body="Ann: Hello", internal=True)


def test_an_added_comment_is_paired_with_what_the_platform_made_of_it() -> None:
    result = settled(ADD, Acknowledgement(id="R2", text="ANN: HELLO"))
    assert result.kept == (Trace.pair(ChildKind.COMMENT, Side.LEFT, "L2", "R2", "Hello", "ANN: HELLO"),)
    assert on_record(result).comments == (COMMENT, Comment(id="R2", body="ANN: HELLO", internal=True, marker="ours"))


def test_a_comment_of_the_rule_itself_is_never_seen_as_removed() -> None:
    result = settled(ADD.model_copy(update={"of_rule": True}), Acknowledgement(id="R2", text="Hello"))
    assert [trace.released for trace in result.kept] == [True]


def test_an_edited_comment_has_its_new_texts() -> None:
    result = settled(EDIT, Acknowledgement(id="R1", text="ANN: BYE"))
    assert result.kept == (comment_pair(left="Bye", right="ANN: BYE"),)
    assert on_record(result).comments == (Comment(id="R1", body="ANN: BYE"),)


def test_only_the_edited_comment_has_a_new_text() -> None:
    other = Comment(id="R9", body="Other")
    base = Base(item=BEFORE.model_copy(update={"comments": (COMMENT, other)}))
    assert on_record(settled(EDIT, Acknowledgement(text="Bye"), base=base)).comments[1] == other


def test_a_deleted_comment_is_forgotten() -> None:
    result = settled(DELETE, Acknowledgement(id="R1"))
    assert (result.dropped, on_record(result).comments) == ((comment_pair(),), ())


def test_a_copied_file_is_paired() -> None:
    source = Attachment(id="L3", filename="b.txt", size=3)
    result = settled(AddAttachment(source=source), Acknowledgement(id="R3", url="u", text="b_.txt"))
    assert result.kept == (Trace.pair(ChildKind.ATTACHMENT, Side.LEFT, "L3", "R3", "b.txt", "b_.txt"),)
    assert [(one.id, one.location, one.marker) for one in on_record(result).attachments] == [("RF", "", None), ("R3", "u", "ours")]


def test_a_deleted_file_is_forgotten() -> None:
    result = settled(DeleteAttachment(source_id="LF", attachment_id="RF"), Acknowledgement(id="RF"))
    assert (result.dropped, on_record(result).attachments) == ((file_pair(),), ())


@pytest.mark.parametrize("step", [ADD, AddAttachment(source=Attachment(id="L3", filename="b.txt"))])
def test_children_are_settled_without_any_known_item(step: Step) -> None:
    result = settled(step, Acknowledgement(id="R2"), base=Base())
    assert (result.item, len(result.kept)) == (None, 1)


def test_a_call_of_a_rule_is_part_of_no_base() -> None:
    call = RuleCall(name="http", arguments=("PUT", "/x", None, None, None))
    assert settled(call, Acknowledgement(id="R2")).item == BASE.item


def test_what_was_written_is_named() -> None:
    done = [(step, Acknowledgement()) for step in (UpdateItem(fields={"b": 1, "a": 2}), EDIT)]
    assert settle(planned(), BASE, TRACES, done, complete=True).written == ("a", "b", "comment L1")


def conflicting(policy: ConflictPolicy, *steps: Step) -> Plan:
    one = judge(policy)
    agreed = {"summary": Agreed(asked="anvil", got="old")} if policy is ConflictPolicy.RIGHT else {}
    conflicts = (one.conflict("summary", "anvil", "mine"), one.conflict("comment L1", "Bye", "Mine"))
    return Plan(source=Side.LEFT, target=item({"summary": "mine"}), steps=steps, conflicts=conflicts, agreed=agreed)


@pytest.mark.parametrize("policy", [ConflictPolicy.RIGHT, ConflictPolicy.HOLD])
@pytest.mark.parametrize(
    "base",
    [
        pytest.param(BASE, id="known as it was"),
        pytest.param(BASE.model_copy(update={"item": item({"summary": "mine"})}), id="known with the edit"),
        pytest.param(Base(item=BEFORE), id="known without an agreement"),
    ],
)
def test_an_edit_of_the_target_that_is_outstanding_is_not_part_of_its_base(policy: ConflictPolicy, base: Base) -> None:
    assert on_record(settle(conflicting(policy), base, (), [], complete=True)).fields["summary"] == "old"


@pytest.mark.parametrize(
    ("policy", "agreed", "source_base", "subjects"),
    [
        pytest.param(ConflictPolicy.HOLD, {}, Base(), ["comment L1", "summary"], id="in a held conflict"),
        pytest.param(ConflictPolicy.LEFT, {"summary": Agreed(asked="a", got="b")}, BASE, [], id="settled by the plan"),
        pytest.param(ConflictPolicy.LEFT, {}, BASE, ["summary"], id="not asked for"),
        pytest.param(ConflictPolicy.LEFT, {}, Base(), [], id="not asked for by a source that was never in line"),
    ],
)
def test_an_edit_of_the_target_is_outstanding_until_the_two_agree_on_it(
    policy: ConflictPolicy, agreed: dict[str, Agreed], source_base: Base, subjects: list[str]
) -> None:
    plan = conflicting(policy).model_copy(update={"agreed": agreed})
    assert sorted(outstanding(plan, item({"summary": "mine"}), BASE, source_base)) == subjects


def test_what_the_target_kept_as_it_was_is_not_outstanding() -> None:
    assert outstanding(planned(), item({"summary": "old"}), BASE, BASE) == set()


def test_what_two_items_differ_in_when_they_first_meet_is_not_part_of_a_base() -> None:
    assert on_record(settle(conflicting(ConflictPolicy.HOLD), Base(), (), [], complete=True)).fields == {"summary": None}


def test_all_conflicts_of_a_complete_plan_are_recorded() -> None:
    plan = conflicting(ConflictPolicy.LEFT)
    assert settle(plan, BASE, (), [], complete=True).conflicts == plan.conflicts


@pytest.mark.parametrize(
    ("steps", "subjects"),
    [
        pytest.param((), [], id="nothing"),
        pytest.param((UPDATE,), ["summary"], id="a property"),
        pytest.param((EDIT,), ["comment L1"], id="a comment"),
        pytest.param((Transition(status="Done"), ADD), [], id="something else"),
    ],
)
def test_conflicts_whose_loser_was_overwritten_are_on_record(steps: tuple[Step, ...], subjects: list[str]) -> None:
    assert [one.subject for one in overwritten(conflicting(ConflictPolicy.LEFT), steps)] == subjects


def test_of_a_plan_done_in_part_the_conflicts_that_overwrote_something_are_recorded() -> None:
    result = settle(conflicting(ConflictPolicy.LEFT), BASE, (), [(UPDATE, Acknowledgement())], complete=False)
    assert [one.subject for one in result.conflicts] == ["summary"]


IN_PART = Plan(
    source=Side.LEFT,
    target=BEFORE,
    agreed={"summary": Agreed(asked="anvil", got="anvil"), "status": Agreed(asked={"name": "Done"}, got={"name": "Done"})},
    traces=(comment_pair(left="Bye"),),
    dropped=(file_pair(),),
)


def test_of_a_plan_done_in_part_only_what_was_written_is_agreed() -> None:
    result = settle(IN_PART, BASE, TRACES, [(UPDATE, Acknowledgement())], complete=False)
    assert set(result.agreed) == {"summary"}
    assert on_record(result).fields == {"summary": "anvil", "status": {"name": "Open"}}
    assert (result.kept, result.dropped) == ((), ())


def test_of_a_complete_plan_all_is_agreed() -> None:
    result = settle(IN_PART, BASE, TRACES, [(UPDATE, Acknowledgement())], complete=True)
    assert on_record(result).fields == {"summary": "anvil", "status": {"name": "Done"}}
    assert (result.kept, result.dropped) == (IN_PART.traces, IN_PART.dropped)


def test_the_source_of_a_plan_done_in_part_is_known_with_what_has_arrived() -> None:
    old = item(
        {"summary": "old", "status": "Open"}, comments=(Comment(id="L1", body="Hello"),), attachments=(Attachment(id="LF", filename="f"),)
    )
    now = item(
        {"summary": "new", "status": "Done"},
        comments=(Comment(id="L1", body="Bye"), Comment(id="L2", body="Unsent")),
        attachments=(Attachment(id="L3", filename="g"),),
    )
    kept = (comment_pair(left="Bye"), Trace.pair(ChildKind.ATTACHMENT, Side.LEFT, "L3", "R3", "g", "g"))
    result = Settled(item=None, agreed={}, kept=kept, dropped=(file_pair(),), written=(), conflicts=(), ref=None)
    known = arrived(Base(item=old), {"summary": Agreed(asked="NEW", got="new")}, now, result, Side.LEFT)
    assert known is not None
    assert known.fields == {"summary": "new", "status": "Open"}
    assert ([one.body for one in known.comments], [one.id for one in known.attachments]) == (["Bye"], ["L3"])


def test_a_source_that_was_never_in_line_stays_unknown_after_a_part() -> None:
    assert arrived(Base(), {}, BEFORE, settle(planned(), BASE, (), [], complete=False), Side.LEFT) is None


def test_pending_values_are_the_last_ones_sent() -> None:
    steps = [UpdateItem(fields={"summary": "a", "labels": []}), UpdateItem(fields={"summary": "b"}), Transition(status="Done"), ADD]
    assert pending_values(steps) == {"summary": "b", "labels": [], "status": {"name": "Done"}}


@pytest.mark.parametrize(
    ("step", "before", "now", "outcome"),
    [
        pytest.param(UPDATE, BEFORE, item({"summary": "anvil "}), True, id="it is there"),
        pytest.param(UPDATE, BEFORE, item({"summary": "old"}), False, id="it is as before"),
        pytest.param(UPDATE, BEFORE, item({"summary": "mine"}), None, id="a person's edit hides it"),
        pytest.param(UPDATE, None, item({"summary": "old"}), None, id="nobody knows what was before"),
        pytest.param(Transition(status="Done"), BEFORE, item({"status": {"name": "Done", "id": "3"}}), True, id="the status is there"),
        pytest.param(Transition(status="Done"), BEFORE, item({"status": {"name": "Open"}}), False, id="the status is as before"),
        pytest.param(UpdateItem(fields={"summary": "a", "x": 1}), BEFORE, item({"summary": "a"}), None, id="only a part is there"),
    ],
)
def test_outcome_of_an_unconfirmed_update(step: UpdateItem | Transition, before: Item | None, now: Item, outcome: bool | None) -> None:
    assert outcome_of_update(step, before, now) is outcome


BOTH = UpdateItem(fields={"summary": "anvil", "labels": ["ours"]})
BOTH_BEFORE = item({"summary": "old", "labels": ["before"]})


@pytest.mark.parametrize(
    ("now", "outcome"),
    [
        pytest.param({"summary": "anvil", "labels": ["theirs"]}, True, id="one was edited since"),
        pytest.param({"summary": "anvil", "labels": ["before"]}, None, id="one is as before"),
        pytest.param({"summary": "old", "labels": ["theirs"]}, None, id="one was edited, the other is as before"),
        pytest.param({"summary": "hammer", "labels": ["theirs"]}, None, id="both were edited"),
    ],
)
def test_an_update_of_several_properties_is_made_as_a_whole(now: Fields, outcome: bool | None) -> None:
    assert outcome_of_update(BOTH, BOTH_BEFORE, item(now)) is outcome


def test_what_was_edited_since_counts_as_it_was_asked() -> None:
    assert values_of_ours(BOTH, item({"summary": "anvil ", "labels": ["theirs"]})) == {"summary": "anvil ", "labels": ["ours"]}


def test_a_value_that_was_there_before_proves_nothing() -> None:
    before = item({"summary": "anvil", "labels": ["before"]})
    assert outcome_of_update(BOTH, before, item({"summary": "anvil", "labels": ["theirs"]})) is None


@pytest.mark.parametrize(
    ("step", "fields"),
    [
        pytest.param(UPDATE, {"summary": "anvil"}, id="a property"),
        pytest.param(Transition(status="Open"), {"status": {"name": "Open", "id": "1"}}, id="the status"),
        pytest.param(UpdateItem(fields={"due": None}), {"due": None}, id="an empty property that the platform does not show"),
    ],
)
def test_what_a_new_item_has_already_need_not_be_sent(step: Step, fields: Fields) -> None:
    done = holds_already(step, item({"summary": "anvil", "status": {"name": "Open", "id": "1"}}))
    assert done is not None
    assert (done.id, done.version, done.fields) == ("1", "", fields), "the version is not one that a write of ours made"


@pytest.mark.parametrize("step", [UPDATE, Transition(status="Done"), ADD])
def test_what_a_new_item_has_not_yet_must_be_sent(step: Step) -> None:
    assert holds_already(step, BEFORE) is None


@pytest.mark.parametrize("edited", [ChildKind.COMMENT, ChildKind.WORK_LOG])
def test_a_child_in_which_the_target_won_is_new_when_its_own_turn_comes(edited: ChildKind) -> None:
    before = work_log("RW")
    won = {
        ChildKind.COMMENT: (comment_pair(right="Good morning"), work_pair()),
        ChildKind.WORK_LOG: (comment_pair(), work_pair(right=work_log("RW", spent=7200))),
    }
    plan = planned().model_copy(update={"traces": won[edited]})
    known = on_record(settle(plan, Base(item=item(comments=(COMMENT,), work_logs=(before,))), (), [], complete=True))
    kept = {ChildKind.COMMENT: known.comments, ChildKind.WORK_LOG: known.work_logs}
    assert kept == {ChildKind.COMMENT: (COMMENT,), ChildKind.WORK_LOG: (before,), edited: ()}
