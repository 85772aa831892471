"""Which comments and files of two items that exist belong together."""

from datetime import datetime

import pytest
from pydantic import JsonValue
from sync_samples import EARLY, LATE, comment_pair, file_pair, item

from model.agreement import Trace
from model.item import Attachment, Comment, Item
from model.journal import Intent
from model.plan import AddAttachment, AddComment, Step, UpdateItem
from model.words import ChildKind, IntentStatus, Side
from sync.pairing import agreed_item, pair_children

ANN: dict[str, JsonValue] = {"displayName": "Ann Archer", "username": "ann", "email": None, "key": "712020:ann"}
BOB: dict[str, JsonValue] = {"username": "bob"}


def comment(
    id: str,  # noqa: A002
    body: str = "Hello",
    author: dict[str, JsonValue] | None = None,
    marker: str | None = None,
    created: datetime | None = None,
) -> Comment:
    return Comment(id=id, body=body, author=author, marker=marker, created=created)


def file(id: str, filename: str = "a.txt", size: int = 3, marker: str | None = None) -> Attachment:  # noqa: A002
    return Attachment(id=id, filename=filename, size=size, marker=marker)


def sent(op: str, step: Step, target: Side = Side.RIGHT) -> Intent:
    return Intent(op=op, twin="t0", target=target, step=step, status=IntentStatus.OPEN, created=EARLY)


def comments(left: list[Comment], right: list[Comment], *earlier: Trace, journal: tuple[Intent, ...] = ()) -> tuple[Trace, ...]:
    return pair_children(item(comments=tuple(left)), item(comments=tuple(right)), earlier, journal)


def pairs(traces: tuple[Trace, ...]) -> list[tuple[str, str, Side]]:
    return [(trace.left_id, trace.right_id, trace.origin) for trace in traces]


@pytest.mark.parametrize("trace", [comment_pair(), comment_pair(Side.RIGHT), comment_pair(released=True)])
def test_a_pair_of_the_earlier_twin_is_taken_over_with_the_texts_of_last_agreement(trace: Trace) -> None:
    assert comments([comment("L1", "Edited meanwhile")], [comment("R1", "Hello")], trace) == (trace,)


@pytest.mark.parametrize(("origin", "left", "right"), [(Side.LEFT, ["L1"], []), (Side.RIGHT, [], ["R1"])])
def test_a_copy_that_was_removed_meanwhile_is_not_made_again(origin: Side, left: list[str], right: list[str]) -> None:
    found = comments([comment(one) for one in left], [comment(one) for one in right], comment_pair(origin))
    assert found == (comment_pair(origin, released=True),)


@pytest.mark.parametrize(("left", "right"), [([], ["R1"]), ([], [])])
def test_a_copy_whose_original_was_removed_meanwhile_stands_alone(left: list[str], right: list[str]) -> None:
    assert comments([comment(one) for one in left], [comment(one) for one in right], comment_pair()) == ()


def test_a_released_pair_stays_released_while_one_of_the_two_is_there() -> None:
    assert comments([], [comment("R1")], comment_pair(released=True)) == (comment_pair(released=True),)
    assert comments([], [], comment_pair(released=True)) == ()


@pytest.mark.parametrize("side", Side)
def test_a_copy_without_a_trace_is_known_by_its_marker(side: Side) -> None:
    original, copy = ("L1", "R1") if side is Side.RIGHT else ("R1", "L1")
    step = AddComment(source_id=original, source_text="Hello", body="Ann commented: \nHello", internal=False)
    written = [comment(copy, "Ann commented: Hello", marker="op1")]
    typed = [comment(original, "Hello, edited meanwhile")]
    left, right = (typed, written) if side is Side.RIGHT else (written, typed)
    [trace] = comments(left, right, journal=(sent("op1", step, side),))
    assert trace == Trace.pair(ChildKind.COMMENT, side.other, original, copy, "Hello", "Ann commented: Hello")


@pytest.mark.parametrize(
    "step",
    [
        pytest.param(AddComment(source_id="L9", source_text="Hello", body="Hello", internal=False), id="its original is gone"),
        pytest.param(UpdateItem(fields={}), id="it is of no addition"),
    ],
)
def test_a_marker_pairs_nothing_where(step: Step) -> None:
    assert comments([comment("L1", "One")], [comment("R1", "Two", marker="op1")], journal=(sent("op1", step),)) == ()


