"""Operations on many items, as store, engine and API see them."""

from datetime import datetime

from model.frozen import Frozen
from model.trigger import Trigger
from model.words import ItemState, OperationKind, OperationStatus, Side


class Parameters(Frozen):
    """What an operation was asked for.

    `queries` choose items by a search. `side` is where a sync takes its values from, or else
    the side that the twin began on; of items that are to be paired, the values of `source` count where the two differ.
    """

    per_minute: int
    queries: tuple[Trigger, ...] = ()
    side: Side | None = None
    source: Side = Side.LEFT
    dry_run: bool = False


class Operation(Frozen):
    """`collected` tells that all its items are on record. `reason` is why it failed or pauses, where it did so by itself."""

    id: str
    connection: str
    kind: OperationKind
    parameters: Parameters
    status: OperationStatus
    reason: str = ""
    collected: bool = False
    who: str = ""
    started: datetime
    ended: datetime | None = None

    @property
    def workflow_id(self) -> str:
        return f"bulk/{self.id}"


class Target(Frozen):
    """What an operation is to work on.

    The item `id` of `side`, which people call `key`, or the twin `twin`, or the items that people call `left` and `right` on a `line` of
    a file; `left_id` and `right_id` are theirs, once they were looked up. `marker` names the twin that made the item, where the platform
    shows it.
    """

    side: Side = Side.LEFT
    id: str = ""
    key: str = ""
    marker: str | None = None
    twin: str = ""
    left: str = ""
    right: str = ""
    line: int = 0
    left_id: str = ""
    right_id: str = ""


class Entry(Frozen):
    """An item to be recorded. An operation has one item of each `mark`; `subject` is what people call it."""

    mark: str
    subject: str
    target: Target


class OperationItem(Frozen):
    """`number` rises from 1. `twin` is the one that the item came to, empty where there is none."""

    number: int
    subject: str
    target: Target
    state: ItemState
    reason: str = ""
    twin: str = ""
    updated: datetime
