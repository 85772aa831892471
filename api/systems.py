"""Systems, and what they say of our account."""

from fastapi import APIRouter

from api.access import Guarded, needs
from api.tags import Tagged
from api.using import SystemName, Using
from model.configuration import System
from model.deployment import SystemDeclaration
from model.members import Permission
from operations import checking, configured, hooks
from operations.views import SystemCheck, SystemHooks

router = APIRouter(prefix="/systems", tags=["systems"], route_class=Guarded)


@router.get("", openapi_extra=needs(Permission.VIEW))
async def list_systems(using: Using, tagged: Tagged) -> tuple[System, ...]:
    """All systems, by name. Credentials are not told."""
    systems = await using.store.configurations.systems()
    tagged.with_tag(configured.tag(using.store, *systems))
    return systems


@router.get("/{name}", openapi_extra=needs(Permission.VIEW))
async def show_system(using: Using, tagged: Tagged, name: SystemName) -> SystemDeclaration:
    """One system, as it is declared; secrets are shown as `***`."""
    declared = await configured.system(using.store, name)
    tagged.with_tag(configured.tag(using.store, declared))
    return declared


@router.post("/{name}/check", openapi_extra=needs(Permission.CONFIGURE))
async def check_system(using: Using, name: SystemName) -> SystemCheck:
    """Log in and try whatever reads, for every connection that uses the system; what is missing comes with how to get it."""
    return await checking.checked(using.store, using.systems, name)


@router.get("/{name}/hooks", openapi_extra=needs(Permission.VIEW))
async def system_hooks(using: Using, name: SystemName) -> SystemHooks:
    """The webhooks that Twinline registered, as they were at its last look, and what keeps it from doing so."""
    return await hooks.registered(using.store, name)
