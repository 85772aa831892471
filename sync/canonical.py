"""When two values mean the same. Raw forms are never compared: platforms trim, reorder and decorate what they store."""

import json

from pydantic import JsonValue

from model.item import Fields
from model.links import identity
from model.mentions import plain
from model.text import tidy

VOLATILE = frozenset({"updated", "version"})


def canonical(value: JsonValue) -> JsonValue:
    """The value without what platforms add or lose: ids and categories beside a name, order of labels, line ends, empty against absent.

    A text with a mention says the same as one with the plain name.
    """
    match value:
        case str():
            return tidy(plain(value)) or None
        case bool():
            return value
        case float() if value.is_integer():
            return int(value)
        case list():
            return _canonical_list(value)
        case dict():
            return _canonical_object(value)
        case _:
            return value


def _canonical_list(values: list[JsonValue]) -> JsonValue:
    members = [canonical(value) for value in values]
    if values and all(isinstance(value, dict) for value in values):
        members.sort(key=lambda member: json.dumps(member, sort_keys=True))
    return members or None


def _canonical_object(value: Fields) -> JsonValue:
    if value.get("otherIssueId"):
        return list[JsonValue](identity(value))
    if "label" in value:
        return canonical(value["label"])
    if "displayName" in value or "email" in value:
        known = [canonical(value.get(name)) for name in ("key", "email", "username", "displayName")]
        return next((name for name in known if name), None)
    if "name" in value:
        return canonical(value["name"]) or canonical(value.get("id"))
    if "key" in value:
        return canonical(value["key"])
    kept = {name: canonical(part) for name, part in sorted(value.items())}
    return {name: part for name, part in kept.items() if part is not None} or None


def same(one: JsonValue, other: JsonValue) -> bool:
    return canonical(one) == canonical(other)


def status_name(status: JsonValue) -> str:
    """The name by which a status is asked for; empty where there is none."""
    return str(status.get("name") or "") if isinstance(status, dict) else str(status or "")


def canonical_replica(payload: Fields) -> JsonValue:
    """What of a replica counts when asking whether anything changed: of children only what is synchronised."""
    rest = {name: value for name, value in payload.items() if name not in {*VOLATILE, "comments", "attachments", "workLogs"}}
    return {
        "properties": {name: canonical(value) for name, value in rest.items()},
        "comments": [_only(child, ("id", "body", "internal")) for child in _children(payload, "comments")],
        "attachments": [_only(child, ("id", "filename")) for child in _children(payload, "attachments")],
        "workLogs": [_only(child, ("id", "startDate", "timeSpent", "comment")) for child in _children(payload, "workLogs")],
    }


def _children(payload: Fields, name: str) -> list[Fields]:
    value = payload.get(name)
    children = [child for child in value if isinstance(child, dict)] if isinstance(value, list) else []
    return sorted(children, key=lambda child: str(child.get("id")))


def _only(child: Fields, names: tuple[str, ...]) -> JsonValue:
    return {name: canonical(child.get(name)) for name in names}
