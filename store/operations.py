"""Operations on many items: what was asked for, and how it stands."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from model.operation import Entry, Operation, Parameters
from model.words import ItemState, OperationKind, OperationStatus
from store import operation_tables as tables
from store.database import Database
from store.operation_items import insert_entries
from store.refusals import ended_operation, unknown_connection, unknown_operation
from store.scopes import in_workspace
from store.tables import Connection
from store.twins import twin_id
from store.uninterrupted import uninterrupted

CANCELLED = "the operation was cancelled before"
GOES_ON = "was queued when the operation was cancelled; its twin goes on"


@uninterrupted
class Operations:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self, kind: OperationKind, connection: str, parameters: Parameters, who: str, entries: Sequence[Entry] | None = None
    ) -> Operation:
        """A new one that runs. With `entries` these are all its items; else they are to be collected."""
        moment = self._database.now()
        async with self._database.writing() as session:
            row = tables.Operation(
                id=twin_id(moment, self._database.token),
                workspace=await _workspace(session, connection),
                connection=connection,
                kind=kind,
                parameters=parameters.model_dump_json(),
                status=OperationStatus.RUNNING,
                collected=entries is not None,
                who=who,
                started=moment,
            )
            session.add(row)
            await session.flush()
            await insert_entries(session, row.id, 0, entries or (), moment)
            return _operation(row)

    async def get(self, id: str) -> Operation:  # noqa: A002
        async with self._database.reading() as session:
            own = in_workspace(tables.Operation.workspace, self._database.workspace)
            return _operation(_known(id, (await session.exec(select(tables.Operation).where(tables.Operation.id == id, own))).first()))

    async def listing(self, connection: str | None, status: OperationStatus | None, limit: int, after: str = "") -> tuple[Operation, ...]:
        """Newest first; `after` is the id of the last one of the page before."""
        query = select(tables.Operation).where(in_workspace(tables.Operation.workspace, self._database.workspace))
        if connection is not None:
            query = query.where(tables.Operation.connection == connection)
        if status is not None:
            query = query.where(tables.Operation.status == status)
        if after:
            query = query.where(tables.Operation.id < after)
        async with self._database.reading() as session:
            rows = await session.exec(query.order_by(col(tables.Operation.id).desc()).limit(limit))
            return tuple(_operation(row) for row in rows)

    async def collected(self, id: str) -> None:  # noqa: A002
        """All its items are on record."""
        async with self._database.writing() as session:
            await session.exec(update(tables.Operation).where(col(tables.Operation.id) == id).values(collected=True))

    async def pause(self, id: str, reason: str = "") -> Operation:  # noqa: A002
        """No item that waits is begun any more. BadInput if it is over."""
        return await self._move(id, OperationStatus.PAUSED, reason)

    async def resume(self, id: str) -> Operation:  # noqa: A002
        """BadInput if it is over."""
        return await self._move(id, OperationStatus.RUNNING, "")

    async def fail(self, id: str, reason: str) -> Operation:  # noqa: A002
        """It is over before it could begin. BadInput if it was over already."""
        return await self._move(id, OperationStatus.FAILED, reason)

    async def cancel(self, id: str) -> Operation:  # noqa: A002
        """Nothing more is begun, and every item has a result. BadInput if it is over."""
        async with self._database.writing() as session:
            row = await _unfinished(session, id)
            row.status, row.reason, row.ended = OperationStatus.CANCELLED, "", self._database.now()
            await _conclude(session, id, ItemState.WAITING, ItemState.SKIPPED, CANCELLED, row.ended)
            await _conclude(session, id, ItemState.QUEUED, ItemState.DONE, GOES_ON, row.ended)
            return _operation(row)

    async def close(self, id: str) -> bool:  # noqa: A002
        """Done, where it runs and every item has a result; whether it is over now."""
        open_items = select(tables.OperationItem.number).where(
            tables.OperationItem.operation == id, col(tables.OperationItem.state).in_([ItemState.WAITING, ItemState.QUEUED])
        )
        async with self._database.writing() as session:
            row = _known(id, await session.get(tables.Operation, id, with_for_update=True))
            left = (await session.exec(open_items.limit(1))).first()
            if row.status == OperationStatus.RUNNING and row.collected and left is None:
                row.status, row.ended = OperationStatus.DONE, self._database.now()
            return OperationStatus(row.status).over

    async def _move(self, id: str, status: OperationStatus, reason: str) -> Operation:  # noqa: A002
        async with self._database.writing() as session:
            row = await _unfinished(session, id)
            row.status, row.reason = status, reason
            row.ended = self._database.now() if status.over else None
            return _operation(row)


async def _workspace(session: AsyncSession, connection: str) -> str:
    row = await session.get(Connection, connection)
    if row is None:
        raise unknown_connection(connection, await session.exec(select(Connection.id).order_by(Connection.id)))
    return row.workspace


async def _unfinished(session: AsyncSession, id: str) -> tables.Operation:  # noqa: A002
    row = _known(id, await session.get(tables.Operation, id, with_for_update=True))
    if OperationStatus(row.status).over:
        raise ended_operation(id, row.status)
    return row


def _known(id: str, row: tables.Operation | None) -> tables.Operation:  # noqa: A002
    if row is None:
        raise unknown_operation(id)
    return row


async def _conclude(session: AsyncSession, id: str, state: ItemState, result: ItemState, reason: str, now: datetime) -> None:  # noqa: A002
    of_state = (col(tables.OperationItem.operation) == id, col(tables.OperationItem.state) == state)
    await session.exec(update(tables.OperationItem).where(*of_state).values(state=result, reason=reason, updated=now))


def _operation(row: tables.Operation) -> Operation:
    return Operation(
        id=row.id,
        connection=row.connection,
        kind=OperationKind(row.kind),
        parameters=Parameters.model_validate_json(row.parameters),
        status=OperationStatus(row.status),
        reason=row.reason,
        collected=row.collected,
        who=row.who,
        started=row.started,
        ended=row.ended,
    )
