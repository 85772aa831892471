"""Where the items of bulk operations come from: searches of a platform, and the twins on record."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from activities.access import Systems
from activities.signals import Signals
from connectors.kit.interface import Change
from model.configuration import Connection
from model.operation import Entry, Operation, Target
from model.twin import Twin
from model.words import Side, TwinStatus
from store import Store

AT_ONCE = 500


@dataclass(frozen=True)
class Tools:
    """What bulk operations work with."""

    store: Store
    signals: Signals
    systems: Systems

    async def known(self, connection: Connection, side: Side, item_id: str) -> Twin | None:
        """The live twin that has the item on that side."""
        pairs = await self.store.twins.by_item(connection.system(side), item_id)
        return next((twin for twin, on in pairs if twin.connection == connection.id and on is side), None)

    async def found(self, operation: Operation) -> AsyncIterator[tuple[Side, Sequence[Change]]]:
        """What the operation's queries find, some at a time."""
        connection = await self.store.configurations.connection(operation.connection)
        for query in operation.parameters.queries:
            connector = (await self.systems.opened(connection.system(query.side))).connector
            changes = await connector.search(connection.configuration.side(query.side).settings, query.query, None)
            for start in range(0, len(changes), AT_ONCE):
                yield query.side, changes[start : start + AT_ONCE]

    async def twins(self, operation: Operation, status: TwinStatus | None = None) -> AsyncIterator[Sequence[Entry]]:
        """The connection's live twins, those with that status or all, some at a time."""
        after = ""
        while True:
            page = await self.store.twins.listing(operation.connection, status, limit=AT_ONCE, after=after)
            yield [twin_entry(twin) for twin in page if twin.status is not TwinStatus.UNLINKED]
            if len(page) < AT_ONCE:
                return
            after = page[-1].id


def item_entry(side: Side, change: Change) -> Entry:
    return Entry(
        mark=f"{side}/{change.id}", subject=change.key, target=Target(side=side, id=change.id, key=change.key, marker=change.marker)
    )


def twin_entry(twin: Twin) -> Entry:
    left, right = twin.left.key if twin.left else "", twin.right.key if twin.right else ""
    return Entry(mark=twin.id, subject=f"{left or '-'} ⇄ {right or '-'}", target=Target(twin=twin.id, left=left, right=right))
