"""Which records changed, got a file or were deleted, told by times that ServiceNow keeps to the second.

Three lists are read, each in the order of time and sys_id, going on behind the last row: rows that move meanwhile move to the end. A row's
time is set before it is committed, so what is listed is asked for again until no row of the newest `OVERLAP` was new for so long. No
clocks are compared: by ours only the time since a row was first seen is measured.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from pydantic import ValidationError

from connectors.kit.interface import Change, ChangePage
from connectors.servicenow import mapping, query
from connectors.servicenow.client import PAGE, Page, ServiceNowClient
from connectors.servicenow.mapping import moment, stamp
from connectors.servicenow.metadata import Metadata, check_zone
from connectors.servicenow.payloads import Row
from connectors.servicenow.refusals import Forbidden
from connectors.servicenow.tables import Table
from model.errors import BadInput
from model.frozen import Frozen

OVERLAP = timedelta(seconds=60)
SECOND = timedelta(seconds=1)
FRESH = timedelta(minutes=5)
BEGINNING = "1970-01-01 00:00:00"
_FILE = ("sys_id", "table_name", "table_sys_id", "sys_created_on")
_DELETION = ("sys_id", "tablename", "documentkey", "display_value", "sys_created_on")


class Place(Frozen):
    """How far a list was read: rows from `since` on, behind the row `after` of that second, without the first `offset`.

    `floor` is where the list began, and begins again; `newest` was first seen at `sighted`, by our clock.
    """

    floor: str
    since: str
    after: str = ""
    offset: int = 0
    newest: str = ""
    sighted: float = 0.0


class Cursor(Frozen):
    records: Place
    files: Place
    deletions: Place


class Listing(Frozen):
    """A table that is read by the time in one of its columns; `parts` are the alternatives of what is asked for."""

    table: str
    column: str
    fields: tuple[str, ...]
    parts: tuple[str, ...]


async def changes(client: ServiceNowClient, metadata: Metadata, table: Table, cursor: str) -> ChangePage:
    """Of the whole table.

    Misconfigured where the account's time zone would make it miss something; BadInput for a cursor that is not ours.
    """
    await metadata.zone(table.name)
    family = ",".join(table.family)
    records = Listing(table=table.name, column="sys_updated_on", fields=mapping.LISTED, parts=("",))
    files = Listing(table="sys_attachment", column="sys_created_on", fields=_FILE, parts=(f"table_nameIN{family}",))
    deletions = Listing(table="sys_audit_delete", column="sys_created_on", fields=_DELETION, parts=(f"tablenameIN{family}",))
    if not cursor:
        places = [await _start(client, one) for one in (records, files, deletions)]
        return ChangePage(changes=(), cursor=Cursor(records=places[0], files=places[1], deletions=places[2]).model_dump_json())
    at = parse(cursor)
    changed, first, more = await _read(client, records, at.records)
    attached, second, more_files = await _read(client, files, at.files)
    deleted, third, more_deletions = await _read(client, deletions, at.deletions)
    found = [mapping.change(table, one) for one in changed]
    found += [_with_file(table, one) for one in attached if one.raw("table_name") in table.family]
    found += [_deletion(table, one) for one in deleted if one.raw("tablename") in table.family]
    place = Cursor(records=first, files=second, deletions=third).model_dump_json()
    return ChangePage(changes=tuple(found), cursor=place, more=more or more_files or more_deletions)


def parse(cursor: str) -> Cursor:
    try:
        return Cursor.model_validate_json(cursor)
    except ValidationError as error:
        raise BadInput(f"{cursor!r} is no cursor of a ServiceNow feed; start again with an empty one") from error


def asked(listing: Listing, place: Place) -> str:
    """The query of the next page."""
    column, since = listing.column, place.since
    conditions = (f"{column}>{since}", f"{column}={since}^sys_id>{place.after}") if place.after else (f"{column}>={since}",)
    return query.together(listing.parts, conditions, f"^ORDERBY{column}^ORDERBYsys_id")


def start(newest: Sequence[Row], column: str, now: datetime) -> Place:
    """From now on, given the newest row: beside a fresh one others may be about to be committed with times up to `OVERLAP` before it."""
    if not newest:
        return Place(floor=BEGINNING, since=BEGINNING)
    last = moment(newest[0].raw(column))
    at = stamp(last + SECOND if now - last > FRESH else last - OVERLAP)
    return Place(floor=at, since=at)


def advance(place: Place, column: str, page: Page, now: datetime) -> Place:
    """Where to ask next."""
    newest = page.rows[-1].raw(column) if page.rows else place.newest
    sighted = place.sighted if newest == place.newest else now.timestamp()
    if page.more and page.rows:
        last = page.rows[-1]
        return place.model_copy(update={"since": last.raw(column), "after": last.sys_id, "offset": 0, "newest": newest, "sighted": sighted})
    if page.more:
        return place.model_copy(update={"offset": place.offset + PAGE})
    if not newest:
        return Place(floor=place.floor, since=place.floor)
    if abs(now.timestamp() - sighted) >= OVERLAP.total_seconds():
        settled = stamp(moment(newest) + SECOND)
        return Place(floor=settled, since=settled)
    floor = max(place.floor, stamp(moment(newest) - OVERLAP))
    return Place(floor=floor, since=floor, newest=newest, sighted=sighted)


async def _start(client: ServiceNowClient, listing: Listing) -> Place:
    order = f"^ORDERBYDESC{listing.column}"
    try:
        page = await client.page(listing.table, query.together(listing.parts, ("",), order), listing.fields, limit=1)
    except Forbidden:
        return start((), listing.column, datetime.now(UTC))
    return start(page.rows, listing.column, datetime.now(UTC))


async def _read(client: ServiceNowClient, listing: Listing, place: Place) -> tuple[tuple[Row, ...], Place, bool]:
    """A list that the account may not read is an empty one."""
    try:
        page = await client.page(listing.table, asked(listing, place), listing.fields, PAGE, place.offset)
    except Forbidden:
        return (), place, False
    for one in page.rows:
        check_zone(client.name, one, listing.column)
    return page.rows, advance(place, listing.column, page, datetime.now(UTC)), page.more


def _with_file(table: Table, row: Row) -> Change:
    """A file moves neither time nor number of updates of its record."""
    return Change(id=mapping.item_id(table.name, row.raw("table_sys_id")), key="", version=f"file/{row.sys_id}")


def _deletion(table: Table, row: Row) -> Change:
    sys_id = row.raw("documentkey")
    return Change(id=mapping.item_id(table.name, sys_id), key=row.raw("display_value"), version=f"deleted/{row.sys_id}", deleted=True)
