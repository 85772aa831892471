"""The audit log."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AfterValidator

from api.access import Guarded, needs
from api.using import BIGGEST, Using
from model.audit import AuditFilter
from model.members import Permission
from operations import audit
from operations.audit import PAGE
from operations.views import AuditPage

router = APIRouter(tags=["audit"], route_class=Guarded)


def _utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


When = Annotated[datetime, AfterValidator(_utc)]


@router.get("/audit", openapi_extra=needs(Permission.AUDIT))
async def list_audit(
    using: Using,
    who: Annotated[str | None, Query(description="Name of a member")] = None,
    operation: Annotated[str | None, Query(description="Such as `activate_connection`")] = None,
    subject: Annotated[str | None, Query(description="Name or id of what was changed")] = None,
    since: Annotated[When | None, Query(description="UTC unless it says otherwise")] = None,
    until: Annotated[When | None, Query(description="UTC unless it says otherwise")] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = PAGE,
    after: Annotated[int | None, Query(description="`after` of the page before", ge=0, le=BIGGEST)] = None,
) -> AuditPage:
    """Who did what, newest first."""
    wanted = AuditFilter(who=who, operation=operation, subject=subject, since=since, until=until)
    return await audit.listed(using.store, wanted, limit, after)
