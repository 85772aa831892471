from dataclasses import replace

import pytest
from sync_samples import LATE, abilities, comment_pair, file_pair, item, situation

from model.agreement import Agreed, Base
from model.errors import Refused
from model.item import Attachment, Comment, Fields
from model.plan import (
    AddAttachment,
    AddComment,
    CreateItem,
    Plan,
    Step,
    Transition,
    UpdateItem,
)
from model.words import ChildKind, ConflictPolicy
from sync.children import Delta, Wish
from sync.plan import Abilities, Wishes, children_of, make_plan

OPEN, DONE = {"name": "Open"}, {"name": "Done"}
NEW: Fields = {"summary": "Anvil", "status": dict(DONE)}
BY_TRANSITION = abilities(status_is_transition=True, created_with_status=False)
BASE = Base(agreed={"summary": Agreed(asked="old", got="old"), "status": Agreed(asked=dict(OPEN), got=dict(OPEN))})
TARGET = item({"summary": "old", "status": dict(OPEN)})


@pytest.mark.parametrize(
    ("fields", "can", "steps"),
    [
        pytest.param(NEW, abilities(), (CreateItem(fields=NEW),), id="in one call"),
        pytest.param(NEW, BY_TRANSITION, (CreateItem(fields={"summary": "Anvil"}), Transition(status="Done")), id="then a transition"),
        pytest.param(
            NEW,
            abilities(created_with_status=False),
            (CreateItem(fields={"summary": "Anvil"}), UpdateItem(fields={"status": dict(DONE)})),
            id="then an update",
        ),
        pytest.param({"summary": "Anvil"}, BY_TRANSITION, (CreateItem(fields={"summary": "Anvil"}),), id="without a status"),
        pytest.param(
            {"labels": [], **NEW},
            replace(BY_TRANSITION, apart=frozenset({"labels"})),
            (CreateItem(fields={"summary": "Anvil"}), UpdateItem(fields={"labels": []}), Transition(status="Done")),
            id="then what has a call of its own",
        ),
        pytest.param({"status": "Done"}, BY_TRANSITION, (CreateItem(fields={}), Transition(status="Done")), id="status as plain text"),
    ],
)
def test_an_item_that_is_not_there_is_created(fields: Fields, can: Abilities, steps: tuple[Step, ...]) -> None:
    assert make_plan(situation(None, can=can), Wishes(fields=fields)).steps == steps


def test_a_created_item_is_agreed_as_asked() -> None:
    plan = make_plan(situation(None), Wishes(fields={"summary": "Anvil"}))
    assert plan.agreed == {"summary": Agreed(asked="Anvil", got="Anvil")}


@pytest.mark.parametrize(
    ("fields", "can", "steps"),
    [
        pytest.param({"summary": "old"}, abilities(), (), id="nothing to do"),
        pytest.param({"summary": "Anvil"}, BY_TRANSITION, (UpdateItem(fields={"summary": "Anvil"}),), id="a property"),
        pytest.param(NEW, abilities(), (UpdateItem(fields=NEW),), id="all in one update"),
        pytest.param(NEW, BY_TRANSITION, (UpdateItem(fields={"summary": "Anvil"}), Transition(status="Done")), id="then a transition"),
        pytest.param({"status": dict(DONE)}, BY_TRANSITION, (Transition(status="Done"),), id="only a transition"),
        pytest.param(
            NEW,
            replace(abilities(), apart=frozenset({"status"})),
            (UpdateItem(fields={"summary": "Anvil"}), UpdateItem(fields={"status": dict(DONE)})),
            id="by itself what has a call of its own",
        ),
        pytest.param({"status": "Done"}, BY_TRANSITION, (Transition(status="Done"),), id="a status as plain text"),
        pytest.param({"project": {"key": "OTHER"}}, abilities(), (), id="items are not moved to another project"),
    ],
)
def test_an_item_is_updated(fields: Fields, can: Abilities, steps: tuple[Step, ...]) -> None:
    assert make_plan(situation(TARGET, can=can, right=BASE), Wishes(fields=fields)).steps == steps


def test_a_property_that_the_platform_cannot_write_is_refused_by_name() -> None:
    with pytest.raises(Refused, match=r"acme-jira cannot write 'colour'; it takes labels, status, summary") as refused:
        make_plan(situation(TARGET), Wishes(fields={"colour": "red"}))
    assert refused.value.field == "colour"


def test_a_platform_that_knows_its_own_fields_takes_any_name() -> None:
    can = replace(abilities(), own_fields=True)
    plan = make_plan(situation(TARGET, can=can, right=BASE), Wishes(fields={"colour": "red"}))
    assert plan.steps == (UpdateItem(fields={"colour": "red"}),)


