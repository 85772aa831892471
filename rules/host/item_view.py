"""`issue`: the item of this side, read from its fields and written to a working copy."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from pydantic import JsonValue

from model.item import Fields, Item
from model.links import LINKS
from rules.host.custom_fields import CustomFields, both_ways
from rules.host.described_values import shape
from rules.host.free_map import FREE
from rules.host.shapes import attachment_record, comment_record, hub_shape, read_field, record, settled, work_log_record
from rules.interface import GoesOn
from rules.library.json_text import JsonHost, from_json, to_json
from rules.library.table import Method
from rules.limits import Fault
from rules.state import Run
from rules.values import Record, Value, equal, text_of

SHORTCUTS = {
    "typeName": ("type", "name"), "projectKey": ("project", "key"), "repository": ("project", "key"), "statusName": ("status", "name"),
    "priorityName": ("priority", "name"), "resolutionName": ("resolution", "name"),
}  # fmt: skip
CHILDREN = ("comments", "attachments", "workLogs")
_FIXED = frozenset({"id", "key", "url", "idStr"})
HUB_NAMES = frozenset(one.name for one in shape("issue"))


class ItemView(JsonHost):
    """`written` has the names that the script set, in order. `remote` has by list the counterparts of its children, by their ids here."""

    kind = "issue"
    methods: ClassVar[Mapping[str, Method]] = FREE

    def __init__(self, item: Item | None, remote: Mapping[str, Mapping[str, str]] = MappingProxyType({})) -> None:
        self.item = item
        self.fields: Fields = item.fields if item else {}
        self.remote = remote
        self.values: dict[str, Value] = {}
        self.written: dict[str, None] = {}
        self.short: dict[str, Value] = {}
        self.custom: dict[str, dict[str, JsonValue]] = {}
        self.custom_values: dict[str, JsonValue] = {}
        self.set_custom: set[str] = set()
        self._read_custom()

    def _read_custom(self) -> None:
        """What an item brings under `customFields`, each with what is known of the field."""
        given = self.fields.get("customFields")
        for name, one in given.items() if isinstance(given, dict) else ():
            about = one if isinstance(one, dict) and ("value" in one or "name" in one) else {"value": one}
            shown = about.get("name")
            label = shown if name.removeprefix("customfield_").isdecimal() and isinstance(shown, str) else name
            self.custom[label] = {"id": name, **about} if label != name else about
            self.custom_values[label] = about.get("value")

    def custom_name(self, name: str) -> str | None:
        """The display name of a custom field, from its name or id; None for one that the item does not have."""
        if name in self.custom or name in self.fields or name in self.written:
            return name
        bare = name.removeprefix("customfield_")
        for label, about in self.custom.items():
            if text_of(from_json(about.get("id"))).removeprefix("customfield_") == bare or about.get("name") == name:
                return label
        return None

    def custom_names(self) -> list[str]:
        return list(dict.fromkeys([*self.custom, *(one for one in self.fields if one not in HUB_NAMES), *sorted(self.set_custom)]))

    def read(self, run: Run, name: str) -> Value:
        if run.stored and name in _FIXED and self.item is None:
            raise GoesOn
        if name == "customFields":
            return CustomFields(self)
        if name == "customKeys":
            return self
        if name in SHORTCUTS and name not in self.fields:
            return self._shortcut(*SHORTCUTS[name])
        if name not in self.fields and name not in self.values and name in self.custom:
            return both_ways(self.get(name))
        return self.get(name)

    def get(self, name: str) -> Value:
        """The value of a property, null for an unknown one; remembered, so that changes inside it count."""
        if name not in self.values:
            self.values[name] = self._load(name)
        return self.values[name]

    def _load(self, name: str) -> Value:
        if name in _FIXED:
            return self._identity(name)
        if name in CHILDREN:
            return self._children(name)
        if name not in self.fields and name in self.custom_values:
            return read_field(name, self.custom_values[name])
        return read_field(name, self.fields.get(name, [] if name in ("labels", "issueLinks") else None))

    def _children(self, name: str) -> Value:
        given = self.fields.get(name)
        if isinstance(given, list):
            return [record(one, remote=False) for one in given if isinstance(one, dict)]
        if self.item is None:
            return []
        remote = self.remote.get(name, {})
        match name:
            case "comments":
                return [comment_record(one, remote.get(one.id)) for one in self.item.comments]
            case "attachments":
                return [attachment_record(one, remote.get(one.id)) for one in self.item.attachments]
            case _:
                return [work_log_record(one, remote.get(one.id)) for one in self.item.work_logs]

    def _identity(self, name: str) -> Value:
        if self.item is None:
            return None
        given = self.fields.get(name)
        if given is not None:
            return from_json(given)
        ref = self.item.ref
        return {"key": ref.key, "url": ref.url}.get(name, ref.id) or None

    def identify(self, made: Mapping[str, JsonValue]) -> None:
        """Gives the item the id and key that `made` has."""
        for name in ("id", "key"):
            if made.get(name) is not None:
                self.values[name] = from_json(made[name])

    def project_key(self) -> Value:
        return self._shortcut("project", "key")

    def type_name(self) -> Value:
        return self._shortcut("type", "name")

    def _shortcut(self, owner: str, name: str) -> Value:
        found = self.get(owner)
        return found.get(name) if isinstance(found, dict) else found

    def write(self, run: Run, name: str, value: Value) -> None:
        if name in _FIXED:
            self._connect(run, name, value)
        elif name == "customFields":
            CustomFields(self).replace(run, value)
        elif name == LINKS and _is_the_replicas(run, value):
            raise Fault(
                "the replica's links lead to items of the other side; write issue.issueLinks = nodeHelper.mergeLinks(issue, replica)"
            )
        elif name in SHORTCUTS:
            owner, key = SHORTCUTS[name]
            self.short[name] = None if value is None else text_of(value)
            self.put(owner, None if value is None else {key: text_of(value)})
        elif name in self.custom and name not in self.fields:
            self.put_custom(name, value)
        else:
            self.put(name, value)

    def _connect(self, run: Run, name: str, value: Value) -> None:
        """On the first sync an existing item may be named to pair with; later an item keeps its identity."""
        if value is None or equal(text_of(value), text_of(self.get(name) or "")):
            return
        if name == "url" or not run.incoming or not run.surroundings.first_sync:
            purpose = "to pair the remote item with an existing one"
            raise Fault(f"issue.{name} can be set on the first sync only, {purpose}; later use the operation Connect")
        self.values[name] = value
        if name != "key" or not run.effects.connect:
            run.effects.connect = text_of(value)

    def put(self, name: str, value: Value) -> None:
        self.values[name] = _each_once(value) if name in CHILDREN else read_field(name, hub_shape(name, value))
        self.written[name] = None

    def put_custom(self, name: str, value: Value) -> None:
        self.put(name, value)
        self.set_custom.add(name)

    def touched(self) -> list[str]:
        """The properties that the script set, or changed inside, without children and identity."""
        names = [*self.written, *(one for one in self.values if one not in self.written)]
        return [one for one in names if one not in CHILDREN and one not in _FIXED and (one in self.written or self._changed_inside(one))]

    def _changed_inside(self, name: str) -> bool:
        value = self.values[name]
        return isinstance(value, dict | list) and to_json(value) != self.fields.get(name, self.custom_values.get(name, []))

    def changed(self) -> Fields:
        """What the script set, in hub shapes. A status that came out as null is none: every item has one."""
        found = {name: settled(name, hub_shape(name, self.values[name])) for name in self.touched()}
        return {name: value for name, value in found.items() if not (name == "status" and value is None)}

    def as_said(self) -> Fields:
        """What the script set, under the names it used: custom fields below `customFields`, `typeName` beside `type`."""
        found: Fields = {}
        custom: Fields = {}
        for name in self.touched():
            shown = hub_shape(name, self.values[name])
            if name in self.set_custom:
                custom[name] = {"value": shown}
            else:
                found[name] = shown
        for name, value in self.short.items():
            found[name] = to_json(value)
        for name in CHILDREN:
            if self.children(name) is not None:
                found[name] = [_shown(one) for one in self.children(name) or []]
        return {**found, "customFields": custom} if custom else found

    def children(self, name: str) -> list[Value] | None:
        """The comments, attachments or work logs that the script left, None where it did not touch them."""
        value = self.values.get(name)
        if name not in self.written and (name not in self.values or to_json(value) == to_json(self._load(name))):
            return None
        return value if isinstance(value, list) else []

    def as_map(self) -> Value:
        names = [*self.fields, *self.values]
        return {name: self.get(name) for name in dict.fromkeys(names)}

    def text(self) -> str:
        return self.item.ref.key if self.item else "<new item>"


def _is_the_replicas(run: Run, links: Value) -> bool:
    replica = run.binding.get("replica")
    return run.incoming and isinstance(replica, JsonHost) and links is replica.read(run, LINKS)


def _each_once(value: Value) -> Value:
    """A list of comments, files or work logs is a set: what stands in it twice counts once."""
    if not isinstance(value, list):
        return value
    found: dict[tuple[object, ...], Value] = {}
    for number, one in enumerate(value):
        identity = text_of(one.get("id")) if isinstance(one, dict) and one.get("id") else None
        remote = isinstance(one, Record) and one.remote
        found.setdefault((remote, identity) if identity else (number,), one)
    return [*found.values()]


def _shown(one: Value) -> JsonValue:
    """A comment, file or work log for people: what came with the replica has its id as `remoteId`."""
    found = to_json(one)
    if isinstance(one, Record) and one.remote and isinstance(found, dict):
        return {**found, "id": None, "remoteId": found.get("id")}
    return found
