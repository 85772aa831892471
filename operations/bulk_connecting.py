"""Pairing the lines of a CSV file, or only telling what would become of each."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass

from activities.interface import Hint
from model.configuration import Connection
from model.errors import BadInput, LoginRejected, Misconfigured, RateLimited, TwinlineError, Unavailable
from model.operation import Entry, Operation, OperationItem, Target
from model.twin import Twin
from model.words import ItemState, Side
from operations.bulk_items import AT_ONCE, Tools
from operations.finding import located
from operations.pairs import Pair, read_pairs
from operations.relinking import read_pairing
from operations.same_items import Line, verdicts

WOULD_PAIR = "will be paired"
LOOKED_UP_AT_ONCE = 50


@dataclass(frozen=True)
class Connecting:
    """Items that are there on both sides become twins. A line whose two items are a pair already is done."""

    tools: Tools

    async def entries(self, operation: Operation) -> AsyncIterator[Sequence[Entry]]:
        """The lines of the file, which the first ones are of already. Then all are looked up, and those that cannot stand get a result."""
        text = await self.tools.store.operations.source(operation.id)
        pairs = await asyncio.to_thread(read_pairs, text) if text else ()
        for start in range(0, len(pairs), AT_ONCE):
            yield [pair_entry(pair) for pair in pairs[start : start + AT_ONCE]]
        connection = await self.tools.store.configurations.connection(operation.connection)
        lines: list[Line] = []
        async for some in self._looked_up(operation, connection):
            lines += some
            yield ()
        for one in await asyncio.to_thread(lambda: list(verdicts(lines))):
            await self.tools.store.operation_items.conclude(operation.id, one.number, one.state, one.reason)

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

    async def _looked_up(self, operation: Operation, connection: Connection) -> AsyncIterator[list[Line]]:
        """Every line whose two items are there, some at a time; what an earlier attempt looked up is not asked for again."""
        items, after = self.tools.store.operation_items, 0
        while page := await items.listing(operation.id, None, LOOKED_UP_AT_ONCE, after):
            after = page[-1].number
            found = {one.number: await self._identified(operation, connection, one) for one in page}
            known = {number: target for number, target in found.items() if target is not None}
            await items.look_up(
                operation.id, {one.number: known[one.number] for one in page if known.get(one.number, one.target) != one.target}
            )
            yield [_line(connection, number, target) for number, target in known.items()]

    async def _identified(self, operation: Operation, connection: Connection, item: OperationItem) -> Target | None:
        """None, and the item has its result, where one of the two cannot be found."""
        if item.target.left_id and item.target.right_id:
            return item.target
        if item.state is not ItemState.WAITING:
            return None
        try:
            ids = await self._ids(connection, item.target)
        except (Unavailable, RateLimited, LoginRejected, Misconfigured):
            raise
        except TwinlineError as error:
            await self.tools.store.operation_items.conclude(operation.id, item.number, ItemState.FAILED, error.message)
            return None
        return item.target.model_copy(update={"left_id": ids[Side.LEFT], "right_id": ids[Side.RIGHT]})

    async def _tell(self, connection: Connection, id: str, source: Side) -> None:  # noqa: A002
        twin = await self.tools.store.twins.get(id)
        for side in (source, source.other):
            await self.tools.signals.item_changed(twin, connection, Hint(side=side))

    async def _ids(self, connection: Connection, target: Target) -> Mapping[Side, str]:
        if target.left_id and target.right_id:
            return {Side.LEFT: target.left_id, Side.RIGHT: target.right_id}
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
    target = Target(left=pair.left, right=pair.right, line=pair.line)
    return Entry(mark=f"line {pair.line}", subject=f"line {pair.line}: {pair.left} ⇄ {pair.right}", target=target)


def _line(connection: Connection, number: int, target: Target) -> Line:
    places = {side: (connection.system(side), id) for side, id in ((Side.LEFT, target.left_id), (Side.RIGHT, target.right_id))}  # noqa: A001
    return Line(number, target.line, places[Side.LEFT], places[Side.RIGHT])


def _taken(side: Side, twin: Twin) -> str:
    own, other = twin.item(side), twin.item(side.other)
    keys = [one.key if one else "an item that is being made" for one in (own, other)]
    return f"{keys[0]} is in sync with {keys[1]} (twin {twin.id}); unlink that twin first"
