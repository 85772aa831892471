"""The audit log, as people read it."""

from model.audit import AuditFilter
from operations.views import AuditPage
from store import Store

PAGE = 200


async def listed(store: Store, wanted: AuditFilter, limit: int = PAGE, after: int | None = None) -> AuditPage:
    """Newest first."""
    page = await store.audit.page(wanted, limit, after)
    return AuditPage(entries=page, after=page[-1].id if len(page) == limit else None)
