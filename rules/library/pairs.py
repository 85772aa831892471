"""The entries of a map, as `each { it.key }` sees them."""

from collections.abc import Mapping
from typing import ClassVar

from rules.library.table import Method, Table
from rules.state import Run
from rules.values import Host, Value, equal, text_of

ENTRIES: Table["Entry"] = Table("a map entry")


class Entry(Host):
    kind = "a map entry"
    methods: ClassVar[Mapping[str, Method]] = ENTRIES

    def __init__(self, key: Value, value: Value) -> None:
        self.key = key
        self.value = value

    def read(self, run: Run, name: str) -> Value:
        match name:
            case "key":
                return self.key
            case "value":
                return self.value
            case _:
                return super().read(run, name)

    def equals(self, other: Value) -> bool:
        return isinstance(other, Entry) and equal(self.key, other.key) and equal(self.value, other.value)

    def text(self) -> str:
        return f"{text_of(self.key)}={text_of(self.value)}"


@ENTRIES.method("getKey")
def get_key(_run: Run, entry: Entry, _arguments: list[Value]) -> Value:
    return entry.key


@ENTRIES.method("getValue")
def get_value(_run: Run, entry: Entry, _arguments: list[Value]) -> Value:
    return entry.value
