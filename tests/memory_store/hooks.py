"""What was found about webhooks, in memory."""

from collections.abc import Collection

from model.hooks import HookCheck
from store.columns import prose, utc
from store.hooks import HookChecks
from tests.memory_store.rows import MemoryDatabase


class MemoryHookChecks(HookChecks):
    def __init__(self, database: MemoryDatabase) -> None:
        super().__init__(database)
        self._rows = database

    async def of(self, system: str) -> tuple[HookCheck, ...]:
        return await self.of_all((system,))

    async def of_all(self, systems: Collection[str]) -> tuple[HookCheck, ...]:
        return tuple(check for (of, _), check in sorted(self._rows.hooks.items()) if of in systems)

    async def save(self, check: HookCheck) -> None:
        self._rows.refer(system=check.system)
        kept = check.model_copy(update={"note": prose(check.note), "checked": utc(check.checked)})
        self._rows.hooks[check.system, check.scope] = kept
