"""What moves: the queue of each connection, and twins as they change."""

from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select

from model.twin import Twin
from store import tables
from store.database import Database
from store.transactions import unfinished
from store.twins import stored_twin
from store.uninterrupted import uninterrupted


@uninterrupted
class Movements:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def queues(self) -> dict[str, int]:
        """How many changes are under way, by the id of each connection."""
        waiting = (col(tables.Transaction.twin) == tables.Twin.id) & unfinished()
        under_way = select(tables.Twin.connection, func.count()).join(tables.Transaction, waiting).group_by(tables.Twin.connection)
        async with self._database.reading() as session:
            counted = dict((await session.exec(under_way)).all())
            return {id: counted.get(id, 0) for id in await session.exec(select(tables.Connection.id))}  # noqa: A001

    async def twins(self, since: datetime) -> tuple[Twin, ...]:
        """Those that changed since then, the latest change last."""
        changed = select(tables.Twin).where(col(tables.Twin.updated) >= since).order_by(col(tables.Twin.updated), col(tables.Twin.id))
        async with self._database.reading() as session:
            return tuple(stored_twin(row) for row in await session.exec(changed))
