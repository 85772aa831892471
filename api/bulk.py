"""Beginning an operation on many items."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from api.access import Guarded, needs
from api.using import ConnectionName, SystemName, Using, Who
from model.frozen import Frozen
from model.members import Permission
from model.trigger import Trigger
from model.words import Side
from operations import bulk
from operations.bulk import MOST_PER_MINUTE
from operations.bulk_views import Begun

router = APIRouter(tags=["bulk operations"], route_class=Guarded)

MOST_CHARACTERS = 10 * 1024 * 1024

PerMinute = Annotated[int | None, Field(ge=1, le=MOST_PER_MINUTE, description="How many items may begin per minute")]


class BulkExalate(Frozen):
    """Without `query` the connection's triggers say which items are meant."""

    query: Trigger | None = None
    per_minute: PerMinute = None


class BulkSync(Frozen):
    """Without `side` each twin gets the values of the side that it began on."""

    side: Side | None = None
    per_minute: PerMinute = None


class BulkConnect(Frozen):
    """`csv` has one pair of keys, ids or URLs per line. Where two items differ, the values of `source` count."""

    csv: str = Field(max_length=MOST_CHARACTERS)
    source: Side
    dry_run: bool = False
    per_minute: PerMinute = None


class BulkUnlink(Frozen):
    """Without `query` all twins of the connection are meant."""

    query: Trigger | None = None
    per_minute: PerMinute = None


class BulkRetry(Frozen):
    per_minute: PerMinute = None


class CleanUp(Frozen):
    """`item` is a key, id or URL; without it all twins of the connection are meant. Without `side` it is looked for on both."""

    item: str | None = Field(default=None, min_length=1)
    side: Side | None = None


@router.post("/connections/{name}/bulk/exalate", status_code=202, openapi_extra=needs(Permission.CONFIGURE))
async def bulk_exalate(using: Using, name: ConnectionName, who: Who, wanted: BulkExalate) -> Begun:
    """Bring items under sync that a query finds; those that are get changes that went unnoticed."""
    return await bulk.exalate(using.store, using.signals, using.systems, name, who, query=wanted.query, per_minute=wanted.per_minute)


@router.post("/connections/{name}/bulk/sync", status_code=202, openapi_extra=needs(Permission.CONFIGURE))
async def bulk_sync(using: Using, name: ConnectionName, who: Who, wanted: BulkSync) -> Begun:
    """Send the values of every twin once more."""
    return await bulk.sync(using.store, using.signals, name, who, side=wanted.side, per_minute=wanted.per_minute)


@router.post("/connections/{name}/bulk/connect", status_code=202, openapi_extra=needs(Permission.CONFIGURE))
async def bulk_connect(using: Using, name: ConnectionName, who: Who, wanted: BulkConnect) -> Begun:
    """Pair items by a CSV file, or only tell what would become of each line. A file with a mistake is refused as a whole."""
    text, source, dry_run, per_minute = wanted.csv, wanted.source, wanted.dry_run, wanted.per_minute
    return await bulk.connect(using.store, using.signals, name, who, text=text, source=source, dry_run=dry_run, per_minute=per_minute)


@router.post("/connections/{name}/bulk/unlink", status_code=202, openapi_extra=needs(Permission.CONFIGURE))
async def bulk_unlink(using: Using, name: ConnectionName, who: Who, wanted: BulkUnlink) -> Begun:
    """Stop syncing items, once what is queued is done; all items stay."""
    return await bulk.unlink(using.store, using.signals, using.systems, name, who, query=wanted.query, per_minute=wanted.per_minute)


@router.post("/connections/{name}/bulk/retry", status_code=202, openapi_extra=needs(Permission.OPERATE))
async def bulk_retry(using: Using, name: ConnectionName, who: Who, wanted: BulkRetry) -> Begun:
    """Let all twins in error go on."""
    return await bulk.retry(using.store, using.signals, name, who, per_minute=wanted.per_minute)


@router.post("/connections/{name}/bulk/cleanup", status_code=202, openapi_extra=needs(Permission.CONFIGURE))
async def clean_up_connection(using: Using, name: ConnectionName, who: Who, wanted: CleanUp) -> Begun:
    """End twins at once and discard what is queued; all items stay. The operation has the pairs as CSV."""
    return await bulk.clean_up(using.store, using.signals, using.systems, name, who, item=wanted.item, side=wanted.side)


@router.post("/systems/{name}/bulk/cleanup", status_code=202, openapi_extra=needs(Permission.CONFIGURE))
async def clean_up_system(using: Using, name: SystemName, who: Who) -> tuple[Begun, ...]:
    """Clean up every connection that uses the system, each by an operation of its own."""
    return await bulk.clean_up_system(using.store, using.signals, using.systems, name, who)
