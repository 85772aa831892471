"""`customFields."Name"`: the properties of an item as objects with a value."""

import re
from typing import TYPE_CHECKING, ClassVar

from pydantic import JsonValue

from rules.host.free_map import FREE
from rules.library.json_text import JsonHost, from_json
from rules.limits import Fault
from rules.state import Run
from rules.values import Value, equal, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rules.host.item_view import ItemView
    from rules.library.table import Method

_ID = re.compile(r"(?:customfield_)?(\d+)")


class CustomField(JsonHost):
    """One field. It is false where the item does not have it, but its value can be set all the same."""

    kind = "a custom field"

    def __init__(self, item: "ItemView", name: str, about: dict[str, JsonValue]) -> None:
        self.item = item
        self.name = name
        self.about = about

    def read(self, run: Run, name: str) -> Value:
        match name:
            case "value":
                return both_ways(self.item.get(self.name))
            case "name" | "id" | "idStr":
                return text_of(from_json(self.about.get(name.removesuffix("Str"), self.name)))
            case "type" | "description" | "uid":
                return from_json(self.about.get(name))
            case _:
                return super().read(run, name)

    def write(self, run: Run, name: str, value: Value) -> None:
        if name != "value":
            super().write(run, name, value)
        self.item.put_custom(self.name, plain(value))

    def truth(self) -> bool:
        return self.exists()

    def exists(self) -> bool:
        return self.name in self.item.fields or self.name in self.item.written or self.name in self.item.custom_values

    def equals(self, other: Value) -> bool:
        if other is None:
            return not self.exists()
        return isinstance(other, CustomField) and equal(self.item.get(self.name), other.item.get(other.name))

    def as_map(self) -> Value:
        if not self.exists():
            return None
        kept: dict[Value, Value] = {one: from_json(value) for one, value in self.about.items() if one != "value"}
        return {"name": self.name, **kept, "value": self.item.get(self.name)}

    def text(self) -> str:
        return text_of(self.item.get(self.name))


class CustomFields(JsonHost):
    """Fields by display name, id or reference name."""

    kind = "customFields"
    methods: "ClassVar[Mapping[str, Method]]" = FREE

    def __init__(self, item: "ItemView") -> None:
        self.item = item

    def equals(self, other: Value) -> bool:
        return isinstance(other, CustomFields) and other.item is self.item

    def read(self, run: Run, name: str) -> Value:
        return self._field(run, name)

    def write(self, run: Run, name: str, value: Value) -> None:
        if isinstance(value, CustomField):
            value = value.item.get(value.name)
        elif isinstance(value, SentField) or (isinstance(value, dict) and "value" in value and "name" in value):
            value = value["value"]
        self.item.put_custom(self._field(run, name).name, plain(value))

    def replace(self, run: Run, value: Value) -> None:
        """`issue.customFields = replica.customFields`: sets each of them."""
        if isinstance(value, CustomFields):
            value = value.as_map()
        if not isinstance(value, dict):
            raise Fault("customFields takes the customFields of a replica")
        for name, one in value.items():
            self.write(run, text_of(name), one)

    def as_map(self) -> Value:
        return {name: CustomField(self.item, name, self.item.custom.get(name, {})) for name in self.item.custom_names()}

    def _field(self, run: Run, name: str) -> CustomField:
        found = self.item.custom_name(name)
        if found is None:
            by_id = _ID.fullmatch(name)
            found = self._named_by_platform(run, by_id[1]) if by_id else None
        found = found or name
        return CustomField(self.item, found, self.item.custom.get(found, {}))

    def _named_by_platform(self, run: Run, identity: str) -> str | None:
        """The display name of the field with that id, which only the platform knows."""
        if run.answers is not None:
            return None
        about = run.ask("custom_field", identity, None, None)
        name = about.get("name") if isinstance(about, dict) else None
        return name if isinstance(name, str) else None


class SentField(dict[Value, Value]):
    """A custom field as a replica carries it."""


def sent_field(value: Value) -> Value:
    """What a replica has below `customFields`, known as a field where it has a value."""
    if isinstance(value, dict) and "value" in value:
        return SentField({**value, "value": both_ways(value["value"])})
    return value


def both_ways(value: Value) -> Value:
    """The value of a cascading field with its first level as `parent`, as scripts read it."""
    if isinstance(value, dict) and isinstance(value.get("child"), dict) and "parent" not in value:
        return {**value, "parent": {name: one for name, one in value.items() if name != "child"}}
    return value


def plain(value: Value) -> Value:
    """What is stored of a value: of a cascading one the first level with its child."""
    if isinstance(value, CustomField):
        return value.item.get(value.name)
    if isinstance(value, dict) and isinstance(value.get("parent"), dict) and isinstance(value.get("child"), dict):
        parent = value["parent"]
        return {**parent, "child": value["child"]} if isinstance(parent, dict) else value
    return value
