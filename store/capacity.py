"""How many twins an integration has, and that it gets no more than it may have."""

from pydantic import TypeAdapter
from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from model.capacity import Usage
from model.words import Feature, TwinStatus
from store import tables
from store.database import Database
from store.plan_tables import SubscriptionPlan
from store.refusals import over_capacity, unknown_integration
from store.scopes import in_workspace
from store.uninterrupted import uninterrupted

FEATURES = TypeAdapter(tuple[Feature, ...])


@uninterrupted
class Capacities:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def usages(self) -> tuple[Usage, ...]:
        """Of all integrations, by name."""
        async with self._database.reading() as session:
            own = in_workspace(tables.Integration.workspace, self._database.workspace)
            rows = await session.exec(select(tables.Integration).where(own).order_by(tables.Integration.id))
            return tuple([await _usage(session, row) for row in rows.all()])

    async def usage(self, integration: str) -> Usage:
        """Raises BadInput for an integration that there is not."""
        async with self._database.reading() as session:
            own = in_workspace(tables.Integration.workspace, self._database.workspace)
            row = (await session.exec(select(tables.Integration).where(tables.Integration.id == integration, own))).first()
            if row is None:
                known = select(tables.Integration.id).where(own).order_by(tables.Integration.id)
                raise unknown_integration(integration, await session.exec(known))
            return await _usage(session, row)


async def require_room(session: AsyncSession, connection: str) -> None:
    """Called in the transaction that added a twin to the connection. Raises OverCapacity where that was one too many.

    Whoever adds another one to the integration waits until the transaction ends, so that two at once do not take the same place.
    """
    of_connection = select(tables.Integration.id, tables.Integration.capacity).join(tables.Connection)
    id, capacity = (await session.exec(of_connection.where(tables.Connection.id == connection))).one()  # noqa: A001
    if capacity is None:
        return
    await session.exec(select(tables.Integration.id).where(tables.Integration.id == id).with_for_update(key_share=True))
    if (await session.exec(_used(id))).one() > capacity:
        raise over_capacity(id, capacity)


def _used(integration: str) -> SelectOfScalar[int]:
    connections = select(tables.Connection.id).where(tables.Connection.integration == integration)
    live = (col(tables.Twin.connection).in_(connections), col(tables.Twin.status) != TwinStatus.UNLINKED)
    return select(func.count()).select_from(tables.Twin).where(*live)


async def _usage(session: AsyncSession, row: tables.Integration) -> Usage:
    plan = await session.get(SubscriptionPlan, row.plan) if row.plan is not None else None
    return Usage(
        integration=row.id,
        left_system=row.left_system,
        right_system=row.right_system,
        capacity=row.capacity,
        plan=row.plan,
        features=FEATURES.validate_json(plan.features) if plan else None,
        used=(await session.exec(_used(row.id))).one(),
    )
