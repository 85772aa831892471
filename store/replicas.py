"""Replicas as they were sent, numbered per twin and side."""

from pydantic import TypeAdapter
from sqlalchemy import func, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from model.item import Fields, Item
from model.plan import Plan
from model.twin import Recorded, StoredReplica
from model.words import Side, Stage, TwinStatus
from store import tables
from store.columns import row_id
from store.database import Database
from store.locks import locked_twin
from store.refusals import unknown_replica
from store.transactions import unfinished
from store.uninterrupted import uninterrupted

PAYLOAD = TypeAdapter(Fields)


@uninterrupted
class Replicas:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self, twin: str, source: Side, transaction: int, version: int, payload: Fields, item: Item, attempt: int | None = None
    ) -> StoredReplica:
        """Store under the next sequence number of that twin and side; the transaction is then fetched and the twin syncing.

        Unless the transaction is finished, or a later attempt than `attempt` was begun at it: then they stay as they are.
        """
        async with self._database.writing() as session:
            syncing = await locked_twin(session, twin)
            moment = self._database.now()
            fetched = update(tables.Transaction).where(col(tables.Transaction.id) == transaction, unfinished())
            if attempt is not None:
                fetched = fetched.where(col(tables.Transaction.attempts) == attempt)
            read = fetched.values(stage=Stage.FETCHED, summary=f"{item.ref.key} read", reason="", updated=moment)
            if (await session.exec(read)).rowcount and syncing.status != TwinStatus.UNLINKED:
                syncing.status, syncing.reason, syncing.updated = TwinStatus.SYNCING, "", moment
            newest = await _newest(session, twin, source)
            row = tables.Replica(
                twin=twin,
                source=source,
                sequence=newest.sequence + 1 if newest else 1,
                transaction=transaction,
                version=version,
                payload=PAYLOAD.dump_json(payload).decode(),
                item=item.model_dump_json(),
                created=moment,
            )
            session.add(row)
            await session.flush()
            return _stored(row)

    async def get(self, id: int) -> StoredReplica:  # noqa: A002
        async with self._database.reading() as session:
            row = await session.get(tables.Replica, id)
        if row is None:
            raise unknown_replica(id)
        return _stored(row)

    async def latest(self, twin: str, source: Side) -> StoredReplica | None:
        async with self._database.reading() as session:
            row = await _newest(session, twin, source)
        return _stored(row) if row else None


async def recorded(session: AsyncSession, connection: str, limit: int) -> tuple[Recorded, ...]:
    """What the connection's latest transactions sent, newest first; of each the last replica, as far as it is still kept."""
    last = select(func.max(tables.Replica.id)).join(tables.Twin, col(tables.Twin.id) == tables.Replica.twin)
    last = last.where(tables.Twin.connection == connection).group_by(col(tables.Replica.transaction))
    query = select(tables.Replica).where(col(tables.Replica.id).in_(last)).order_by(col(tables.Replica.id).desc()).limit(limit)
    return tuple([await _recorded(session, row) for row in await session.exec(query)])


async def _recorded(session: AsyncSession, row: tables.Replica) -> Recorded:
    of_side = select(tables.Replica).where(tables.Replica.twin == row.twin, tables.Replica.source == row.source)
    before = (await session.exec(of_side.where(tables.Replica.sequence == row.sequence - 1))).first()
    plans = select(tables.Plan).where(tables.Plan.replica == row.id).order_by(col(tables.Plan.id).desc()).limit(1)
    plan = (await session.exec(plans)).first()
    return Recorded(
        replica=_stored(row),
        previous=PAYLOAD.validate_json(before.payload) if before else {},
        plan=Plan.model_validate_json(plan.content) if plan else None,
    )


async def _newest(session: AsyncSession, twin: str, source: Side) -> tables.Replica | None:
    of_side = select(tables.Replica).where(tables.Replica.twin == twin, tables.Replica.source == source)
    return (await session.exec(of_side.order_by(col(tables.Replica.sequence).desc()).limit(1))).first()


def _stored(row: tables.Replica) -> StoredReplica:
    return StoredReplica(
        id=row_id(row.id),
        twin=row.twin,
        source=Side(row.source),
        sequence=row.sequence,
        transaction=row.transaction,
        version=row.version,
        payload=PAYLOAD.validate_json(row.payload),
        item=Item.model_validate_json(row.item),
    )
