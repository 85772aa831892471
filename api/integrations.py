"""Integrations: how much of their capacity is used, and what their plans allow."""

from fastapi import APIRouter

from api.access import Guarded, needs
from api.using import IntegrationName, Using
from model.members import Permission
from operations import capacity
from operations.views import IntegrationView

router = APIRouter(prefix="/integrations", tags=["integrations"], route_class=Guarded)


@router.get("", openapi_extra=needs(Permission.VIEW))
async def list_integrations(using: Using) -> tuple[IntegrationView, ...]:
    """All integrations with their capacity, and how much of it is used."""
    return await capacity.listed(using.store)


@router.get("/{name}", openapi_extra=needs(Permission.VIEW))
async def show_integration(using: Using, name: IntegrationName) -> IntegrationView:
    """One integration with its capacity, its plan and its connections."""
    return await capacity.shown(using.store, name)
