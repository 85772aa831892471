"""Triggers of a connection: what they are, what they would do, and their switch."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from pydantic import Field

from api.access import Guarded, needs
from api.problems import Absent
from api.using import ConnectionName, Using, Who
from model.errors import BadInput
from model.frozen import Frozen
from model.members import Permission
from model.words import Side
from operations import triggers
from operations.views import DryRun, TriggerSwitched, TriggerView

router = APIRouter(prefix="/connections/{name}/triggers", tags=["triggers"], route_class=Guarded)

MOST = 1000

Limit = Annotated[int, Query(ge=1, le=MOST, description="How many items are listed; all are counted")]


class Trial(Frozen):
    """A query that need not be saved."""

    side: Side
    query: str = Field(min_length=1)


async def _trigger(using: Using, name: ConnectionName, side: Side, trigger: Annotated[str, Path(description="Name of the trigger")]) -> str:
    try:
        return (await triggers.shown(using.store, name, side, trigger)).name
    except BadInput as error:
        raise Absent(error.message) from error


TriggerName = Annotated[str, Depends(_trigger)]


@router.get("", openapi_extra=needs(Permission.VIEW))
async def list_triggers(using: Using, name: ConnectionName) -> tuple[TriggerView, ...]:
    """All triggers of the connection, and what a platform objects to."""
    return await triggers.listed(using.store, name)


@router.post("/dry-run", openapi_extra=needs(Permission.OPERATE))
async def try_query(using: Using, name: ConnectionName, trial: Trial, limit: Limit = triggers.LISTED) -> DryRun:
    """What a trigger with that query would do now. Nothing is written."""
    return await triggers.dry_run_of(using.store, using.systems, name, trial.side, trial.query, limit)


@router.get("/{side}/{trigger}", openapi_extra=needs(Permission.VIEW))
async def show_trigger(using: Using, name: ConnectionName, side: Side, trigger: TriggerName) -> TriggerView:
    """One trigger, when it was last evaluated, and what the platform objects to."""
    return await triggers.shown(using.store, name, side, trigger)


@router.post("/{side}/{trigger}/dry-run", openapi_extra=needs(Permission.OPERATE))
async def try_trigger(using: Using, name: ConnectionName, side: Side, trigger: TriggerName, limit: Limit = triggers.LISTED) -> DryRun:
    """What the trigger would do with all that matches now. Nothing is written."""
    return await triggers.dry_run(using.store, using.systems, name, side, trigger, limit)


@router.post("/{side}/{trigger}/activate", openapi_extra=needs(Permission.CONFIGURE))
async def activate_trigger(using: Using, name: ConnectionName, side: Side, trigger: TriggerName, who: Who) -> TriggerSwitched:
    """Switch it on, as a new version; it takes up where it was."""
    return await triggers.switch(using.store, using.signals, name, side, trigger, active=True, who=who)


@router.post("/{side}/{trigger}/deactivate", openapi_extra=needs(Permission.CONFIGURE))
async def deactivate_trigger(using: Using, name: ConnectionName, side: Side, trigger: TriggerName, who: Who) -> TriggerSwitched:
    """Switch it off, as a new version; twins that it started go on."""
    return await triggers.switch(using.store, using.signals, name, side, trigger, active=False, who=who)
