"""Between the values of the language and the hub shapes of items, comments, attachments and work logs."""

from datetime import datetime

from pydantic import JsonValue

from model.item import Attachment, Comment, Fields, WorkLog
from rules.host.priority import level_of
from rules.library.json_text import from_json, to_json
from rules.library.numbers import DateValue
from rules.limits import Fault
from rules.values import Record, Value, kind_of, short, text_of

DATES = frozenset({"created", "updated", "resolutionDate", "startDate"})
_NAMED = frozenset({"status", "priority", "type", "resolution"})
_USERS = frozenset({"assignee", "reporter", "creator"})
_NAMED_LISTS = frozenset({"components", "fixVersions", "affectedVersions"})


def read_field(name: str, value: JsonValue) -> Value:
    """A property as scripts see it: dates as Date, a priority with its level, everything else as its JSON."""
    if name in DATES and isinstance(value, int) and not isinstance(value, bool):
        return DateValue(value)
    if name == "priority" and isinstance(value, dict) and (level := level_of(str(value.get("name")))):
        value = {**value, "level": level}
    return from_json(value)


def record(source: Fields, *, remote: bool) -> Record:
    """A comment or attachment of a replica."""
    found = Record({name: read_field(name, value) for name, value in source.items()})
    found.remote = remote
    if remote and not found.get("remoteId"):
        found["remoteId"] = found.get("id")
    return found


def milliseconds(at: datetime | None) -> Value:
    return None if at is None else DateValue(int(at.timestamp() * 1000))


def comment_record(comment: Comment, remote_id: str | None) -> Record:
    return Record({
        "id": comment.id, "body": comment.body, "author": from_json(comment.author), "internal": comment.internal,
        "created": milliseconds(comment.created), "updated": milliseconds(comment.updated), "remoteId": remote_id,
    })  # fmt: skip


def attachment_record(attachment: Attachment, remote_id: str | None) -> Record:
    return Record({
        "id": attachment.id, "filename": attachment.filename, "mimetype": attachment.mimetype, "filesize": attachment.size,
        "author": from_json(attachment.author), "created": milliseconds(attachment.created), "remoteId": remote_id,
    })  # fmt: skip


def work_log_record(log: WorkLog, remote_id: str | None) -> Record:
    return Record({
        "id": log.id, "startDate": milliseconds(log.started), "timeSpent": log.spent, "comment": log.comment or None,
        "author": from_json(log.author), "updateAuthor": from_json(log.author), "created": milliseconds(log.created),
        "updated": milliseconds(log.updated), "remoteId": remote_id,
    })  # fmt: skip


def hub_shape(name: str, value: Value) -> JsonValue:
    """What a script put into a property, in the shape that the item model gives that property."""
    if value is not None and name in _USERS and not isinstance(value, dict):
        example = f"issue.{name} = nodeHelper.getUserByEmail(...)"
        raise Fault(f"{name!r} takes a user, not {kind_of(value)} {short(value)!r}; write {example}")
    if isinstance(value, str) and name in _NAMED:
        return {"name": value}
    if isinstance(value, str) and name == "project":
        return {"key": value}
    if name == "labels":
        return _labels(value)
    if name in _NAMED_LISTS and isinstance(value, list):
        value = [{"name": one} if isinstance(one, str) else one for one in value]
    return to_json(told(name, value), f"the property {name!r}")


def told(name: str, value: Value) -> Value:
    """Without what is only there for scripts to read."""
    return {part: one for part, one in value.items() if part != "level"} if name == "priority" and isinstance(value, dict) else value


def settled(name: str, value: JsonValue) -> JsonValue:
    """The form that is compared and stored: labels in order."""
    return sorted(value, key=str) if name == "labels" and isinstance(value, list) else value


def _labels(value: Value) -> JsonValue:
    if value is not None and not isinstance(value, list):
        raise Fault(f"'labels' takes a list, not {kind_of(value)} {short(value)!r}")
    texts = [text_of(one.get("label")) if isinstance(one, dict) else text_of(one) for one in value or [] if one is not None]
    return [{"label": one} for one in dict.fromkeys(texts)]


def sendable(records: Value, what: str) -> list[Value]:
    if isinstance(records, list):
        return records
    if records is None:
        return []
    raise Fault(f"{what!r} takes a list, not {kind_of(records)}")
