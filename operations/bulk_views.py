"""What bulk operations answer."""

from datetime import datetime

from model.frozen import Frozen
from model.operation import Operation, Parameters
from model.words import ItemState, OperationKind, OperationStatus


class OperationView(Frozen):
    """`items` counts by state; `total` is known once they are `collected`. `ends` is when it will be over by the pace that it goes at."""

    id: str
    connection: str
    kind: OperationKind
    parameters: Parameters
    status: OperationStatus
    reason: str
    collected: bool
    who: str
    started: datetime
    ended: datetime | None
    workflow: str
    items: dict[ItemState, int]
    total: int
    ends: datetime | None = None

    @property
    def finished(self) -> int:
        """How many items have their result."""
        return self.total - self.items[ItemState.WAITING] - self.items[ItemState.QUEUED]


class OperationPage(Frozen):
    """Newest first. `after` asks for the next page; it is empty on the last one."""

    operations: tuple[OperationView, ...]
    after: str = ""


class ItemView(Frozen):
    """`twin` is the one that the item came to, empty where there is none."""

    number: int
    subject: str
    state: ItemState
    reason: str
    twin: str
    updated: datetime


class ItemPage(Frozen):
    """By number. `after` asks for the next page; it is empty on the last one."""

    items: tuple[ItemView, ...]
    after: str = ""


class Begun(Frozen):
    """An operation under way. `notes` say what it does; `warnings` tell what is recorded and not in effect yet."""

    operation: OperationView
    notes: tuple[str, ...]
    warnings: tuple[str, ...] = ()


class Turned(Frozen):
    """An operation that was paused, resumed or cancelled."""

    operation: OperationView
    warnings: tuple[str, ...] = ()


def viewed(operation: Operation, items: dict[ItemState, int], ends: datetime | None) -> OperationView:
    return OperationView(**dict(operation), workflow=operation.workflow_id, items=items, total=sum(items.values()), ends=ends)
