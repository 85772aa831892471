"""What people look for: twins by whatever they know of them, and what waits in the sync queue. Pages go by id, which never changes."""

from sqlalchemy import ColumnElement, exists, true
from sqlmodel import col, or_, select

from model.monitor import QueueSearch, TwinSearch, Waiting
from model.twin import Recorded, StoredPlan, Twin
from model.words import ConnectionStatus, IntentStatus, Side, Stage, TwinStatus
from store import tables
from store.database import Database
from store.plans import stored_plan
from store.replicas import recorded
from store.scopes import of_workspace
from store.transactions import stored_transaction, unfinished
from store.twins import stored_twin
from store.uninterrupted import uninterrupted

IN_PROGRESS = (Stage.QUEUED, Stage.FETCHED, Stage.TRANSFORMED)
_WAITS = (TwinStatus.ERROR, TwinStatus.HELD, TwinStatus.UNLINKED)
_SHOWN = (
    tables.Twin.left_key,
    tables.Twin.right_key,
    tables.Twin.left_url,
    tables.Twin.right_url,
    tables.Twin.title,
    tables.Twin.reason,
)


@uninterrupted
class Searching:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def twins(self, wanted: TwinSearch, limit: int, after: str = "") -> tuple[Twin, ...]:
        """Newest first; `after` is the id of the last twin of the page before."""
        query = select(tables.Twin).where(self._of_workspace(), *_conditions(wanted))
        if wanted.system is not None:
            query = query.join(tables.Connection).where(_of_system(wanted.system, wanted.side))
        if after:
            query = query.where(tables.Twin.id < after)
        async with self._database.reading() as session:
            rows = await session.exec(query.order_by(col(tables.Twin.id).desc()).limit(limit))
            return tuple(stored_twin(row) for row in rows)

    async def queue(self, wanted: QueueSearch, limit: int, after: int = 0) -> tuple[Waiting, ...]:
        """Oldest first; `after` is the number of the last transaction of the page before."""
        doubt = exists().where(
            col(tables.Intent.twin) == col(tables.Twin.id),
            col(tables.Intent.status) == IntentStatus.OPEN,
            col(tables.Intent.recovering_since).is_not(None),
        )
        query = select(tables.Transaction, tables.Twin, tables.Connection.status, doubt)
        query = query.join(tables.Twin, col(tables.Transaction.twin) == col(tables.Twin.id))
        query = query.join(tables.Connection, col(tables.Twin.connection) == col(tables.Connection.id))
        query = query.where(self._of_workspace(), unfinished(), col(tables.Transaction.id) > after, *self._waiting(wanted))
        async with self._database.reading() as session:
            rows = await session.exec(query.order_by(col(tables.Transaction.id)).limit(limit))
            return tuple(
                Waiting(
                    transaction=stored_transaction(transaction),
                    twin=stored_twin(twin),
                    connection_status=ConnectionStatus(status),
                    in_doubt=in_doubt,
                )
                for transaction, twin, status, in_doubt in rows
            )

    async def carried_out(self, transaction: int) -> tuple[StoredPlan | None, frozenset[str]]:
        """The last plan of a transaction, if there is one that is kept still, and the properties that it wrote."""
        plans = select(tables.Plan).where(tables.Plan.transaction == transaction).order_by(col(tables.Plan.id).desc()).limit(1)
        async with self._database.reading() as session:
            row = (await session.exec(plans)).first()
            written = await session.exec(select(tables.Outcome.property).where(tables.Outcome.transaction == transaction))
            return (stored_plan(row) if row else None), frozenset(written)

    async def recorded(self, connection: str, limit: int) -> tuple[Recorded, ...]:
        """What the connection's latest transactions sent, newest first; of each the last replica, as far as it is still kept."""
        async with self._database.reading() as session:
            return await recorded(session, connection, limit)

    def _of_workspace(self) -> ColumnElement[bool]:
        workspace = self._database.workspace
        return true() if workspace is None else of_workspace(tables.Twin.connection, workspace)

    def _waiting(self, wanted: QueueSearch) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if wanted.connection is not None:
            found.append(col(tables.Twin.connection) == wanted.connection)
        if wanted.stages:
            found.append(col(tables.Transaction.stage).in_(wanted.stages))
        if wanted.stuck_after is not None:
            found += [
                col(tables.Transaction.created) < self._database.now() - wanted.stuck_after,
                col(tables.Transaction.stage).in_(IN_PROGRESS),
                col(tables.Twin.status).not_in(_WAITS),
                col(tables.Connection.status) == ConnectionStatus.ACTIVE,
            ]
        return found


def _conditions(wanted: TwinSearch) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.connection is not None:
        found.append(col(tables.Twin.connection) == wanted.connection)
    if wanted.statuses:
        found.append(col(tables.Twin.status).in_(wanted.statuses))
    if wanted.since is not None:
        found.append(col(tables.Twin.updated) >= wanted.since)
    if wanted.text:
        ids = (col(tables.Twin.left_item_id) == wanted.text, col(tables.Twin.right_item_id) == wanted.text)
        found.append(or_(*(col(column).icontains(wanted.text, autoescape=True) for column in _SHOWN), *ids))
    return found


def _of_system(system: str, side: Side | None) -> ColumnElement[bool]:
    on = {Side.LEFT: col(tables.Connection.left_system) == system, Side.RIGHT: col(tables.Connection.right_system) == system}
    return or_(*on.values()) if side is None else on[side]
