"""Versions of a connection's configuration."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from api.access import Guarded, needs
from api.paging import ByNumber
from api.tags import VERSION_UNCHANGED, Tagged
from api.using import ConnectionName, Numbered, Using, VersionNumber, Who
from model.frozen import Frozen
from model.members import Permission
from model.version import Version, VersionRecord
from operations import configured, versions
from operations.versions import Edit
from operations.views import Published, VersionDifference, VersionPage

router = APIRouter(prefix="/connections/{name}/versions", tags=["versions"], route_class=Guarded)

Why = Annotated[str, Field(max_length=1000, description="Why, for those who look at it later")]


class Drafting(Frozen):
    """`made_from` is the version to copy, the active one where none is given."""

    made_from: Numbered | None = None
    note: Why = ""


class Publishing(Frozen):
    """With `anyway` also a draft of a version that is no longer the active one."""

    why: Why = ""
    anyway: bool = False


class RollingBack(Frozen):
    why: Why = ""


@router.get("", openapi_extra=needs(Permission.VIEW))
async def list_versions(using: Using, name: ConnectionName, paging: ByNumber) -> VersionPage:
    """Newest first, with who made and published each, when and why."""
    return paging.linked(await versions.listed(using.store, name, limit=paging.limit, after=paging.after))


@router.post("", status_code=201, openapi_extra=needs(Permission.CONFIGURE))
async def draft_version(using: Using, who: Who, name: ConnectionName, wanted: Drafting) -> Version:
    """Begin a draft as a copy of another version."""
    return await versions.draft(using.store, name, wanted.made_from, who=who, note=wanted.note)


@router.get("/{number}", openapi_extra=needs(Permission.VIEW))
async def show_version(using: Using, tagged: Tagged, name: ConnectionName, number: VersionNumber) -> Version:
    """One version with its configuration. Its tag changes with it, and when another version becomes active."""
    tagged.with_tag(await configured.version_tag(using.store, name, number))
    return await versions.shown(using.store, name, number)


@router.get("/{number}/diff", openapi_extra=needs(Permission.VIEW))
async def diff_version(
    using: Using,
    name: ConnectionName,
    number: VersionNumber,
    against: Annotated[Numbered | None, Query(description="The version to start from; the active one where none is given")] = None,
) -> VersionDifference:
    """What leads from another version to this one."""
    return await versions.difference(using.store, name, number, against)


@router.post("/{number}/edit", dependencies=[VERSION_UNCHANGED], openapi_extra=needs(Permission.CONFIGURE))
async def edit_version(using: Using, name: ConnectionName, number: VersionNumber, wanted: Edit) -> Version:
    """Change a draft. It is checked as a deployment file is; anything wrong is refused as a whole."""
    return await versions.edit(using.store, name, number, wanted)


@router.post("/{number}/publish", dependencies=[VERSION_UNCHANGED], openapi_extra=needs(Permission.CONFIGURE))
async def publish_version(using: Using, who: Who, name: ConnectionName, number: VersionNumber, how: Publishing) -> Published:
    """Make a draft the active version. What is under way finishes with the version that it began with."""
    return await versions.publish(using.store, using.signals, name, number, who=who, why=how.why, anyway=how.anyway)


@router.post("/{number}/rollback", dependencies=[VERSION_UNCHANGED], openapi_extra=needs(Permission.CONFIGURE))
async def rollback_version(using: Using, who: Who, name: ConnectionName, number: VersionNumber, how: RollingBack) -> Published:
    """Publish an archived version once more, as a new version of the same content."""
    return await versions.rollback(using.store, using.signals, name, number, who=who, why=how.why)


@router.post("/{number}/discard", dependencies=[VERSION_UNCHANGED], openapi_extra=needs(Permission.CONFIGURE))
async def discard_version(using: Using, name: ConnectionName, number: VersionNumber) -> VersionRecord:
    """Forget a draft; answers what it was."""
    return await versions.discard(using.store, name, number)
