"""Operations on many items: what was asked for, and how it stands."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, update
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
AT_ONCE = 500
GOES_ON = "was queued when the operation was cancelled; its twin goes on"


@uninterrupted
class Operations:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self,
        kind: OperationKind,
        connection: str,
        parameters: Parameters,
        who: str,
        entries: Sequence[Entry] | None = None,
        source: str = "",
    ) -> Operation:
        """A new one that runs. With `entries` these are all its items, or the first ones of a `source` to be collected from."""
        moment = self._database.now()
        async with self._database.writing() as session:
            row = tables.Operation(
                id=twin_id(moment, self._database.token),
                workspace=await _workspace(session, connection),
                connection=connection,
                kind=kind,
                parameters=parameters.model_dump_json(),
                status=OperationStatus.RUNNING,
                collected=entries is not None and not source,
                who=who,
                started=moment,
            )
            session.add(row)
            await session.flush()
            if source:
                session.add(tables.OperationSource(operation=row.id, content=source))
            await insert_entries(session, row.id, 0, entries or (), moment)
            return _operation(row)

    async def source(self, id: str) -> str:  # noqa: A002
        """Where the rest of its items is collected from; empty where there is nothing, or all are on record."""
        async with self._database.reading() as session:
            row = await session.get(tables.OperationSource, id)
        return row.content if row else ""

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
            await _drop_source(session, id)

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
        """Nothing more is begun, and then every item gets a result, see `finish`. BadInput if it is over."""
        async with self._database.writing() as session:
            row = await _unfinished(session, id)
            row.status, row.reason, row.ended = OperationStatus.CANCELLED, "", self._database.now()
            await _drop_source(session, id)
            cancelled = _operation(row)
        await self.finish(id)
        return cancelled

    async def finish(self, id: str) -> None:  # noqa: A002
        """Give the items of a cancelled one that have no result theirs, in transactions so small that they hold up nobody."""
        for state, result, reason in ((ItemState.WAITING, ItemState.SKIPPED, CANCELLED), (ItemState.QUEUED, ItemState.DONE, GOES_ON)):
            of_state = (col(tables.OperationItem.operation) == id, col(tables.OperationItem.state) == state)
            some = select(tables.OperationItem.number).where(*of_state).order_by(col(tables.OperationItem.number)).limit(AT_ONCE)
            values = {"state": result, "reason": reason, "updated": self._database.now()}
            change = update(tables.OperationItem).where(*of_state, col(tables.OperationItem.number).in_(some)).values(**values)
            rows = AT_ONCE
            while rows == AT_ONCE:
                async with self._database.writing() as session:
                    rows = (await session.exec(change)).rowcount

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

    async def prune(self, before: datetime) -> int:
        """Delete the operations that were over before that time with their items, a few rows at a time; returns how many rows."""
        old = select(tables.Operation.id).where(col(tables.Operation.ended) < before).order_by(tables.Operation.id).limit(1)
        gone = 0
        while True:
            async with self._database.reading() as session:
                id = (await session.exec(old)).first()  # noqa: A001
            if id is None:
                return gone
            gone += await self._prune(id)

    async def _prune(self, id: str) -> int:  # noqa: A002
        of_operation = col(tables.OperationItem.operation) == id
        some = select(tables.OperationItem.number).where(of_operation).order_by(col(tables.OperationItem.number)).limit(AT_ONCE)
        gone = 0
        while True:
            async with self._database.writing() as session:
                items = delete(tables.OperationItem).where(of_operation, col(tables.OperationItem.number).in_(some))
                rows = (await session.exec(items)).rowcount
                gone += rows
                if rows < AT_ONCE:
                    await _drop_source(session, id)
                    return gone + (await session.exec(delete(tables.Operation).where(col(tables.Operation.id) == id))).rowcount

    async def _move(self, id: str, status: OperationStatus, reason: str) -> Operation:  # noqa: A002
        async with self._database.writing() as session:
            row = await _unfinished(session, id)
            row.status, row.reason = status, reason
            row.ended = self._database.now() if status.over else None
            return _operation(row)


async def _drop_source(session: AsyncSession, id: str) -> None:  # noqa: A002
    await session.exec(delete(tables.OperationSource).where(col(tables.OperationSource.operation) == id))


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
