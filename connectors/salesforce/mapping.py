"""Salesforce's rows to items, comments and attachments. Pure."""

import hashlib
import json
import mimetypes
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from pydantic import JsonValue

from connectors.kit.interface import Change
from connectors.salesforce import text
from connectors.salesforce.payloads import (
    CommentRow,
    FieldPayload,
    LinkRow,
    Person,
    PicklistValue,
    PostRow,
    Row,
    StatusRow,
)
from connectors.salesforce.shape import USERS, Shape, shown_columns
from model.frozen import Frozen
from model.item import Attachment, Comment, Fields, Item, ItemRef

ORPHAN = "application/octet-stream"


class Whole(Frozen):
    """A record with what belongs to it; `people` are the records that it refers to, by relationship."""

    row: Row
    people: Mapping[str, Person]
    comments: tuple[Comment, ...] = ()
    attachments: tuple[Attachment, ...] = ()


def to_item(shape: Shape, whole: Whole, statuses: Sequence[StatusRow], url: str) -> Item:
    return Item(
        ref=to_ref(shape, whole.row, url),
        version=version_of(whole),
        updated=moment(whole.row["SystemModstamp"]),
        fields=to_fields(shape, whole, statuses),
        comments=whole.comments,
        attachments=whole.attachments,
        marker=marker_of(shape, whole.row),
    )


def to_ref(shape: Shape, row: Row, url: str) -> ItemRef:
    identity = str(row["Id"])
    return ItemRef(id=identity, key=key_of(shape, row), url=f"{url.rstrip('/')}/lightning/r/{shape.name}/{identity}/view")


def key_of(shape: Shape, row: Row) -> str:
    return str(row.get(shape.key_field) or row["Id"])


def marker_of(shape: Shape, row: Row) -> str | None:
    """From the field that is kept for it, else from the end of the description."""
    kept = row.get(shape.marker_field) if shape.marker_field else None
    if isinstance(kept, str) and kept:
        return kept
    described = shape.roles.get("description")
    body = row.get(described.name) if described and not described.html_formatted else None
    return text.received(body)[1] if isinstance(body, str) else None


def to_change(shape: Shape, row: Row) -> Change:
    marker = row.get(shape.marker_field) if shape.marker_field else None
    return Change(
        id=str(row["Id"]),
        key=key_of(shape, row),
        version=stamp(moment(row["SystemModstamp"])),
        marker=marker if isinstance(marker, str) else None,
        deleted=row.get("IsDeleted") is True,
    )


def to_fields(shape: Shape, whole: Whole, statuses: Sequence[StatusRow]) -> Fields:
    """Only what the row carries: a field that is hidden from the account is absent."""
    row = whole.row
    known: Fields = {
        "project": {"key": shape.name, "name": shape.label, "id": shape.name},
        "creator": _person_at(shape, whole, "CreatedById"),
        "reporter": _reporter(shape, whole),
        "created": milliseconds(row.get("CreatedDate")),
        "updated": milliseconds(row.get("LastModifiedDate") or row["SystemModstamp"]),
    }
    for role, field in shape.roles.items():
        if field.name in row:
            known[role] = _role(shape, role, field, whole, statuses)
    own: Fields = {
        shape.shown_as(one): own_value(one, row[one.name], whole.people)
        for one in shape.fields
        if row.get(one.name) is not None and not shape.is_spoken_for(one.name)
    }
    return own | known


def own_value(field: FieldPayload, value: JsonValue, people: Mapping[str, Person]) -> JsonValue:
    """A field of the org's own in the form that rules see."""
    if value is None:
        return None
    match field.type:
        case "picklist" | "combobox":
            return {"value": str(value)}
        case "multipicklist":
            return [{"value": one} for one in str(value).split(";")]
        case "datetime":
            return stamp(moment(value), milliseconds=True)
        case "reference":
            return _reference(field, str(value), people)
        case "textarea" if field.html_formatted:
            return text.received_rich(str(value))
        case "textarea":
            return text.received(str(value))[0]
        case _:
            return value


def status(value: str, options: Sequence[PicklistValue], statuses: Sequence[StatusRow]) -> Fields:
    """With its category where the platform tells which statuses close a record, else `new` for the first and `indeterminate`."""
    closed = {one.api_name for one in statuses if one.is_closed}
    begins = {one.api_name for one in statuses if one.is_default} or {one.value for one in options[:1]}
    category = "done" if value in closed else "new" if value in begins else "indeterminate"
    return {**named(value, options), "category": category}


def named(value: str, options: Sequence[PicklistValue]) -> Fields:
    return {"name": next((one.name for one in options if one.value == value), value), "id": value}


