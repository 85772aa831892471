"""The life of a connection from its acceptance to its end: switched on and off at either end, renamed, deleted."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, func
from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from model.words import ConnectionStatus, Side, TwinStatus
from store import tables
from store.database import Database
from store.refusals import has_live_twins, name_taken, not_accepted, nothing_to_accept, unknown_connection
from store.removal import remove
from store.scopes import in_workspace
from store.switching import derived
from store.uninterrupted import uninterrupted


@uninterrupted
class Lifecycles:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def known_as(self, name: str) -> str:
        """The id of the connection that people call so, or that has it as its id. Raises BadInput if there is none."""
        async with self._database.reading() as session:
            own = in_workspace(tables.Connection.workspace, self._database.workspace)
            found = (await session.exec(select(tables.Connection.id).where(_is_called(name), own))).first()
            if found is None:
                known = select(tables.Connection.name).where(own).order_by(tables.Connection.name)
                raise unknown_connection(name, await session.exec(known))
        return found

    async def switch(self, id: str, sides: Collection[Side], *, active: bool) -> bool:  # noqa: A002
        """Switch these ends; an error, or a halt, is over by that. False, and nothing changes, where all of it is so already.

        Raises BadInput for a connection that is Pending. What was halted has both ends off before.
        """
        async with self._database.writing() as session:
            row = await self._locked(session, id)
            if row.status == ConnectionStatus.PENDING:
                raise not_accepted(row.name)
            before = (row.left_active, row.right_active, row.halted, row.status)
            left, right = (row.left_active and not row.halted), (row.right_active and not row.halted)
            row.left_active = active if Side.LEFT in sides else left
            row.right_active = active if Side.RIGHT in sides else right
            row.halted = False
            row.status = derived(left=row.left_active, right=row.right_active, halted=False)
            changed = before != (row.left_active, row.right_active, row.halted, row.status)
            row.reason = "" if changed else row.reason
            return changed

    async def accept(self, id: str) -> None:  # noqa: A002
        """Activate a connection that is Pending. Raises BadInput for one that is not."""
        async with self._database.writing() as session:
            row = await self._locked(session, id)
            if row.status != ConnectionStatus.PENDING:
                raise nothing_to_accept(row.name, row.status)
            row.left_active = row.right_active = True
            row.status, row.reason = ConnectionStatus.ACTIVE, ""

    async def rename(self, id: str, name: str) -> None:  # noqa: A002
        """Its id stays. Raises BadInput where another connection has that name or id."""
        async with self._database.writing() as session:
            row = await self._locked(session, id)
            of_other = select(tables.Connection.id).where(_is_called(name), tables.Connection.id != id)
            if (await session.exec(of_other)).first() is not None:
                raise name_taken(name)
            row.name = name

    async def delete(self, id: str) -> None:  # noqa: A002
        """Delete the connection with all that is kept of it. Raises BadInput, and deletes nothing, where it has live twins."""
        async with self._database.writing() as session:
            row = await self._locked(session, id)
            live = select(func.count()).where(tables.Twin.connection == id, col(tables.Twin.status) != TwinStatus.UNLINKED)
            count = (await session.exec(live)).one()
            if count:
                raise has_live_twins(row.name, count)
            await remove(session, row)

    async def _locked(self, session: AsyncSession, id: str) -> tables.Connection:  # noqa: A002
        """The connection, which nobody changes, and to which no twin is added, until the transaction ends."""
        row = await session.get(tables.Connection, id, with_for_update=True)
        if row is None or self._database.workspace not in {None, row.workspace}:
            own = in_workspace(tables.Connection.workspace, self._database.workspace)
            raise unknown_connection(id, await session.exec(select(tables.Connection.name).where(own).order_by(tables.Connection.name)))
        return row


def _is_called(name: str) -> ColumnElement[bool]:
    return or_(col(tables.Connection.name) == name, col(tables.Connection.id) == name)
