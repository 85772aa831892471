"""A platform's own full history: what really happened there, in order, by whom. Tests judge by it and by nothing the engine says."""

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal[
    "create",
    "field",
    "move",
    "delete",
    "comment",
    "comment_edit",
    "comment_delete",
    "file",
    "file_delete",
    "work",
    "work_edit",
    "work_delete",
]
ENGINE = "engine"


@dataclass(frozen=True, slots=True)
class Entry:
    """`name` is the field, or the comment's, file's or work log's id. `old` and `new` are its content.

    Of the engine's own: `request` numbers its call, `sent` is when that left, `seen` what the engine had last read there.
    """

    number: int
    at: float
    actor: str
    kind: Kind
    item: str
    name: str = ""
    old: str | None = None
    new: str | None = None
    marker: str = ""
    internal: bool = False
    request: int = 0
    sent: float = 0.0
    seen: str | None = None

    @property
    def ours(self) -> bool:
        return self.actor == ENGINE


@dataclass
class Truth:
    """`requests` has every call that the engine began, with the time when it left: also those that changed nothing.

    `tally` has what rules' own calls told the platform, in the order in which it came.
    """

    entries: list[Entry] = field(default_factory=list[Entry])
    requests: list[tuple[float, str, str]] = field(default_factory=list[tuple[float, str, str]])
    tally: list[str] = field(default_factory=list[str])
