"""Classes: what `new` makes, and methods called on a class."""

from collections.abc import Callable, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import ClassVar
from urllib.parse import quote_plus, unquote_plus

from rules.library import json_text
from rules.library.convert import last_part, to_list
from rules.library.errors import HIERARCHY, ErrorValue
from rules.library.numbers import DateValue
from rules.library.strings import string
from rules.library.table import Method, Table
from rules.limits import Fault, text_size
from rules.numbers_math import bounded, number, parse_decimal, parse_whole, whole
from rules.state import Run
from rules.values import Host, SetValue, Value, compare, distinct, text_of

Args = list[Value]
JSON: Table[Host] = Table("JsonSlurper")
OUTPUT: Table[Host] = Table("JsonOutput")
MATH: Table[Host] = Table("Math")
INTEGER: Table[Host] = Table("Integer")
DECIMAL: Table[Host] = Table("BigDecimal")
STRING: Table[Host] = Table("String")
ENCODER: Table[Host] = Table("URLEncoder")
DECODER: Table[Host] = Table("URLDecoder")
PATTERN: Table[Host] = Table("Pattern")


class StaticClass(Host):
    """A class as a receiver of static calls."""

    kind = "a class"

    def __init__(self, name: str, table: Table[Host]) -> None:
        self.name = name
        self.table = table

    def listed(self) -> Mapping[str, Method]:
        return self.table


class JsonSlurper(Host):
    kind = "JsonSlurper"
    methods: ClassVar[Mapping[str, Method]] = JSON


STATICS: dict[str, Host] = {
    name: StaticClass(name, table)
    for name, table in (
        ("JsonOutput", OUTPUT), ("Math", MATH), ("Integer", INTEGER), ("Long", INTEGER), ("BigDecimal", DECIMAL), ("Double", DECIMAL),
        ("String", STRING), ("URLEncoder", ENCODER), ("URLDecoder", DECODER), ("Pattern", PATTERN),
    )
}  # fmt: skip


@JSON.method("parseText", takes=1)
def parse_text(_run: Run, _self: Host, arguments: Args) -> Value:
    return json_text.parse(string(arguments[0], "parseText"))


@OUTPUT.method("toJson", takes=1)
def to_json(_run: Run, _self: Host, arguments: Args) -> Value:
    return json_text.write(arguments[0])


@OUTPUT.method("prettyPrint", takes=1)
def pretty_print(_run: Run, _self: Host, arguments: Args) -> Value:
    return json_text.write(json_text.parse(string(arguments[0], "prettyPrint")), pretty=True)


@MATH.method("min", takes=2)
def math_min(_run: Run, _self: Host, arguments: Args) -> Value:
    return arguments[0] if compare(arguments[0], arguments[1]) <= 0 else arguments[1]


@MATH.method("max", takes=2)
def math_max(_run: Run, _self: Host, arguments: Args) -> Value:
    return arguments[0] if compare(arguments[0], arguments[1]) >= 0 else arguments[1]


@MATH.method("abs", takes=1)
def math_abs(_run: Run, _self: Host, arguments: Args) -> Value:
    return abs(number(arguments[0], "Math.abs"))


def _integral(value: Value, name: str, rounding: str) -> Value:
    return bounded(int(Decimal(number(value, name)).to_integral_value(rounding)))


@MATH.method("floor", takes=1)
def math_floor(_run: Run, _self: Host, arguments: Args) -> Value:
    return _integral(arguments[0], "Math.floor", ROUND_FLOOR)


@MATH.method("ceil", takes=1)
def math_ceil(_run: Run, _self: Host, arguments: Args) -> Value:
    return _integral(arguments[0], "Math.ceil", ROUND_CEILING)


@MATH.method("round", takes=1)
def math_round(_run: Run, _self: Host, arguments: Args) -> Value:
    return _integral(Decimal(number(arguments[0], "Math.round")) + Decimal("0.5"), "Math.round", ROUND_FLOOR)


@INTEGER.method("parseInt", "parseLong", "valueOf", takes=1, most=2)
def parse_int(_run: Run, _self: Host, arguments: Args) -> Value:
    base = whole(arguments[1], "parseInt()") if len(arguments) == 2 else 10
    if not 2 <= base <= 36:
        raise Fault("a number's base is 2 to 36")
    return parse_whole(text_of(arguments[0]), base)


@DECIMAL.method("valueOf", "parseDouble", takes=1)
def decimal_value_of(_run: Run, _self: Host, arguments: Args) -> Value:
    return parse_decimal(text_of(arguments[0]))


@STRING.method("valueOf", takes=1)
def string_value_of(_run: Run, _self: Host, arguments: Args) -> Value:
    return text_of(arguments[0])


@STRING.method("join", takes=2)
def string_join(_run: Run, _self: Host, arguments: Args) -> Value:
    pieces = [text_of(one) for one in to_list(arguments[1])]
    separator = text_of(arguments[0])
    text_size(sum(map(len, pieces)) + len(separator) * len(pieces))
    return separator.join(pieces)


@ENCODER.method("encode", takes=1, most=2)
def url_encode(_run: Run, _self: Host, arguments: Args) -> Value:
    return quote_plus(string(arguments[0], "encode"), safe="*-._", errors="replace")


@DECODER.method("decode", takes=1, most=2)
def url_decode(_run: Run, _self: Host, arguments: Args) -> Value:
    return unquote_plus(string(arguments[0], "decode"))


@PATTERN.method("quote", takes=1)
def pattern_quote(_run: Run, _self: Host, arguments: Args) -> Value:
    return "".join(one if one.isalnum() or one.isspace() else f"\\{one}" for one in string(arguments[0], "quote"))


def _date(run: Run, arguments: Args) -> Value:
    if arguments:
        return DateValue(whole(arguments[0], "new Date()"))
    return DateValue(int(run.surroundings.now.timestamp() * 1000))


def _issue_key(_run: Run, arguments: Args) -> Value:
    names = ("id", "key", "entityType")
    found: dict[Value, Value] = dict(zip(names, arguments, strict=False))
    found["urn"] = found.get("key")
    return found


def _map(_run: Run, arguments: Args) -> Value:
    return dict(arguments[0]) if arguments and isinstance(arguments[0], dict) else {}


def _list(_run: Run, arguments: Args) -> Value:
    return to_list(arguments[0]) if arguments and isinstance(arguments[0], list) else []


def _set(_run: Run, arguments: Args) -> Value:
    return SetValue(distinct(to_list(arguments[0]))) if arguments else SetValue()


MAKERS: dict[str, Callable[[Run, Args], Value]] = {
    "Date": _date,
    "Timestamp": _date,
    "JsonSlurper": lambda _run, _arguments: JsonSlurper(),
    "JsonOutput": lambda _run, _arguments: STATICS["JsonOutput"],
    "ArrayList": _list,
    "HashMap": _map,
    "LinkedHashMap": _map,
    "HashSet": _set,
    "LinkedHashSet": _set,
    "BasicIssueKey": _issue_key,
    "String": lambda _run, arguments: text_of(arguments[0]) if arguments else "",
    "Integer": lambda _run, arguments: parse_whole(text_of(arguments[0])) if arguments else 0,
}


def maker(name: str) -> Callable[[Run, Args], Value] | None:
    """What `new name(...)` does, None where the class is not available."""
    last = last_part(name)
    if last in HIERARCHY:
        return lambda _run, arguments: ErrorValue(last, text_of(arguments[0]) if arguments else None, *arguments[1:2])
    return MAKERS.get(last)
