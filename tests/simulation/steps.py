"""Everything that happens to a case from outside, as an explicit list: what people, operators and bad luck do, and when.

Items and comments are named by position, modulo how many there are, so that a list from which steps were taken out still makes sense.
"""

from typing import Annotated, Literal

from pydantic import Field

from model.frozen import Frozen
from model.words import Side


class At(Frozen):
    """`at` in seconds from the beginning; `side` is where it happens."""

    at: float
    side: Side = Side.LEFT


class CreateItem(At):
    kind: Literal["create_item"] = "create_item"
    text: str


class Edit(At):
    kind: Literal["edit"] = "edit"
    item: int
    field: str
    value: str


class Adopt(At):
    """The item comes below another one, or below none."""

    kind: Literal["adopt"] = "adopt"
    item: int
    parent: int | None = None


class AddComment(At):
    kind: Literal["add_comment"] = "add_comment"
    item: int
    text: str
    internal: bool = False


class EditComment(At):
    kind: Literal["edit_comment"] = "edit_comment"
    item: int
    comment: int
    text: str


class DeleteComment(At):
    kind: Literal["delete_comment"] = "delete_comment"
    item: int
    comment: int


class Attach(At):
    kind: Literal["attach"] = "attach"
    item: int
    name: str
    content: str


class Detach(At):
    kind: Literal["detach"] = "detach"
    item: int
    file: int


class LogWork(At):
    kind: Literal["log_work"] = "log_work"
    item: int
    text: str
    spent: int


class EditWork(At):
    """The words get `text` at their end; a `spent` of 0 leaves the time alone."""

    kind: Literal["edit_work"] = "edit_work"
    item: int
    log: int
    text: str
    spent: int = 0


class DeleteWork(At):
    kind: Literal["delete_work"] = "delete_work"
    item: int
    log: int


class Move(At):
    kind: Literal["move"] = "move"
    item: int


class DeleteItem(At):
    kind: Literal["delete_item"] = "delete_item"
    item: int


class Hide(At):
    """The item cannot be seen by our account for a while."""

    kind: Literal["hide"] = "hide"
    item: int
    seconds: float


class Switch(At):
    """Deactivate or activate the connection."""

    kind: Literal["switch"] = "switch"
    active: bool


Word = Literal["unlink", "force_unlink", "relink", "retry", "sync", "resolve", "restore"]


class Operate(At):
    """An operator's word to one twin."""

    kind: Literal["operate"] = "operate"
    what: Word
    twin: int


class Publish(At):
    """A new version of the rules; a `broken` one fails on every item whose text is `poison`."""

    kind: Literal["publish"] = "publish"
    broken: bool = False


How = Literal["refused", "limited", "error", "lost", "late", "slow", "login", "cut"]


class CallFault(At):
    """The next call `op` of the side (`any`, `read`, `write` fit many) goes wrong."""

    kind: Literal["call"] = "call"
    op: str
    how: How
    seconds: float = 1.0


class HookFault(At):
    kind: Literal["hook"] = "hook"
    how: Literal["lost", "doubled", "late", "after"]
    seconds: float = 1.0


class Crash(At):
    """The worker dies at the next passage of a point whose name has `point` in it, and is back after `seconds`."""

    kind: Literal["crash"] = "crash"
    point: str
    seconds: float = 1.0


class Freeze(At):
    """What runs there stops for `seconds`, and goes on as if nothing had been."""

    kind: Literal["freeze"] = "freeze"
    point: str
    seconds: float


class StoreFault(At):
    """The database breaks the connection at that point."""

    kind: Literal["store"] = "store"
    point: str


class Away(At):
    """Temporal cannot be reached."""

    kind: Literal["away"] = "away"
    seconds: float


class Evict(At):
    """The worker's cache of workflows is lost."""

    kind: Literal["evict"] = "evict"


Step = Annotated[
    CreateItem
    | Edit
    | Adopt
    | AddComment
    | EditComment
    | DeleteComment
    | Attach
    | Detach
    | LogWork
    | EditWork
    | DeleteWork
    | Move
    | DeleteItem
    | Hide
    | Switch
    | Operate
    | Publish
    | CallFault
    | HookFault
    | Crash
    | Freeze
    | StoreFault
    | Away
    | Evict,
    Field(discriminator="kind"),
]

FAULTS = (CallFault, HookFault, Crash, Freeze, StoreFault, Away)
