"""What is configured: systems, connections and the versions of their rules."""

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, delete, func, update
from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from model.configuration import Configuration, Connection, System
from model.deployment import Deployment, IntegrationDeclaration, PlanDeclaration, SystemDeclaration
from model.errors import BadInput
from model.words import ConnectionStatus
from store import tables
from store.capacity import FEATURES
from store.cipher import MasterKey, Place
from store.database import Database
from store.declaring import connection_declaration, system_declaration
from store.locks import lock_connection
from store.matching import match
from store.plan_tables import SubscriptionPlan
from store.refusals import other_workspace, unknown_connection, unknown_system, unknown_version
from store.scopes import in_workspace
from store.switching import switches
from store.uninterrupted import uninterrupted
from store.upsert import insert_missing

_CREDENTIALS = TypeAdapter(dict[str, str])


@uninterrupted
class Configurations:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def systems(self) -> tuple[System, ...]:
        async with self._database.reading() as session:
            rows = await session.exec(select(tables.System).where(self._of_workspace(tables.System.workspace)).order_by(tables.System.id))
            return tuple(_system(row) for row in rows)

    async def system(self, id: str) -> System:  # noqa: A002
        return _system(await self._system_row(id))

    async def credentials(self, id: str) -> dict[str, str]:  # noqa: A002
        """The system's credentials in the clear. Raises Misconfigured where they do not open under the master key."""
        return _credentials(self._database.key, await self._system_row(id))

    async def access(self, id: str) -> tuple[System, dict[str, str]]:  # noqa: A002
        """The system with its credentials in the clear, as of one moment. Raises as `system` and `credentials` do."""
        row = await self._system_row(id)
        return _system(row), _credentials(self._database.key, row)

    async def webhook_secret(self, id: str) -> str:  # noqa: A002
        """The secret that the system's webhooks are signed with; empty where none is set."""
        return _webhook_secret(self._database.key, await self._system_row(id))

    async def connections(self) -> tuple[Connection, ...]:
        return await self._connections(tables.Connection.id == tables.Connection.id)

    async def connections_of(self, system_id: str) -> tuple[Connection, ...]:
        return await self._connections(or_(tables.Connection.left_system == system_id, tables.Connection.right_system == system_id))

    async def connection(self, id: str) -> Connection:  # noqa: A002
        async with self._database.reading() as session:
            scope = self._of_workspace(tables.Connection.workspace)
            found = (await session.exec(_ACTIVE.where(tables.Connection.id == id, scope))).first()
            if found is None:
                raise await _unknown_connection(session, id, scope)
        return _connection(*found)

    async def configuration(self, connection_id: str, version: int) -> Configuration:
        async with self._database.reading() as session:
            row = await session.get(tables.Version, (connection_id, version))
        if row is None:
            raise unknown_version(connection_id, version)
        return Configuration.model_validate_json(row.content)

    async def set_status(self, id: str, status: ConnectionStatus, reason: str = "") -> bool:  # noqa: A002
        """The connection as a whole. False, and nothing changes, where it has that status already."""
        own = self._of_workspace(tables.Connection.workspace)
        change = update(tables.Connection).where(col(tables.Connection.id) == id, own, col(tables.Connection.status) != status)
        async with self._database.writing() as session:
            since = {"since": self._database.now()} if status is ConnectionStatus.ERROR else {}
            if (await session.exec(change.values(status=status, reason=reason, **switches(status), **since))).rowcount:
                return True
            if (await session.exec(select(tables.Connection.id).where(tables.Connection.id == id, own))).first() is None:
                raise await _unknown_connection(session, id, own)
            return False

    async def fail_system(self, system_id: str, reason: str) -> tuple[str, ...]:
        """Move the system's Active connections to Error; returns their ids."""
        of_system = or_(tables.Connection.left_system == system_id, tables.Connection.right_system == system_id)
        active = select(tables.Connection).where(of_system, tables.Connection.status == ConnectionStatus.ACTIVE)
        async with self._database.writing() as session:
            rows = list(await session.exec(active.order_by(tables.Connection.id).with_for_update()))
            for row in rows:
                row.status, row.reason, row.since = ConnectionStatus.ERROR, reason, self._database.now()
            return tuple(row.id for row in rows)

    async def count_script_failure(self, connection_id: str, version: int, transaction: int | None = None) -> int:
        """Count a failure of that version's scripts; returns how many there were since the last success.

        Repeated failures of one `transaction` count once; without it every call counts.
        """
        failure = tables.ScriptFailure(connection=connection_id, version=version, transaction=transaction)
        of_version = select(func.count()).where(tables.ScriptFailure.connection == connection_id, tables.ScriptFailure.version == version)
        async with self._database.writing() as session:
            await lock_connection(session, connection_id)
            await insert_missing(session, [failure])
            return (await session.exec(of_version)).one()

    async def clear_script_failures(self, connection_id: str) -> None:
        async with self._database.reading() as session:
            counted = await session.exec(select(tables.ScriptFailure.id).where(tables.ScriptFailure.connection == connection_id).limit(1))
            if counted.first() is None:
                return
        async with self._database.writing() as session:
            await session.exec(delete(tables.ScriptFailure).where(col(tables.ScriptFailure.connection) == connection_id))

    async def deployment(self) -> Deployment:
        """What is configured now; a connection in Error counts as not active."""
        own = self._of_workspace
        async with self._database.reading() as session:
            workspace = (await session.exec(select(tables.Workspace.id).where(own(tables.Workspace.id)))).first()
            systems = list(await session.exec(select(tables.System).where(own(tables.System.workspace)).order_by(tables.System.id)))
            declared = select(tables.Integration).where(own(tables.Integration.workspace))
            integrations = list(await session.exec(declared.order_by(tables.Integration.id)))
            subscribed = select(SubscriptionPlan).where(own(SubscriptionPlan.workspace))
            plans = list(await session.exec(subscribed.order_by(SubscriptionPlan.id)))
            rows = await session.exec(_ACTIVE.where(own(tables.Connection.workspace)).order_by(tables.Connection.id))
            connections = [_connection(*found) for found in rows]
        if workspace is None:
            return Deployment()
        return Deployment(
            workspace=workspace,
            systems={row.id: self._declared(row) for row in systems},
            plans={row.id: PlanDeclaration(features=FEATURES.validate_json(row.features)) for row in plans},
            integrations={row.id: _integration(row) for row in integrations},
            connections={connection.id: connection_declaration(connection) for connection in connections},
        )

    async def match(self, wanted: Deployment, who: str = "") -> None:
        """Make the deployment what `wanted` says, in one transaction; what it does not mention stays.

        A changed configuration becomes the connection's new active version, published by `who`. `active: true` activates a connection
        whatever its status, unless it is halted.
        Credentials that are not given stay, unless the system's kind or URL changes. Raises BadInput, and changes nothing, for names that
        refer to nothing, for another workspace, and for other systems under a connection that has live twins.
        """
        own = self._database.workspace
        if own not in {None, wanted.workspace}:
            raise other_workspace(own or "", wanted.workspace)
        async with self._database.writing() as session:
            await match(session, self._database.key, wanted, who, self._database.now())

    def _declared(self, row: tables.System) -> SystemDeclaration:
        key = self._database.key
        return system_declaration(_system(row), _credentials(key, row), _webhook_secret(key, row))

    async def _system_row(self, id: str) -> tables.System:  # noqa: A002
        async with self._database.reading() as session:
            row = await session.get(tables.System, id)
            scope = self._database.workspace
            if row is None or scope not in {None, row.workspace}:
                known = select(tables.System.id).where(self._of_workspace(tables.System.workspace))
                raise unknown_system(id, await session.exec(known.order_by(tables.System.id)))
        return row

    def _of_workspace(self, column: str) -> ColumnElement[bool]:
        return in_workspace(column, self._database.workspace)

    async def _connections(self, condition: ColumnElement[bool] | bool) -> tuple[Connection, ...]:
        async with self._database.reading() as session:
            scope = self._of_workspace(tables.Connection.workspace)
            found = await session.exec(_ACTIVE.where(condition, scope).order_by(tables.Connection.id))
            return tuple(_connection(row, version) for row, version in found)


