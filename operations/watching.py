"""What has moved between one look and the next: queues, twins, bulk operations."""

from datetime import datetime, timedelta

from model.frozen import Frozen
from model.operation import Operation
from model.words import ItemState, OperationKind, OperationStatus, TwinStatus
from store import Store

OVERLAP = timedelta(seconds=5)
"""A change is seen when it is committed, which may be this long after the time that it bears."""

MOST_OPERATIONS = 1000


class QueueMoved(Frozen):
    """How many changes of a connection are under way now."""

    connection: str
    waiting: int


class TwinMoved(Frozen):
    connection: str
    twin: str
    status: TwinStatus
    reason: str


class OperationMoved(Frozen):
    """`items` counts by state."""

    connection: str
    operation: str
    kind: OperationKind
    status: OperationStatus
    items: dict[ItemState, int]


Movement = QueueMoved | TwinMoved | OperationMoved


class Look:
    """The first one tells all queues, the operations that run, and the twins that changed since `since`; each later one what is new."""

    def __init__(self, store: Store, since: datetime) -> None:
        self._store, self._since = store, since
        self._queues: dict[str, int] = {}
        self._twins: dict[str, datetime] = {}
        self._operations: dict[str, OperationMoved] = {}

    async def moved(self) -> tuple[Movement, ...]:
        moment = self._store.database.now()
        found = (*await self._moved_queues(), *await self._moved_twins(), *await self._moved_operations())
        self._since = moment - OVERLAP
        return found

    async def _moved_queues(self) -> list[QueueMoved]:
        before, self._queues = self._queues, await self._store.movements.queues()
        return [QueueMoved(connection=name, waiting=count) for name, count in self._queues.items() if before.get(name) != count]

    async def _moved_twins(self) -> list[TwinMoved]:
        before, twins = self._twins, await self._store.movements.twins(self._since)
        self._twins = {twin.id: twin.updated for twin in twins}
        return [
            TwinMoved(connection=twin.connection, twin=twin.id, status=twin.status, reason=twin.reason)
            for twin in twins
            if before.get(twin.id) != twin.updated
        ]

    async def _moved_operations(self) -> list[OperationMoved]:
        running = await self._store.operations.listing(None, OperationStatus.RUNNING, MOST_OPERATIONS)
        ended = [await self._store.operations.get(id) for id in self._operations.keys() - {one.id for one in running}]  # noqa: A001
        before, now = self._operations, {one.id: await self._operation(one) for one in (*running, *ended)}
        self._operations = {one.id: now[one.id] for one in running}
        return [one for name, one in now.items() if before.get(name) != one]

    async def _operation(self, operation: Operation) -> OperationMoved:
        return OperationMoved(
            connection=operation.connection,
            operation=operation.id,
            kind=operation.kind,
            status=operation.status,
            items=await self._store.operation_items.counts(operation.id),
        )
