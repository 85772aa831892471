"""What each kind of bulk operation does with one item: it goes the way that it would go alone."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass

from activities.access import Systems
from activities.bulk import Work
from activities.interface import Hint
from activities.signals import Signals
from model.configuration import Connection
from model.item import ItemRef
from model.operation import Entry, Operation, OperationItem
from model.twin import Twin
from model.words import ItemState, OperationKind, Side, TwinStatus
from operations.bulk_connecting import Connecting
from operations.bulk_items import Tools, item_entry, twin_entry
from store import Store


def works(store: Store, signals: Signals, systems: Systems) -> Mapping[OperationKind, Work]:
    tools = Tools(store, signals, systems)
    return {
        OperationKind.EXALATE: Exalating(tools),
        OperationKind.SYNC: Syncing(tools),
        OperationKind.CONNECT: Connecting(tools),
        OperationKind.UNLINK: Unlinking(tools),
        OperationKind.RETRY: Retrying(tools),
        OperationKind.CLEANUP: Cleaning(tools),
    }


@dataclass(frozen=True)
class Exalating:
    """Items that a search finds come under sync; of those that are, changes that went unnoticed are sent."""

    tools: Tools

    async def entries(self, operation: Operation) -> AsyncIterator[Sequence[Entry]]:
        async for side, changes in self.tools.found(operation):
            yield [item_entry(side, change) for change in changes]

    async def carry_out(self, operation: Operation, item: OperationItem) -> None:
        store, target = self.tools.store, item.target
        connection = await store.configurations.connection(operation.connection)
        known = await self.tools.known(connection, target.side, target.id)
        if known is not None:
            await queue(self.tools, operation, item, known, Hint(side=target.side))
            return
        maker = await store.twins.find(target.marker) if target.marker else None
        if maker is not None and maker.connection == connection.id:
            reason = f"is the copy that twin {maker.id} made"
            await store.operation_items.conclude(operation.id, item.number, ItemState.SKIPPED, reason, maker.id)
            return
        await self._start(operation, item, connection)

    async def _start(self, operation: Operation, item: OperationItem, connection: Connection) -> None:
        target = item.target
        ref = ItemRef(id=target.id, key=target.key, url="")
        started = await self.tools.store.operation_items.start(operation.id, item.number, connection.id, target.side, ref)
        if started is not None:
            twin = await self.tools.store.twins.get(started)
            await self.tools.signals.item_changed(twin, connection, Hint(side=target.side))


@dataclass(frozen=True)
class OfAllTwins:
    """What works on every live twin of the connection."""

    tools: Tools

    async def entries(self, operation: Operation) -> AsyncIterator[Sequence[Entry]]:
        async for page in self.tools.twins(operation):
            yield page


class Syncing(OfAllTwins):
    """Every twin of the connection gets one side's values once more."""

    async def carry_out(self, operation: Operation, item: OperationItem) -> None:
        twin = await live_twin(self.tools, operation, item)
        if twin is not None:
            await queue(self.tools, operation, item, twin, Hint(side=_source(operation, twin), force=True))


@dataclass(frozen=True)
class Unlinking:
    """Twins of items that a search finds, or all of the connection, finish what is queued and end."""

    tools: Tools

    async def entries(self, operation: Operation) -> AsyncIterator[Sequence[Entry]]:
        if not operation.parameters.queries:
            async for page in self.tools.twins(operation):
                yield page
            return
        connection = await self.tools.store.configurations.connection(operation.connection)
        async for side, changes in self.tools.found(operation):
            known = [await self.tools.known(connection, side, change.id) for change in changes]
            yield [twin_entry(twin) for twin in known if twin is not None]

    async def carry_out(self, operation: Operation, item: OperationItem) -> None:
        twin = await live_twin(self.tools, operation, item)
        if twin is not None:
            connection = await self.tools.store.configurations.connection(operation.connection)
            await self.tools.signals.unlink(twin, connection, force=False)
            await self.tools.store.operation_items.follow(operation.id, item.number, twin.id)


@dataclass(frozen=True)
class Retrying:
    """Twins in error are tried again."""

    tools: Tools

    async def entries(self, operation: Operation) -> AsyncIterator[Sequence[Entry]]:
        async for page in self.tools.twins(operation, TwinStatus.ERROR):
            yield page

    async def carry_out(self, operation: Operation, item: OperationItem) -> None:
        store = self.tools.store
        twin = await live_twin(self.tools, operation, item)
        if twin is None:
            return
        if twin.status is not TwinStatus.ERROR:
            await store.operation_items.conclude(operation.id, item.number, ItemState.DONE, f"is {twin.status} by now", twin.id)
        elif item.state is ItemState.QUEUED or await store.operation_items.follow(operation.id, item.number, twin.id):
            await self.tools.signals.retry(twin, await store.configurations.connection(operation.connection))


class Cleaning(OfAllTwins):
    """Twins end at once, whatever is queued or under way; no item is touched.

    The twin is told before anything is recorded: one that is unlinked already is not told again.
    """

    async def carry_out(self, operation: Operation, item: OperationItem) -> None:
        twin = await live_twin(self.tools, operation, item)
        if twin is not None:
            store = self.tools.store
            await self.tools.signals.unlink(twin, await store.configurations.connection(operation.connection), force=True)
            await store.twins.set_status(twin.id, TwinStatus.UNLINKED, "unlinked by request")
            await store.operation_items.conclude(operation.id, item.number, ItemState.DONE, "", twin.id)


async def queue(tools: Tools, operation: Operation, item: OperationItem, twin: Twin, hint: Hint) -> None:
    """Queue a sync of the twin for the item, and tell the twin; of an item that is queued only the latter."""
    if item.state is ItemState.QUEUED or await tools.store.operation_items.sync(operation.id, item.number, twin.id, hint.side):
        await tools.signals.item_changed(twin, await tools.store.configurations.connection(operation.connection), hint)


async def live_twin(tools: Tools, operation: Operation, item: OperationItem) -> Twin | None:
    """The item's twin; None where it is unlinked by now, which is the item's result then."""
    twin = await tools.store.twins.get(item.target.twin)
    if twin.status is not TwinStatus.UNLINKED:
        return twin
    ends = operation.kind in {OperationKind.UNLINK, OperationKind.CLEANUP}
    state = ItemState.DONE if ends else ItemState.SKIPPED
    await tools.store.operation_items.conclude(operation.id, item.number, state, "is unlinked already", twin.id)
    return None


def _source(operation: Operation, twin: Twin) -> Side:
    wanted = operation.parameters.side
    return wanted if wanted is not None and twin.item(wanted) is not None else twin.origin
