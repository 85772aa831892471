"""What an operator does to one twin."""

from fastapi import APIRouter

from api.access import Guarded, needs
from api.using import TwinId, Using
from model.frozen import Frozen
from model.members import Permission
from model.words import Side
from operations import relinking, steering
from operations.views import Relinked, Started, Steered

router = APIRouter(prefix="/twins", tags=["twins"], route_class=Guarded)


class Unlinking(Frozen):
    """`force` discards what is queued instead of finishing it."""

    force: bool = False


class Resyncing(Frozen):
    """`source` is the side whose item is sent."""

    source: Side


class Relinking(Frozen):
    """Where the two items differ, the values of `source` count."""

    source: Side


@router.post("/{twin}/resync", status_code=202, openapi_extra=needs(Permission.OPERATE))
async def resync_twin(using: Using, twin: TwinId, how: Resyncing) -> Started:
    """Send one side's item through the rules again, though it did not change."""
    return await steering.resync(using.store, using.signals, twin, how.source)


@router.post("/{twin}/retry", status_code=202, openapi_extra=needs(Permission.OPERATE))
async def retry_twin(using: Using, twin: TwinId) -> Steered:
    """Let a parked twin go on."""
    return await steering.retry(using.store, using.signals, twin)


@router.post("/{twin}/unlink", status_code=202, openapi_extra=needs(Permission.OPERATE))
async def unlink_twin(using: Using, twin: TwinId, how: Unlinking) -> Steered:
    """Stop syncing the pair; both items stay."""
    return await steering.unlink(using.store, using.signals, twin, force=how.force)


@router.post("/{twin}/relink", status_code=202, openapi_extra=needs(Permission.OPERATE))
async def relink_twin(using: Using, twin: TwinId, how: Relinking) -> Relinked:
    """Take up an unlinked pair again, as a new twin."""
    return await relinking.relink_twin(using.store, using.signals, using.systems, twin, how.source)
