"""Math, the classes of numbers and characters, and Random."""

import math
from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from rules.library.classes import StaticClass
from rules.library.convert import to_decimal, to_whole
from rules.library.numbers import ROUNDINGS, based, rescaled, roundings
from rules.library.strings import string
from rules.library.table import Table
from rules.limits import Fault
from rules.numbers_math import (
    EXACT,
    absolute,
    arithmetic,
    decimal,
    floating,
    number,
    parse_decimal,
    parse_floating,
    parse_whole,
    truncated,
    whole,
)
from rules.state import Run
from rules.values import Host, Value, compare, hash_text, text_of

Args = list[Value]
MATH: Table[Host] = Table("Math")
INTEGER: Table[Host] = Table("Integer")
DOUBLE: Table[Host] = Table("Double")
DECIMAL: Table[Host] = Table("BigDecimal")
BOOLEAN: Table[Host] = Table("Boolean")
CHARACTER: Table[Host] = Table("Character")
RANDOM: Table["RandomValue"] = Table("Random")


@MATH.method("min", takes=2)
def math_min(_run: Run, _self: Host, arguments: Args) -> Value:
    return arguments[0] if compare(arguments[0], arguments[1]) <= 0 else arguments[1]


@MATH.method("max", takes=2)
def math_max(_run: Run, _self: Host, arguments: Args) -> Value:
    return arguments[0] if compare(arguments[0], arguments[1]) >= 0 else arguments[1]


@MATH.method("abs", takes=1)
def math_abs(_run: Run, _self: Host, arguments: Args) -> Value:
    return absolute(number(arguments[0], "Math.abs()"))


def _integral(value: float, how: str) -> float:
    return float(Decimal(value).to_integral_value(how)) if math.isfinite(value) else value


@MATH.method("floor", takes=1)
def math_floor(_run: Run, _self: Host, arguments: Args) -> Value:
    return _integral(floating(number(arguments[0], "Math.floor()")), ROUND_FLOOR)


@MATH.method("ceil", takes=1)
def math_ceil(_run: Run, _self: Host, arguments: Args) -> Value:
    return _integral(floating(number(arguments[0], "Math.ceil()")), ROUND_CEILING)


@MATH.method("rint", takes=1)
def math_rint(_run: Run, _self: Host, arguments: Args) -> Value:
    given = floating(number(arguments[0], "Math.rint()"))
    return float(round(given)) if math.isfinite(given) else given


@MATH.method("round", takes=1)
def math_round(_run: Run, _self: Host, arguments: Args) -> Value:
    given = number(arguments[0], "Math.round()")
    if isinstance(given, float) and not math.isfinite(given):
        return truncated(given)
    return truncated(EXACT.add(Decimal(given), Decimal("0.5")).to_integral_value(ROUND_FLOOR))


@MATH.method("floorDiv", takes=2)
def floor_div(_run: Run, _self: Host, arguments: Args) -> Value:
    left, right = (whole(one, "Math.floorDiv()") for one in arguments)
    if right == 0:
        raise Fault("division by zero", "ArithmeticException")
    return left // right


@MATH.method("floorMod", takes=2)
def floor_mod(_run: Run, _self: Host, arguments: Args) -> Value:
    left, right = (whole(one, "Math.floorMod()") for one in arguments)
    if right == 0:
        raise Fault("division by zero", "ArithmeticException")
    return left % right


@MATH.method("pow", takes=2)
def math_pow(_run: Run, _self: Host, arguments: Args) -> Value:
    left, right = (floating(number(one, "Math.pow()")) for one in arguments)
    return arithmetic("**", left, right)


@MATH.method("signum", takes=1)
def math_signum(_run: Run, _self: Host, arguments: Args) -> Value:
    given = floating(number(arguments[0], "Math.signum()"))
    return float((given > 0) - (given < 0))


@MATH.method("random")
def math_random(run: Run, _self: Host, _arguments: Args) -> Value:
    return RandomValue(seed_of(run)).floating()


def _function(name: str, compute: Callable[[float], float]) -> None:
    def call(_run: Run, _self: Host, arguments: Args) -> Value:
        try:
            return compute(floating(number(arguments[0], f"Math.{name}()")))
        except OverflowError:
            return math.inf
        except ValueError:
            return math.nan

    MATH.method(name, takes=1)(call)


_FUNCTIONS: tuple[tuple[str, Callable[[float], float]], ...] = (
    ("sqrt", math.sqrt), ("cbrt", lambda one: math.copysign(abs(one) ** (1 / 3), one)), ("exp", math.exp), ("log", math.log),
    ("log10", math.log10), ("sin", math.sin), ("cos", math.cos), ("tan", math.tan), ("atan", math.atan), ("asin", math.asin),
    ("acos", math.acos), ("toRadians", math.radians), ("toDegrees", math.degrees),
)  # fmt: skip
for _name, _compute in _FUNCTIONS:
    _function(_name, _compute)


