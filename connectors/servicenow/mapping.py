"""ServiceNow's records to items, comments and attachments. Pure.

Raw times are UTC. Display values are in the account's own zone and language, so they only ever give names.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from pydantic import JsonValue

from connectors.kit.interface import Change
from connectors.servicenow.links import links
from connectors.servicenow.payloads import AttachmentPayload, Row
from connectors.servicenow.tables import JOURNALS, Column, Table
from connectors.servicenow.text import column_text, from_entry
from model.frozen import Frozen
from model.item import Attachment, Comment, Fields, Item, ItemRef
from model.links import LINKS

PRODUCT = "Twinline"
TIMES = frozenset({"glide_date_time", "due_date", "datetime"})
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LISTED = ("sys_id", "sys_updated_on", "sys_mod_count", "correlation_id", "correlation_display", "u_twinline_id", "number", "u_number")
"""What a change is told from."""


class Person(Frozen):
    """A row of `sys_user`; `email` is None where it has none or the account may not read it."""

    sys_id: str
    user_name: str
    name: str
    email: str | None = None


class Place(Frozen):
    """Where records are shown: the instance's address and the table with its dictionary."""

    url: str
    table: Table


class Around(Frozen):
    """What a record's answer does not carry: the people whom it names by sys_id, and its authors by user name."""

    people: Mapping[str, Person]
    authors: Mapping[str, Person]


def item_id(table: str, sys_id: str) -> str:
    return f"{table}/{sys_id}"


def to_item(place: Place, row: Row, entries: Sequence[Row], files: Sequence[AttachmentPayload], around: Around) -> Item:
    comments = tuple(to_comment(one, around.authors) for one in entries)
    attachments = tuple(to_attachment(one, around.authors) for one in files)
    return Item(
        ref=to_ref(place, row),
        version=f"{version_of(row)}/{_digest(row, entries, files)}",
        updated=moment(row.raw("sys_updated_on")),
        fields=to_fields(place.table, row, around),
        comments=tuple(one for one in comments if one.body or one.marker),
        attachments=attachments,
        marker=marker_of(place.table, row),
    )


def to_ref(place: Place, row: Row) -> ItemRef:
    name = place.table.name
    target = quote(f"{name}.do?sys_id={row.sys_id}", safe="")
    return ItemRef(id=item_id(name, row.sys_id), key=key_of(row), url=f"{place.url.rstrip('/')}/nav_to.do?uri=%2F{target}")


def key_of(row: Row) -> str:
    return row.raw("number") or row.raw("u_number") or row.sys_id


def change(table: Table, row: Row) -> Change:
    return Change(id=item_id(table.name, row.sys_id), key=key_of(row), version=version_of(row), marker=marker_of(table, row))


def version_of(row: Row) -> str:
    """The number of updates and the time of the last: scripts may write without moving either, and a new file moves neither."""
    return version(row.raw("sys_mod_count"), row.raw("sys_updated_on"))


def version(mod_count: str, updated_on: str) -> str:
    return f"{mod_count}/{updated_on.replace(' ', 'T')}Z"


def marker_of(table: Table, row: Row) -> str | None:
    """Of a record that we created. In `correlation_id` other integrations keep ids of their own."""
    if table.marker == "correlation_id" and row.raw("correlation_display") != PRODUCT:
        return None
    return row.raw(table.marker) or None if table.marker else None


def to_fields(table: Table, row: Row, around: Around) -> Fields:
    """Hub properties; each other column under its element and its label. Columns that the account may not read are absent."""
    own: Fields = {}
    for column in reversed(table.own):
        if row.has(column.element):
            own[column.label] = own[column.element] = shown(column, row, around)
    hub: Fields = {
        "type": {"name": table.label, "id": table.name},
        "project": {"key": table.name, "name": table.label, "id": table.name},
        "created": milliseconds(row.raw("sys_created_on")),
        "updated": milliseconds(row.raw("sys_updated_on")),
        "creator": _creator(row, around),
        LINKS: links(table, row),
    }
    for name in ("summary", "description", "status", "priority", "resolution", "assignee", "reporter", "due"):
        column = table.standing_for(name)
        if column is not None and row.has(column.element):
            hub[name] = _hub(name, table, column, row, around)
    return own | hub


def shown(column: Column, row: Row, around: Around) -> JsonValue:
    """A column's value in its own type, null where it is empty."""
    value, label = row.raw(column.element), row.shown(column.element)
    if value == "":
        return None
    if column.chosen:
        return {"value": label or value, "id": value}
    if column.reference == "sys_user" and column.kind == "reference":
        return person(value, label, around.people)
    return _typed(column.kind, value, label)


