"""The deployment as a whole."""

from fastapi import APIRouter

from api.access import Guarded, needs
from api.using import Using, Who
from model.deployment import Deployment
from model.members import Permission
from operations import deployment
from operations.views import Application

router = APIRouter(tags=["deployment"], route_class=Guarded)


@router.post("/deployment", openapi_extra=needs(Permission.CONFIGURE))
async def apply_deployment(using: Using, who: Who, declared: Deployment, *, dry_run: bool = False) -> Application:
    """Make the deployment match the declaration, or only tell what would change. Anything wrong is refused as a whole."""
    if dry_run:
        return await deployment.preview(using.store, declared)
    return await deployment.apply(using.store, using.signals, declared, who)
