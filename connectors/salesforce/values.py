"""Values of sync rules in the form that Salesforce takes. Pure, but for looking people up."""

from collections.abc import Sequence
from datetime import UTC, datetime

from pydantic import JsonValue

from connectors.salesforce import soql, text
from connectors.salesforce.metadata import CONTACT_PREFIX, Metadata
from connectors.salesforce.payloads import FieldPayload, PicklistValue, Row, UserRow
from connectors.salesforce.shape import USERS, Shape
from model.errors import Refused
from model.item import Fields

PICKLISTS = ("status", "priority", "type")
OPTIONS_SHOWN = 30


async def to_row(metadata: Metadata, shape: Shape, fields: Fields, record_type_id: str = "") -> Row:
    """The fields by API names; Refused for what the object has no place or the org no option for."""
    row: Row = {}
    for name, value in fields.items():
        if name == "reporter":
            row |= await _reporter(metadata, shape, value)
        elif name in shape.roles:
            field = writable(shape, shape.roles[name], name)
            row[field.name] = await _role(metadata, shape, name, value, record_type_id)
        else:
            field = writable(shape, shape.own(name), name)
            row[field.name] = await _own(metadata, shape, field, name, value, record_type_id)
    return row


def columns(shape: Shape, name: str) -> tuple[str, ...]:
    """The fields that a property is kept in."""
    if name == "reporter":
        return shape.reporters
    return (shape.roles[name].name if name in shape.roles else shape.own(name).name,)


def writable(shape: Shape, field: FieldPayload, name: str) -> FieldPayload:
    if not field.updateable:
        message = f"{shape.name}: field {name!r} ({field.name}) is read only for Twinline's account; check its field-level security"
        raise Refused(message, name)
    return field


def chosen(field: str, value: JsonValue, options: Sequence[PicklistValue], *, restricted: bool = True) -> str | None:
    """The option of that label or API name, upper and lower case left aside; Refused with the options if there is none."""
    if value is None or value == "":
        return None
    wanted = _option(value)
    if wanted is None:
        raise Refused(f"field {field!r} takes an option's name, not {value!r}", field)
    for one in options:
        if wanted.casefold() in {one.name.casefold(), one.value.casefold()}:
            return one.value
    if not restricted:
        return wanted
    names = ", ".join(repr(one.name) for one in options[:OPTIONS_SHOWN]) or "none"
    raise Refused(f"field {field!r} has no option {wanted!r} (options: {names}); map it in the incoming rules", field)


async def owner(metadata: Metadata, field: str, value: JsonValue) -> UserRow:
    """The user or queue that a hub user stands for: by e-mail, username, id, or name, whichever finds one first."""
    said = _said(value)
    for ask, name in (
        (metadata.user_by_email, "email"),
        (metadata.user_by_username, "username"),
        (metadata.user, "key"),
        (metadata.queue, "displayName"),
        (metadata.user_by_name, "displayName"),
    ):
        found = await ask(said[name]) if said.get(name) else None
        if found is not None:
            return found
    shown = said.get("email") or said.get("displayName") or said.get("username") or said.get("key") or value
    raise Refused(f"field {field!r}: Salesforce has no active user and no queue {shown!r}; map the user in the sync rules", field)


async def _role(metadata: Metadata, shape: Shape, name: str, value: JsonValue, record_type_id: str) -> JsonValue:
    field = shape.roles[name]
    if name in PICKLISTS:
        return await _picked(metadata, shape, field, name, value, record_type_id)
    if name == "assignee":
        if value is None:
            raise Refused(f"a {shape.label} always has an owner; name a user or a queue", name)
        return (await owner(metadata, name, value)).id
    return await _own(metadata, shape, field, name, value, record_type_id)


async def _picked(metadata: Metadata, shape: Shape, field: FieldPayload, name: str, value: JsonValue, record_type_id: str) -> JsonValue:
    if field.type not in {"picklist", "combobox"}:
        return None if value is None else _option(value)
    options = await metadata.options(shape, field.name, record_type_id)
    return chosen(name, value, options, restricted=name in PICKLISTS or field.restricted_picklist)