def person(sys_id: str, name: str, people: Mapping[str, Person]) -> dict[str, JsonValue] | None:
    if not sys_id:
        return None
    known = people.get(sys_id)
    if known is None:
        return {"key": sys_id, "username": None, "email": None, "displayName": name or sys_id}
    return {"key": sys_id, "username": known.user_name, "email": known.email, "displayName": known.name or name}


def author(user_name: str, authors: Mapping[str, Person]) -> dict[str, JsonValue] | None:
    """Of a row whose author is told by user name."""
    known = authors.get(user_name)
    if known is not None:
        return person(known.sys_id, known.name, {known.sys_id: known})
    return {"key": user_name, "username": user_name, "email": None, "displayName": user_name} if user_name else None


def to_comment(entry: Row, authors: Mapping[str, Person]) -> Comment:
    body, marker = from_entry(entry.raw("value"))
    at = moment(entry.raw("sys_created_on"))
    return Comment(
        id=entry.sys_id,
        body=body,
        author=author(entry.raw("sys_created_by"), authors),
        created=at,
        updated=at,
        internal=entry.raw("element") == JOURNALS[True],
        marker=marker,
    )


def to_attachment(payload: AttachmentPayload, authors: Mapping[str, Person]) -> Attachment:
    return Attachment(
        id=payload.sys_id,
        filename=payload.file_name,
        mimetype=payload.content_type or "application/octet-stream",
        size=int(payload.size_bytes) if payload.size_bytes.isdecimal() else 0,
        author=author(payload.sys_created_by, authors),
        created=moment(payload.sys_created_on) if payload.sys_created_on else None,
        location=f"/api/now/attachment/{payload.sys_id}/file",
    )


def people_of(table: Table, rows: Iterable[Row]) -> set[str]:
    """The sys_ids of all users to whom a column refers."""
    columns = [name for name, column in table.columns.items() if column.kind == "reference" and column.reference == "sys_user"]
    return {row.raw(name) for row in rows for name in columns} - {""}


def moment(text: str) -> datetime:
    """Raw times carry no zone: they are UTC. A date alone is its first second."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else EPOCH


def stamp(at: datetime) -> str:
    """As raw times are written, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def milliseconds(text: str) -> int:
    return (moment(text) - EPOCH) // timedelta(milliseconds=1)


def _hub(name: str, table: Table, column: Column, row: Row, around: Around) -> JsonValue:
    value, label = row.raw(column.element), row.shown(column.element)
    match name:
        case "summary":
            return value
        case "description":
            return column_text(column.kind, value) or None
        case "status":
            active = row.raw("active") != "false"
            return {"name": label or value, "id": value, "category": table.category(value, label, active=active)} if value else None
        case "priority" | "resolution":
            return {"name": label or value, "id": value} if value else None
        case "due":
            return value[:10] or None
        case _:
            return person(value, label, around.people)


def _creator(row: Row, around: Around) -> JsonValue:
    opened_by = person(row.raw("opened_by"), row.shown("opened_by"), around.people)
    return opened_by or author(row.raw("sys_created_by"), around.authors)


def _typed(kind: str, value: str, label: str) -> JsonValue:
    match kind:
        case "boolean":
            return value in {"true", "1"}
        case "integer" | "longint":
            return int(value) if value.removeprefix("-").isdecimal() else value
        case "decimal" | "float" | "percent_complete":
            return _float(value)
        case "reference":
            return {"value": label or value, "id": value}
        case "glide_list":
            return _listed(value, label)
        case "glide_duration":
            return round((moment(value) - EPOCH).total_seconds())
        case _:
            return moment(value).isoformat() if kind in TIMES else column_text(kind, value)


def _listed(value: str, label: str) -> list[JsonValue]:
    """A list's names come as one text; a comma in a name takes them from all."""
    ids = [one.strip() for one in value.split(",") if one.strip()]
    names = [one.strip() for one in label.split(",")]
    return [{"value": name, "id": one} for one, name in zip(ids, names if len(names) == len(ids) else ids, strict=True)]


def _float(value: str) -> JsonValue:
    try:
        return float(value.replace(",", ""))
    except ValueError:
        return value


def _digest(row: Row, entries: Sequence[Row], files: Sequence[AttachmentPayload]) -> str:
    said = [row.model_dump_json(), *(one.sys_id for one in entries), *(one.sys_id for one in files)]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:12]
