"""What is configured, in memory."""

from model.configuration import Configuration, Connection, System
from model.deployment import Deployment
from model.words import ConnectionStatus, TwinStatus
from store.columns import prose
from store.configuration import Configurations
from store.declaring import connection_declaration, system_declaration
from store.refusals import unknown_connection, unknown_system, unknown_version
from store.switching import switches
from tests.memory_store.matching import matched
from tests.memory_store.rows import KeptSystem, MemoryDatabase


class MemoryConfigurations(Configurations):
    def __init__(self, database: MemoryDatabase) -> None:
        super().__init__(database)
        self._rows = database

    async def systems(self) -> tuple[System, ...]:
        return tuple(kept.system for _, kept in sorted(self._rows.configured.systems.items()))

    async def system(self, id: str) -> System:  # noqa: A002
        return self._kept(id).system

    async def credentials(self, id: str) -> dict[str, str]:  # noqa: A002
        return dict(self._kept(id).credentials)

    async def access(self, id: str) -> tuple[System, dict[str, str]]:  # noqa: A002
        kept = self._kept(id)
        return kept.system, dict(kept.credentials)

    async def webhook_secret(self, id: str) -> str:  # noqa: A002
        return self._kept(id).webhook_secret

    async def connections(self) -> tuple[Connection, ...]:
        return tuple(connection for _, connection in sorted(self._rows.configured.connections.items()))

    async def connections_of(self, system_id: str) -> tuple[Connection, ...]:
        return tuple(one for one in await self.connections() if system_id in {one.left_system, one.right_system})

    async def connection(self, id: str) -> Connection:  # noqa: A002
        found = self._rows.configured.connections.get(id)
        if found is None:
            raise unknown_connection(id, sorted(self._rows.configured.connections))
        return found

    async def configuration(self, connection_id: str, version: int) -> Configuration:
        found = self._rows.configured.versions.get((connection_id, version))
        if found is None:
            raise unknown_version(connection_id, version)
        return found

    async def set_status(self, id: str, status: ConnectionStatus, reason: str = "") -> bool:  # noqa: A002
        connection = await self.connection(id)
        if connection.status is status:
            return False
        self._move(connection, status, reason)
        return True

    async def fail_system(self, system_id: str, reason: str) -> tuple[str, ...]:
        active = [one for one in await self.connections_of(system_id) if one.status is ConnectionStatus.ACTIVE]
        for connection in active:
            self._move(connection, ConnectionStatus.ERROR, reason)
        return tuple(connection.id for connection in active)

    async def count_script_failure(self, connection_id: str, version: int, transaction: int | None = None) -> int:
        self._rows.refer(connection=connection_id)
        failure = (connection_id, version, transaction)
        if transaction is None or failure not in self._rows.script_failures:
            self._rows.script_failures.append(failure)
        return sum((connection, number) == (connection_id, version) for connection, number, _ in self._rows.script_failures)

    async def clear_script_failures(self, connection_id: str) -> None:
        self._rows.script_failures = [failure for failure in self._rows.script_failures if failure[0] != connection_id]

    async def deployment(self) -> Deployment:
        configured = self._rows.configured
        if configured.workspace is None:
            return Deployment()
        return Deployment(
            workspace=configured.workspace,
            systems={id: system_declaration(*kept) for id, kept in sorted(configured.systems.items())},  # noqa: A001
            plans=dict(sorted(configured.plans.items())),
            integrations=dict(sorted(configured.integrations.items())),
            connections={connection.id: connection_declaration(connection) for connection in await self.connections()},
        )

    async def match(self, wanted: Deployment, who: str = "") -> None:
        live = [twin.connection for twin in self._rows.twins.values() if twin.status is not TwinStatus.UNLINKED]
        self._rows.configured = matched(self._rows.configured, wanted, live)

    def _kept(self, id: str) -> KeptSystem:  # noqa: A002
        found = self._rows.configured.systems.get(id)
        if found is None:
            raise unknown_system(id, sorted(self._rows.configured.systems))
        return found

    def _move(self, connection: Connection, status: ConnectionStatus, reason: str) -> None:
        since = self._rows.now() if status is ConnectionStatus.ERROR else None
        moved = connection.model_copy(update={"status": status, "reason": prose(reason), "since": since, **switches(status)})
        self._rows.configured.connections[connection.id] = moved
