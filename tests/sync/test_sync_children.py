import pytest
from sync_samples import comment_pair, file_pair, item, judge

from model.agreement import Trace
from model.item import Attachment, Comment, Fields, Item
from model.plan import AddAttachment, AddComment, DeleteAttachment, DeleteComment, EditComment
from model.words import ChildKind, ConflictPolicy, Side
from sync.children import ChildPlan, Delta, Wish, delta, plan_attachments, plan_comments

FILE = Attachment(id="LF", filename="a.txt")


def left_delta(sent: list[Fields], *traces: Trace, source: Item | None = None) -> Delta:
    comments = tuple(Comment(id=str(one["id"]), body=str(one["body"])) for one in sent)
    return delta(ChildKind.COMMENT, sent, source or item(comments=comments), Side.LEFT, traces)


def comments_plan(
    wishes: list[Wish],
    found: Delta,
    target: Item | None,
    *traces: Trace,
    policy: ConflictPolicy = ConflictPolicy.LATEST,
    internal: frozenset[str] = frozenset(),
    carries_internal: bool = True,
) -> ChildPlan:
    """From left to right."""
    return plan_comments(
        wishes, found, target, Side.RIGHT, traces, judge(policy), internal, carries_internal=carries_internal, rule_prefix="rule:left:1"
    )


def with_comment(body: str = "Hello", *, internal: bool = False) -> Item:
    return item(comments=(Comment(id="R1", body=body, internal=internal),))


def test_an_unpaired_comment_is_added() -> None:
    assert left_delta([{"id": "L1", "body": "Hello"}]).added == ({"id": "L1", "body": "Hello"},)


def test_our_own_copy_is_never_added() -> None:
    source = item(comments=(Comment(id="L1", body="Hello", marker="op"),))
    assert left_delta([{"id": "L1", "body": "Hello"}], source=source) == Delta()


def test_a_paired_comment_with_the_text_of_last_time_is_no_change() -> None:
    assert left_delta([{"id": "L1", "body": "Hello \r\n"}], comment_pair()) == Delta()


def test_an_edited_comment_is_changed() -> None:
    found = left_delta([{"id": "L1", "body": "Bye"}], comment_pair())
    assert (found.changed, found.texts) == (({"id": "L1", "body": "Bye"},), {"L1": "Bye"})


@pytest.mark.parametrize(
    ("original", "copy", "edited", "sent"),
    [
        pytest.param("Hello", "Ann commented: \nHello", "Ann commented: \nBye", "Bye", id="its first line is cut off"),
        pytest.param("Hello ", "Ann commented: \r\nHello", "Ann commented:\r\nBye", "Bye", id="whatever the platform made of it"),
        pytest.param("Hello", "Ann commented: \nHello", "Bye", "Bye", id="unless the person removed it"),
        pytest.param("Hello", "Something else", "Something new", "Something new", id="unless there is none"),
        pytest.param("", "Ann commented:", "Ann commented: Bye", "Bye", id="also of an empty original"),
    ],
)
def test_an_edited_copy_is_sent_without_its_authors_line(original: str, copy: str, edited: str, sent: str) -> None:
    pair = Trace.pair(ChildKind.COMMENT, Side.RIGHT, "R1", "L1", original, copy)
    found = left_delta([{"id": "L1", "body": edited}], pair)
    assert (found.changed, found.texts) == (({"id": "L1", "body": sent, "ours": True},), {"L1": edited})


def test_a_released_pair_is_left_alone_when_edited() -> None:
    assert left_delta([{"id": "L1", "body": "Bye"}], comment_pair(released=True)) == Delta()


def test_a_released_pair_is_left_alone_when_removed() -> None:
    assert left_delta([], comment_pair(released=True)) == Delta()


def test_an_original_that_is_gone_is_removed() -> None:
    assert left_delta([], comment_pair()) == Delta(removed=({"id": "L1"},))


def test_a_copy_that_is_gone_is_released() -> None:
    assert left_delta([], comment_pair(Side.RIGHT)) == Delta(released=(comment_pair(Side.RIGHT, released=True),))


def test_what_the_rule_stopped_sending_is_not_removed() -> None:
    assert left_delta([], comment_pair(), source=item(comments=(Comment(id="L1", body="Hello"),))) == Delta()


