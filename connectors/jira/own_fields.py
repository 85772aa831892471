"""A site's own fields: values of sync rules in the form that Jira takes for the field's type. Pure."""

from datetime import UTC, datetime

from pydantic import JsonValue

from connectors.jira.dialect import Dialect
from connectors.jira.payloads import FieldPayload
from model.errors import Refused

CERTAIN = ("string", "number", "date")
"""Types whose value is shown as it was sent."""


def sent(field: FieldPayload, value: JsonValue, dialect: Dialect) -> JsonValue:
    """Refused where the value has no place in a field of that type."""
    if value is None:
        return None
    match field.kind:
        case "string" if field.rich:
            return dialect.document(_text(field, value))
        case "string":
            return _text(field, value)
        case "number":
            return _number(field, value)
        case "date":
            return _moment(value).date().isoformat() if isinstance(value, int) else _text(field, value)
        case "datetime":
            return _moment(value).isoformat(timespec="milliseconds") if isinstance(value, int) else _text(field, value)
        case "option":
            return _option(field, value)
        case "option-with-child":
            return _cascading(field, value)
        case "array":
            return [_element(field, one) for one in (value if isinstance(value, list) else [value])]
        case _:
            return value


def shown(field: FieldPayload, value: JsonValue, dialect: Dialect) -> JsonValue:
    """What Jira will show of a value of a `CERTAIN` type, in hub shape."""
    made = sent(field, value, dialect)
    return dialect.text(made) if field.rich else made


def _element(field: FieldPayload, value: JsonValue) -> JsonValue:
    if field.items == "option":
        return _option(field, value)
    return value.get("label", value) if isinstance(value, dict) and field.items == "string" else value


def _option(field: FieldPayload, value: JsonValue) -> JsonValue:
    match value:
        case {"value": str(text)}:
            return {"value": text}
        case {"id": str() | int() as identity}:
            return {"id": str(identity)}
        case str():
            return {"value": value}
        case _:
            raise Refused(f"field {field.name!r} takes an option, not {value!r}; use nodeHelper.getOption in the incoming rule", field.name)


def _cascading(field: FieldPayload, value: JsonValue) -> JsonValue:
    parent = _option(field, value)
    child = value.get("child") if isinstance(value, dict) else None
    return {**parent, "child": _option(field, child)} if child is not None and isinstance(parent, dict) else parent


def _text(field: FieldPayload, value: JsonValue) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str() | int() | float():
            return str(value)
        case {"value": str(text)}:
            return text
        case _:
            raise Refused(f"field {field.name!r} takes text, not {value!r}; convert it in the incoming rule", field.name)


def _number(field: FieldPayload, value: JsonValue) -> JsonValue:
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            pass
    elif isinstance(value, int | float) and not isinstance(value, bool):
        return value
    raise Refused(f"field {field.name!r} takes a number, not {value!r}; convert it in the incoming rule", field.name)


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
