"""What the oracle is told: the platforms' own logs, and what the engine wrote down, in a form that knows no platform and no engine.

Values are texts. Those that people write are unique over a story, but for the properties in `Story.repeating`; so a value tells who wrote
it, and what its writer had seen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

ENGINE = "engine"


class Side(StrEnum):
    LEFT = "left"
    RIGHT = "right"

    @property
    def other(self) -> "Side":
        return Side.RIGHT if self is Side.LEFT else Side.LEFT


class Kind(StrEnum):
    """CREATE and DELETE are of items, SET of a property, ADD, EDIT and REMOVE of a comment or file, READ of a whole item."""

    CREATE = "create"
    DELETE = "delete"
    SET = "set"
    ADD = "add"
    EDIT = "edit"
    REMOVE = "remove"
    READ = "read"


COMMENT = "comment"
FILE = "file"
NAMED = "summary"
"""The property by which a copy is known: it has a value that its original had."""


@dataclass(frozen=True)
class Record:
    """One line of a platform's log. `at` is in seconds. `subject` is a property, `COMMENT` or `FILE`; `child` the id of one of those.

    `old` and `new` are values, a comment's text, or a print of a file's content. `values` are those of an item's creation.
    """

    at: float
    side: Side
    item: str
    actor: str
    kind: Kind
    subject: str = ""
    child: str = ""
    old: str = ""
    new: str = ""
    marker: str = ""
    values: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def place(self) -> tuple[Side, str]:
        return self.side, self.item


@dataclass(frozen=True)
class Intent:
    """One write that the engine announced before it sent it. `item` is the target, or the marker of the item to be created.

    `open` says that it was sent and nobody knows what became of it.
    """

    side: Side
    item: str
    kind: Kind
    subjects: tuple[str, ...]
    sends: int
    open: bool


@dataclass(frozen=True)
class Conflict:
    """Two values of one property, or of one comment, that the engine recorded for a pair; `held` while neither has won."""

    items: tuple[str, str]
    subject: str
    left: str
    right: str
    held: bool


@dataclass(frozen=True)
class Story:
    """All that happened on one connection. `records` of one side are in the order of its log."""

    records: Sequence[Record]
    intents: Sequence[Intent] = ()
    conflicts: Sequence[Conflict] = ()
    repeating: frozenset[str] = frozenset()


@dataclass
class Verdict:
    """`findings` are broken promises, in words; `limits` are losses that the platform's interface cannot prevent.

    `alarms` are conflicts that were recorded where nobody had worked concurrently: nothing is lost by them. `again` are removals after
    which the engine added the same once more.
    """

    findings: list[str] = field(default_factory=list[str])
    limits: list[str] = field(default_factory=list[str])
    alarms: list[str] = field(default_factory=list[str])
    again: list[Record] = field(default_factory=list[Record])
