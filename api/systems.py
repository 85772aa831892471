"""Systems, and what they say of our account."""

from fastapi import APIRouter

from api.using import SystemName, Using
from model.configuration import System
from operations import checking, hooks
from operations.views import SystemCheck, SystemHooks

router = APIRouter(prefix="/systems", tags=["systems"])


@router.get("")
async def list_systems(using: Using) -> tuple[System, ...]:
    return await using.store.configurations.systems()


@router.post("/{name}/check")
async def check_system(using: Using, name: SystemName) -> SystemCheck:
    """Log in and try whatever reads, for every connection that uses the system; what is missing comes with how to get it."""
    return await checking.checked(using.store, using.systems, name)


@router.get("/{name}/hooks")
async def system_hooks(using: Using, name: SystemName) -> SystemHooks:
    """The webhooks that Twinline registered, as they were at its last look, and what keeps it from doing so."""
    return await hooks.registered(using.store, name)