@pytest.mark.parametrize("status", [{"id": "3"}, {"name": None}, {"name": ""}])
def test_a_status_without_a_name_is_refused(status: Fields) -> None:
    with pytest.raises(Refused, match="takes a status by its name") as refused:
        make_plan(situation(TARGET, can=BY_TRANSITION, right=BASE), Wishes(fields={"status": status}))
    assert refused.value.field == "status"


def test_the_project_of_a_new_item_may_be_set() -> None:
    plan = make_plan(situation(None), Wishes(fields={"project": {"key": "ACME"}}))
    assert plan.steps == (CreateItem(fields={"project": {"key": "ACME"}}),)


@pytest.mark.parametrize(
    ("policy", "send_back", "held"),
    [(ConflictPolicy.LEFT, False, False), (ConflictPolicy.RIGHT, True, False), (ConflictPolicy.HOLD, False, True)],
)
def test_a_value_of_the_target_that_won_is_sent_back(policy: ConflictPolicy, send_back: bool, held: bool) -> None:
    target = item({"summary": "mine"})
    plan = make_plan(situation(target, right=BASE, policy=policy), Wishes(fields={"summary": "new"}))
    assert (plan.send_back, plan.held) == (send_back, held)


def test_the_rule_may_ask_for_a_sync_back() -> None:
    assert make_plan(situation(TARGET), Wishes(fields={}, sync_back=True)).send_back


def test_the_rule_may_unlink() -> None:
    assert make_plan(situation(TARGET), Wishes(fields={}, unlink=True)).unlink


SOURCE = item(comments=(Comment(id="L2", body="New", internal=True),), attachments=(Attachment(id="L3", filename="b.txt"),), updated=LATE)
CHILDREN = item(
    comments=(Comment(id="R1", body="Hello"), Comment(id="R4", body="Hello")), attachments=(Attachment(id="RF", filename="a.txt"),)
)


def plan_of_children(can: Abilities, wishes: Wishes) -> Plan:
    """The comment L1 was edited, L2 added and L4 removed, the file LF removed and L3 added."""
    here = situation(
        CHILDREN,
        can=can,
        source_item=SOURCE,
        comments=Delta(
            added=({"id": "L2", "body": "New"},), changed=({"id": "L1", "body": "Bye"},), removed=({"id": "L4"},), texts={"L1": "Bye"}
        ),
        attachments=Delta(added=({"id": "L3"},), removed=({"id": "LF"},)),
        traces=(
            comment_pair(),
            file_pair(),
            comment_pair().model_copy(update={"left_id": "L4", "right_id": "R4"}),
        ),
    )
    return make_plan(here, wishes)


WISHES = Wishes(fields={}, comments=(Wish("R1", "L1", "Bye"), Wish("", "L2", "New")), attachments=(Wish("", "L3", "b.txt"),))
COMMENTS = ["add_comment", "edit_comment", "delete_comment"]
FILES = ["add_attachment", "delete_attachment"]


@pytest.mark.parametrize(
    ("can", "kinds"),
    [
        pytest.param(abilities(), [*COMMENTS, *FILES], id="everything"),
        pytest.param(abilities(edits_comments=False), ["add_comment", "add_comment", "delete_comment", *FILES], id="no edits"),
        pytest.param(abilities(deletes_comments=False), [*COMMENTS[:2], *FILES], id="no deletions"),
        pytest.param(abilities(attachments=False), COMMENTS, id="no files"),
        pytest.param(abilities(internal_comments=False), [*COMMENTS[1:], *FILES], id="no internal comments"),
    ],
)
def test_only_what_the_platform_can_do_is_planned(can: Abilities, kinds: list[str]) -> None:
    assert [step.kind for step in plan_of_children(can, WISHES).steps] == kinds


def test_an_internal_comment_of_the_source_is_written_as_internal() -> None:
    added = [step for step in plan_of_children(abilities(), WISHES).steps if isinstance(step, AddComment)]
    assert [step.internal for step in added] == [True]


def test_the_file_of_the_source_is_what_is_copied() -> None:
    added = [step for step in plan_of_children(abilities(), WISHES).steps if isinstance(step, AddAttachment)]
    assert [step.source for step in added] == list(SOURCE.attachments)


def test_children_that_the_rule_left_alone_are_left_alone() -> None:
    assert plan_of_children(abilities(), Wishes(fields={})).steps == ()


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        pytest.param({"comments": [{"id": "1"}, "x"]}, ({"id": "1"},), id="records only"),
        pytest.param({"comments": None}, (), id="nothing"),
        pytest.param({}, (), id="absent"),
    ],
)
def test_children_of_a_replica(payload: Fields, expected: tuple[Fields, ...]) -> None:
    assert children_of(payload, ChildKind.COMMENT) == expected
