"""Making the configuration in memory what a declaration says."""

from collections.abc import Sequence

from model.configuration import Connection, System
from model.deployment import ConnectionDeclaration, Deployment, IntegrationDeclaration, SystemDeclaration
from model.words import ConnectionStatus
from store.declaring import configuration
from store.refusals import live_twins, name_taken, other_workspace, undeclared_integration, undeclared_plan, undeclared_system
from store.switching import switches
from tests.memory_store.rows import Configured, KeptSystem, through_json


def matched(before: Configured, wanted: Deployment, live: Sequence[str]) -> Configured:
    """What is configured after `wanted`; `live` has the connection of each live twin. Changes nothing of `before`."""
    if before.workspace not in {None, wanted.workspace}:
        raise other_workspace(str(before.workspace), wanted.workspace)
    after = Configured(
        workspace=wanted.workspace,
        systems=dict(before.systems),
        plans={**before.plans, **wanted.plans},
        integrations=dict(before.integrations),
        connections=dict(before.connections),
        versions=dict(before.versions),
    )
    for id, system in wanted.systems.items():  # noqa: A001
        after.systems[id] = _system(id, system, before.systems.get(id))
    for id, integration in wanted.integrations.items():  # noqa: A001
        after.integrations[id] = _integration(after, id, integration)
    for id, connection in wanted.connections.items():  # noqa: A001
        _match_connection(after, id, connection)
    _follow_integrations(after, live)
    return after


def _system(id: str, wanted: SystemDeclaration, before: KeptSystem | None) -> KeptSystem:  # noqa: A002
    credentials = {name: value.get_secret_value() for name, value in wanted.credentials.items()}
    secret = wanted.webhook_secret.get_secret_value() if wanted.webhook_secret is not None else None
    if before is not None:
        stays = (before.system.kind, before.system.url) == (wanted.kind, wanted.url)
        credentials = credentials or (before.credentials if stays else {})
        secret = before.webhook_secret if secret is None else secret
    system = System(
        id=id,
        kind=wanted.kind,
        url=wanted.url,
        poll_seconds=wanted.poll,
        late_write_seconds=wanted.late_writes,
        search_lag_seconds=wanted.search_lag,
        calls_per_second=wanted.calls_per_second,
        quota_share=wanted.quota_share,
        has_webhook_secret=bool(secret),
    )
    return KeptSystem(system, credentials, secret or "")


def _integration(after: Configured, id: str, wanted: IntegrationDeclaration) -> IntegrationDeclaration:  # noqa: A002
    for system in (wanted.left, wanted.right):
        if system not in after.systems:
            raise undeclared_system(id, system)
    if wanted.plan is not None and wanted.plan not in after.plans:
        raise undeclared_plan(id, wanted.plan)
    return wanted


def _match_connection(after: Configured, id: str, wanted: ConnectionDeclaration) -> None:  # noqa: A002
    integration = after.integrations.get(wanted.integration)
    if integration is None:
        raise undeclared_integration(id, wanted.integration)
    content = configuration(id, wanted)
    before = after.connections.get(id)
    if before is None:
        if any(one.name == id for one in after.connections.values()):
            raise name_taken(id)
        before = Connection(
            id=id,
            name=id,
            integration=wanted.integration,
            left_system=integration.left,
            right_system=integration.right,
            status=ConnectionStatus.PENDING,
            version=0,
            configuration=content,
        )
    changes: dict[str, object] = {"integration": wanted.integration}
    status = ConnectionStatus.ACTIVE if wanted.active else ConnectionStatus.DEACTIVATED
    if wanted.active is not None and before.status is not status and not (before.halted and wanted.active):
        changes |= {"status": status, "reason": "", "since": None, **switches(status)}
    if before.version == 0 or before.configuration != content:
        number, published = before.version + 1, through_json(content)
        changes |= {"version": number, "configuration": published}
        after.versions[id, number] = published
    after.connections[id] = before.model_copy(update=changes)


def _follow_integrations(after: Configured, live: Sequence[str]) -> None:
    for id, connection in after.connections.items():  # noqa: A001
        integration = after.integrations[connection.integration]
        now, wanted = (connection.left_system, connection.right_system), (integration.left, integration.right)
        if now == wanted:
            continue
        if count := live.count(id):
            raise live_twins(id, count, now, wanted)
        after.connections[id] = connection.model_copy(update={"left_system": integration.left, "right_system": integration.right})