def person(identity: str, known: Person | None) -> Fields:
    known = known or Person()
    return {"key": identity, "username": known.username, "email": known.email, "displayName": known.name}


def to_comment(row: CommentRow) -> Comment:
    body, marker = text.received(row.body)
    return Comment(
        id=row.id,
        body=body,
        author=person(row.author_id, row.author),
        created=row.created,
        updated=row.modified,
        internal=not row.is_published,
        marker=marker,
    )


def to_post(row: PostRow) -> Comment:
    """A post of the record's feed; in an org without sites all are internal, as nobody from outside sees any."""
    body, marker = text.received(text.received_rich(row.body or "") if row.is_rich else row.body)
    return Comment(
        id=row.id,
        body=body,
        author=person(row.author_id, row.author),
        created=row.created,
        updated=row.edited or row.created,
        internal=row.visibility != "AllUsers",
        marker=marker,
    )


def to_attachment(row: LinkRow) -> Attachment:
    document = row.document
    ending = f".{document.extension}" if document.extension else ""
    named_whole = document.title.casefold().endswith(ending.casefold())
    filename = document.title if named_whole else f"{document.title}{ending}"
    return Attachment(
        id=row.document_id,
        filename=filename,
        mimetype=mimetypes.guess_type(filename)[0] or ORPHAN,
        size=document.size,
        author=person(document.author_id, document.author),
        created=document.created,
        location=document.version_id,
        marker=text.marker_of(document.description),
    )


def to_people(row: Row) -> dict[str, Person]:
    """Those that a record refers to, by relationship."""
    return {name: Person.model_validate(value) for name, value in row.items() if name != "attributes" and isinstance(value, dict)}


def version_of(whole: Whole) -> str:
    """The stamp in seconds, which two edits may share and a comment or file does not move, and a digest of all that was read."""
    row = {name: value for name, value in whole.row.items() if name not in {"attributes", "LastViewedDate", "LastReferencedDate"}}
    said = json.dumps([row, {name: one.model_dump() for name, one in whole.people.items()}], sort_keys=True)
    parts = [one.model_dump_json(exclude={"author"}) for one in (*whole.comments, *whole.attachments)]
    digest = hashlib.sha256("\n".join([said, *parts]).encode()).hexdigest()[:12]
    return f"{stamp(moment(whole.row['SystemModstamp']))}/{digest}"


def moment(value: JsonValue) -> datetime:
    """Of Salesforce's form, as 2026-05-06T12:08:29.000+0000."""
    return datetime.fromisoformat(str(value))


def stamp(value: datetime, *, milliseconds: bool = False) -> str:
    return value.astimezone(UTC).isoformat(timespec="milliseconds" if milliseconds else "seconds").replace("+00:00", "Z")


def milliseconds(value: JsonValue) -> int | None:
    return round(moment(value).timestamp() * 1000) if value else None


def _role(shape: Shape, role: str, field: FieldPayload, whole: Whole, statuses: Sequence[StatusRow]) -> JsonValue:
    value = whole.row[field.name]
    if role == "assignee":
        return _person_at(shape, whole, field.name)
    if role == "summary":
        return str(value or "")
    if value is None:
        return None
    if role == "description":
        shown = text.received_rich(str(value)) if field.html_formatted else text.received(str(value))[0]
        return shown or None
    if role == "status":
        return status(str(value), field.picklist_values, statuses)
    return named(str(value), field.picklist_values) if role in {"priority", "type"} else value


def _person_at(shape: Shape, whole: Whole, name: str) -> JsonValue:
    identity, field = whole.row.get(name), shape.field_or_none(name)
    if not isinstance(identity, str) or field is None:
        return None
    return person(identity, whole.people.get(field.relationship_name or ""))


def _reporter(shape: Shape, whole: Whole) -> JsonValue:
    """The contact; else who wrote the mail or filled in the form; for objects without either, who made the record."""
    if not shape.reporters:
        return _person_at(shape, whole, "CreatedById")
    if whole.row.get("ContactId"):
        return _person_at(shape, whole, "ContactId")
    email, name = whole.row.get("SuppliedEmail"), whole.row.get("SuppliedName")
    return {"key": "", "username": None, "email": email, "displayName": name or email} if email or name else None


def _reference(field: FieldPayload, identity: str, people: Mapping[str, Person]) -> JsonValue:
    known = people.get(field.relationship_name or "")
    if set(field.reference_to) <= USERS or field.reference_to == ("Contact",):
        return person(identity, known)
    return {"id": identity, "name": known.name} if known and shown_columns(field) else {"id": identity}
