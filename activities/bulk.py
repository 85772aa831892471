"""Operations on many items: find the items, work on the next few of them, and give each the result that its twin came to."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Protocol

import structlog
from temporalio import activity

from activities.engine import Engine
from activities.failures import PASSING, passing
from activities.heartbeat import beating
from activities.interface import BulkActivities, BulkProgress, BulkRequest
from model.errors import LoginRejected, Misconfigured, TwinlineError
from model.operation import Entry, Operation, OperationItem
from model.words import ItemState, OperationKind, OperationStatus

WINDOW = 500
"""So many items of an operation may be under way at once."""

log = structlog.get_logger("twinline")


class Work(Protocol):
    """One kind of operation."""

    def entries(self, operation: Operation) -> AsyncIterator[Sequence[Entry]]:
        """Its items, a few at a time; the same ones when asked again, though not always in the same order."""
        ...

    async def carry_out(self, operation: Operation, item: OperationItem) -> None:
        """Do what is to be done with an item that waits, and mark it. A TwinlineError is its result, unless it heals by itself.

        The twin of an item that is queued is told of it once more: who queued it may have died in between.
        """
        ...


class Bulk(BulkActivities):
    def __init__(self, engine: Engine, works: Mapping[OperationKind, Work]) -> None:
        self._store = engine.store
        self._works = works

    @activity.defn(name="collect_items")
    async def collect(self, request: BulkRequest) -> BulkProgress:
        operation = await self._store.operations.get(request.operation)
        if not operation.collected and not operation.status.over:
            try:
                async with beating():
                    await self._record(operation)
            except PASSING as error:
                raise passing(error) from None
            except TwinlineError as error:
                log.info("operation failed", operation=operation.id, kind=operation.kind, error=type(error).__name__)
                await self._store.operations.fail(operation.id, error.message)
        return await self._progress(operation.id)

    @activity.defn(name="work_on_items")
    async def work(self, request: BulkRequest) -> BulkProgress:
        operation = await self._store.operations.get(request.operation)
        async with beating():
            if operation.status is OperationStatus.CANCELLED:
                await self._store.operations.finish(operation.id)
            await self._store.operation_items.settle(operation.id, operation.kind)
            try:
                if request.again or activity.info().attempt > 1:
                    await self._tell_again(operation)
                await self._begin_some(operation, request.limit)
            except PASSING as error:
                raise passing(error) from None
        if await self._store.operations.close(operation.id):
            log.info("operation over", operation=operation.id, kind=operation.kind)
        return await self._progress(operation.id)

    async def _record(self, operation: Operation) -> None:
        async for entries in self._works[operation.kind].entries(operation):
            if (await self._store.operations.get(operation.id)).status.over:
                return
            await self._store.operation_items.add(operation.id, entries)
        await self._store.operations.collected(operation.id)

    async def _tell_again(self, operation: Operation) -> None:
        """Also while it pauses: what is queued goes on, and the next attempt would not know that this one is missing."""
        for item in await self._store.operation_items.listing(operation.id, ItemState.QUEUED, WINDOW):
            if (await self._store.operations.get(operation.id)).status.over:
                return
            await self._carry_out(operation, item)

    async def _begin_some(self, operation: Operation, limit: int) -> None:
        queued = (await self._store.operation_items.counts(operation.id))[ItemState.QUEUED]
        most = max(0, min(limit, WINDOW - queued))
        for item in await self._store.operation_items.listing(operation.id, ItemState.WAITING, most):
            if (await self._store.operations.get(operation.id)).status is not OperationStatus.RUNNING:
                return
            await self._carry_out(operation, item)

    async def _carry_out(self, operation: Operation, item: OperationItem) -> None:
        try:
            await self._works[operation.kind].carry_out(operation, item)
        except PASSING:
            raise
        except (LoginRejected, Misconfigured) as error:
            await self._store.operations.pause(operation.id, f"{error.message} Correct it, then resume the operation.")
        except TwinlineError as error:
            await self._store.operation_items.conclude(operation.id, item.number, ItemState.FAILED, error.message)

    async def _progress(self, id: str) -> BulkProgress:  # noqa: A002
        operation, counts = await self._store.operations.get(id), await self._store.operation_items.counts(id)
        return BulkProgress(status=operation.status, reason=operation.reason, **{str(state): count for state, count in counts.items()})
