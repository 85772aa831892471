"""Who waits for whom. On SQLite one writer at a time does; on PostgreSQL these locks, held to the end of the transaction.

A transaction that takes several takes the twin's first, then those of connections by id, so that no two wait for each other.
"""

from collections.abc import Collection

from sqlalchemy import text
from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from model.words import ConnectionStatus
from store import tables
from store.refusals import unknown_twin


async def locked_twin(session: AsyncSession, id: str) -> tables.Twin:  # noqa: A002
    """The twin, for one writer at a time of all that hangs on it. Raises BadInput for an id that no twin has."""
    row = await session.get(tables.Twin, id, with_for_update=True)
    if row is None:
        raise unknown_twin(id)
    return row


async def steady_status(session: AsyncSession, connection: str) -> ConnectionStatus:
    """The status that the connection has until the transaction ends: an activation waits."""
    status = select(tables.Connection.status).where(tables.Connection.id == connection)
    return ConnectionStatus((await session.exec(status.with_for_update(read=True))).one())


async def lock_connection(session: AsyncSession, id: str) -> None:  # noqa: A002
    """The connection, for one writer at a time of what is counted for it. Twins may start meanwhile."""
    await session.exec(select(tables.Connection.id).where(tables.Connection.id == id).with_for_update(key_share=True))


async def lock_configuration(session: AsyncSession, connections: Collection[str], integrations: Collection[str]) -> None:
    """One declaration at a time, also where there is no row yet; and none of the connections, or of the integrations', gets a twin."""
    await _lock_declarations(session)
    touched = or_(col(tables.Connection.id).in_(connections), col(tables.Connection.integration).in_(integrations))
    await session.exec(select(tables.Connection.id).where(touched).order_by(tables.Connection.id).with_for_update())


async def lock_all_configuration(session: AsyncSession) -> None:
    """Nobody declares, switches or renames anything until the transaction ends."""
    await _lock_declarations(session)
    await session.exec(select(tables.Connection.id).order_by(tables.Connection.id).with_for_update())


async def _lock_declarations(session: AsyncSession) -> None:
    connection = await session.connection()
    if connection.dialect.name == "postgresql":
        await connection.execute(text("LOCK TABLE workspace IN SHARE ROW EXCLUSIVE MODE"))
