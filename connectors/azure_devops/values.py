"""Hub values as operations on a work item's fields. Pure: whatever has to be looked up is given."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pydantic import JsonValue

from connectors.azure_devops import mapping
from connectors.azure_devops.client import Operations
from connectors.azure_devops.mapping import Kind
from connectors.azure_devops.payloads import FieldPayload, TypePayload
from connectors.azure_devops.pictures import Files
from connectors.azure_devops.text import NO_FILES, sent, sent_markdown
from model.errors import Refused
from model.item import Fields

ATTRIBUTES = {
    "summary": mapping.TITLE,
    "status": mapping.STATE,
    "type": mapping.TYPE,
    "priority": mapping.PRIORITY,
    "labels": mapping.TAGS,
    "assignee": mapping.ASSIGNED_TO,
    "due": mapping.DUE,
    "areaPath": mapping.AREA,
    "iterationPath": mapping.ITERATION,
}
"""Hub names that are one field each on every type; `description` depends on the type, and `parentId` is a link."""
OPTIONS_SHOWN = 30


@dataclass(frozen=True)
class Options:
    """What the values at hand need: the item's type, the project's types, own fields and accounts by the names in the rules, files."""

    system: str
    kind: Kind
    types: Sequence[TypePayload] = ()
    own: dict[str, FieldPayload] = field(default_factory=dict[str, FieldPayload])
    accounts: dict[str, str] = field(default_factory=dict[str, str])
    files: Files = NO_FILES


def test_rev(rev: int) -> Operations:
    """Refuses the whole patch unless the item is at that revision."""
    return [{"op": "test", "path": "/rev", "value": rev}]


def link(rel: str, url: str, comment: str = "") -> Operations:
    value: JsonValue = {"rel": rel, "url": url, "attributes": {"comment": comment}}
    return [{"op": "add", "path": "/relations/-", "value": value}]


def unlink(index: int) -> Operations:
    return [{"op": "remove", "path": f"/relations/{index}"}]


def reference(name: str, options: Options) -> str:
    """The field that a hub name stands for."""
    if name == "description":
        return options.kind.description
    return ATTRIBUTES.get(name) or options.own[name].reference_name


def to_operations(fields: Fields, options: Options, *, markdown: frozenset[str] = frozenset(), create: bool = False) -> Operations:
    """What sets the fields, `parentId` apart, the type first, since the others have to exist on it. Refused for what has no place.

    Fields in `markdown`, by reference name, hold Markdown.
    """
    made: Operations = []
    for name, value in sorted(fields.items(), key=lambda one: one[0] != "type"):
        if name == "parentId":
            continue
        target = reference(name, options)
        wanted = to_value(name, value, options, markdown=target in markdown)
        if wanted is not None:
            made.append({"op": _operation(target, create=create), "path": f"/fields/{target}", "value": wanted})
        elif not create:
            made.append({"op": "remove", "path": f"/fields/{target}"})
        if target in markdown and wanted is not None:
            made.append({"op": "add", "path": f"/multilineFieldsFormat/{target}", "value": "Markdown"})
    return made


def _operation(target: str, *, create: bool) -> str:
    """To add tags may mean to keep those that are there."""
    return "replace" if target == mapping.TAGS and not create else "add"


def to_value(name: str, value: JsonValue, options: Options, *, markdown: bool = False) -> JsonValue:
    """The value as Azure DevOps takes it, None for none."""
    match name:
        case "summary" | "areaPath" | "iterationPath":
            return _text(name, value)
        case "description":
            text = _text(name, value)
            return _rich(text, options, markdown=markdown) if text else None
        case "status":
            return _chosen(name, value, [one.name for one in options.kind.states])
        case "type":
            return _chosen(name, value, [one.name for one in options.types])
        case "priority":
            return _priority(value)
        case "labels":
            return "; ".join(_labels(value)) or None
        case "assignee":
            return options.accounts.get(name) if value is not None else None
        case "due":
            day = _text(name, value)
            return f"{day}T00:00:00Z" if day else None
        case _:
            return own_value(name, options.own[name], value, options, markdown=markdown)


def own_value(name: str, field: FieldPayload, value: JsonValue, options: Options, *, markdown: bool = False) -> JsonValue:
    """A value for a field of the organization's own, by the field's type."""
    plain = value.get("value") if isinstance(value, dict) and "value" in value else value
    if plain is None:
        return None
    if is_person(field):
        return options.accounts.get(name)
    match field.type:
        case "integer" | "picklistInteger":
            return _number(name, plain, whole=True)
        case "double" | "picklistDouble":
            return _number(name, plain, whole=False)
        case "boolean":
            return _boolean(name, plain)
        case "dateTime":
            return _moment(name, plain)
        case "html":
            return _rich(_text(name, plain) or "", options, markdown=markdown)
        case _:
            return _plain_text(name, plain)


def is_person(field: FieldPayload) -> bool:
    return field.is_identity or field.type == "identity"


def _rich(text: str, options: Options, *, markdown: bool) -> str:
    return sent_markdown(text, files=options.files) if markdown else sent(text, files=options.files)


def _text(name: str, value: JsonValue) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise Refused(f"field {name!r} takes text, not {value!r}; convert it in the incoming rule", name)


def _plain_text(name: str, value: JsonValue) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str() | int() | float():
            return str(value)
        case {"name": str(text)}:
            return text
        case _:
            raise Refused(f"field {name!r} takes text, not {value!r}; convert it in the incoming rule", name)


def _chosen(name: str, value: JsonValue, options: Sequence[str]) -> str | None:
    match value:
        case None:
            return None
        case {"name": str(wanted)} | str(wanted):
            found = next((one for one in options if one.casefold() == wanted.casefold()), None)
        case _:
            raise Refused(f"field {name!r} takes an option's name, not {value!r}", name)
    if found is None:
        names = ", ".join(repr(one) for one in options[:OPTIONS_SHOWN])
        raise Refused(f"field {name!r} has no option {wanted!r} (options: {names}); map it in the sync rules", name)
    return found


def _priority(value: JsonValue) -> JsonValue:
    """Priorities are whole numbers, 1 the highest."""
    match value:
        case None:
            return None
        case {"name": str() | int() as wanted} | (str() | int() as wanted):
            text = str(wanted)
        case _:
            text = ""
    if not text.isdigit():
        raise Refused(f"field 'priority' takes a number, 1 the highest, not {value!r}; map it in the sync rules", "priority")
    return int(text)


def _labels(value: JsonValue) -> list[str]:
    found: set[str] = set()
    for one in value if isinstance(value, list) else []:
        match one:
            case {"label": str(label)} | str(label) if not {";", ","} & set(label) and label.strip():
                found.add(label.strip())
            case _:
                raise Refused(f"field 'labels' takes tags, which have no comma or semicolon, not {one!r}", "labels")
    return sorted(found)


def _number(name: str, value: JsonValue, *, whole: bool) -> JsonValue:
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            value = None
    if isinstance(value, bool) or not isinstance(value, int | float) or (whole and value != int(value)):
        kind = "a whole number" if whole else "a number"
        raise Refused(f"field {name!r} takes {kind}, not {value!r}; convert it in the incoming rule", name)
    return int(value) if whole else value


def _boolean(name: str, value: JsonValue) -> bool:
    match value:
        case bool():
            return value
        case "true" | "True":
            return True
        case "false" | "False":
            return False
        case _:
            raise Refused(f"field {name!r} takes true or false, not {value!r}; convert it in the incoming rule", name)


def _moment(name: str, value: JsonValue) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return datetime.fromtimestamp(value / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, str) and (at := mapping.moment(value)):
        return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    raise Refused(f"field {name!r} takes a date, not {value!r}; convert it in the incoming rule", name)
