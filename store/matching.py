"""Making the stored configuration what a declaration says."""

from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from model.configuration import Configuration
from model.deployment import ConnectionDeclaration, Deployment, SystemDeclaration
from model.words import ConnectionStatus, TwinStatus, VersionStatus
from store import tables
from store.capacity import FEATURES
from store.cipher import MasterKey, Place
from store.declaring import configuration
from store.locks import lock_configuration
from store.plan_tables import SubscriptionPlan
from store.refusals import (
    live_twins,
    name_taken,
    of_other_workspace,
    other_workspace,
    undeclared_integration,
    undeclared_plan,
    undeclared_system,
)
from store.switching import switches
from store.upsert import put

_CREDENTIALS = TypeAdapter(dict[str, str])

Owned = tables.System | tables.Integration | tables.Connection | SubscriptionPlan


async def match(session: AsyncSession, key: MasterKey, wanted: Deployment, who: str, now: datetime) -> None:
    """Insert and update within the caller's transaction; see `Configurations.match`."""
    await lock_configuration(session, wanted.connections, wanted.integrations)
    await _match_workspace(session, wanted.workspace, now)
    for id, system in wanted.systems.items():  # noqa: A001
        await _match_system(session, key, wanted.workspace, id, system)
    await session.flush()
    for id, plan in wanted.plans.items():  # noqa: A001
        _require_own(await session.get(SubscriptionPlan, id), wanted.workspace, "plan", id)
        features = FEATURES.dump_json(plan.features).decode()
        await put(session, SubscriptionPlan(id=id, workspace=wanted.workspace, features=features))
    for id, integration in wanted.integrations.items():  # noqa: A001
        row = await session.get(tables.Integration, id)
        if row is None:
            row = tables.Integration(id=id, workspace=wanted.workspace, left_system="", right_system="")
            session.add(row)
        _require_own(row, wanted.workspace, "integration", id)
        row.left_system = await _known_system(session, row, integration.left)
        row.right_system = await _known_system(session, row, integration.right)
        row.capacity, row.plan = integration.capacity, await _known_plan(session, row, integration.plan)
    await session.flush()
    for id, connection in wanted.connections.items():  # noqa: A001
        await _match_connection(session, wanted.workspace, id, connection, who, now)
    await _follow_integrations(session)


async def _match_workspace(session: AsyncSession, workspace: str, now: datetime) -> None:
    stored = list(await session.exec(select(tables.Workspace.id).order_by(tables.Workspace.id)))
    if not stored:
        session.add(tables.Workspace(id=workspace, created=now))
        await session.flush()
    elif workspace not in stored:
        raise other_workspace(stored[0], workspace)


def _require_own(row: Owned | None, workspace: str, kind: str, name: str) -> None:
    """What another workspace has is neither changed nor used."""
    if row is not None and row.workspace != workspace:
        raise of_other_workspace(kind, name)


async def _match_system(session: AsyncSession, key: MasterKey, workspace: str, id: str, wanted: SystemDeclaration) -> None:  # noqa: A002
    row = await session.get(tables.System, id)
    if row is None:
        row = tables.System(
            id=id, workspace=workspace, kind=wanted.kind, url=wanted.url, poll_seconds=0, late_write_seconds=0, calls_per_second=0
        )
        session.add(row)
    _require_own(row, workspace, "system", id)
    if (row.kind, row.url) != (wanted.kind, wanted.url):
        row.credentials = ""
    row.kind, row.url = wanted.kind, wanted.url
    row.poll_seconds, row.calls_per_second = wanted.poll, wanted.calls_per_second
    row.quota_share = wanted.quota_share
    row.late_write_seconds, row.search_lag_seconds = wanted.late_writes, wanted.search_lag
    if wanted.credentials:
        clear = _CREDENTIALS.dump_json({name: value.get_secret_value() for name, value in wanted.credentials.items()}).decode()
        row.credentials = key.seal(clear, Place("system", "credentials", id, workspace))
    if wanted.webhook_secret is not None:
        secret = wanted.webhook_secret.get_secret_value()
        row.webhook_secret = key.seal(secret, Place("system", "webhook_secret", id, workspace)) if secret else ""