@pytest.mark.parametrize(
    ("left", "right", "origin"),
    [
        pytest.param(comment("L1", "Hello"), comment("R1", " Hello\r\n"), Side.LEFT, id="equal"),
        pytest.param(comment("L1", "one two"), comment("R1", "one\ntwo"), Side.LEFT, id="line breaks as a platform keeps them"),
        pytest.param(comment("L1", "one\\\ntwo<br>three"), comment("R1", "one\ntwo\nthree"), Side.LEFT, id="marked line breaks"),
        pytest.param(comment("L1", "Hello", ANN), comment("R1", "Ann Archer commented: \nHello"), Side.LEFT, id="a copy on the right"),
        pytest.param(comment("L1", "bob commented: Hello"), comment("R1", "Hello", BOB), Side.RIGHT, id="a copy on the left"),
        pytest.param(comment("L1", marker="op"), comment("R1"), Side.RIGHT, id="the marked one is the copy"),
        pytest.param(comment("L1"), comment("R1", marker="op"), Side.LEFT, id="the marked one is the copy, on the right"),
        pytest.param(comment("L1", created=LATE), comment("R1", created=EARLY), Side.RIGHT, id="the older one is the original"),
        pytest.param(comment("L1", created=EARLY), comment("R1", created=LATE), Side.LEFT, id="the older one, on the left"),
        pytest.param(comment("L1", created=EARLY), comment("R1"), Side.LEFT, id="age not known on the right"),
    ],
)
def test_comments_are_matched_by_what_they_say(left: Comment, right: Comment, origin: Side) -> None:
    [trace] = comments([left], [right])
    assert (trace.left_id, trace.right_id, trace.origin) == ("L1", "R1", origin)
    assert (trace.left, trace.right) == (left.body, right.body)


@pytest.mark.parametrize("right", [comment("R1", "Hi"), comment("R1", "Eve commented: \nHello"), comment("R1", "Hello, Ann")])
def test_other_texts_are_no_match(right: Comment) -> None:
    assert comments([comment("L1", "Hello", ANN)], [right]) == ()


def test_each_comment_is_matched_once_and_with_its_own_author_first() -> None:
    left = [comment("L1", "ok", ANN), comment("L2", "ok", BOB), comment("L3", "ok"), comment("L4", "ok")]
    right = [comment("R1", "ok"), comment("R2", "bob commented: \nok"), comment("R3", "Ann Archer commented: \nok")]
    assert pairs(comments(left, right)) == [("L1", "R3", Side.LEFT), ("L2", "R2", Side.LEFT), ("L3", "R1", Side.LEFT)]


def test_what_an_earlier_trace_pairs_is_matched_with_nothing_else() -> None:
    found = comments([comment("L0"), comment("L1")], [comment("R1"), comment("R2")], comment_pair())
    assert pairs(found) == [("L1", "R1", Side.LEFT), ("L0", "R2", Side.LEFT)]


def test_files_are_matched_by_name_and_size() -> None:
    left = item(attachments=(file("L1"), file("L2", size=4), file("L3", "b.txt")))
    right = item(attachments=(file("R1", "b.txt"), file("R2"), file("R3")))
    found = pair_children(left, right, (), ())
    assert [(one.kind, one.left_id, one.right_id, one.left, one.right) for one in found] == [
        (ChildKind.ATTACHMENT, "L1", "R2", "a.txt", "a.txt"),
        (ChildKind.ATTACHMENT, "L3", "R1", "b.txt", "b.txt"),
    ]


def test_files_have_traces_and_markers_too() -> None:
    left = item(attachments=(file("LF"), file("L2", "b.txt")))
    right = item(attachments=(file("RF"), file("R2", "b-1.txt", marker="op1")))
    found = pair_children(left, right, (file_pair(),), (sent("op1", AddAttachment(source=file("L2", "b.txt"))),))
    assert pairs(found) == [("LF", "RF", Side.LEFT), ("L2", "R2", Side.LEFT)]


def test_a_comment_and_a_file_of_one_id_are_not_taken_for_each_other() -> None:
    left, right = item(comments=(comment("LF"),)), item(comments=(comment("RF"),))
    assert [one.kind for one in pair_children(left, right, (file_pair(),), ())] == [ChildKind.COMMENT]


def _bodies(one: Item) -> list[str]:
    return [child.body for child in one.comments]


def test_the_base_has_what_is_paired_as_it_was_agreed_on() -> None:
    whole = item(
        {"summary": "Printer"},
        comments=(comment("R1", "Edited"), comment("R2", "New"), comment("R3", "Released and edited")),
        attachments=(file("RF"), file("R1")),
    )
    released = Trace.pair(ChildKind.COMMENT, Side.LEFT, "L3", "R3", "Released", "Released").model_copy(update={"released": True})
    base = agreed_item(whole, Side.RIGHT, (comment_pair(), released, file_pair()))
    assert (base.fields, _bodies(base)) == ({"summary": "Printer"}, ["Hello", "Released and edited"])
    assert [one.id for one in base.attachments] == ["RF"]
