"""Twins, as people look for them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from pydantic import AwareDatetime

from api.access import Guarded, needs
from api.paging import ById
from api.using import BIGGEST, ConnectionFilter, TwinId, Using
from model.agreement import Trace
from model.members import Permission
from model.monitor import TwinSearch
from model.words import Side, TwinStatus
from operations import looking, twins
from operations.looking import Bases, Replicas, TransactionDetail
from operations.views import TwinDetail, TwinPage

router = APIRouter(tags=["twins"], route_class=Guarded)


def _search(
    connection: ConnectionFilter,
    status: Annotated[tuple[TwinStatus, ...], Query(description="One of several, if given more than once")] = (),
    text: Annotated[str, Query(description="Part of a key, address, title or reason, or an item's id")] = "",
    system: Annotated[str | None, Query(description="Name of a system that has an item of the pair")] = None,
    side: Annotated[Side | None, Query(description="The side that `system` is on")] = None,
    since: Annotated[AwareDatetime | None, Query(description="Changed since then, with time zone")] = None,
) -> TwinSearch:
    return TwinSearch(connection=connection, statuses=status, text=text, system=system, side=side, since=since)


Wanted = Annotated[TwinSearch, Depends(_search)]


@router.get("/twins", openapi_extra=needs(Permission.VIEW))
async def list_twins(using: Using, wanted: Wanted, paging: ById) -> TwinPage:
    """Newest first. The order never changes, so pages stay right while twins do."""
    return paging.linked(await twins.listed(using.store, wanted, limit=paging.limit, after=paging.after))


@router.get("/twins/{twin}", openapi_extra=needs(Permission.INSPECT))
async def show_twin(using: Using, twin: TwinId) -> TwinDetail:
    """One pair with its latest transactions and conflicts."""
    return looking.linked(await twins.shown(using.store, twin), using.temporal_ui, using.client.namespace)


@router.get("/twins/{twin}/replicas", openapi_extra=needs(Permission.INSPECT))
async def show_replicas(using: Using, twin: TwinId) -> Replicas:
    """What each side last sent."""
    return await looking.replicas(using.store, twin)


@router.get("/twins/{twin}/base", openapi_extra=needs(Permission.INSPECT))
async def show_base(using: Using, twin: TwinId) -> Bases:
    """What both sides last agreed on."""
    return await looking.bases(using.store, twin)


@router.get("/twins/{twin}/traces", openapi_extra=needs(Permission.INSPECT))
async def list_traces(using: Using, twin: TwinId) -> tuple[Trace, ...]:
    """Pairs of comments, files and work logs."""
    return await looking.traces(using.store, twin)


@router.get("/twins/{twin}/transactions/{number}", openapi_extra=needs(Permission.INSPECT))
async def show_transaction(
    using: Using, twin: TwinId, number: Annotated[int, Path(description="Number of the transaction", ge=0, le=BIGGEST)]
) -> TransactionDetail:
    """What one transaction did to each property."""
    return await looking.transaction(using.store, twin, number)
