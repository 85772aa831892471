from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from model.agreement import Agreed, Base, Trace
from model.configuration import Configuration, Conflicts, Connection, SideConfiguration
from model.deployment import SystemDeclaration
from model.errors import MESSAGE_LIMIT, Gone, RateLimited, Refused, ScriptFailed, Stale, TwinlineError
from model.item import Attachment, ItemRef
from model.plan import (
    AddAttachment,
    AddComment,
    Conflict,
    CreateItem,
    DeleteAttachment,
    DeleteComment,
    EditComment,
    Plan,
    Step,
    Transition,
    UpdateItem,
)
from model.text import tidy
from model.twin import Twin, TwinState
from model.words import ChildKind, ConflictPolicy, ConnectionStatus, Side, TwinStatus

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LEFT = ItemRef(id="10001", key="ACME-1", url="")
CONFIGURATION = Configuration(
    left=SideConfiguration(outgoing="left out", incoming="left in"), right=SideConfiguration(outgoing="right out", incoming="right in")
)


@pytest.mark.parametrize("side", Side)
def test_the_other_side_of_the_other_side_is_the_side(side: Side) -> None:
    assert side.other is not side
    assert side.other.other is side


@pytest.mark.parametrize("source", Side)
def test_a_trace_knows_each_sides_id_and_text(source: Side) -> None:
    trace = Trace.pair(ChildKind.COMMENT, source, "s", "t", "source text", "target text")
    assert (trace.origin, trace.id_on(source), trace.id_on(source.other)) == (source, "s", "t")
    assert (trace.text_on(source), trace.text_on(source.other)) == ("source text", "target text")


@pytest.mark.parametrize("source", Side)
def test_new_texts_of_a_trace_leave_its_ids_and_origin(source: Side) -> None:
    trace = Trace.pair(ChildKind.COMMENT, Side.LEFT, "l", "r", "a", "b").with_texts(source, "new source", "new target")
    assert (trace.text_on(source), trace.text_on(source.other)) == ("new source", "new target")
    assert (trace.left_id, trace.right_id, trace.origin) == ("l", "r", Side.LEFT)


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("a \t\nb", "a\nb"),
        ("a\n\n\n\nb", "a\n\nb"),
        ("\n a \n", "a"),
        ("  indented\n  more", "indented\n  more"),
    ],
)
def test_tidy(raw: str, clean: str) -> None:
    assert tidy(raw) == clean


