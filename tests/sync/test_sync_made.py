"""The base of an item that we made: what was made, whoever touched it since."""

import pytest
from sync_samples import item

from model.item import Attachment, Comment, Fields, Item
from model.links import LINKS
from model.plan import CreateItem, Plan, Transition, UpdateItem
from model.words import Side
from sync.settle import ahead, created_item

CREATE = CreateItem(fields={"summary": "anvil"})
READ = item({"summary": "ANVIL", "priority": {"name": "Medium"}, "created": 1, "updated": 1})
SAME_SECOND = item({"summary": "Edited?", "priority": {"name": "Medium"}, "created": 5000, "updated": 5000})
COMMENT = Comment(id="R1", body="Hello")
FILE = Attachment(id="RF", filename="a.txt")


def touched(**fields: str) -> Item:
    return item({**READ.fields, "updated": 2, **fields}, comments=(COMMENT,), attachments=(FILE,))


@pytest.mark.parametrize(
    ("answered", "summary"), [pytest.param({}, "anvil", id="as asked"), pytest.param({"summary": "ANVIL"}, "ANVIL", id="as answered")]
)
def test_a_created_item_that_a_person_touched_before_we_read_it_is_known_as_we_made_it(answered: Fields, summary: str) -> None:
    known = created_item(touched(summary="Edited"), CREATE.fields, answered)
    assert (known.fields["summary"], known.comments, known.attachments) == (summary, (), ())


def test_the_project_of_a_touched_item_is_as_read() -> None:
    assert created_item(touched(project="read"), {"project": "asked"}, {}).fields["project"] == "read"


@pytest.mark.parametrize("read", [touched(priority="Edited"), READ])
def test_what_the_answer_tells_of_a_new_item_is_as_it_was_made_also_where_nobody_asked_for_it(read: Item) -> None:
    known = created_item(read, CREATE.fields, {"priority": {"name": "Low"}, "project": "asked"})
    assert (known.fields["priority"], known.fields.get("project")) == ({"name": "Low"}, None)


def test_what_a_plan_is_still_to_make_of_its_new_item_is_what_differs() -> None:
    steps = (CREATE, UpdateItem(fields={"parentId": "7"}), UpdateItem(fields={LINKS: "1"}), Transition(status="Done"))
    plan = Plan(source=Side.LEFT, target=None, steps=steps)
    assert ahead(plan, item({"parentId": "7"})) == {"status": {"name": "Done"}}
    assert ahead(plan, item({"status": {"name": "Done", "id": "3"}})) == {"parentId": "7"}


@pytest.mark.parametrize(
    ("answered", "summary"),
    [
        pytest.param({"summary": "ANVIL"}, "ANVIL", id="as answered"),
        pytest.param({"priority": None}, "Edited?", id="as read where the answer tells nothing of it"),
        pytest.param({}, "anvil", id="as asked where there was no answer"),
    ],
)
def test_a_time_of_whole_seconds_does_not_tell_that_nobody_touched_the_item(answered: Fields, summary: str) -> None:
    assert created_item(SAME_SECOND, CREATE.fields, answered).fields["summary"] == summary


def test_an_item_that_nobody_touched_to_the_millisecond_is_as_read() -> None:
    assert created_item(READ, CREATE.fields, {}) == READ


def test_children_of_a_new_item_are_never_ours() -> None:
    read = READ.model_copy(update={"comments": (COMMENT,), "attachments": (FILE,)})
    assert created_item(read, CREATE.fields, {}) == READ