async def _known_system(session: AsyncSession, integration: tables.Integration, system: str) -> str:
    row = await session.get(tables.System, system)
    if row is None or row.workspace != integration.workspace:
        raise undeclared_system(integration.id, system)
    return system


async def _known_plan(session: AsyncSession, integration: tables.Integration, plan: str | None) -> str | None:
    row = await session.get(SubscriptionPlan, plan) if plan is not None else None
    if plan is not None and (row is None or row.workspace != integration.workspace):
        raise undeclared_plan(integration.id, plan)
    return plan


async def _match_connection(
    session: AsyncSession,
    workspace: str,
    id: str,  # noqa: A002
    wanted: ConnectionDeclaration,
    who: str,
    now: datetime,
) -> None:
    integration = await session.get(tables.Integration, wanted.integration)
    if integration is None or integration.workspace != workspace:
        raise undeclared_integration(id, wanted.integration)
    row = await session.get(tables.Connection, id)
    if row is None:
        if (await session.exec(select(tables.Connection.id).where(tables.Connection.name == id))).first() is not None:
            raise name_taken(id)
        row = tables.Connection(
            id=id,
            workspace=workspace,
            integration=integration.id,
            left_system=integration.left_system,
            right_system=integration.right_system,
            status=ConnectionStatus.PENDING,
            version=0,
            name=id,
        )
        session.add(row)
    _require_own(row, workspace, "connection", id)
    row.integration = integration.id
    status = ConnectionStatus.ACTIVE if wanted.active else ConnectionStatus.DEACTIVATED
    if wanted.active is not None and row.status != status and not (row.halted and wanted.active):
        row.status, row.reason = status, ""
        row.sqlmodel_update(dict(switches(status)))
    await session.flush()
    await _publish(session, row, configuration(id, wanted), who, now)


async def _publish(session: AsyncSession, connection: tables.Connection, configuration: Configuration, who: str, now: datetime) -> None:
    """Make the configuration the active version, unless it is."""
    active = await session.get(tables.Version, (connection.id, connection.version))
    if active is not None and Configuration.model_validate_json(active.content) == configuration:
        return
    applied = tables.Version(
        connection=connection.id,
        number=await next_number(session, connection.id),
        status=VersionStatus.ACTIVE,
        content=configuration.model_dump_json(),
        created=now,
        created_by=who,
        note="applied as declared",
        made_from=connection.version,
    )
    session.add(applied)
    await make_active(session, connection, applied, who, now)


async def next_number(session: AsyncSession, connection: str) -> int:
    """The number of the connection's next version. Who asks holds the lock of the connection."""
    numbers = select(func.max(tables.Version.number)).where(tables.Version.connection == connection)
    return ((await session.exec(numbers)).one() or 0) + 1


async def make_active(session: AsyncSession, connection: tables.Connection, version: tables.Version, who: str, now: datetime) -> None:
    """Make it the connection's active version in place of the one that is. Its triggers become known with it."""
    former = await session.get(tables.Version, (connection.id, connection.version))
    if former is not None:
        former.status = VersionStatus.ARCHIVED
    version.status, version.published, version.published_by = VersionStatus.ACTIVE, now, who
    connection.version = version.number
    await session.flush()
    for trigger in Configuration.model_validate_json(version.content).triggers:
        session.add(tables.Trigger(connection=connection.id, version=version.number, side=trigger.side, query=trigger.query))


async def _follow_integrations(session: AsyncSession) -> None:
    """Connections take the systems of their integrations; their live twins would be lost in other systems."""
    for connection, integration in await session.exec(select(tables.Connection, tables.Integration).join(tables.Integration)):
        systems = (integration.left_system, integration.right_system)
        if (connection.left_system, connection.right_system) == systems:
            continue
        live = select(func.count()).where(tables.Twin.connection == connection.id, col(tables.Twin.status) != TwinStatus.UNLINKED)
        count = (await session.exec(live)).one()
        if count:
            raise live_twins(connection.id, count, (connection.left_system, connection.right_system), systems)
        connection.left_system, connection.right_system = systems
