"""What people see of bulk operations, and how they pause, resume and cancel them."""

from datetime import datetime, timedelta

from activities.signals import Signals
from model.errors import BadInput
from model.operation import Operation
from model.words import ItemState, OperationKind, OperationStatus
from operations.bulk_views import ItemPage, ItemView, OperationPage, OperationView, Turned, viewed
from operations.pairs import write_pairs
from operations.telling import told
from store import Store

PAGE = 200
RECENTLY = timedelta(minutes=5)
UNTOLD = "the operation is recorded; resume it when Temporal runs again"


async def listed(
    store: Store, connection: str | None, status: OperationStatus | None, *, limit: int = PAGE, after: str = ""
) -> OperationPage:
    """BadInput if there is no such connection."""
    if connection is not None:
        await store.configurations.connection(connection)
    page = await store.operations.listing(connection, status, limit, after)
    return OperationPage(operations=tuple([await look(store, one) for one in page]), after=page[-1].id if len(page) == limit else "")


async def shown(store: Store, operation_id: str) -> OperationView:
    return await look(store, await store.operations.get(operation_id))


async def items(store: Store, operation_id: str, state: ItemState | None, *, limit: int = PAGE, after: int = 0) -> ItemPage:
    await store.operations.get(operation_id)
    page = await store.operation_items.listing(operation_id, state, limit, after)
    views = tuple(ItemView.model_validate(one.model_dump(exclude={"target"})) for one in page)
    return ItemPage(items=views, after=str(page[-1].number) if len(page) == limit else "")


async def pause(store: Store, signals: Signals, operation_id: str) -> Turned:
    """Begin no more items; those that are queued go on. BadInput if there is no such operation or it is over."""
    return await _turned(store, signals, await store.operations.pause(operation_id))


async def resume(store: Store, signals: Signals, operation_id: str) -> Turned:
    """Go on, also where the workflow could not be started. BadInput if there is no such operation or it is over."""
    return await _turned(store, signals, await store.operations.resume(operation_id))


async def cancel(store: Store, signals: Signals, operation_id: str) -> Turned:
    """Begin no more items, for good; what was done stays. BadInput if there is no such operation or it is over."""
    return await _turned(store, signals, await store.operations.cancel(operation_id))


async def pairs(store: Store, operation_id: str) -> str:
    """The pairs that a clean-up ends, as CSV that Bulk Connect reads. BadInput for another operation, or while they are looked for."""
    operation = await store.operations.get(operation_id)
    if operation.kind not in {OperationKind.CLEANUP, OperationKind.UNLINK}:
        raise BadInput(f"operation {operation_id} is a bulk {operation.kind}; only clean-up and unlink have pairs to connect again")
    if not operation.collected:
        raise BadInput(f"the twins of operation {operation_id} are still being looked for; ask again in a moment")
    found: list[tuple[str, str]] = []
    after = 0
    while True:
        page = await store.operation_items.listing(operation_id, None, PAGE, after)
        found += [(one.target.left, one.target.right) for one in page if one.target.left and one.target.right]
        if len(page) < PAGE:
            return write_pairs(found)
        after = page[-1].number


async def look(store: Store, operation: Operation) -> OperationView:
    counts = await store.operation_items.counts(operation.id)
    return viewed(operation, counts, await _forecast(store, operation, counts))


async def take_up(store: Store, signals: Signals) -> None:
    """Tell the workflow of every operation that is not over: whoever recorded its last turn may have died before saying so."""
    for status in (OperationStatus.RUNNING, OperationStatus.PAUSED):
        after = ""
        while page := await store.operations.listing(None, status, PAGE, after):
            for operation in page:
                await signals.operation_changed(operation)
            after = page[-1].id


async def told_workflow(signals: Signals, operation: Operation) -> tuple[str, ...]:
    """A warning where Temporal cannot be told now."""
    return tuple(UNTOLD for _ in await told(signals.operation_changed(operation)))


async def _turned(store: Store, signals: Signals, operation: Operation) -> Turned:
    return Turned(operation=await look(store, operation), warnings=await told_workflow(signals, operation))


async def _forecast(store: Store, operation: Operation, counts: dict[ItemState, int]) -> datetime | None:
    """By the pace of the last minutes; in its first ones, before anything has come to its end, by the pace that was asked for.

    None where nothing has come to its end for minutes: nobody knows then.
    """
    if operation.status is not OperationStatus.RUNNING or not operation.collected:
        return None
    now = store.database.now()
    since = max(operation.started, now - RECENTLY)
    left = counts[ItemState.WAITING] + counts[ItemState.QUEUED]
    finished = await store.operation_items.finished(operation.id, since)
    if not finished and since > operation.started:
        return None
    seconds_each = (now - since).total_seconds() / finished if finished else 60 / operation.parameters.per_minute
    return now + timedelta(seconds=left * seconds_each)