@INTEGER.method("parseInt", "parseLong", "valueOf", "decode", takes=1, most=2)
def parse_int(_run: Run, _self: Host, arguments: Args) -> Value:
    base = whole(arguments[1], "parseInt()") if len(arguments) == 2 else 10
    if not 2 <= base <= 36:
        raise Fault("a number's base is 2 to 36", "NumberFormatException")
    given = arguments[0]
    if given is None:
        raise Fault("null is no whole number", "NumberFormatException")
    text = text_of(given)
    if isinstance(given, str) and text != text.strip():
        raise Fault(f"{text[:60]!r} is no whole number; use trim() first", "NumberFormatException")
    return parse_whole(text, base)


@INTEGER.method("toString", takes=1, most=2)
def int_to_string(_run: Run, _self: Host, arguments: Args) -> Value:
    return based(whole(arguments[0], "toString()"), whole(arguments[1], "toString()") if len(arguments) == 2 else 10)


def _unsigned(value: Value) -> int:
    given = whole(value, "this method")
    return given if given >= 0 else given + (1 << (32 if given >= -(2**31) else 64))


@INTEGER.method("toHexString", takes=1)
def to_hex(_run: Run, _self: Host, arguments: Args) -> Value:
    return based(_unsigned(arguments[0]), 16)


@INTEGER.method("toBinaryString", takes=1)
def to_binary(_run: Run, _self: Host, arguments: Args) -> Value:
    return based(_unsigned(arguments[0]), 2)


@INTEGER.method("toOctalString", takes=1)
def to_octal(_run: Run, _self: Host, arguments: Args) -> Value:
    return based(_unsigned(arguments[0]), 8)


def _shared(table: Table[Host]) -> None:
    table.method("compare", takes=2)(lambda _run, _self, arguments: compare(arguments[0], arguments[1]))
    table.method("max", takes=2)(math_max)
    table.method("min", takes=2)(math_min)
    table.method("signum", takes=1)(lambda _run, _self, arguments: compare(arguments[0], 0))
    table.method("sum", takes=2)(
        lambda _run, _self, arguments: arithmetic("+", number(arguments[0], "sum()"), number(arguments[1], "sum()"))
    )
    table.method("hashCode", takes=1)(lambda _run, _self, arguments: hash_text(text_of(arguments[0])))


_shared(INTEGER)
_shared(DOUBLE)


@DOUBLE.method("parseDouble", "parseFloat", "valueOf", takes=1)
def parse_double(_run: Run, _self: Host, arguments: Args) -> Value:
    given = arguments[0]
    if given is None:
        raise Fault("null is no number", "NullPointerException")
    return parse_floating(given) if isinstance(given, str) else floating(number(given, "valueOf()"))


@DOUBLE.method("toString", takes=1)
def double_to_string(_run: Run, _self: Host, arguments: Args) -> Value:
    return text_of(floating(number(arguments[0], "toString()")))


@DOUBLE.method("isNaN", takes=1)
def is_nan(_run: Run, _self: Host, arguments: Args) -> Value:
    return math.isnan(floating(number(arguments[0], "isNaN()")))


@DECIMAL.method("valueOf", takes=1, most=2)
def decimal_value_of(_run: Run, _self: Host, arguments: Args) -> Value:
    given = arguments[0]
    if len(arguments) == 2:
        places = whole(arguments[1], "valueOf()")
        return arithmetic("*", decimal(number(given, "valueOf()")), rescaled(1, 0, "ROUND_DOWN").scaleb(-max(-300, min(300, places))))
    return parse_decimal(given) if isinstance(given, str) else decimal(number(given, "valueOf()"))


@BOOLEAN.method("parseBoolean", "valueOf", takes=1)
def parse_boolean(_run: Run, _self: Host, arguments: Args) -> Value:
    return arguments[0] is True or (isinstance(arguments[0], str) and arguments[0].lower() == "true")


@BOOLEAN.method("toString", takes=1)
def boolean_to_string(_run: Run, _self: Host, arguments: Args) -> Value:
    return text_of(arguments[0])


def _character(value: Value) -> str:
    text = chr(value & 0xFFFF) if isinstance(value, int) else string(value, "this method")
    if len(text) != 1:
        raise Fault(f"{text[:40]!r} is no single character", "GroovyCastException")
    return text


def _kind(name: str, test: Callable[[str], bool]) -> None:
    CHARACTER.method(name, takes=1)(lambda _run, _self, arguments: test(_character(arguments[0])))


for _name, _test in (
    ("isDigit", str.isdigit), ("isLetter", str.isalpha), ("isLetterOrDigit", str.isalnum), ("isUpperCase", str.isupper),
    ("isLowerCase", str.islower), ("isWhitespace", str.isspace), ("isAlphabetic", str.isalpha), ("isSpaceChar", str.isspace),
):  # fmt: skip
    _kind(_name, _test)


@CHARACTER.method("toUpperCase", takes=1)
def character_upper(_run: Run, _self: Host, arguments: Args) -> Value:
    return _character(arguments[0]).upper()


@CHARACTER.method("toLowerCase", takes=1)
def character_lower(_run: Run, _self: Host, arguments: Args) -> Value:
    return _character(arguments[0]).lower()


