"""`replica`: filled by the outgoing rule, read by the incoming one. Any property name may be used."""

from collections.abc import Mapping
from typing import ClassVar

from model.item import Fields
from rules.host.custom_fields import sent_field
from rules.host.free_map import FREE
from rules.host.item_view import SHORTCUTS
from rules.host.shapes import read_field, record, told
from rules.library.json_text import JsonHost, from_json, to_json
from rules.library.table import Method
from rules.state import Run
from rules.values import Value, text_of

CHILD_LISTS = (
    "comments", "attachments", "workLogs", "addedComments", "changedComments", "removedComments", "addedAttachments", "removedAttachments",
    "addedWorklogs", "changedWorklogs", "removedWorklogs",
)  # fmt: skip
_EMPTY = ("labels", "issueLinks")
_NOTHING: tuple[Value, ...] = (None, [], {})


class ReplicaView(JsonHost):
    kind = "replica"
    methods: ClassVar[Mapping[str, Method]] = FREE

    def __init__(self, source: Fields, deltas: dict[str, tuple[Fields, ...]] | None = None) -> None:
        self.source = source
        self.deltas: dict[str, tuple[Fields, ...]] = deltas or {}
        self.values: dict[str, Value] = {}
        self.written: set[str] = set()
        self.keyed: dict[str, None] = {}

    def read(self, run: Run, name: str) -> Value:
        del run
        return CustomKeys(self) if name == "customKeys" else self.get(name)

    def get(self, name: str) -> Value:
        if name not in self.values:
            if name in SHORTCUTS and name not in self.source:
                owner, key = SHORTCUTS[name]
                found = self.get(owner)
                return found.get(key) if isinstance(found, dict) else None
            self.values[name] = self._load(name)
        return self.values[name]

    def _load(self, name: str) -> Value:
        if name in self.deltas:
            return [record(one, remote=True) for one in self.deltas[name]]
        value = self.source.get(name)
        if name == "customFields":
            return {label: sent_field(from_json(one)) for label, one in value.items()} if isinstance(value, dict) else {}
        if name in CHILD_LISTS:
            items = value if isinstance(value, list) else []
            return [record(one, remote=True) for one in items if isinstance(one, dict)]
        if name in _EMPTY and value is None:
            return []
        return read_field(name, value)

    def write(self, run: Run, name: str, value: Value) -> None:
        if name == "customKeys" and isinstance(value, dict):
            keys = CustomKeys(self)
            for key, one in value.items():
                keys.write(run, text_of(key), one)
        else:
            self.values[name] = value
            self.written.add(name)

    def filled(self) -> Fields:
        """What an outgoing rule put in, as JSON; what it only read is not in it."""
        put = {name: told(name, value) for name, value in self.values.items() if name in self.written or value not in _NOTHING}
        return {name: to_json(value, f"replica.{name}") for name, value in put.items()}

    def as_said(self, filled: Fields) -> Fields:
        """`filled`, with what was put in through `customKeys` there as well."""
        keyed = {name: filled[name] for name in self.keyed if name in filled}
        return {**filled, "customKeys": keyed} if keyed else filled

    def as_map(self) -> Value:
        return {name: self.get(name) for name in dict.fromkeys([*self.source, *self.values])}


class CustomKeys(JsonHost):
    """`replica.customKeys`: the replica's own properties under another name."""

    kind = "customKeys"
    methods: ClassVar[Mapping[str, Method]] = FREE

    def __init__(self, replica: ReplicaView) -> None:
        self.replica = replica

    def equals(self, other: Value) -> bool:
        return isinstance(other, CustomKeys) and other.replica is self.replica

    def read(self, run: Run, name: str) -> Value:
        return self.replica.read(run, name)

    def write(self, run: Run, name: str, value: Value) -> None:
        self.replica.write(run, name, value)
        self.replica.keyed[name] = None

    def as_map(self) -> Value:
        return self.replica.as_map()
