"""Connections, and syncing an item through one."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from api.access import Guarded, needs
from api.tags import CONNECTION_UNCHANGED, Tagged
from api.using import ConnectionName, Using, Who
from model.deployment import ConnectionDeclaration, Deployment
from model.frozen import Frozen
from model.members import Permission
from model.words import Side
from model.written import Name
from operations import configured, connections, lifecycle, relinking, twins
from operations.connections import BOTH_ENDS
from operations.views import ConnectionDetail, ConnectionView, Deleted, Relinked, Started, Switched

router = APIRouter(prefix="/connections", tags=["connections"], route_class=Guarded)

End = Annotated[Side | None, Query(description="One end of the connection; both without it")]


class SyncRequest(Frozen):
    """`item` is the key that people use, an id or a URL. Without `side` it is looked for on both."""

    item: str = Field(min_length=1)
    side: Side | None = None


class RelinkRequest(Frozen):
    """`left` and `right` are keys, ids or URLs. Where the two items differ, the values of `source` count."""

    left: str = Field(min_length=1)
    right: str = Field(min_length=1)
    source: Side


class CreateRequest(Frozen):
    """Rules that are left out are the connectors' own; `active` is not looked at."""

    name: Name
    connection: ConnectionDeclaration


class RenameRequest(Frozen):
    name: Name


class CopyRequest(Frozen):
    """`integration` is another one whose systems are of the same kinds; without it, that of the connection."""

    name: Name
    integration: Name | None = None


@router.get("", openapi_extra=needs(Permission.VIEW))
async def list_connections(using: Using) -> tuple[ConnectionView, ...]:
    """All connections, by name, with how many twins they have and how much is under way."""
    return await connections.listed(using.store)


@router.post("", status_code=201, openapi_extra=needs(Permission.CONFIGURE))
async def create_connection(using: Using, who: Who, wanted: CreateRequest) -> ConnectionDetail:
    """A new connection, checked as a deployment is, and Pending until it is accepted."""
    return await lifecycle.create(using.store, using.signals, wanted.name, wanted.connection, who)


@router.get("/{name}", openapi_extra=needs(Permission.VIEW))
async def show_connection(using: Using, tagged: Tagged, name: ConnectionName) -> ConnectionDetail:
    """One connection with its active version. The tag is that of what is configured, not of what is counted."""
    tagged.with_tag(await configured.connection_tag(using.store, name))
    return await connections.shown(using.store, name)


@router.get("/{name}/export", openapi_extra=needs(Permission.VIEW))
async def export_connection(using: Using, name: ConnectionName) -> Deployment:
    """The connection alone, as a deployment that can be applied."""
    return await lifecycle.exported(using.store, name)


@router.post("/{name}/activate", dependencies=[CONNECTION_UNCHANGED], openapi_extra=needs(Permission.OPERATE))
async def activate_connection(using: Using, name: ConnectionName, side: End = None) -> Switched:
    """With both ends active, changes that were queued meanwhile are applied."""
    return await connections.activate(using.store, using.signals, name, (side,) if side else BOTH_ENDS)


@router.post("/{name}/deactivate", dependencies=[CONNECTION_UNCHANGED], openapi_extra=needs(Permission.OPERATE))
async def deactivate_connection(using: Using, name: ConnectionName, side: End = None) -> Switched:
    """Nothing is written any more; changes are queued."""
    return await connections.deactivate(using.store, using.signals, name, (side,) if side else BOTH_ENDS)


@router.post("/{name}/accept", dependencies=[CONNECTION_UNCHANGED], openapi_extra=needs(Permission.CONFIGURE))
async def accept_connection(using: Using, name: ConnectionName) -> Switched:
    """Let a connection begin that is Pending."""
    return await connections.accept(using.store, using.signals, name)


@router.post("/{name}/copy", dependencies=[CONNECTION_UNCHANGED], status_code=201, openapi_extra=needs(Permission.CONFIGURE))
async def copy_connection(using: Using, name: ConnectionName, wanted: CopyRequest) -> ConnectionDetail:
    """A new connection with the same configuration and no twins, deactivated."""
    return await lifecycle.copy(using.store, using.signals, name, to=wanted.name, integration=wanted.integration)


@router.post("/{name}/rename", dependencies=[CONNECTION_UNCHANGED], openapi_extra=needs(Permission.CONFIGURE))
async def rename_connection(using: Using, name: ConnectionName, wanted: RenameRequest) -> ConnectionDetail:
    """Its id stays, and names it as well from now on."""
    return await lifecycle.rename(using.store, name, wanted.name)


@router.delete("/{name}", dependencies=[CONNECTION_UNCHANGED], openapi_extra=needs(Permission.CONFIGURE))
async def delete_connection(using: Using, name: ConnectionName) -> Deleted:
    """Delete a connection without twins, and all that is kept of it."""
    return await lifecycle.delete(using.store, using.signals, name)


@router.post("/{name}/sync", status_code=202, openapi_extra=needs(Permission.OPERATE))
async def sync_item(using: Using, name: ConnectionName, wanted: SyncRequest) -> Started:
    """Sync one item now, and bring it under sync if it is not."""
    return await twins.sync(using.store, using.signals, using.systems, name, item=wanted.item, side=wanted.side)


@router.post("/{name}/relink", status_code=202, openapi_extra=needs(Permission.OPERATE))
async def relink_items(using: Using, name: ConnectionName, wanted: RelinkRequest) -> Relinked:
    """Pair two items that are there already."""
    left, right, source = wanted.left, wanted.right, wanted.source
    return await relinking.relink(using.store, using.signals, using.systems, name, left=left, right=right, source=source)
