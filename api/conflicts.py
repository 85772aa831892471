"""Conflicts and who wins them."""

from fastapi import APIRouter
from pydantic import Field

from api.using import ConflictId, Using
from model.frozen import Frozen
from model.twin import StoredConflict
from model.words import Side
from operations import conflicts
from operations.views import Decided

router = APIRouter(prefix="/conflicts", tags=["conflicts"])


class Decision(Frozen):
    """`use` is the side whose value is taken, `who` the person that decided."""

    use: Side
    who: str = Field(default="api", min_length=1, max_length=100)


@router.get("")
async def list_conflicts(using: Using, connection: str | None = None) -> tuple[StoredConflict, ...]:
    """Those nobody has decided, newest first."""
    return await conflicts.listed(using.store, connection)


@router.post("/{conflict}/resolve")
async def resolve_conflict(using: Using, conflict: ConflictId, decision: Decision) -> Decided:
    """Take one side's value for both."""
    return await conflicts.resolve(using.store, using.signals, conflict, decision.use, decision.who)
