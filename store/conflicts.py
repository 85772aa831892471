"""The conflict log: both values of every conflict, whoever won."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from model.plan import Conflict
from model.twin import StoredConflict
from model.words import Restoration, Side
from store import tables
from store.columns import row_id
from store.conflicting import refuse_restoring
from store.database import Database
from store.locks import locked_twin
from store.refusals import unknown_conflict
from store.scopes import of_workspace
from store.settling import conflict_row, end_restoring
from store.transactions import queued
from store.uninterrupted import uninterrupted


@uninterrupted
class ConflictLog:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_twin(self, twin: str) -> tuple[StoredConflict, ...]:
        """Newest first."""
        return await self._those(col(tables.Conflict.twin) == twin)

    async def open_ones(self, connection: str | None = None) -> tuple[StoredConflict, ...]:
        """Those nobody has settled, newest first."""
        return await self._those(self._open(connection))

    async def page(self, connection: str | None, limit: int, after: int = 0) -> tuple[StoredConflict, ...]:
        """As `open_ones`, at most `limit` of them; `after` is the number of the last one of the page before."""
        condition = self._open(connection)
        if after:
            condition &= col(tables.Conflict.id) < after
        return await self._those(condition, limit)

    async def get(self, id: int) -> StoredConflict:  # noqa: A002
        async with self._database.reading() as session:
            return _stored(_known(id, await session.get(tables.Conflict, id)))

    async def record(self, twin: str, transaction: int, conflicts: Sequence[Conflict]) -> None:
        """Keep both values of conflicts that are about to be settled; a conflict of the transaction is kept once."""
        if not conflicts:
            return
        async with self._database.writing() as session:
            await locked_twin(session, twin)
            rows = await session.exec(select(tables.Conflict.content).where(tables.Conflict.transaction == transaction))
            known, moment = set(rows), self._database.now()
            session.add_all(conflict_row(twin, transaction, one, moment) for one in conflicts if one.model_dump_json() not in known)

    async def resolve(self, id: int, winner: Side, who: str) -> StoredConflict:  # noqa: A002
        """Record that `who` chose the value of `winner`, also over a policy that chose the other, and queue the change that brings it."""
        async with self._database.writing() as session:
            row = await _locked(session, id)
            row.winner, row.who, row.resolved = winner, who, self._database.now()
            await queued(session, row.twin, _stored(row).conflict.target.other, row.resolved, forced=True)
            return _stored(row)

    async def restore(self, id: int, who: str) -> StoredConflict:  # noqa: A002
        """Record that `who` wants the value back that lost, and queue the change that brings it. BadInput where that was wanted before."""
        async with self._database.writing() as session:
            row = await _locked(session, id)
            refuse_restoring(_stored(row))
            moment = self._database.now()
            row.winner, row.who, row.resolved = Side(str(row.winner)).other, who, moment
            row.restoration = Restoration.WANTED
            await queued(session, row.twin, _stored(row).conflict.target.other, moment, forced=True)
            return _stored(row)

    async def end_restoring(self, id: int, restoration: Restoration) -> None:  # noqa: A002
        """Record what became of it. What is restored is queued, to travel on."""
        async with self._database.writing() as session:
            row = await _locked(session, id)
            await end_restoring(session, row.twin, (id,), restoration, self._database.now())

    def _open(self, connection: str | None) -> ColumnElement[bool]:
        condition = col(tables.Conflict.resolved).is_(None)
        if connection is not None:
            condition &= col(tables.Conflict.twin).in_(select(tables.Twin.id).where(tables.Twin.connection == connection))
        elif self._database.workspace is not None:
            of_own = of_workspace(tables.Twin.connection, self._database.workspace)
            condition &= col(tables.Conflict.twin).in_(select(tables.Twin.id).where(of_own))
        return condition

    async def _those(self, condition: ColumnElement[bool], limit: int | None = None) -> tuple[StoredConflict, ...]:
        async with self._database.reading() as session:
            rows = await session.exec(select(tables.Conflict).where(condition).order_by(col(tables.Conflict.id).desc()).limit(limit))
            return tuple(_stored(row) for row in rows)


def _known(id: int, row: tables.Conflict | None) -> tables.Conflict:  # noqa: A002
    if row is None:
        raise unknown_conflict(id)
    return row


async def _locked(session: AsyncSession, id: int) -> tables.Conflict:  # noqa: A002
    """The conflict as it is once its twin is locked; both stay so for the caller's transaction."""
    await locked_twin(session, _known(id, await session.get(tables.Conflict, id)).twin)
    return _known(id, await session.get(tables.Conflict, id, with_for_update=True, populate_existing=True))


def _stored(row: tables.Conflict) -> StoredConflict:
    return StoredConflict(
        id=row_id(row.id),
        twin=row.twin,
        transaction=row.transaction,
        conflict=Conflict.model_validate_json(row.content),
        winner=Side(row.winner) if row.winner else None,
        who=row.who,
        created=row.created,
        resolved=row.resolved,
        restoration=Restoration(row.restoration) if row.restoration else None,
    )
