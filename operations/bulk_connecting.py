"""Pairing the lines of a CSV file, or only telling what would become of each."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass

from activities.interface import Hint
from model.configuration import Connection
from model.errors import BadInput
from model.operation import Entry, Operation, OperationItem, Target
from model.twin import Twin
from model.words import ItemState, Side
from operations.bulk_items import Tools
from operations.finding import located
from operations.pairs import Pair
from operations.relinking import read_pairing

WOULD_PAIR = "will be paired"


@dataclass(frozen=True)
class Connecting:
    """Items that are there on both sides become twins. A line whose two items are a pair already is done."""

    tools: Tools

    async def entries(self, operation: Operation) -> AsyncIterator[Sequence[Entry]]:
        """None: they were recorded with the operation."""
        del operation
        yield ()

    async def carry_out(self, operation: Operation, item: OperationItem) -> None:
        items = self.tools.store.operation_items
        connection = await self.tools.store.configurations.connection(operation.connection)
        if item.state is ItemState.QUEUED:
            await self._tell(connection, item.twin, operation.parameters.source)
            return
        ids = await self._ids(connection, item.target)
        paired = await self._paired(connection, ids)
        if paired is not None:
            await items.conclude(operation.id, item.number, ItemState.DONE, "is a pair already", paired.id)
        elif operation.parameters.dry_run:
            await items.conclude(operation.id, item.number, ItemState.DONE, WOULD_PAIR)
        else:
            pairing = await read_pairing(self.tools.store, self.tools.systems, connection, ids, operation.parameters.source)
            twin = await items.pair(operation.id, item.number, pairing)
            if twin is not None:
                await self._tell(connection, twin, pairing.source)

    async def _tell(self, connection: Connection, id: str, source: Side) -> None:  # noqa: A002
        twin = await self.tools.store.twins.get(id)
        for side in (source, source.other):
            await self.tools.signals.item_changed(twin, connection, Hint(side=side))

    async def _ids(self, connection: Connection, target: Target) -> Mapping[Side, str]:
        named = {Side.LEFT: target.left, Side.RIGHT: target.right}
        return {side: (await located(self.tools.systems, connection, name, side)).change.id for side, name in named.items()}

    async def _paired(self, connection: Connection, ids: Mapping[Side, str]) -> Twin | None:
        """The twin of exactly these two. BadInput where one of them has another twin."""
        own = {side: await self.tools.known(connection, side, item_id) for side, item_id in ids.items()}
        left, right = own[Side.LEFT], own[Side.RIGHT]
        if left is not None and right is not None and left.id == right.id:
            return left
        for side, twin in own.items():
            if twin is not None:
                raise BadInput(_taken(side, twin))
        return None


def pair_entry(pair: Pair) -> Entry:
    target = Target(left=pair.left, right=pair.right)
    return Entry(mark=f"line {pair.line}", subject=f"line {pair.line}: {pair.left} ⇄ {pair.right}", target=target)


def _taken(side: Side, twin: Twin) -> str:
    own, other = twin.item(side), twin.item(side.other)
    keys = [one.key if one else "an item that is being made" for one in (own, other)]
    return f"{keys[0]} is in sync with {keys[1]} (twin {twin.id}); unlink that twin first"
