"""The audit log."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AfterValidator

from api.access import Guarded, needs
from api.paging import ByNumber
from api.using import Using
from model.audit import AuditFilter, Verification
from model.members import Permission
from operations import audit
from operations.views import AuditPage

router = APIRouter(tags=["audit"], route_class=Guarded)


def _utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


When = Annotated[datetime, AfterValidator(_utc)]


@router.get("/audit", openapi_extra=needs(Permission.AUDIT))
async def list_audit(
    using: Using,
    paging: ByNumber,
    who: Annotated[str | None, Query(description="Name of a member")] = None,
    operation: Annotated[str | None, Query(description="Such as `activate_connection`")] = None,
    subject: Annotated[str | None, Query(description="Name or id of what was changed")] = None,
    since: Annotated[When | None, Query(description="UTC unless it says otherwise")] = None,
    until: Annotated[When | None, Query(description="UTC unless it says otherwise")] = None,
) -> AuditPage:
    """Who did what, newest first."""
    wanted = AuditFilter(who=who, operation=operation, subject=subject, since=since, until=until)
    return paging.linked(await audit.listed(using.store, wanted, limit=paging.limit, after=paging.after))


@router.get("/audit/verification", openapi_extra=needs(Permission.AUDIT))
async def verify_audit(using: Using) -> Verification:
    """Whether every entry is there as it was recorded; else the first that is not, of each chain."""
    return await using.store.audit.verify()
