"""Hub values as what Zendesk takes in a create or update, and whether it took them. Pure."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime

from pydantic import JsonValue

from connectors.zendesk import mapping
from connectors.zendesk.mapping import Catalogue
from connectors.zendesk.payloads import AuditPayload, EventPayload, FieldPayload, StatusPayload, TicketPayload
from model.errors import Refused

NOON = "T12:00:00Z"
WRITABLE = frozenset({"summary", "description", "status", "priority", "type", "labels", "assignee", "reporter", "due"})
PEOPLE = {"assignee": "assignee_id", "reporter": "requester_id"}
OWN = frozenset({"Group", "Form"})
"""Properties with names of their own beside the account's fields."""
_COMPARED = {
    "status": "status",
    "custom_status_id": "status",
    "priority": "priority",
    "type": "type",
    "assignee_id": "assignee",
    "requester_id": "reporter",
    "group_id": "Group",
    "due_at": "due",
}

Payload = dict[str, JsonValue]


def to_payload(system: str, fields: Mapping[str, JsonValue], catalogue: Catalogue, people: Mapping[str, int | None]) -> Payload:
    """The `ticket` object for `fields` but for description and labels. `people` has the user ids that assignee and reporter stand for.

    Refused naming field, value and options where one does not fit.
    """
    payload: Payload = {}
    custom: list[JsonValue] = []
    for name, value in fields.items():
        if name in PEOPLE:
            payload[PEOPLE[name]] = people[name]
        elif name in _WRITERS:
            payload |= _WRITERS[name](system, value, catalogue)
        elif name not in {"description", "labels"}:
            field = own_field(system, name, catalogue)
            custom.append({"id": field.id, "value": own_value(system, field, value)})
    if custom:
        payload["custom_fields"] = custom
    return payload


def tags(value: JsonValue, catalogue: Catalogue, ticket: TicketPayload | None, payload: Payload) -> JsonValue:
    """The tags for labels, with those of the fields' values as they will be after the write."""
    values = {one.id: one.value for one in ticket.custom_fields} if ticket else {}
    written = payload.get("custom_fields")
    for one in written if isinstance(written, list) else []:
        match one:
            case {"id": int(identity), "value": new}:
                values[identity] = new
            case _:
                pass
    return list[JsonValue](sorted(_labels(value) | mapping.field_tags(catalogue, values)))


def create_key(marker: str, payload: Payload) -> str:
    """The key of a create: the same for the same request, another one for a request that was corrected after it was refused."""
    digest = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
    return f"{marker[:150]}:{digest[:32]}"


def left_aside(payload: Payload, ticket: TicketPayload, audit: AuditPayload) -> str:
    """The hub name of a property that Zendesk kept as it was without a word; empty where it took all.

    A trigger of the account may change a property right after us: the audit then has our value all the same.
    """
    shown: dict[str, JsonValue] = ticket.model_dump(mode="json")
    for name, hub in _COMPARED.items():
        if name not in payload or name not in ticket.model_fields_set:
            continue
        wanted = payload[name]
        if not _equal(name, shown.get(name), wanted) and not any(_sets(one, name, wanted) for one in audit.events):
            return hub
    return ""


def chosen_status(system: str, value: JsonValue, statuses: Sequence[StatusPayload]) -> Payload:
    """By an agent's name of a status in use, or by one of Zendesk's own; upper and lower case do not matter."""
    wanted = _name("status", value)
    active = [one for one in statuses if one.active]
    for one in active:
        if one.agent_label.casefold() == wanted.casefold():
            return {"custom_status_id": one.id}
    for key, label in mapping.STATUSES.items():
        if wanted.casefold() in {key, label.casefold()}:
            return {"status": key}
    names = [*(one.agent_label for one in active), *(label for label in mapping.STATUSES.values() if not active or label == "Closed")]
    raise _no_option(system, "status", wanted, names)


def own_field(system: str, name: str, catalogue: Catalogue) -> FieldPayload:
    """The account's field of that title or id; Refused with the fields there are."""
    known = catalogue.own_fields
    same = [one for one in known if one.title == name or str(one.id) == name]
    if len(same) > 1:
        ids = ", ".join(str(one.id) for one in same)
        raise Refused(f"{system} has several fields {name!r} (ids: {ids}); name one by its id in the incoming rules", name)
    if not same:
        names = ", ".join(repr(one.title) for one in known) or "none"
        raise Refused(f"{system} has no field {name!r} that can be written (fields: {names}); take it out of the incoming rules", name)
    return same[0]


def own_value(system: str, field: FieldPayload, value: JsonValue) -> JsonValue:
    """A custom field's value in the form that its type takes: https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_fields/."""
    if value is None or value == "":
        return False if field.type == "checkbox" else [] if field.type == "multiselect" else None
    match field.type:
        case "tagger":
            return _tag(system, field, value)
        case "multiselect":
            return [_tag(system, field, one) for one in (value if isinstance(value, list) else [value])]
        case "checkbox":
            return _truth(field, value)
        case "integer" | "decimal":
            return _number(field, value)
        case "date":
            return _date(field.title, value)
        case _:
            return _text(field.title, value)


def _summary(system: str, value: JsonValue, catalogue: Catalogue) -> Payload:
    del system, catalogue
    return {"subject": _text("summary", value).strip()}


