"""The life of a connection, in memory."""

from collections.abc import Collection

from model.configuration import Connection
from model.trigger import Trigger
from model.words import ConnectionStatus, Side, TwinStatus
from store.lifecycle import Lifecycles
from store.refusals import has_live_twins, name_taken, not_accepted, nothing_to_accept, unknown_connection
from store.switching import derived, switches
from tests.memory_store.rows import MemoryDatabase


class MemoryLifecycles(Lifecycles):
    def __init__(self, database: MemoryDatabase) -> None:
        super().__init__(database)
        self._rows = database

    async def known_as(self, name: str) -> str:
        connections = self._rows.configured.connections
        called = next((one.id for one in connections.values() if one.name == name), None)
        if called is None and name not in connections:
            raise self._unknown(name)
        return called or name

    async def switch(self, id: str, sides: Collection[Side], *, active: bool) -> bool:  # noqa: A002
        before = self._connection(id)
        if before.status is ConnectionStatus.PENDING:
            raise not_accepted(before.name)
        left = active if Side.LEFT in sides else before.left_active and not before.halted
        right = active if Side.RIGHT in sides else before.right_active and not before.halted
        status = derived(left=left, right=right, halted=False)
        changes = {"left_active": left, "right_active": right, "halted": False, "status": status}
        after = before.model_copy(update=changes)
        if after == before:
            return False
        self._put(after.model_copy(update={"reason": ""}))
        return True

    async def accept(self, id: str) -> None:  # noqa: A002
        before = self._connection(id)
        if before.status is not ConnectionStatus.PENDING:
            raise nothing_to_accept(before.name, before.status)
        active = ConnectionStatus.ACTIVE
        self._put(before.model_copy(update={"status": active, "reason": "", **switches(active)}))

    async def rename(self, id: str, name: str) -> None:  # noqa: A002
        before = self._connection(id)
        if any(name in {one.name, one.id} for one in self._rows.configured.connections.values() if one.id != id):
            raise name_taken(name)
        self._put(before.model_copy(update={"name": name}))

    async def delete(self, id: str) -> None:  # noqa: A002
        rows, connection = self._rows, self._connection(id)
        of_connection = {twin.id: twin for twin in rows.twins.values() if twin.connection == id}
        live = sum(twin.status is not TwinStatus.UNLINKED for twin in of_connection.values())
        if live:
            raise has_live_twins(connection.name, live)
        transactions = {number for twin in of_connection for number in rows.transactions_of.pop(twin, [])}
        rows.twins = {key: one for key, one in rows.twins.items() if key not in of_connection}
        rows.bases = {key: one for key, one in rows.bases.items() if key[0] not in of_connection}
        rows.traces = {key: one for key, one in rows.traces.items() if key not in of_connection}
        rows.latest = {key: one for key, one in rows.latest.items() if key[0] not in of_connection}
        rows.awaited = {key: one for key, one in rows.awaited.items() if key[0] not in of_connection}
        rows.transactions = {key: one for key, one in rows.transactions.items() if key not in transactions}
        rows.outcomes = {key: one for key, one in rows.outcomes.items() if one.twin not in of_connection}
        rows.replicas = {key: one for key, one in rows.replicas.items() if one.twin not in of_connection}
        rows.plans = {key: one for key, one in rows.plans.items() if one.twin not in of_connection}
        rows.intents = {key: one for key, one in rows.intents.items() if one.twin not in of_connection}
        rows.conflicts = {key: one for key, one in rows.conflicts.items() if one.twin not in of_connection}
        rows.script_failures = [one for one in rows.script_failures if one[0] != id]
        self._forget(connection)

    def _forget(self, connection: Connection) -> None:
        configured = self._rows.configured
        versions = [key for key in configured.versions if key[0] == connection.id]
        triggers: list[Trigger] = [trigger for key in versions for trigger in configured.versions[key].triggers]
        for trigger in triggers:
            self._rows.cursors.pop((connection.system(trigger.side), trigger.scope(connection.id)), None)
        for key in versions:
            del configured.versions[key]
        del configured.connections[connection.id]

    def _connection(self, id: str) -> Connection:  # noqa: A002
        found = self._rows.configured.connections.get(id)
        if found is None:
            raise self._unknown(id)
        return found

    def _unknown(self, name: str) -> Exception:
        return unknown_connection(name, sorted(one.name for one in self._rows.configured.connections.values()))

    def _put(self, connection: Connection) -> None:
        since = connection.since if connection.status is ConnectionStatus.ERROR else None
        self._rows.configured.connections[connection.id] = connection.model_copy(update={"since": since})
