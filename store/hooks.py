"""What was found when the webhooks of systems were last looked at."""

from collections.abc import Collection

from pydantic import TypeAdapter
from sqlmodel import col, select

from model.hooks import HookCheck, HookState
from store import tables
from store.database import Database
from store.uninterrupted import uninterrupted
from store.upsert import put

_STATES = TypeAdapter(tuple[HookState, ...])


@uninterrupted
class HookChecks:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, system: str) -> tuple[HookCheck, ...]:
        """The last look at each part of the system, by scope."""
        return await self.of_all((system,))

    async def of_all(self, systems: Collection[str]) -> tuple[HookCheck, ...]:
        """By system and scope."""
        those = select(tables.Hook).where(col(tables.Hook.system).in_(systems))
        async with self._database.reading() as session:
            rows = await session.exec(those.order_by(tables.Hook.system, tables.Hook.scope))
            return tuple(_check(row) for row in rows)

    async def save(self, check: HookCheck) -> None:
        """Takes the place of the look before at the same scope."""
        row = tables.Hook(
            system=check.system,
            scope=check.scope,
            address=check.address,
            hooks=_STATES.dump_json(check.hooks).decode(),
            note=check.note,
            checked=check.checked,
        )
        async with self._database.writing() as session:
            await put(session, row)


def _check(row: tables.Hook) -> HookCheck:
    return HookCheck(
        system=row.system,
        scope=row.scope,
        address=row.address,
        hooks=_STATES.validate_json(row.hooks),
        note=row.note,
        checked=row.checked,
    )
