"""Operations on many items: how they stand, and steering them."""

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse

from api.access import Guarded, needs
from api.paging import ById, ByNumber
from api.using import ConnectionFilter, OperationId, Using
from model.members import Permission
from model.words import ItemState, OperationStatus
from operations import bulk_steering
from operations.bulk_views import ItemPage, OperationPage, OperationView, Turned

router = APIRouter(prefix="/operations", tags=["bulk operations"], route_class=Guarded)


@router.get("", openapi_extra=needs(Permission.VIEW))
async def list_operations(
    using: Using,
    connection: ConnectionFilter,
    paging: ById,
    status: OperationStatus | None = None,
) -> OperationPage:
    """Newest first, with how far each has come."""
    return paging.linked(await bulk_steering.listed(using.store, connection, status, limit=paging.limit, after=paging.after))


@router.get("/{operation}", openapi_extra=needs(Permission.VIEW))
async def show_operation(using: Using, operation: OperationId) -> OperationView:
    """How many items have come how far, and when it will be over."""
    return await bulk_steering.shown(using.store, operation)


@router.get("/{operation}/items", openapi_extra=needs(Permission.VIEW))
async def operation_items(
    using: Using,
    operation: OperationId,
    paging: ByNumber,
    state: ItemState | None = None,
) -> ItemPage:
    """Each item with its result and the reason."""
    return paging.linked(await bulk_steering.items(using.store, operation, state, limit=paging.limit, after=paging.after))


@router.get("/{operation}/pairs", response_class=PlainTextResponse, openapi_extra=needs(Permission.INSPECT))
async def operation_pairs(using: Using, operation: OperationId) -> PlainTextResponse:
    """The pairs that a clean-up or unlink ends, as CSV that can be connected again."""
    return PlainTextResponse(await bulk_steering.pairs(using.store, operation), media_type="text/csv")


@router.post("/{operation}/pause", openapi_extra=needs(Permission.OPERATE))
async def pause_operation(using: Using, operation: OperationId) -> Turned:
    """Begin no more items; those that are queued go on."""
    return await bulk_steering.pause(using.store, using.signals, operation)


@router.post("/{operation}/resume", openapi_extra=needs(Permission.OPERATE))
async def resume_operation(using: Using, operation: OperationId) -> Turned:
    """Go on, also where Temporal could not be reached when it began."""
    return await bulk_steering.resume(using.store, using.signals, operation)


@router.post("/{operation}/cancel", openapi_extra=needs(Permission.OPERATE))
async def cancel_operation(using: Using, operation: OperationId) -> Turned:
    """Begin no more items, for good; what was done stays."""
    return await bulk_steering.cancel(using.store, using.signals, operation)