def _status(system: str, value: JsonValue, catalogue: Catalogue) -> Payload:
    return chosen_status(system, value, catalogue.statuses)


def _priority(system: str, value: JsonValue, catalogue: Catalogue) -> Payload:
    del catalogue
    return {"priority": _option(system, "priority", value, mapping.PRIORITIES)}


def _type(system: str, value: JsonValue, catalogue: Catalogue) -> Payload:
    del catalogue
    return {"type": _option(system, "type", value, mapping.TYPES)}


def _due(system: str, value: JsonValue, catalogue: Catalogue) -> Payload:
    """Zendesk keeps a moment; noon in UTC is that day almost everywhere."""
    del system, catalogue
    return {"due_at": None if value is None else f"{_date('due', value)}{NOON}"}


def _group(system: str, value: JsonValue, catalogue: Catalogue) -> Payload:
    if value is None:
        return {"group_id": None}
    wanted = _name("Group", value)
    found = next((one.id for one in catalogue.groups if one.name.casefold() == wanted.casefold()), None)
    if found is None:
        raise _no_option(system, "Group", wanted, [one.name for one in catalogue.groups])
    return {"group_id": found}


def _form(system: str, value: JsonValue, catalogue: Catalogue) -> Payload:
    wanted = _name("Form", value)
    offered = [one for one in catalogue.forms if one.active]
    found = next((one.id for one in offered if one.name.casefold() == wanted.casefold()), None)
    if found is None:
        raise _no_option(system, "Form", wanted, [one.name for one in offered])
    return {"ticket_form_id": found}


_WRITERS: dict[str, Callable[[str, JsonValue, Catalogue], Payload]] = {
    "summary": _summary,
    "status": _status,
    "priority": _priority,
    "type": _type,
    "due": _due,
    "Group": _group,
    "Form": _form,
}


def _option(system: str, name: str, value: JsonValue, offered: Mapping[str, str]) -> JsonValue:
    if value is None:
        return None
    wanted = _name(name, value)
    if wanted.casefold() not in offered:
        raise _no_option(system, name, wanted, offered.values())
    return wanted.casefold()


def _no_option(system: str, name: str, wanted: str, offered: Iterable[str]) -> Refused:
    options = ", ".join(map(repr, offered)) or "none"
    return Refused(f"{system}: field {name!r} has no option {wanted!r} (options: {options}); map it in the incoming rules", name)


def _name(name: str, value: JsonValue) -> str:
    match value:
        case {"name": str(wanted)} | str(wanted):
            return wanted
        case _:
            raise Refused(f"field {name!r} takes an option's name, not {value!r}", name)


def _labels(value: JsonValue) -> set[str]:
    found: set[str] = set()
    for one in value if isinstance(value, list) else []:
        match one:
            case {"label": str(label)} | str(label):
                found.add("_".join(label.split()).lower())
            case _:
                raise Refused(f"field 'labels' takes labels, not {one!r}", "labels")
    return found


def _tag(system: str, field: FieldPayload, value: JsonValue) -> str:
    """By the option's name, else its tag: a tag may be another platform's word for something else."""
    match value:
        case {"value": str(wanted)} | {"name": str(wanted)} | str(wanted):
            pass
        case _:
            raise Refused(
                f"field {field.title!r} takes an option, not {value!r}; use nodeHelper.getOption in the incoming rule", field.title
            )
    options = field.custom_field_options
    by_name = next((one.value for one in options if one.name.casefold() == wanted.casefold()), None)
    found = by_name or next((one.value for one in options if one.value == wanted), None)
    if found is None:
        raise _no_option(system, field.title, wanted, [one.name for one in options])
    return found


def _truth(field: FieldPayload, value: JsonValue) -> bool:
    if isinstance(value, bool):
        return value
    raise Refused(f"field {field.title!r} takes true or false, not {value!r}; convert it in the incoming rule", field.title)


def _number(field: FieldPayload, value: JsonValue) -> JsonValue:
    if isinstance(value, str):
        value = mapping.own_value(field, value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refused(f"field {field.title!r} takes a number, not {value!r}; convert it in the incoming rule", field.title)
    if field.type == "integer" and value != int(value):
        raise Refused(f"field {field.title!r} takes a whole number, not {value!r}; convert it in the incoming rule", field.title)
    return int(value) if field.type == "integer" else value


def _date(name: str, value: JsonValue) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return datetime.fromtimestamp(value / 1000, UTC).date().isoformat()
    try:
        return date.fromisoformat(str(value)[:10]).isoformat()
    except ValueError as error:
        raise Refused(f"field {name!r} takes a date as YYYY-MM-DD, not {value!r}; convert it in the incoming rule", name) from error


def _text(name: str, value: JsonValue) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str() | int() | float():
            return str(value)
        case {"value": str(text)}:
            return text
        case _:
            raise Refused(f"field {name!r} takes text, not {value!r}; convert it in the incoming rule", name)


def _equal(name: str, shown: JsonValue, wanted: JsonValue) -> bool:
    if name == "due_at" and isinstance(shown, str) and isinstance(wanted, str):
        return shown[:10] == wanted[:10]
    return shown == wanted


def _sets(event: EventPayload, name: str, wanted: JsonValue) -> bool:
    if event.type not in {"Change", "Create"} or str(event.field_name) != name:
        return False
    return _equal(name, event.value, wanted) or str(event.value) == str(wanted)
