"""The ASGI app of a Twinline API process."""

from collections.abc import Mapping

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.types import ASGIApp

from api import (
    audit,
    bulk,
    conflicts,
    connections,
    deployment,
    errors,
    events,
    health,
    integrations,
    members,
    operations,
    problems,
    queue,
    steering,
    systems,
    tags,
    testing,
    triggers,
    twins,
    versions,
)
from api.access import Guarded
from api.bounds import Bounds
from api.described import Described
from api.origin import SameOrigin
from api.pacing import Pace
from api.repeats import Repeats
from api.versioned import PREFIX
from config.opening import Opened
from config.pacing import USUAL, Limits

DESCRIPTION = "Keeps items of two work-management systems in line. Errors are problem+json (RFC 9457)."


def build(opened: Opened, mounted: Mapping[str, ASGIApp], limits: Limits = USUAL) -> FastAPI:
    """The API at `/api/v1`, health at `/livez` and `/readyz`, and other apps under their paths."""
    app = Described(
        title="Twinline", version="1", description=DESCRIPTION, openapi_url=f"{PREFIX}/openapi.json", docs_url=None, redoc_url=None
    )
    app.state.opened = opened
    app.state.pace = Pace(limits)
    app.state.watch = events.Watch(opened)
    app.add_middleware(Repeats)
    app.add_middleware(Bounds)
    app.add_middleware(SameOrigin)
    problems.install(app)
    tags.install(app)
    versioned = APIRouter(prefix=PREFIX)
    for part in (
        deployment,
        systems,
        connections,
        twins,
        steering,
        conflicts,
        bulk,
        operations,
        versions,
        queue,
        members,
        audit,
        errors,
        events,
        testing,
        integrations,
        triggers,
    ):
        require_guard(part.router)
        versioned.include_router(part.router)
    app.include_router(versioned)
    app.include_router(health.router)
    for path, other in mounted.items():
        app.mount(path, other)
    return app


def require_guard(router: APIRouter) -> None:
    """TypeError for a route that anybody could call."""
    for route in router.routes:
        if isinstance(route, APIRoute) and not isinstance(route, Guarded):
            raise TypeError(f"route {route.name!r} asks nobody who calls; give its router route_class=Guarded")
