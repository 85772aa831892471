"""Systems, and what they say of our account."""

from fastapi import APIRouter

from api.using import SystemName, Using
from model.configuration import System
from operations import checking
from operations.views import SystemCheck

router = APIRouter(prefix="/systems", tags=["systems"])


@router.get("")
async def list_systems(using: Using) -> tuple[System, ...]:
    return await using.store.configurations.systems()


@router.post("/{name}/check")
async def check_system(using: Using, name: SystemName) -> SystemCheck:
    """Log in and try whatever reads, for every connection that uses the system; what is missing comes with how to get it."""
    return await checking.checked(using.store, using.systems, name)