def test_a_file_that_is_paired_never_changes() -> None:
    found = delta(ChildKind.ATTACHMENT, [{"id": "LF", "body": "x"}], item(attachments=(FILE,)), Side.LEFT, (file_pair(),))
    assert found == Delta()


def test_traces_of_the_other_kind_do_not_count() -> None:
    assert left_delta([{"id": "LF", "body": "Hello"}], file_pair()).added == ({"id": "LF", "body": "Hello"},)


ADDED = Delta(added=({"id": "L1", "body": "Hello"},))
EDITED = Delta(changed=({"id": "L1", "body": "Bye"},), texts={"L1": "Bye"})
REMOVED = Delta(removed=({"id": "L1"},))


def test_an_added_comment_is_written_as_the_rule_left_it() -> None:
    plan = comments_plan([Wish("", "L1", "Ann commented: Hello")], ADDED, item())
    assert plan.steps == (AddComment(source_id="L1", source_text="Hello", body="Ann commented: Hello", internal=False),)


def test_a_comment_that_was_not_added_on_the_source_is_not_written() -> None:
    assert comments_plan([Wish("", "L9", "Hello")], ADDED, item()) == ChildPlan()


def test_a_comment_of_the_rule_itself_is_written_under_a_name_that_a_repeated_run_gives_again() -> None:
    plan = comments_plan([Wish("", "", "Closed"), Wish("", "", "Twice")], Delta(), item())
    assert plan.steps == tuple(
        AddComment(source_id=f"rule:left:1:{number}", source_text=text, body=text, internal=False, of_rule=True)
        for number, text in enumerate(["Closed", "Twice"])
    )


@pytest.mark.parametrize("wish", [Wish("", "L1", "Hello"), Wish("", "L1", "Hello", internal=True)])
def test_an_internal_comment_stays_internal(wish: Wish) -> None:
    plan = comments_plan([wish], ADDED, item(), internal=frozenset({"L1"}))
    assert [step.internal for step in plan.steps if isinstance(step, AddComment)] == [True]


def test_an_internal_comment_does_not_cross_to_a_platform_without_internal_comments() -> None:
    plan = comments_plan([Wish("", "L1", "Hello")], ADDED, item(), internal=frozenset({"L1"}), carries_internal=False)
    assert (plan.steps, len(plan.notes)) == ((), 1)


def test_the_new_text_of_a_comment_that_was_made_internal_does_not_reach_its_public_copy() -> None:
    plan = comments_plan([Wish("R1", "L1", "Bye")], EDITED, with_comment(), comment_pair(), internal=frozenset({"L1"}))
    assert (plan.steps, plan.kept, len(plan.notes)) == ((), (), 1)


def test_the_new_text_of_an_internal_comment_reaches_its_internal_copy() -> None:
    target = with_comment(internal=True)
    plan = comments_plan([Wish("R1", "L1", "Bye")], EDITED, target, comment_pair(), internal=frozenset({"L1"}))
    assert [step.kind for step in plan.steps] == ["edit_comment"]


def test_an_edited_comment_is_edited() -> None:
    plan = comments_plan([Wish("R1", "L1", "Bye")], EDITED, with_comment(), comment_pair())
    assert plan == ChildPlan(steps=(EditComment(source_id="L1", source_text="Bye", comment_id="R1", body="Bye", pair="L1"),))


def test_a_comment_that_has_the_new_text_already_is_only_noted() -> None:
    plan = comments_plan([Wish("R1", "L1", "Bye")], EDITED, with_comment("Bye"), comment_pair())
    assert plan == ChildPlan(kept=(comment_pair(left="Bye", right="Bye"),))


@pytest.mark.parametrize(
    ("wishes", "target"),
    [
        pytest.param([], with_comment(), id="the rule dropped it"),
        pytest.param([Wish("R1", "L1", "Bye")], item(), id="it is gone on the target"),
        pytest.param([Wish("R9", "", "Own")], with_comment(), id="it is the target's own"),
        pytest.param([Wish("R1", "L1", "Bye")], None, id="there is no target yet"),
    ],
)
def test_a_comment_is_not_edited_where(wishes: list[Wish], target: Item | None) -> None:
    assert comments_plan(wishes, EDITED, target, comment_pair()) == ChildPlan()


def test_a_comment_whose_original_did_not_change_is_not_edited() -> None:
    assert comments_plan([Wish("R1", "L1", "Rewritten")], Delta(), with_comment(), comment_pair()) == ChildPlan()


