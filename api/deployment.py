"""The deployment as a whole."""

from fastapi import APIRouter

from api.access import Guarded, needs
from api.tags import DEPLOYMENT_UNCHANGED, Tagged
from api.using import Using, Who
from model.deployment import Deployment
from model.members import Permission
from operations import adopting, configured, deployment
from operations.views import Adopted, Application

router = APIRouter(tags=["deployment"], route_class=Guarded)


@router.get("/deployment", openapi_extra=needs(Permission.VIEW))
async def show_deployment(using: Using, tagged: Tagged) -> Deployment:
    """All that is configured, as it is declared. A secret is shown as `***`, which keeps it when the answer is applied again."""
    declared = await configured.deployment(using.store)
    tagged.with_tag(configured.tag(using.store, declared))
    return declared


@router.post("/deployment", dependencies=[DEPLOYMENT_UNCHANGED], openapi_extra=needs(Permission.CONFIGURE))
async def apply_deployment(using: Using, who: Who, declared: Deployment, *, dry_run: bool = False) -> Application:
    """Make the deployment match the declaration, or only tell what would change. Anything wrong is refused as a whole."""
    if dry_run:
        return await deployment.preview(using.store, declared)
    return await deployment.apply(using.store, using.signals, declared, who)


@router.post("/deployment/adopt", openapi_extra=needs(Permission.CONFIGURE))
async def adopt_deployment(using: Using) -> Adopted:
    """Say that a database which ran elsewhere before has moved here: its connections go on as they were switched."""
    return await adopting.adopt(using.store, using.signals)