_ACTIVE = select(tables.Connection, tables.Version).join(
    tables.Version,
    (col(tables.Version.connection) == tables.Connection.id) & (col(tables.Version.number) == tables.Connection.version),
)


async def _unknown_connection(session: AsyncSession, id: str, scope: ColumnElement[bool]) -> BadInput:  # noqa: A002
    return unknown_connection(id, await session.exec(select(tables.Connection.id).where(scope).order_by(tables.Connection.id)))


def _system(row: tables.System) -> System:
    return System(
        id=row.id,
        kind=row.kind,
        url=row.url,
        poll_seconds=row.poll_seconds,
        late_write_seconds=row.late_write_seconds,
        search_lag_seconds=row.search_lag_seconds,
        calls_per_second=row.calls_per_second,
        quota_share=row.quota_share,
        has_webhook_secret=bool(row.webhook_secret),
    )


def _credentials(key: MasterKey, row: tables.System) -> dict[str, str]:
    if not row.credentials:
        return {}
    return _CREDENTIALS.validate_json(key.unseal(row.credentials, Place("system", "credentials", row.id, row.workspace)))


def _webhook_secret(key: MasterKey, row: tables.System) -> str:
    if not row.webhook_secret:
        return ""
    return key.unseal(row.webhook_secret, Place("system", "webhook_secret", row.id, row.workspace))


def _integration(row: tables.Integration) -> IntegrationDeclaration:
    return IntegrationDeclaration(left=row.left_system, right=row.right_system, capacity=row.capacity, plan=row.plan)


def _connection(row: tables.Connection, version: tables.Version) -> Connection:
    return Connection(
        id=row.id,
        name=row.name,
        integration=row.integration,
        left_system=row.left_system,
        right_system=row.right_system,
        status=ConnectionStatus(row.status),
        reason=row.reason,
        since=row.since if row.status == ConnectionStatus.ERROR else None,
        left_active=row.left_active,
        right_active=row.right_active,
        halted=row.halted,
        version=row.version,
        configuration=Configuration.model_validate_json(version.content),
    )
