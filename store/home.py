"""Whether this database is the one that ran before, or a copy of it; a copy syncs nothing by itself."""

from sqlalchemy import delete, update
from sqlmodel import col, select

from model.words import ConnectionStatus
from store import tables
from store.database import Database
from store.home_tables import Home
from store.scopes import in_workspace
from store.switching import derived
from store.uninterrupted import uninterrupted
from store.upsert import insert_missing

_ONLY = "home"
_RUNNING = (ConnectionStatus.ACTIVE, ConnectionStatus.ERROR)


@uninterrupted
class Homes:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def settle(self, temporal: str, reason: str) -> tuple[str, ...]:
        """Record where the database is now; `temporal` is the id of the namespace, empty where it is not known.

        Where it was at home elsewhere, halts every connection that ran, for that reason, and forgets the webhooks, which are those of the
        original. All in one transaction; returns the ids of what was halted. The first look at a database halts nothing.
        """
        place = await self._database.place()
        async with self._database.writing() as session:
            await insert_missing(session, [Home(id=_ONLY, place=place, temporal=temporal)])
            home = await session.get_one(Home, _ONLY, with_for_update=True)
            moved = home.place != place or (temporal != home.temporal and "" not in {temporal, home.temporal})
            home.place, home.temporal = place, temporal or home.temporal
            await session.flush()
            if not moved:
                return ()
            running = col(tables.Connection.status).in_(_RUNNING)
            ids = tuple(await session.exec(select(tables.Connection.id).where(running).order_by(tables.Connection.id)))
            halting = update(tables.Connection).where(running)
            await session.exec(halting.values(halted=True, status=ConnectionStatus.DEACTIVATED, reason=reason))
            await session.exec(delete(tables.Hook))
            return ids

    async def adopt(self) -> tuple[str, ...]:
        """End every halt that the caller may see: connections are as they were switched before. Returns their ids."""
        own = in_workspace(tables.Connection.workspace, self._database.workspace)
        async with self._database.writing() as session:
            halted = select(tables.Connection).where(col(tables.Connection.halted), own).order_by(tables.Connection.id)
            rows = list(await session.exec(halted.with_for_update()))
            for row in rows:
                row.halted, row.reason = False, ""
                row.status = derived(left=row.left_active, right=row.right_active, halted=False)
            return tuple(row.id for row in rows)