async def _own(metadata: Metadata, shape: Shape, field: FieldPayload, name: str, value: JsonValue, record_type_id: str) -> JsonValue:
    if field.type == "boolean":
        return _boolean(name, value)
    if value is None or value == "":
        return None
    match field.type:
        case "picklist" | "combobox":
            return await _picked(metadata, shape, field, name, value, record_type_id)
        case "multipicklist":
            options = await metadata.options(shape, field.name, record_type_id)
            listed = value if isinstance(value, list) else [value]
            picked = [chosen(name, one, options, restricted=field.restricted_picklist) for one in listed]
            return ";".join(one for one in picked if one)
        case "reference":
            return await _reference(metadata, shape, field, name, value)
        case _:
            return _scalar(field, name, value)


def _scalar(field: FieldPayload, name: str, value: JsonValue) -> JsonValue:
    match field.type:
        case "double" | "currency" | "percent" | "int" | "long":
            return _number(name, value)
        case "date":
            return _moment(value).date().isoformat() if isinstance(value, int) else _text(name, value)
        case "datetime":
            return soql.moment(_moment(value)) if isinstance(value, int) else _text(name, value)
        case "textarea" if field.html_formatted:
            return text.sent_rich(_text(name, value))
        case "textarea":
            return text.sent(_text(name, value), None)
        case _:
            return _text(name, value)


async def _reporter(metadata: Metadata, shape: Shape, value: JsonValue) -> Row:
    """The contact with the person's e-mail address; where there is none, the address and the name themselves."""
    if not shape.reporters:
        raise Refused(f"{shape.name} has no contact; 'reporter' cannot be written", "reporter")
    said = _said(value)
    contact = await _contact(metadata, said) if value is not None else None
    written: Row = {
        "ContactId": contact.id if contact else None,
        "SuppliedEmail": None if contact else said.get("email"),
        "SuppliedName": None if contact else said.get("displayName"),
    }
    return {name: one for name, one in written.items() if name in shape.reporters and shape.field(name).updateable}


async def _contact(metadata: Metadata, said: dict[str, str]) -> UserRow | None:
    if said.get("email") and (found := await metadata.contact_by_email(said["email"])):
        return found
    key = said.get("key", "")
    return UserRow(Id=key) if soql.is_id(key) and key.startswith(CONTACT_PREFIX) else None


async def _reference(metadata: Metadata, shape: Shape, field: FieldPayload, name: str, value: JsonValue) -> JsonValue:
    if not set(field.reference_to).isdisjoint(USERS):
        return (await owner(metadata, name, value)).id
    if field.reference_to == ("Contact",) and (found := await _contact(metadata, _said(value))):
        return found.id
    identity = value.get("id") if isinstance(value, dict) else value
    if isinstance(identity, str) and soql.is_id(identity):
        return identity
    if isinstance(identity, str) and field.reference_to == (shape.name,) and (related := await metadata.id_by_key(shape, identity)):
        return related
    raise Refused(f"field {name!r} takes the id of a record ({', '.join(field.reference_to)}), not {value!r}", name)


def _said(value: JsonValue) -> dict[str, str]:
    """What a hub user tells of a person; a bare text may be any of it."""
    if isinstance(value, str):
        return {"email": value, "username": value, "key": value, "displayName": value}
    return {name: one for name, one in value.items() if isinstance(one, str) and one} if isinstance(value, dict) else {}


def _option(value: JsonValue) -> str | None:
    match value:
        case {"name": str(wanted)} | {"value": str(wanted)} | {"id": str(wanted)} | str(wanted):
            return wanted
        case bool():
            return None
        case int() | float():
            return str(value)
        case _:
            return None


def _text(name: str, value: JsonValue) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str() | int() | float():
            return str(value)
        case {"value": str(one)} | {"name": str(one)}:
            return one
        case _:
            raise Refused(f"field {name!r} takes text, not {value!r}; convert it in the incoming rule", name)


def _number(name: str, value: JsonValue) -> JsonValue:
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            pass
    elif isinstance(value, int | float) and not isinstance(value, bool):
        return value
    raise Refused(f"field {name!r} takes a number, not {value!r}; convert it in the incoming rule", name)


def _boolean(name: str, value: JsonValue) -> bool:
    match value:
        case None | "":
            return False
        case bool():
            return value
        case str() if value.casefold() in {"true", "false"}:
            return value.casefold() == "true"
        case _:
            raise Refused(f"field {name!r} takes true or false, not {value!r}; convert it in the incoming rule", name)


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
