"""JSON values to values of the language and back."""

import json
from decimal import Decimal
from typing import cast

from pydantic import JsonValue

from rules.library.numbers import DateValue
from rules.limits import Fault, text_size
from rules.values import Host, SetValue, Value, Walk, kind_of, text_of

DEEPEST = 40


def from_json(value: JsonValue) -> Value:
    """A copy, with decimal numbers for floats."""
    if isinstance(value, list):
        return [from_json(one) for one in value]
    if isinstance(value, dict):
        return {key: from_json(one) for key, one in value.items()}
    return Decimal(repr(value)) if isinstance(value, float) else value


def to_json(value: Value, what: str = "this value") -> JsonValue:
    """A copy; a Fault where the value has no place in JSON."""
    return _to_json(value, what, 0, Walk())


def _to_json(value: Value, what: str, depth: int, walk: Walk) -> JsonValue:
    if isinstance(value, str | bool | int) or value is None:
        return value
    walk.step()
    if depth > DEEPEST:
        raise Fault(f"{what} is nested more than {DEEPEST} levels deep, or contains itself")
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() and abs(value) < 10**30 else float(value)
    if isinstance(value, SetValue | list):
        return [_to_json(one, what, depth + 1, walk) for one in value]
    if isinstance(value, dict):
        return {text_of(key): _to_json(one, what, depth + 1, walk) for key, one in value.items()}
    return _host(value, what, depth, walk)


def _host(value: Host, what: str, depth: int, walk: Walk) -> JsonValue:
    if isinstance(value, DateValue):
        return value.milliseconds
    if isinstance(value, JsonHost):
        return _to_json(value.as_map(), what, depth + 1, walk)
    raise Fault(f"{what} cannot hold {kind_of(value)}")


class JsonHost(Host):
    """An object that travels as a map."""

    def as_map(self) -> Value:
        """The map."""
        return None


def parse(text: str) -> Value:
    try:
        parsed = cast("Value", json.loads(text, parse_float=Decimal, parse_constant=_refuse))
    except ValueError as problem:
        raise Fault(f"this text is no JSON: {problem}", "JsonException") from problem
    return parsed


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not allowed")


def write(value: Value, *, pretty: bool = False) -> str:
    separators = (", ", ": ") if pretty else (",", ":")
    text = json.dumps(to_json(value), ensure_ascii=False, separators=separators, indent=4 if pretty else None)
    text_size(len(text))
    return text
