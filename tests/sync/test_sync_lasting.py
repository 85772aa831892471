"""Comments that nobody can edit or remove."""

import pytest
from sync_samples import comment_pair, item

from model.agreement import Trace
from model.item import Comment
from model.plan import AddComment, DeleteComment, EditComment
from model.words import ChildKind, Side
from sync.children import ChildPlan
from sync.lasting import lasting

PAIR = comment_pair()


def _edited(text: str, *traces: Trace, internal: bool = False) -> ChildPlan:
    target = item(comments=(Comment(id="R1", body="Hello", internal=internal),))
    plan = ChildPlan(steps=(EditComment(source_id="L1", source_text=text, comment_id="R1", body=f"Ann commented:\n{text}"),))
    return lasting(plan, target, Side.RIGHT, (PAIR, *traces), edits=False, deletes=False)


def _further(plan: ChildPlan) -> AddComment:
    [step] = plan.steps
    assert isinstance(step, AddComment)
    return step


@pytest.mark.parametrize("internal", [True, False])
def test_an_edit_becomes_a_further_comment(internal: bool) -> None:
    found = _edited("Bye", internal=internal)
    step = _further(found)
    assert (step.body, step.internal, step.of_rule) == ("edited:\n\nAnn commented:\nBye", internal, True)
    assert found.kept == (PAIR.with_texts(Side.LEFT, "Bye", PAIR.text_on(Side.RIGHT)),)


def test_a_further_comment_is_the_same_when_it_is_planned_again() -> None:
    assert _further(_edited("Bye")).source_id == _further(_edited("Bye")).source_id
    assert _further(_edited("Bye")).source_id != _further(_edited("Later")).source_id


def _told(text: str, *earlier: Trace) -> Trace:
    step = _further(_edited(text, *earlier))
    return Trace.pair(ChildKind.COMMENT, Side.LEFT, step.source_id, f"R{2 + len(earlier)}", text, step.body)


def test_a_text_that_comes_back_is_told_again() -> None:
    first = _told("Bye")
    second = _told("Hello again", first)
    assert _further(_edited("Bye", first, second)).source_id not in {first.left_id, second.left_id}


def test_what_the_last_one_says_is_not_told_again() -> None:
    found = _edited("Bye", _told("Bye"))
    assert (found.steps, found.kept) == ((), (PAIR.with_texts(Side.LEFT, "Bye", PAIR.text_on(Side.RIGHT)),))


def test_what_was_removed_stays_and_is_left_alone() -> None:
    plan = ChildPlan(steps=(DeleteComment(source_id="L1", comment_id="R1"),))
    found = lasting(plan, item(comments=()), Side.RIGHT, (PAIR,), edits=False, deletes=False)
    assert (found.steps, found.kept) == ((), (PAIR.model_copy(update={"released": True}),))
    assert "stays" in found.notes[0]


def test_what_the_platform_can_do_is_done() -> None:
    plan = ChildPlan(
        steps=(EditComment(source_id="L1", source_text="a", comment_id="R1", body="a"), DeleteComment(source_id="L1", comment_id="R1"))
    )
    assert lasting(plan, item(comments=()), Side.RIGHT, (PAIR,), edits=True, deletes=True) == plan
