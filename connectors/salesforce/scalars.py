"""Single values of sync rules in the form that Salesforce takes for a field's type. Pure."""

from collections.abc import Sequence
from datetime import UTC, datetime

from pydantic import JsonValue

from connectors.salesforce import soql, text
from connectors.salesforce.payloads import FieldPayload, PicklistValue
from model.errors import Refused

OPTIONS_SHOWN = 30


def scalar(field: FieldPayload, name: str, value: JsonValue) -> JsonValue:
    """Text, number, date or time; Refused where the value has no place in a field of that type."""
    match field.type:
        case "double" | "currency" | "percent" | "int" | "long":
            return _number(name, value)
        case "date":
            return _moment(value).date().isoformat() if isinstance(value, int) else _text(name, value)
        case "datetime":
            return soql.moment(_moment(value)) if isinstance(value, int) else _text(name, value)
        case "textarea" if field.html_formatted:
            return text.sent_rich(_text(name, value))
        case "textarea":
            return text.sent(_text(name, value), None)
        case _:
            return _text(name, value)


def chosen(field: str, value: JsonValue, options: Sequence[PicklistValue], *, restricted: bool = True) -> str | None:
    """The option of that label or API name, upper and lower case left aside; Refused with the options if there is none."""
    if value is None or value == "":
        return None
    wanted = option(value)
    if wanted is None:
        raise Refused(f"field {field!r} takes an option's name, not {value!r}", field)
    for one in options:
        if wanted.casefold() in {one.name.casefold(), one.value.casefold()}:
            return one.value
    if not restricted:
        return wanted
    names = ", ".join(repr(one.name) for one in options[:OPTIONS_SHOWN]) or "none"
    raise Refused(f"field {field!r} has no option {wanted!r} (options: {names}); map it in the incoming rules", field)


def option(value: JsonValue) -> str | None:
    """The option that a value names, in whatever shape."""
    match value:
        case {"name": str(wanted)} | {"value": str(wanted)} | {"id": str(wanted)} | str(wanted):
            return wanted
        case bool():
            return None
        case int() | float():
            return str(value)
        case _:
            return None


def _text(name: str, value: JsonValue) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str() | int() | float():
            return str(value)
        case {"value": str(one)} | {"name": str(one)}:
            return one
        case _:
            raise Refused(f"field {name!r} takes text, not {value!r}; convert it in the incoming rule", name)


def _number(name: str, value: JsonValue) -> JsonValue:
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            pass
    elif isinstance(value, int | float) and not isinstance(value, bool):
        return value
    raise Refused(f"field {name!r} takes a number, not {value!r}; convert it in the incoming rule", name)


def boolean(name: str, value: JsonValue) -> bool:
    match value:
        case None | "":
            return False
        case bool():
            return value
        case str() if value.casefold() in {"true", "false"}:
            return value.casefold() == "true"
        case _:
            raise Refused(f"field {name!r} takes true or false, not {value!r}; convert it in the incoming rule", name)


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
