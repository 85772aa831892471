"""`customFields."Name"`: the properties of an item as objects with a value."""

from typing import TYPE_CHECKING

from rules.library.json_text import JsonHost
from rules.limits import Fault
from rules.state import Run
from rules.values import Value, equal, text_of

if TYPE_CHECKING:
    from rules.host.item_view import ItemView


class CustomField(JsonHost):
    """One field. It is false where the item does not have it, but its value can be set all the same."""

    kind = "a custom field"

    def __init__(self, item: "ItemView", name: str) -> None:
        self.item = item
        self.name = name

    def read(self, run: Run, name: str) -> Value:
        match name:
            case "value":
                return self.item.get(self.name)
            case "name" | "id":
                return self.name
            case _:
                return super().read(run, name)

    def write(self, run: Run, name: str, value: Value) -> None:
        if name != "value":
            super().write(run, name, value)
        self.item.put(self.name, plain(value))

    def truth(self) -> bool:
        return self.name in self.item.fields or self.name in self.item.written

    def equals(self, other: Value) -> bool:
        return isinstance(other, CustomField) and equal(self.item.get(self.name), other.item.get(other.name))

    def as_map(self) -> Value:
        return {"name": self.name, "value": self.item.get(self.name)}

    def text(self) -> str:
        return text_of(self.item.get(self.name))


class CustomFields(JsonHost):
    kind = "customFields"

    def __init__(self, item: "ItemView") -> None:
        self.item = item

    def read(self, run: Run, name: str) -> Value:
        del run
        return CustomField(self.item, name)

    def write(self, run: Run, name: str, value: Value) -> None:
        del run
        if isinstance(value, CustomField):
            value = value.item.get(value.name)
        elif isinstance(value, dict) and "value" in value and "name" in value:
            value = value["value"]
        self.item.put(name, plain(value))

    def replace(self, run: Run, value: Value) -> None:
        """`issue.customFields = replica.customFields`: sets each of them."""
        if not isinstance(value, dict):
            raise Fault("customFields takes the customFields of a replica")
        for name, one in value.items():
            self.write(run, text_of(name), one)

    def as_map(self) -> Value:
        return {name: CustomField(self.item, name) for name in self.item.fields}


def plain(value: Value) -> Value:
    return value.item.get(value.name) if isinstance(value, CustomField) else value
