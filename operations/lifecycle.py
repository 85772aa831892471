"""How people create, export, copy, rename and delete connections."""

from activities.signals import Signals
from model.configuration import Connection
from model.deployment import ConnectionDeclaration, Deployment
from model.errors import BadInput
from model.words import ConnectionStatus, OperationStatus, TwinStatus
from operations import bulk_steering, connections, deployment
from operations.views import ConnectionDetail, Deleted
from store import Store
from store.declaring import connection_declaration
from store.refusals import has_live_twins

MOST_OPERATIONS = 1000


async def create(store: Store, signals: Signals, name: str, wanted: ConnectionDeclaration, who: str = "") -> ConnectionDetail:
    """A new connection, Pending until it is accepted, whatever `wanted` says of that. Its first version is published by `who`.

    BadInput if there is a connection of that name already; Rejected with everything that is wrong with it otherwise.
    """
    await _require_free(store, name)
    now = await store.configurations.deployment()
    pending = wanted.model_copy(update={"active": None})
    await deployment.apply(store, signals, Deployment(workspace=now.workspace, connections={name: pending}), who)
    return await connections.shown(store, name)


async def exported(store: Store, name: str) -> Deployment:
    """The connection alone, as a file describes it; its systems are named and not described. BadInput if there is no such connection.

    `active` is None where the file should leave the status alone: for one that is Pending or in Error.
    """
    connection = await store.configurations.connection(name)
    declared = connection_declaration(connection)
    if connection.status in {ConnectionStatus.PENDING, ConnectionStatus.ERROR}:
        declared = declared.model_copy(update={"active": None})
    now = await store.configurations.deployment()
    return Deployment(workspace=now.workspace, connections={connection.name: declared})


async def copy(store: Store, signals: Signals, name: str, *, to: str, integration: str | None = None) -> ConnectionDetail:
    """A new connection with the same configuration and no twins, deactivated; in another `integration` of the same kinds if one is named.

    BadInput if there is a connection `to` already; Rejected with everything that is wrong with it otherwise.
    """
    await _require_free(store, to)
    now = await store.configurations.deployment()
    wanted = now.connections[name].model_copy(update={"active": False})
    if integration is not None:
        _require_same_kinds(now, wanted.integration, integration)
        wanted = wanted.model_copy(update={"integration": integration})
    await deployment.apply(store, signals, Deployment(workspace=now.workspace, connections={to: wanted}))
    return await connections.shown(store, to)


async def rename(store: Store, name: str, to: str) -> ConnectionDetail:
    """Its id, and with it its twins' workflows, stay. BadInput if another connection is called so."""
    await store.lifecycles.rename(name, to)
    return await connections.shown(store, name)


async def delete(store: Store, signals: Signals, name: str) -> Deleted:
    """Delete the connection with all that is kept of it; its workflow ends.

    BadInput if it has twins that are not unlinked, Unavailable if Temporal cannot be reached; nothing is done then.
    """
    connection = await store.configurations.connection(name)
    await _require_no_twins(store, connection)
    await signals.end_connection(connection.id)
    await signals.schedule(_bare(connection), connection.configuration.named_triggers)
    await _end_operations(store, signals, connection)
    await store.lifecycles.delete(connection.id)
    return Deleted(connection=connection.name)


async def _require_free(store: Store, name: str) -> None:
    if any(name in {one.name, one.id} for one in await store.configurations.connections()):
        raise BadInput(f"there is a connection {name!r} already; choose another name")


async def _end_operations(store: Store, signals: Signals, connection: Connection) -> None:
    """A bulk operation of a connection that is gone would never be over."""
    for status in (OperationStatus.RUNNING, OperationStatus.PAUSED):
        for operation in await store.operations.listing(connection.id, status, MOST_OPERATIONS):
            await bulk_steering.cancel(store, signals, operation.id)


def _bare(connection: Connection) -> Connection:
    return connection.model_copy(update={"configuration": connection.configuration.model_copy(update={"triggers": ()})})


async def _require_no_twins(store: Store, connection: Connection) -> None:
    counts = await store.twins.counts(connection.id)
    live = sum(counts.values()) - counts[TwinStatus.UNLINKED]
    if live:
        raise has_live_twins(connection.name, live)


def _require_same_kinds(now: Deployment, own: str, other: str) -> None:
    if other not in now.integrations:
        raise BadInput(f"there is no integration {other!r} (integrations: {', '.join(now.integrations)}); declare it and apply the file")
    kinds = {
        name: tuple(now.systems[system].kind for system in (now.integrations[name].left, now.integrations[name].right))
        for name in (own, other)
    }
    if kinds[own] != kinds[other]:
        raise BadInput(
            f"integration {other!r} connects {' and '.join(kinds[other])}, and the connection {' and '.join(kinds[own])};"
            " copy it into one of the same kinds"
        )
