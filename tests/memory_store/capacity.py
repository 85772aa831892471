"""How much of their capacity integrations use, in memory."""

from model.capacity import Usage
from model.words import TwinStatus
from store.capacity import Capacities
from store.refusals import over_capacity, unknown_integration
from tests.memory_store.rows import MemoryDatabase


class MemoryCapacities(Capacities):
    def __init__(self, database: MemoryDatabase) -> None:
        super().__init__(database)
        self._rows = database

    async def usages(self) -> tuple[Usage, ...]:
        return tuple([await self.usage(id) for id in sorted(self._rows.configured.integrations)])  # noqa: A001

    async def usage(self, integration: str) -> Usage:
        configured = self._rows.configured
        found = configured.integrations.get(integration)
        if found is None:
            raise unknown_integration(integration, sorted(configured.integrations))
        return Usage(
            integration=integration,
            left_system=found.left,
            right_system=found.right,
            capacity=found.capacity,
            plan=found.plan,
            features=configured.plans[found.plan].features if found.plan is not None else None,
            used=used(self._rows, integration),
        )


def used(rows: MemoryDatabase, integration: str) -> int:
    connections = {one.id for one in rows.configured.connections.values() if one.integration == integration}
    return sum(twin.connection in connections and twin.status is not TwinStatus.UNLINKED for twin in rows.twins.values())


def require_room(rows: MemoryDatabase, connection: str) -> None:
    """Before a twin is added to the connection."""
    integration = rows.configured.connections[connection].integration
    capacity = rows.configured.integrations[integration].capacity
    if capacity is not None and used(rows, integration) >= capacity:
        raise over_capacity(integration, capacity)
