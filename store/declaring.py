"""What is declared as what is configured, and back; pure."""

from pydantic import SecretStr

from model.configuration import Configuration, Conflicts, Connection, SideConfiguration, System
from model.deployment import ConnectionDeclaration, SideDeclaration, SystemDeclaration
from model.errors import BadInput
from model.words import ConflictPolicy, ConnectionStatus, Side


def configuration(id: str, wanted: ConnectionDeclaration) -> Configuration:  # noqa: A002
    """Raises BadInput where the declaration of connection `id` leaves scripts to a default."""
    conflicts = dict(wanted.conflicts)
    default = conflicts.pop("default", ConflictPolicy.LATEST)
    return Configuration(
        left=_side(id, Side.LEFT, wanted.left),
        right=_side(id, Side.RIGHT, wanted.right),
        conflicts=Conflicts(default=default, properties=conflicts),
        triggers=wanted.triggers,
        script_errors=wanted.script_errors,
        users=wanted.users,
        on_deleted=wanted.on_deleted,
        on_moved=wanted.on_moved,
    )


def system_declaration(system: System, credentials: dict[str, str], webhook_secret: str) -> SystemDeclaration:
    return SystemDeclaration(
        kind=system.kind,
        url=system.url,
        credentials={name: SecretStr(value) for name, value in credentials.items()},
        webhook_secret=SecretStr(webhook_secret) if webhook_secret else None,
        poll=system.poll_seconds,
        late_writes=system.late_write_seconds,
        search_lag=system.search_lag_seconds,
        calls_per_second=system.calls_per_second,
        quota_share=system.quota_share,
    )


def connection_declaration(connection: Connection) -> ConnectionDeclaration:
    """A connection in Error counts as not active, since a declaration that says active would activate it."""
    configured = connection.configuration
    sides = {
        side: SideDeclaration(
            settings=configured.side(side).settings,
            outgoing=configured.side(side).outgoing,
            incoming=configured.side(side).incoming,
        )
        for side in Side
    }
    return ConnectionDeclaration(
        integration=connection.integration,
        left=sides[Side.LEFT],
        right=sides[Side.RIGHT],
        triggers=configured.triggers,
        conflicts={"default": configured.conflicts.default, **configured.conflicts.properties},
        script_errors=configured.script_errors,
        users=configured.users,
        on_deleted=configured.on_deleted,
        on_moved=configured.on_moved,
        active=connection.status is ConnectionStatus.ACTIVE,
    )


def _side(id: str, side: Side, wanted: SideDeclaration) -> SideConfiguration:  # noqa: A002
    if wanted.outgoing is None or wanted.incoming is None:
        raise BadInput(f"connection {id!r} has no rules for its {side} side; give outgoing and incoming scripts")
    return SideConfiguration(settings=wanted.settings, outgoing=wanted.outgoing, incoming=wanted.incoming)
