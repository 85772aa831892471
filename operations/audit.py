"""The audit log, as people read it."""

from model.audit import AuditFilter
from operations.views import AuditPage
from store import Store

PAGE = 200


async def listed(store: Store, wanted: AuditFilter, *, limit: int = PAGE, after: int = 0) -> AuditPage:
    """Newest first."""
    page = await store.audit.page(wanted, limit, after or None)
    return AuditPage(entries=page, after=str(page[-1].id) if len(page) == limit else "")
