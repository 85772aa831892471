"""The sync queue."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.access import Guarded, needs
from api.paging import ByNumber
from api.using import ConnectionFilter, Using
from model.members import Permission
from model.words import Stage
from operations import queue
from operations.queue import QueuePage

router = APIRouter(tags=["queue"], route_class=Guarded)


@router.get("/queue", openapi_extra=needs(Permission.VIEW))
async def list_queue(
    using: Using,
    connection: ConnectionFilter,
    paging: ByNumber,
    stage: Annotated[tuple[Stage, ...], Query(description="One of several, if given more than once")] = (),
    *,
    stuck: Annotated[bool, Query(description="Only what is in progress for too long")] = False,
) -> QueuePage:
    """Changes under way with what they wait for, oldest first."""
    limit, after = paging.limit, paging.after
    found = await queue.listed(using.store, using.stuck_after, connection=connection, stages=stage, stuck=stuck, limit=limit, after=after)
    return paging.linked(found)
