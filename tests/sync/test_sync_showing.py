"""Texts that show files of their item: the files come first, and a text that came before them is written once more where that is needed."""

import dataclasses
from typing import Literal

import pytest

from model.agreement import Agreed, Base
from model.item import Attachment, Comment, Fields, Item
from model.plan import AddAttachment, AddComment, CreateItem, DeleteAttachment, Step, UpdateItem
from sync.children import Delta, Wish
from sync.plan import Wishes, make_plan
from sync.settle import holds_already
from tests.sync.sync_samples import abilities, file_pair, item, situation

Images = Literal["none", "name", "once", "written"]

SHOWN, OTHER = "It burns:\n\n![](attachment:a%20fire.png)", "It burns"
FIRE, PLAN = Attachment(id="L1", filename="a fire.png"), Attachment(id="L2", filename="plan.pdf")
SOURCE = item(comments=(Comment(id="L9", body="x"),), attachments=(PLAN, FIRE))
NEW_FILES = Delta(added=({"id": "L2"}, {"id": "L1"}))
AGAIN = UpdateItem(fields={"description": SHOWN}, shows=True)
ADD_FIRE, ADD_PLAN = AddAttachment(source=FIRE), AddAttachment(source=PLAN)


def saying(body: str) -> AddComment:
    return AddComment(source_id="L9", source_text="x", body=body, internal=False)


def steps_for(
    target: Item | None, fields: Fields, images: Images, *, comment: str = "", base: Base | None = None, files: Delta = NEW_FILES
) -> tuple[Step, ...]:
    """The plan for a source with two new files and perhaps a new comment."""
    can = dataclasses.replace(abilities(), writable=frozenset({"summary", "description"}), images=images)
    said = Delta(added=({"id": "L9", "body": "x"},) if comment else ())
    comments = (Wish("", "L9", comment),) if comment else ()
    wanted = tuple(Wish("", str(one["id"]), "") for one in files.added)
    here = situation(target, can=can, right=base, source_item=SOURCE, comments=said, attachments=files, traces=(file_pair(),))
    return make_plan(here, Wishes(fields=fields, comments=comments, attachments=wanted)).steps


@pytest.mark.parametrize(
    ("images", "steps"),
    [
        ("none", (CreateItem(fields={"description": SHOWN}), ADD_PLAN, ADD_FIRE)),
        ("name", (CreateItem(fields={"description": SHOWN}), ADD_FIRE, ADD_PLAN)),
        ("once", (CreateItem(fields={"description": SHOWN}), ADD_FIRE, ADD_PLAN)),
        ("written", (CreateItem(fields={"description": SHOWN}), ADD_FIRE, AGAIN, ADD_PLAN)),
    ],
)
def test_a_new_item_shows_a_file_that_comes_after_it(images: Images, steps: tuple[Step, ...]) -> None:
    assert steps_for(None, {"description": SHOWN}, images) == steps


def test_a_text_that_shows_no_file_is_written_once() -> None:
    created = CreateItem(fields={"description": OTHER, "summary": None})
    assert steps_for(None, {"description": OTHER, "summary": None}, "written") == (created, ADD_PLAN, ADD_FIRE)


def test_a_file_comes_before_the_comment_and_the_properties_that_show_it() -> None:
    there = item({"description": OTHER})
    steps = steps_for(there, {"description": SHOWN}, "written", comment=SHOWN)
    assert steps == (ADD_FIRE, UpdateItem(fields={"description": SHOWN}), saying(SHOWN), ADD_PLAN)
    assert steps_for(there, {}, "written", comment=SHOWN) == (ADD_FIRE, saying(SHOWN), ADD_PLAN)
    assert steps_for(there, {}, "written", comment=OTHER) == (saying(OTHER), ADD_PLAN, ADD_FIRE)


OURS = Base(agreed={"description": Agreed(asked=SHOWN, got=f"{SHOWN} "), "summary": Agreed(asked=None, got=None)})


@pytest.mark.parametrize(
    ("target", "steps"),
    [
        pytest.param(item({"description": SHOWN}), (ADD_PLAN, ADD_FIRE, AGAIN), id="as we wrote it"),
        pytest.param(item({"description": f"{SHOWN}!"}), (ADD_PLAN, ADD_FIRE), id="edited since"),
        pytest.param(
            item({"description": SHOWN}, attachments=(Attachment(id="R7", filename=FIRE.filename),)),
            (ADD_PLAN, ADD_FIRE),
            id="another is shown",
        ),
    ],
)
def test_a_text_of_ours_is_written_again_for_a_late_file(target: Item, steps: tuple[Step, ...]) -> None:
    assert steps_for(target, {}, "written", base=OURS) == steps


def test_a_file_in_place_of_another_is_shown_instead_of_it() -> None:
    target = item({"description": SHOWN}, attachments=(Attachment(id="RF", filename=FIRE.filename),))
    files = Delta(added=({"id": "L1"},), removed=({"id": "LF"},))
    away = DeleteAttachment(source_id="LF", attachment_id="RF")
    assert steps_for(target, {}, "written", base=OURS, files=files) == (ADD_FIRE, away, AGAIN)
    edited = f"Look. {SHOWN}"
    steps = steps_for(target, {"description": edited}, "written", base=OURS, files=files)
    assert steps == (ADD_FIRE, away, UpdateItem(fields={"description": edited}))


def test_what_is_there_does_not_tell_that_a_text_was_written_again() -> None:
    assert holds_already(AGAIN, item({"description": SHOWN})) is None
