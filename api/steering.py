"""What an operator does to one twin."""

from fastapi import APIRouter

from api.using import TwinId, Using
from model.frozen import Frozen
from operations import steering
from operations.views import Steered

router = APIRouter(prefix="/twins", tags=["twins"])


class Unlinking(Frozen):
    """`force` discards what is queued instead of finishing it."""

    force: bool = False


@router.post("/{twin}/retry", status_code=202)
async def retry_twin(using: Using, twin: TwinId) -> Steered:
    """Let a parked twin go on."""
    return await steering.retry(using.store, using.signals, twin)


@router.post("/{twin}/unlink", status_code=202)
async def unlink_twin(using: Using, twin: TwinId, how: Unlinking) -> Steered:
    """Stop syncing the pair; both items stay."""
    return await steering.unlink(using.store, using.signals, twin, force=how.force)
