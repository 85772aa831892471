"""A ticket's audits as changes of its properties. Pure but for the people, who are given."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from pydantic import JsonValue

from connectors.kit.interface import FieldChange
from connectors.zendesk import mapping
from connectors.zendesk.mapping import Catalogue
from connectors.zendesk.payloads import AuditPayload, EventPayload, UserPayload

_PEOPLE = {"assignee_id": "assignee", "requester_id": "reporter"}


def people_of(audits: Iterable[AuditPayload]) -> set[str]:
    """Ids of all users that changes name."""
    events = [one for audit in audits for one in audit.events if one.field_name in _PEOPLE]
    return {str(value) for one in events for value in (one.value, one.previous_value) if value}


def changes(
    audits: Sequence[AuditPayload], since: datetime, account: int | None, catalogue: Catalogue, people: Mapping[int, UserPayload]
) -> tuple[FieldChange, ...]:
    """Oldest first. What a trigger of the account changed after a write of ours is not ours, though its audit is."""
    found: list[FieldChange] = []
    for audit in audits:
        if audit.created_at is None or audit.created_at < since.replace(microsecond=0):
            continue
        fine = any(one.field_name == "custom_status_id" for one in audit.events)
        for event in audit.events:
            if event.type != "Change" or (event.field_name == "status" and fine):
                continue
            name, translate = _property(event, catalogue, people)
            if name:
                ours = audit.author_id == account and not event.by_rule
                old, new = translate(event.previous_value), translate(event.value)
                found.append(FieldChange(field=name, old=old, new=new, at=audit.created_at, ours=ours))
    return tuple(found)


Translate = Callable[[JsonValue], JsonValue]


def _property(event: EventPayload, catalogue: Catalogue, people: Mapping[int, UserPayload]) -> tuple[str, Translate]:
    """The hub name of what changed, empty for what the hub does not know, and how to read its values."""
    name = str(event.field_name)
    match name:
        case "status":
            return "status", lambda value: mapping.status(str(value), None, ()) if value else None
        case "custom_status_id":
            return "status", lambda value: _custom_status(value, catalogue)
        case "assignee_id" | "requester_id":
            return _PEOPLE[name], lambda value: mapping.person(int(str(value)), people) if value else None
        case "group_id":
            return "Group", lambda value: next((one.name for one in catalogue.groups if str(one.id) == str(value)), None)
        case "priority":
            return "priority", lambda value: mapping.option(mapping.PRIORITIES, str(value or ""))
        case "type":
            return "type", lambda value: mapping.option(mapping.TYPES, str(value or ""))
        case "tags":
            return "labels", lambda value: _labels(value, catalogue)
        case "due_at":
            return "due", lambda value: str(value)[:10] if value else None
        case "subject":
            return "summary", lambda value: value
        case _:
            field = next((one for one in catalogue.own_fields if str(one.id) == name), None)
            return (field.title, lambda value: mapping.own_value(field, value)) if field else ("", lambda value: value)


def _custom_status(value: JsonValue, catalogue: Catalogue) -> JsonValue:
    known = next((one for one in catalogue.statuses if str(one.id) == str(value)), None)
    return mapping.status(known.status_category, known.id, catalogue.statuses) if known else None


def _labels(value: JsonValue, catalogue: Catalogue) -> JsonValue:
    """Without the tags that any option of a field could have set."""
    tags = {str(one) for one in value} if isinstance(value, list) else set(str(value or "").split())
    of_fields = {option.value for field in catalogue.fields for option in field.custom_field_options}
    of_fields |= {field.tag for field in catalogue.fields if field.tag}
    return mapping.labels(tags - of_fields)