@given(st.text(alphabet=" \t\r\n\x0b\u00a0ab", max_size=12))
def test_tidy_text_stays_as_it_is(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


@pytest.mark.parametrize(
    ("step", "subject"),
    [
        (CreateItem(fields={}), "item"),
        (UpdateItem(fields={"summary": 1, "labels": 2}), "labels, summary"),
        (Transition(status="Done"), "status"),
        (AddComment(source_id="1", source_text="", body="", internal=False), "comment 1"),
        (EditComment(source_id="1", source_text="", comment_id="2", body=""), "comment 1"),
        (DeleteComment(source_id="1", comment_id="2"), "comment 1"),
        (AddAttachment(source=Attachment(id="1", filename="secret.txt")), "attachment 1"),
        (DeleteAttachment(source_id="1", attachment_id="2"), "attachment 1"),
    ],
)
def test_a_step_names_its_subject_without_content(step: Step, subject: str) -> None:
    assert step.subject == subject


def _conflict(winner: Side | None) -> Conflict:
    return Conflict(subject="summary", target=Side.RIGHT, left="a", right="b", policy=ConflictPolicy.HOLD, winner=winner)


@pytest.mark.parametrize(
    ("steps", "conflicts", "summary"),
    [
        ((), (), "nothing to do"),
        ((Transition(status="Done"),), (), "transition status"),
        ((UpdateItem(fields={"summary": "x"}),), (_conflict(Side.LEFT),), "update summary; conflict summary"),
    ],
)
def test_a_plan_says_in_one_line_what_it_does(steps: tuple[Step, ...], conflicts: tuple[Conflict, ...], summary: str) -> None:
    assert Plan(source=Side.LEFT, target=None, steps=steps, conflicts=conflicts).summary == summary


@pytest.mark.parametrize(("winners", "held"), [((), False), ((Side.LEFT,), False), ((Side.LEFT, None), True)])
def test_a_plan_is_held_while_a_conflict_has_no_winner(winners: tuple[Side | None, ...], held: bool) -> None:
    assert Plan(source=Side.LEFT, target=None, conflicts=tuple(_conflict(winner) for winner in winners)).held is held


@pytest.mark.parametrize(
    ("origin", "expected"), [(Side.LEFT, "twin/acme/left/10001"), (Side.RIGHT, "twin/acme/right/t1")], ids=["item known", "item not known"]
)
def test_the_workflow_of_a_twin_is_named_after_the_item_that_started_it(origin: Side, expected: str) -> None:
    twin = Twin(id="t1", connection="acme", origin=origin, left=LEFT, right=None, status=TwinStatus.SYNCING, updated=NOW)
    assert twin.workflow_id == expected


def test_a_state_has_a_base_for_each_side() -> None:
    twin = Twin(id="t1", connection="acme", origin=Side.LEFT, left=LEFT, right=None, status=TwinStatus.SYNCING, updated=NOW)
    left, right = Base(replica={"summary": "left"}), Base(agreed={"summary": Agreed(asked=1, got=2)})
    state = TwinState(twin=twin, left=left, right=right)
    assert [state.base(side) for side in Side] == [left, right]


def test_a_connection_has_a_system_and_rules_for_each_side() -> None:
    connection = Connection(
        id="acme",
        integration="acme",
        left_system="acme-jira",
        right_system="acme-github",
        status=ConnectionStatus.ACTIVE,
        version=1,
        configuration=CONFIGURATION,
    )
    assert [connection.system(side) for side in Side] == ["acme-jira", "acme-github"]
    assert [CONFIGURATION.side(side).incoming for side in Side] == ["left in", "right in"]
    assert "left in" not in repr(connection)


def test_a_propertys_policy_overrides_the_default() -> None:
    conflicts = Conflicts(default=ConflictPolicy.LEFT, properties={"status": ConflictPolicy.HOLD})
    assert [conflicts.policy(name) for name in ("status", "summary")] == [ConflictPolicy.HOLD, ConflictPolicy.LEFT]


@pytest.mark.parametrize(("text", "seconds"), [("250ms", 0.25), ("5s", 5), ("2m", 120), ("1.5 h", 5400), ("7", 7), (3, 3)])
def test_durations(text: object, seconds: float) -> None:
    assert SystemDeclaration.model_validate({"kind": "jira", "url": "u", "poll": text}).poll == seconds


@pytest.mark.parametrize("text", ["soon", "5 days", "-1s", "0s", ""])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="poll"):
        SystemDeclaration.model_validate({"kind": "jira", "url": "u", "poll": text})


def test_values_refuse_what_they_do_not_know() -> None:
    with pytest.raises(ValidationError):
        ItemRef.model_validate({"id": "1", "key": "k", "url": "u", "extra": 1})


def test_values_do_not_change() -> None:
    with pytest.raises(ValidationError):
        setattr(LEFT, "key", "ACME-2")  # noqa: B010  the type checker knows that it cannot be written


def test_messages_are_bounded() -> None:
    assert len(Gone("x" * (MESSAGE_LIMIT + 1)).message) == MESSAGE_LIMIT
    assert Gone("x" * MESSAGE_LIMIT).message == "x" * MESSAGE_LIMIT


def test_errors_carry_what_the_caller_acts_on() -> None:
    errors: list[TwinlineError] = [RateLimited("m", 3.0), Refused("m", "priority"), Stale("m", "v2"), ScriptFailed("m", 4, 2)]
    assert [vars(error) for error in errors] == [
        {"retry_after": 3.0},
        {"field": "priority"},
        {"version": "v2"},
        {"line": 4, "column": 2, "of_item": False},
    ]