@pytest.mark.parametrize(
    ("policy", "kinds", "kept"),
    [
        pytest.param(ConflictPolicy.LEFT, ["edit_comment"], (), id="the source wins"),
        pytest.param(ConflictPolicy.RIGHT, [], (comment_pair(left="Bye", right="Bye"),), id="the target wins and still has to travel"),
        pytest.param(ConflictPolicy.HOLD, [], (), id="held"),
    ],
)
def test_a_comment_edited_on_both_sides_is_a_conflict(policy: ConflictPolicy, kinds: list[str], kept: tuple[Trace, ...]) -> None:
    plan = comments_plan([Wish("R1", "L1", "Bye")], EDITED, with_comment("Mine"), comment_pair(), policy=policy)
    assert ([step.kind for step in plan.steps], plan.kept) == (kinds, kept)
    assert [(one.subject, one.left, one.right) for one in plan.conflicts] == [("comment L1", "Bye", "Mine")]


def test_a_copy_whose_original_was_removed_is_deleted() -> None:
    plan = comments_plan([], REMOVED, with_comment(), comment_pair())
    assert plan == ChildPlan(steps=(DeleteComment(source_id="L1", comment_id="R1"),))


@pytest.mark.parametrize("target", [item(), None])
def test_a_pair_that_is_gone_on_both_sides_is_forgotten(target: Item | None) -> None:
    assert comments_plan([], REMOVED, target, comment_pair()) == ChildPlan(dropped=(comment_pair(),))


def test_a_copy_that_the_rule_keeps_is_released() -> None:
    plan = comments_plan([Wish("R1", "L1", "Hello")], REMOVED, with_comment(), comment_pair())
    assert plan == ChildPlan(kept=(comment_pair(released=True),))


@pytest.mark.parametrize("policy", ConflictPolicy)
def test_a_copy_that_was_edited_stays_when_its_original_is_removed(policy: ConflictPolicy) -> None:
    plan = comments_plan([], REMOVED, with_comment("Mine"), comment_pair(), policy=policy)
    assert (plan.steps, plan.kept) == ((), (comment_pair(released=True),))
    assert [(one.left, one.right, one.winner) for one in plan.conflicts] == [(None, "Mine", Side.RIGHT)]


def test_released_pairs_are_kept() -> None:
    released = comment_pair(Side.RIGHT, released=True)
    assert comments_plan([], Delta(released=(released,)), item(), released).kept == (released,)


def files_plan(wishes: list[Wish], found: Delta, target: Item | None, *traces: Trace) -> ChildPlan:
    return plan_attachments(wishes, found, item(attachments=(FILE,)), target, Side.RIGHT, traces)


ADDED_FILE = Delta(added=({"id": "LF", "filename": "a.txt"},))
REMOVED_FILE = Delta(removed=({"id": "LF"},))
WITH_FILE = item(attachments=(Attachment(id="RF", filename="a.txt"),))


def test_an_added_file_is_copied() -> None:
    assert files_plan([Wish("", "LF", "a.txt")], ADDED_FILE, item()).steps == (AddAttachment(source=FILE),)


def test_an_added_file_that_the_rule_leaves_out_is_not_copied() -> None:
    assert files_plan([], ADDED_FILE, item()) == ChildPlan()


def test_a_file_that_is_there_already_is_not_copied_again() -> None:
    assert files_plan([Wish("", "LF", "a.txt")], Delta(), item()) == ChildPlan()


def test_a_removed_file_is_deleted() -> None:
    plan = files_plan([], REMOVED_FILE, WITH_FILE, file_pair())
    assert plan == ChildPlan(steps=(DeleteAttachment(source_id="LF", attachment_id="RF"),))


@pytest.mark.parametrize("target", [item(), None])
def test_a_pair_of_files_that_is_gone_on_both_sides_is_forgotten(target: Item | None) -> None:
    assert files_plan([], REMOVED_FILE, target, file_pair()) == ChildPlan(dropped=(file_pair(),))


def test_a_removed_file_that_the_rule_keeps_is_released() -> None:
    plan = files_plan([Wish("RF", "LF", "a.txt")], REMOVED_FILE, WITH_FILE, file_pair())
    assert plan == ChildPlan(kept=(file_pair().model_copy(update={"released": True}),))


def test_released_files_are_kept() -> None:
    assert files_plan([], Delta(released=(file_pair(),)), item()).kept == (file_pair(),)
