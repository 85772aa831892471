"""Conflicts and who wins them."""

from fastapi import APIRouter
from pydantic import Field

from api.access import Guarded, needs
from api.paging import ByNumber
from api.using import ConflictId, ConnectionFilter, Using, Who
from model.frozen import Frozen
from model.members import Permission
from model.words import Side
from operations import conflicts
from operations.views import ConflictPage, Decided

router = APIRouter(prefix="/conflicts", tags=["conflicts"], route_class=Guarded)


class Decision(Frozen):
    """`use` is the side whose value is taken. `who` decided, where nobody has to log in; else it is who calls."""

    use: Side
    who: str = Field(default="api", min_length=1, max_length=100)


class Wish(Frozen):
    """`who` wants the value back, where nobody has to log in; else it is who calls."""

    who: str = Field(default="api", min_length=1, max_length=100)


ANYBODY = Wish()


@router.get("", openapi_extra=needs(Permission.INSPECT))
async def list_conflicts(using: Using, connection: ConnectionFilter, paging: ByNumber) -> ConflictPage:
    """Those nobody has decided, newest first."""
    return paging.linked(await conflicts.listed(using.store, connection, limit=paging.limit, after=paging.after))


@router.post("/{conflict}/resolve", openapi_extra=needs(Permission.OPERATE))
async def resolve_conflict(using: Using, conflict: ConflictId, decision: Decision, who: Who) -> Decided:
    """Take one side's value for both."""
    return await conflicts.resolve(using.store, using.signals, conflict, decision.use, who or decision.who)


@router.post("/{conflict}/restore", openapi_extra=needs(Permission.OPERATE))
async def restore_conflict(using: Using, conflict: ConflictId, who: Who, wish: Wish = ANYBODY) -> Decided:
    """Bring the value back that lost a settled conflict, for both sides, as an edit of whoever asks; not over an edit that came later."""
    return await conflicts.restore(using.store, using.signals, conflict, who or wish.who)
