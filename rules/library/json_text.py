"""JSON values to values of the language and back."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import cast

from pydantic import JsonValue

from rules.library.buffers import Buffer
from rules.library.dates import EPOCH, DateValue
from rules.limits import Fault
from rules.numbers_math import parse_decimal, parse_whole
from rules.state import Run
from rules.values import Host, SetValue, Value, Walk, floating_text, kind_of, text_of

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
        return int(value) if value == value.to_integral_value() and abs(value) < 10**30 else _finite(float(value), what)
    if isinstance(value, float):
        return _finite(value, what)
    if isinstance(value, SetValue | list):
        return [_to_json(one, what, depth + 1, walk) for one in value]
    if isinstance(value, dict):
        return {text_of(key): _to_json(one, what, depth + 1, walk) for key, one in value.items()}
    return _host(value, what, depth, walk)


def _finite(value: float, what: str) -> JsonValue:
    if value - value != 0:
        raise Fault(f"{what} cannot hold {floating_text(value)}", "JsonException")
    return int(value) if value.is_integer() and abs(value) < 10**15 else value


def _host(value: Host, what: str, depth: int, walk: Walk) -> JsonValue:
    if isinstance(value, DateValue):
        return value.milliseconds
    if isinstance(value, JsonHost):
        return _to_json(value.as_map(), what, depth + 1, walk)
    if isinstance(value, Buffer) or value.travels_as_text():
        return value.text()
    raise Fault(f"{what} cannot hold {kind_of(value)}")


class JsonHost(Host):
    """An object that travels as a map."""

    def as_map(self) -> Value:
        """The map."""
        return None


def parse(text: str) -> Value:
    try:
        parsed = cast("Value", json.loads(text, parse_float=parse_decimal, parse_int=parse_whole, parse_constant=_refuse))
    except ValueError as problem:
        raise Fault(f"this text is no JSON: {problem}", "JsonException") from problem
    return parsed


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not allowed")


def write(value: Value, run: Run | None = None) -> str:
    """As JsonOutput.toJson writes it: no spaces, dates in ISO form, decimals with their places."""
    pieces: list[str] = []
    _write(value, pieces, 0, Walk())
    return _joined(pieces, run)


def pretty(value: Value, run: Run | None = None) -> str:
    """The same with four spaces for each level."""
    pieces: list[str] = []
    _write_pretty(value, pieces, 0)
    return _joined(pieces, run)


def _joined(pieces: list[str], run: Run | None) -> str:
    if run is not None:
        run.text(sum(map(len, pieces)))
    return "".join(pieces)


def _write(value: Value, pieces: list[str], depth: int, walk: Walk) -> None:
    walk.step()
    if depth > DEEPEST:
        raise Fault(f"this is nested more than {DEEPEST} levels deep, or contains itself")
    if isinstance(value, dict):
        for at, (key, one) in enumerate(value.items()):
            pieces.append(f"{',' if at else '{'}{_quoted(text_of(key))}:")
            _write(one, pieces, depth + 1, walk)
        pieces.append("}" if value else "{}")
    elif isinstance(value, list):
        for at, one in enumerate(value):
            pieces.append("," if at else "[")
            _write(one, pieces, depth + 1, walk)
        pieces.append("]" if value else "[]")
    else:
        pieces.append(_scalar(value))


def _write_pretty(value: Value, pieces: list[str], depth: int) -> None:
    inner, outer = "\n" + "    " * (depth + 1), "\n" + "    " * depth
    if isinstance(value, dict) and value:
        for at, (key, one) in enumerate(value.items()):
            pieces.append(f"{',' if at else '{'}{inner}{_quoted(text_of(key))}: ")
            _write_pretty(one, pieces, depth + 1)
        pieces.append(f"{outer}}}")
    elif isinstance(value, list) and value:
        for at, one in enumerate(value):
            pieces.append(f"{',' if at else '['}{inner}")
            _write_pretty(one, pieces, depth + 1)
        pieces.append(f"{outer}]")
    elif isinstance(value, dict | list):
        pieces.append(f"{{{inner}{outer}}}" if isinstance(value, dict) else f"[{inner}{outer}]")
    else:
        pieces.append(_scalar(value))


def _quoted(text: str) -> str:
    return json.dumps(text).replace("\\u007f", "\x7f")


def _scalar(value: Value) -> str:
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, float):
        _finite(value, "JSON")
        return floating_text(value)
    if isinstance(value, int | Decimal):
        return str(value)
    return _host_text(value)


def _host_text(value: Value) -> str:
    if isinstance(value, DateValue):
        at = EPOCH + timedelta(milliseconds=value.milliseconds)
        return f'"{at:%Y-%m-%dT%H:%M:%S}+0000"'
    if isinstance(value, JsonHost):
        return write(value.as_map())
    if isinstance(value, Host) and (isinstance(value, Buffer) or value.travels_as_text()):
        return _quoted(value.text())
    raise Fault(f"JSON cannot hold {kind_of(value)}", "JsonException")
