"""From what a simulated platform stores to what connectors hand to the engine, and back."""

from datetime import datetime, timedelta

from pydantic import JsonValue

from connectors.kit.interface import FieldChange
from model.item import Attachment, Comment, Fields, Item, ItemRef, WorkLog
from tests.simulation.clock import START
from tests.simulation.platform import PRIORITIES, STATUSES, TEXTS, File, Labour, Note, Platform, Record
from tests.simulation.truth import ENGINE

STORED_AS = {"environment": "stamp"}
SHOWN_AS = {"stamp": "environment"}


def option(name: str, value: str | None) -> JsonValue:
    """What the platform answers to a rule's question."""
    if name == "status" and value in STATUSES:
        return {"name": value, "id": f"s-{value}", "category": STATUSES[value]}
    if name == "priority" and value in PRIORITIES:
        return {"name": value, "id": f"p-{value}"}
    return None


def _shown(platform: Platform, name: str, value: str) -> JsonValue:
    match name:
        case "status" | "priority":
            return option(name, value)
        case "parentId":
            return value or None
        case "description" if platform.habits.untidy and value:
            return f"{value} \r\n"
        case _:
            return value


def item(platform: Platform, record: Record) -> Item:
    fields: Fields = {name: _shown(platform, name, value) for name, value in record.fields.items() if name not in {"label", "stamp"}}
    fields["labels"] = [{"label": record.fields["label"]}] if record.fields["label"] else []
    fields["environment"] = record.fields["stamp"]
    fields["created"] = _millis(platform, record.created)
    fields["updated"] = _millis(platform, record.updated)
    return Item(
        ref=ItemRef(id=record.id, key=record.key, url=f"https://{platform.side}.acme.example/{record.key}"),
        version=platform.version(record),
        updated=record.updated,
        fields=fields,
        comments=tuple(comment(platform, one) for one in record.notes.values()),
        attachments=tuple(attachment(record, one) for one in record.files.values()),
        work_logs=tuple(work_log(platform, one) for one in record.works.values()) if platform.habits.work_logs else (),
        marker=record.marker or None,
    )


def work_log(platform: Platform, one: Labour) -> WorkLog:
    return WorkLog(
        id=one.id,
        started=one.work.started,
        spent=one.work.spent,
        comment=one.work.comment,
        author={"key": one.author, "displayName": one.author.title()},
        created=platform.told(one.created),
        updated=platform.told(one.updated),
        marker=one.marker or None,
    )


def _millis(platform: Platform, at: datetime) -> int:
    return int(platform.told(at).timestamp() * 1000)


def comment(platform: Platform, note: Note) -> Comment:
    return Comment(
        id=note.id,
        body=note.text,
        author={"key": note.author, "displayName": note.author.title()},
        created=platform.told(note.created),
        updated=platform.told(note.updated),
        internal=note.internal,
        marker=note.marker or None,
    )


def attachment(record: Record, file: File) -> Attachment:
    marker = file.marker or ("ours" if file.author == ENGINE else None)
    return Attachment(id=file.id, filename=file.name, size=len(file.content), location=f"{record.id}/{file.id}", marker=marker)


def stored(fields: Fields) -> dict[str, str]:
    """What the platform keeps of written properties: names of options, and texts without the space around them."""
    return {STORED_AS.get(name, name): _text(name, value) for name, value in fields.items() if name != "project"}


def _text(name: str, value: JsonValue) -> str:
    if isinstance(value, dict):
        return str(value.get("name"))
    text = "" if value is None else str(value)
    return text.strip() if name in TEXTS else text


def history(platform: Platform, record: Record, since: float) -> tuple[FieldChange, ...]:
    """The item's own change history, oldest first."""
    changes = [one for one in platform.truth.entries if one.item == record.id and one.kind == "field" and one.old is not None]
    return tuple(
        FieldChange(
            field=SHOWN_AS.get(one.name, one.name),
            old=_shown(platform, one.name, one.old or ""),
            new=_shown(platform, one.name, one.new or ""),
            at=START + timedelta(seconds=one.at),
            ours=one.ours,
        )
        for one in changes
        if one.at >= since
    )