@CHARACTER.method("toString", "valueOf", takes=1)
def character_text(_run: Run, _self: Host, arguments: Args) -> Value:
    return _character(arguments[0])


@CHARACTER.method("getNumericValue", takes=1)
def numeric_value(_run: Run, _self: Host, arguments: Args) -> Value:
    char = _character(arguments[0])
    return int(char, 36) if char.isascii() and char.isalnum() else -1


class RandomValue(Host):
    """Java's generator: the same numbers for the same seed."""

    kind = "Random"
    methods = RANDOM

    def __init__(self, seed: int) -> None:
        self.state = (seed ^ 0x5DEECE66D) & ((1 << 48) - 1)

    def bits(self, count: int) -> int:
        self.state = (self.state * 0x5DEECE66D + 0xB) & ((1 << 48) - 1)
        found = self.state >> (48 - count)
        return found - (1 << count) if count == 32 and found >> 31 else found

    def below(self, bound: int) -> int:
        if not 0 < bound < 1 << 31:
            raise Fault("nextInt() needs a positive bound", "IllegalArgumentException")
        if bound & (bound - 1) == 0:
            return bound * self.bits(31) >> 31
        while True:
            found = self.bits(31)
            if found - found % bound + bound - 1 < 1 << 31:
                return found % bound

    def floating(self) -> float:
        return ((self.bits(26) << 27) + self.bits(27)) / (1 << 53)


def seed_of(run: Run) -> int:
    """A seed from the run's own clock and its count: the same in every repetition."""
    run.counter += 1
    return int(run.surroundings.now.timestamp() * 1000) + run.counter * 7919


@RANDOM.method("nextInt", most=2)
def next_int(_run: Run, value: RandomValue, arguments: Args) -> Value:
    if len(arguments) == 2:
        low, high = (whole(one, "nextInt()") for one in arguments)
        return low + value.below(high - low)
    return value.below(whole(arguments[0], "nextInt()")) if arguments else value.bits(32)


@RANDOM.method("nextLong")
def next_long(_run: Run, value: RandomValue, _arguments: Args) -> Value:
    found = ((value.bits(32) << 32) + value.bits(32)) & ((1 << 64) - 1)
    return found - (1 << 64) if found >> 63 else found


@RANDOM.method("nextBoolean")
def next_boolean(_run: Run, value: RandomValue, _arguments: Args) -> Value:
    return value.bits(1) != 0


@RANDOM.method("nextDouble")
def next_double(_run: Run, value: RandomValue, _arguments: Args) -> Value:
    return value.floating()


def make_random(run: Run, arguments: Args) -> Value:
    return RandomValue(whole(arguments[0], "new Random()") if arguments else seed_of(run))


def _first(convert: Callable[[Value], Value], empty: Value) -> Callable[[Run, Args], Value]:
    return lambda _run, arguments: convert(arguments[0]) if arguments else empty


_INT = {"MAX_VALUE": 2**31 - 1, "MIN_VALUE": -(2**31), "SIZE": 32}
_LONG = {"MAX_VALUE": 2**63 - 1, "MIN_VALUE": -(2**63), "SIZE": 64}
_FLOATING = {
    "MAX_VALUE": 1.7976931348623157e308,
    "MIN_VALUE": 5e-324,
    "NaN": math.nan,
    "POSITIVE_INFINITY": math.inf,
    "NEGATIVE_INFINITY": -math.inf,
}
_TENS: dict[str, Value] = {
    "ZERO": Decimal(0), "ONE": Decimal(1), "TEN": Decimal(10), **{f"ROUND_{name}": at for at, name in enumerate(ROUNDINGS)},
}  # fmt: skip
CLASSES: tuple[StaticClass, ...] = (
    StaticClass("Math", MATH, {"PI": math.pi, "E": math.e}), StaticClass("Integer", INTEGER, _INT), StaticClass("Long", INTEGER, _LONG),
    StaticClass("Short", INTEGER, {"MAX_VALUE": 2**15 - 1, "MIN_VALUE": -(2**15)}),
    StaticClass("Byte", INTEGER, {"MAX_VALUE": 127, "MIN_VALUE": -128}),
    StaticClass("BigInteger", INTEGER, {"ZERO": 0, "ONE": 1, "TEN": 10}),
    StaticClass("Double", DOUBLE, _FLOATING), StaticClass("Float", DOUBLE, _FLOATING), StaticClass("BigDecimal", DECIMAL, _TENS),
    StaticClass("Boolean", BOOLEAN, {"TRUE": True, "FALSE": False}), StaticClass("Character", CHARACTER),
    StaticClass("RoundingMode", {}, roundings()),
)  # fmt: skip
MAKERS: dict[str, Callable[[Run, Args], Value]] = {
    **dict.fromkeys(("Integer", "Long", "BigInteger", "Short"), _first(to_whole, 0)),
    **dict.fromkeys(("Double", "Float"), _first(lambda value: parse_double(None, None, [value]), 0.0)),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    "BigDecimal": _first(to_decimal, Decimal(0)),
    "Boolean": _first(lambda value: parse_boolean(None, None, [value]), False),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    "Random": make_random,
}
