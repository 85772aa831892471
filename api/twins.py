"""Twins and the sync queue."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.using import TwinId, Using
from model.twin import Transaction
from model.words import TwinStatus
from operations import twins
from operations.twins import PAGE
from operations.views import TwinDetail, TwinPage

router = APIRouter(tags=["twins"])

Limit = Annotated[int, Query(ge=1, le=1000)]


@router.get("/twins")
async def list_twins(
    using: Using,
    connection: str | None = None,
    status: TwinStatus | None = None,
    text: Annotated[str | None, Query(description="Part of a key or title")] = None,
    limit: Limit = PAGE,
    after: Annotated[str, Query(description="`after` of the page before")] = "",
) -> TwinPage:
    return await twins.listed(using.store, connection, status, text=text, limit=limit, after=after)


@router.get("/twins/{twin}")
async def show_twin(using: Using, twin: TwinId) -> TwinDetail:
    return await twins.shown(using.store, twin)


@router.get("/queue")
async def list_queue(using: Using, connection: str | None = None, limit: Limit = PAGE) -> tuple[Transaction, ...]:
    """Changes under way, oldest first."""
    return await twins.queued(using.store, connection, limit)
