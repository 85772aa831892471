"""`issue`: the item of this side, read from its fields and written to a working copy."""

from collections.abc import Mapping

from model.item import Fields, Item
from rules.host.custom_fields import CustomFields
from rules.host.shapes import attachment_record, comment_record, hub_shape, read_field
from rules.library.json_text import JsonHost, to_json
from rules.limits import Fault
from rules.state import Run
from rules.values import Value, text_of

_SHORTCUTS = {"typeName": ("type", "name"), "projectKey": ("project", "key")}
_CHILDREN = ("comments", "attachments")
_FIXED = frozenset({"id", "key", "url", "idStr"})


class ItemView(JsonHost):
    """`written` has the names that the script set, in order. The two maps name the counterparts of comments and attachments."""

    kind = "issue"

    def __init__(self, item: Item | None, remote_ids: Mapping[str, str], remote_files: Mapping[str, str]) -> None:
        self.item = item
        self.fields: Fields = item.fields if item else {}
        self.remote_ids = remote_ids
        self.remote_files = remote_files
        self.values: dict[str, Value] = {}
        self.written: dict[str, None] = {}
        self.custom_fields = CustomFields(self)

    def read(self, run: Run, name: str) -> Value:
        del run
        if name == "customFields":
            return self.custom_fields
        if name == "customKeys":
            return self
        if name in _SHORTCUTS:
            return self._shortcut(*_SHORTCUTS[name])
        return self.get(name)

    def get(self, name: str) -> Value:
        """The value of a property, null for an unknown one; remembered, so that changes inside it count."""
        if name not in self.values:
            self.values[name] = self._load(name)
        return self.values[name]

    def _load(self, name: str) -> Value:
        if name in _FIXED:
            return self._identity(name)
        if name == "comments":
            return [comment_record(one, self.remote_ids.get(one.id)) for one in (self.item.comments if self.item else ())]
        if name == "attachments":
            return [attachment_record(one, self.remote_files.get(one.id)) for one in (self.item.attachments if self.item else ())]
        if name == "workLogs":
            return []
        return read_field(name, self.fields.get(name, [] if name == "labels" else None))

    def _identity(self, name: str) -> Value:
        if self.item is None:
            return None
        ref = self.item.ref
        return {"key": ref.key, "url": ref.url}.get(name, ref.id)

    def _shortcut(self, owner: str, name: str) -> Value:
        found = self.get(owner)
        return found.get(name) if isinstance(found, dict) else found

    def write(self, run: Run, name: str, value: Value) -> None:
        if name in _FIXED:
            raise Fault(f"issue.{name} cannot be set; to pair the remote item with an existing one, use the operation Connect")
        if name == "customFields":
            self.custom_fields.replace(run, value)
        elif name in _SHORTCUTS:
            owner, key = _SHORTCUTS[name]
            self.put(owner, None if value is None else {key: text_of(value)})
        else:
            self.put(name, value)

    def put(self, name: str, value: Value) -> None:
        self.values[name] = value if name in _CHILDREN else read_field(name, hub_shape(name, value))
        self.written[name] = None

    def changed(self) -> Fields:
        """The properties that the script set, or changed inside, in hub shapes."""
        names = [*self.written, *(one for one in self.values if one not in self.written)]
        found: Fields = {}
        for name in names:
            if name in _CHILDREN or name in _FIXED or name == "workLogs":
                continue
            value = self.values[name]
            if name in self.written or (isinstance(value, dict | list) and to_json(value) != self.fields.get(name, [])):
                found[name] = hub_shape(name, value)
        return found

    def children(self, name: str) -> list[Value] | None:
        """The comments or attachments the script left, None where it did not touch them."""
        value = self.values.get(name)
        if name not in self.written and (name not in self.values or to_json(value) == to_json(self._load(name))):
            return None
        return value if isinstance(value, list) else []

    def as_map(self) -> Value:
        names = [*self.fields, *self.values]
        return {name: self.get(name) for name in dict.fromkeys(names)}

    def text(self) -> str:
        return self.item.ref.key if self.item else "<new item>"
