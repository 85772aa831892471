"""The entries of a map, as `each { it.key }` sees them."""

from collections.abc import Mapping
from typing import ClassVar

from rules.library.table import Method, Table
from rules.state import Run
from rules.values import Host, Value, equal, key_of, text_of

ENTRIES: Table["Entry"] = Table("a map entry")


class Entry(Host):
    """A key and its value; `of` is the map that setValue() changes, where there is one."""

    kind = "a map entry"
    methods: ClassVar[Mapping[str, Method]] = ENTRIES
    types = frozenset({"Entry", "MapEntry"})

    def __init__(self, key: Value, value: Value, of: dict[Value, Value] | None = None) -> None:
        self.key = key
        self.value = value
        self.of = of

    def read(self, run: Run, name: str) -> Value:
        match name:
            case "key":
                return self.key
            case "value":
                return self.value
            case _:
                return super().read(run, name)

    def write(self, run: Run, name: str, value: Value) -> None:
        if name != "value":
            super().write(run, name, value)
        self.change(value)

    def change(self, value: Value) -> None:
        self.value = value
        if self.of is not None:
            self.of[key_of(self.key)] = value

    def equals(self, other: Value) -> bool:
        return isinstance(other, Entry) and equal(self.key, other.key) and equal(self.value, other.value)

    def text(self) -> str:
        return f"{text_of(self.key)}={text_of(self.value)}"


def pairs(entries: dict[Value, Value]) -> list[Value]:
    """The entries of the map."""
    return [Entry(key, value, entries) for key, value in entries.items()]


@ENTRIES.method("getKey")
def get_key(_run: Run, entry: Entry, _arguments: list[Value]) -> Value:
    return entry.key


@ENTRIES.method("getValue")
def get_value(_run: Run, entry: Entry, _arguments: list[Value]) -> Value:
    return entry.value


@ENTRIES.method("setValue", takes=1)
def set_value(_run: Run, entry: Entry, arguments: list[Value]) -> Value:
    old = entry.value
    entry.change(arguments[0])
    return old
