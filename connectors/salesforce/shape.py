"""An object of an org: which of its fields stand for the properties that sync rules know, and what the others are called. Pure."""

from collections.abc import Mapping

from connectors.salesforce.payloads import DescribePayload, FieldPayload, RecordTypePayload
from model.errors import Refused

MARKER_FIELD = "Twinline_Id__c"
ROLES: Mapping[str, tuple[str, ...]] = {
    "summary": ("Subject", "Subject__c", "Summary__c"),
    "description": ("Description", "Description__c"),
    "status": ("Status", "Status__c", "StageName"),
    "priority": ("Priority", "Priority__c"),
    "type": ("Type", "Type__c"),
    "assignee": ("OwnerId",),
    "due": ("ActivityDate", "CloseDate", "Due_Date__c"),
    "parentId": ("ParentId",),
}
"""For each property, the fields that may hold it; the first that the object has does."""
REPORTER = ("ContactId", "SuppliedEmail", "SuppliedName")
NOISE = frozenset(
    {"Id", "IsDeleted", "SystemModstamp", "LastViewedDate", "LastReferencedDate", "attributes", "CreatedById", "CreatedDate",
     "LastModifiedById", "LastModifiedDate"}
)  # fmt: skip
USERS = frozenset({"User", "Group"})
NAMED = frozenset({"Account", "RecordType", "Asset", "Product2", "Entitlement"})
"""Objects that have a Name and are mostly referred to by it."""


class Shape:
    """The fields that the account sees."""

    def __init__(self, described: DescribePayload) -> None:
        self.name = described.name
        self.label = described.label
        self.prefix = described.key_prefix or ""
        self.queryable, self.createable, self.updateable = described.queryable, described.createable, described.updateable
        self.record_types: tuple[RecordTypePayload, ...] = described.record_type_infos
        self._fields = {one.name.casefold(): one for one in described.fields}
        labels = [one.label.casefold() for one in described.fields]
        self._labels = {one.label.casefold(): one for one in described.fields if labels.count(one.label.casefold()) == 1}
        self.key_field = next((one.name for one in described.fields if one.name_field), "Id")
        self.roles = self._found_roles()
        self.marker_field = next((one.name for one in described.fields if _is_marker(one)), "")
        self.fields = described.fields

    def has(self, name: str) -> bool:
        return name.casefold() in self._fields

    def field(self, name: str) -> FieldPayload:
        """By API name."""
        return self._fields[name.casefold()]

    def own(self, name: str) -> FieldPayload:
        """By API name or label; Refused if there is none."""
        found = self._fields.get(name.casefold()) or self._labels.get(name.casefold())
        if found is None:
            raise Refused(f"{self.name} has no field {name!r} that Twinline's account sees; use its label or its API name", name)
        return found

    def shown_as(self, field: FieldPayload) -> str:
        """The name under which people know a field: its label where that is unmistakable."""
        taken = field.label.casefold() not in self._labels or field.label in ROLES or field.label in {"reporter", "creator", "project"}
        return field.name if taken else field.label

    def role(self, name: str) -> FieldPayload:
        """The field that holds a property of sync rules; Refused if the object has none."""
        found = self.roles.get(name)
        if found is None:
            raise Refused(f"{self.name} has no field for {name!r}; write one of its own by name", name)
        return found

    @property
    def reporters(self) -> tuple[str, ...]:
        return tuple(one for one in REPORTER if self.has(one))

    @property
    def is_case(self) -> bool:
        return self.name == "Case"

    def people(self) -> dict[str, FieldPayload]:
        """The references whose target is shown by name, by relationship."""
        return {one.relationship_name: one for one in self.fields if one.relationship_name and shown_columns(one)}

    def is_spoken_for(self, name: str) -> bool:
        """Whether a field is shown as one of the properties, or not at all."""
        own = {one.name for one in self.roles.values()} | {self.marker_field, *self.reporters}
        return name in NOISE or name in own

    def _found_roles(self) -> dict[str, FieldPayload]:
        found = {role: self.field(name) for role, names in ROLES.items() for name in reversed(names) if self.has(name)}
        if "due" in found and found["due"].type != "date":
            del found["due"]
        if "summary" not in found and self.field_or_none(self.key_field) and self.field(self.key_field).updateable:
            found["summary"] = self.field(self.key_field)
        return found

    def field_or_none(self, name: str) -> FieldPayload | None:
        return self._fields.get(name.casefold())


def shown_columns(field: FieldPayload) -> tuple[str, ...]:
    """What of the record that a reference names is asked for."""
    targets = set(field.reference_to)
    if not targets:
        return ()
    if targets == {"User"}:
        return ("Name", "Email", "Username")
    if targets <= USERS or targets == {"Contact"}:
        return ("Name", "Email")
    return ("Name",) if targets <= NAMED else ()


def _is_marker(field: FieldPayload) -> bool:
    """`Twinline_Id__c`, also with the prefix of a package."""
    return field.name == MARKER_FIELD or field.name.endswith(f"__{MARKER_FIELD}")
