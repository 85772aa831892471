"""`replica`: filled by the outgoing rule, read by the incoming one. Any property name may be used."""

from model.item import Fields
from rules.host.shapes import read_field, record
from rules.library.json_text import JsonHost, from_json, to_json
from rules.state import Run
from rules.values import Value

CHILD_LISTS = (
    "comments", "attachments", "addedComments", "changedComments", "removedComments", "addedAttachments", "removedAttachments",
)  # fmt: skip
_SHORTCUTS = {"typeName": ("type", "name"), "projectKey": ("project", "key")}


class ReplicaView(JsonHost):
    kind = "replica"

    def __init__(self, source: Fields, deltas: dict[str, tuple[Fields, ...]] | None = None) -> None:
        self.source = source
        self.deltas: dict[str, tuple[Fields, ...]] = deltas or {}
        self.values: dict[str, Value] = {}

    def read(self, run: Run, name: str) -> Value:
        del run
        return self if name == "customKeys" else self.get(name)

    def get(self, name: str) -> Value:
        if name not in self.values:
            if name in _SHORTCUTS and name not in self.source:
                owner, key = _SHORTCUTS[name]
                found = self.get(owner)
                return found.get(key) if isinstance(found, dict) else None
            self.values[name] = self._load(name)
        return self.values[name]

    def _load(self, name: str) -> Value:
        if name in self.deltas:
            return [record(one, remote=True) for one in self.deltas[name]]
        value = self.source.get(name)
        if name == "customFields":
            return from_json(value or {})
        if name in CHILD_LISTS:
            items = value if isinstance(value, list) else []
            return [record(one, remote=True) for one in items if isinstance(one, dict)]
        if name == "labels" and value is None:
            return []
        return read_field(name, value)

    def write(self, run: Run, name: str, value: Value) -> None:
        del run
        if name == "customKeys" and isinstance(value, dict):
            self.values.update({str(key): one for key, one in value.items()})
        else:
            self.values[name] = value

    def filled(self) -> Fields:
        """What an outgoing rule put in, as JSON."""
        found = {name: to_json(value, f"replica.{name}") for name, value in self.values.items()}
        return {name: value for name, value in found.items() if not (name == "customFields" and value == {})}

    def as_map(self) -> Value:
        return {name: self.get(name) for name in dict.fromkeys([*self.source, *self.values])}
