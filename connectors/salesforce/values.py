"""Values of sync rules in the form that Salesforce takes, with people, options and records looked up."""

from pydantic import JsonValue

from connectors.salesforce import soql
from connectors.salesforce.metadata import CONTACT_PREFIX, Metadata
from connectors.salesforce.payloads import FieldPayload, Row, UserRow
from connectors.salesforce.scalars import boolean, chosen, option, scalar
from connectors.salesforce.shape import USERS, Shape
from model.errors import Refused
from model.item import Fields

PICKLISTS = ("status", "priority", "type")


class Writing:
    """What is to be written to a record of an object; `record_type_id` narrows its options where given."""

    def __init__(self, metadata: Metadata, shape: Shape, record_type_id: str = "", *, creating: bool = False) -> None:
        self._metadata = metadata
        self._shape = shape
        self._record_type_id = record_type_id
        self._creating = creating

    async def row(self, fields: Fields) -> Row:
        """The fields by API names; Refused for what the object has no place or the org no option for."""
        row: Row = {}
        for name, value in fields.items():
            if name == "reporter":
                row |= await self._reporter(value)
            else:
                field = self._shape.roles.get(name) or self._shape.own(name)
                self._require_writable(field, name)
                row[field.name] = await self._value(field, name, value)
        return row

    def _may_write(self, field: FieldPayload) -> bool:
        return field.createable if self._creating else field.updateable

    def _require_writable(self, field: FieldPayload, name: str) -> None:
        if not self._may_write(field):
            message = (
                f"{self._shape.name}: field {name!r} ({field.name}) is read only for Twinline's account; check its field-level security"
            )
            raise Refused(message, name)

    async def _value(self, field: FieldPayload, name: str, value: JsonValue) -> JsonValue:
        if field.type == "boolean":
            return boolean(name, value)
        if name == "assignee" and value is None:
            raise Refused(f"a {self._shape.label} always has an owner; name a user or a queue", name)
        if value is None or value == "":
            return None
        match field.type:
            case "picklist" | "combobox":
                options = await self._metadata.options(self._shape, field.name, self._record_type_id)
                return chosen(name, value, options, restricted=name in PICKLISTS or field.restricted_picklist)
            case "multipicklist":
                options = await self._metadata.options(self._shape, field.name, self._record_type_id)
                listed = value if isinstance(value, list) else [value]
                picked = [chosen(name, one, options, restricted=field.restricted_picklist) for one in listed]
                return ";".join(one for one in picked if one)
            case "reference":
                return await self._reference(field, name, value)
            case _:
                return option(value) if name in PICKLISTS else scalar(field, name, value)

    async def _reporter(self, value: JsonValue) -> Row:
        """The contact with the person's e-mail address; where there is none, the address and the name themselves."""
        said = _said(value)
        contact = await _contact(self._metadata, said) if value is not None else None
        written: Row = {
            "ContactId": contact.id if contact else None,
            "SuppliedEmail": None if contact else said.get("email"),
            "SuppliedName": None if contact else said.get("displayName"),
        }
        row = {name: one for name, one in written.items() if name in self._shape.reporters and self._may_write(self._shape.field(name))}
        if not row or (value is not None and not any(row.values())):
            raise Refused(
                f"{self._shape.name} has no place for the reporter {value!r}: make a contact of them, or map the field", "reporter"
            )
        return row

    async def _reference(self, field: FieldPayload, name: str, value: JsonValue) -> JsonValue:
        if not set(field.reference_to).isdisjoint(USERS):
            return (await owner(self._metadata, name, value)).id
        if field.reference_to == ("Contact",) and (found := await _contact(self._metadata, _said(value))):
            return found.id
        identity = value.get("id") if isinstance(value, dict) else value
        if isinstance(identity, str) and soql.is_id(identity):
            return identity
        if isinstance(identity, str) and field.reference_to == (self._shape.name,):
            related = await self._metadata.id_by_key(self._shape, identity)
            if related:
                return related
        raise Refused(f"field {name!r} takes the id of a record ({', '.join(field.reference_to)}), not {value!r}", name)


def columns(shape: Shape, name: str) -> tuple[str, ...]:
    """The fields that a property is kept in."""
    if name == "reporter":
        return shape.reporters
    return (shape.roles[name].name if name in shape.roles else shape.own(name).name,)


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


async def _contact(metadata: Metadata, said: dict[str, str]) -> UserRow | None:
    if said.get("email") and (found := await metadata.contact_by_email(said["email"])):
        return found
    key = said.get("key", "")
    return UserRow(Id=key) if soql.is_id(key) and key.startswith(CONTACT_PREFIX) else None


def _said(value: JsonValue) -> dict[str, str]:
    """What a hub user tells of a person; a bare text may be any of it."""
    if isinstance(value, str):
        return {"email": value, "username": value, "key": value, "displayName": value}
    return {name: one for name, one in value.items() if isinstance(one, str) and one} if isinstance(value, dict) else {}
