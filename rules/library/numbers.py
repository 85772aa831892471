"""Methods of numbers."""

import math
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
    DecimalException,
)  # fmt: skip

from rules.library.dates import DateValue, date
from rules.library.table import Table
from rules.limits import Fault, LimitReached
from rules.numbers_math import EXACT, Number, arithmetic, decimal, floating, negated, number, quotient, scale, truncated, whole
from rules.numbers_math import absolute as absolute_number
from rules.state import Run
from rules.values import Host, Value, compare, text_of

__all__ = ["NUMBERS", "ROUNDINGS", "DateValue", "date", "rounding"]

NUMBERS: Table[Number] = Table("a number")
Args = list[Value]
ROUNDINGS = {
    "UP": ROUND_UP, "DOWN": ROUND_DOWN, "CEILING": ROUND_CEILING, "FLOOR": ROUND_FLOOR, "HALF_UP": ROUND_HALF_UP,
    "HALF_DOWN": ROUND_HALF_DOWN, "HALF_EVEN": ROUND_HALF_EVEN,
}  # fmt: skip


def rounding(value: Value) -> str:
    """The way to round: RoundingMode.HALF_UP, or the old BigDecimal.ROUND_HALF_UP, a number."""
    name = list(ROUNDINGS)[value] if isinstance(value, int) and 0 <= value <= 6 else text_of(value)
    found = ROUNDINGS.get(name)
    if found is None:
        raise Fault(f"{name[:40]!r} is no way to round; use one of RoundingMode", "IllegalArgumentException")
    return found


def rescaled(value: Number, places: int, how: str) -> Decimal:
    """With that many places behind the point; zero has no sign."""
    if not -300 <= places <= 300:
        raise Fault("a number has at most 300 places", "ArithmeticException")
    try:
        found = decimal(value).quantize(Decimal(1).scaleb(-places), how, EXACT)
    except DecimalException as problem:
        raise LimitReached("a number grew too large") from problem
    return found or found.copy_abs()


@NUMBERS.method(
    "toInteger", "toLong", "intValue", "longValue", "toBigInteger", "longValueExact", "intValueExact", "shortValue", "byteValue"
)
def to_integer(_run: Run, value: Number, _arguments: Args) -> Value:
    return truncated(value)


@NUMBERS.method("toBigDecimal")
def to_decimal(_run: Run, value: Number, _arguments: Args) -> Value:
    return decimal(value)


@NUMBERS.method("toDouble", "toFloat", "doubleValue", "floatValue")
def to_floating(_run: Run, value: Number, _arguments: Args) -> Value:
    return floating(value)


@NUMBERS.method("toString", most=1)
def to_string(_run: Run, value: Number, arguments: Args) -> Value:
    return based(truncated(value), whole(arguments[0], "toString()")) if arguments else text_of(value)


def based(value: int, base: int) -> str:
    """The digits of a whole number for a base from 2 to 36."""
    if not 2 <= base <= 36:
        raise Fault("a number's base is 2 to 36", "IllegalArgumentException")
    digits, left = "", abs(value)
    while left:
        left, digit = divmod(left, base)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return f"{'-' if value < 0 else ''}{digits or '0'}"


@NUMBERS.method("toPlainString")
def to_plain_string(_run: Run, value: Number, _arguments: Args) -> Value:
    return format(decimal(value), "f")


@NUMBERS.method("abs")
def absolute(_run: Run, value: Number, _arguments: Args) -> Value:
    return absolute_number(value)


@NUMBERS.method("negate", "unaryMinus")
def negate(_run: Run, value: Number, _arguments: Args) -> Value:
    return negated(value)


@NUMBERS.method("signum")
def signum(_run: Run, value: Number, _arguments: Args) -> Value:
    return (value > 0) - (value < 0)


@NUMBERS.method("round", most=1)
def rounded(_run: Run, value: Number, arguments: Args) -> Value:
    places = whole(arguments[0], "round()") if arguments else 0
    if isinstance(value, float):
        if not math.isfinite(value):
            return value if arguments else 0
        if abs(places) > 300:
            raise Fault("round() takes up to 300 places", "ArithmeticException")
        result = rescaled(EXACT.add(Decimal(value), Decimal("0.5").scaleb(-places)), places, ROUND_FLOOR)
        return float(result) if arguments else int(result)
    if isinstance(value, int):
        return value
    return rescaled(value, places, ROUND_HALF_UP)


@NUMBERS.method("trunc", "truncate", most=1)
def trunc(_run: Run, value: Number, arguments: Args) -> Value:
    result = rescaled(value, whole(arguments[0], "trunc()") if arguments else 0, ROUND_DOWN)
    return float(result) if isinstance(value, float) else result


@NUMBERS.method("setScale", takes=1, most=2)
def set_scale(_run: Run, value: Number, arguments: Args) -> Value:
    places = whole(arguments[0], "setScale()")
    if len(arguments) == 2:
        return rescaled(value, places, rounding(arguments[1]))
    found = rescaled(value, places, ROUND_DOWN)
    if found != decimal(value):
        raise Fault("setScale() would have to round; give it a RoundingMode", "ArithmeticException")
    return found


@NUMBERS.method("scale", "getScale")
def get_scale(_run: Run, value: Number, _arguments: Args) -> Value:
    return scale(decimal(value))


@NUMBERS.method("precision", "getPrecision")
def precision(_run: Run, value: Number, _arguments: Args) -> Value:
    return len(decimal(value).as_tuple().digits)


@NUMBERS.method("stripTrailingZeros")
def strip_zeros(_run: Run, value: Number, _arguments: Args) -> Value:
    return decimal(value).normalize(EXACT)


@NUMBERS.method("isNaN")
def is_nan(_run: Run, value: Number, _arguments: Args) -> Value:
    return isinstance(value, float) and math.isnan(value)


@NUMBERS.method("isInfinite")
def is_infinite(_run: Run, value: Number, _arguments: Args) -> Value:
    return isinstance(value, float) and math.isinf(value)


def _count(run: Run, values: range, closure: Value) -> None:
    for index in values:
        run.spend()
        run.call(closure, [index])


@NUMBERS.method("times", takes=1)
def times(run: Run, value: Number, arguments: Args) -> Value:
    _count(run, range(whole(value, "times()")), arguments[0])
    return None


@NUMBERS.method("upto", takes=2)
def upto(run: Run, value: Number, arguments: Args) -> Value:
    low, high = whole(value, "upto()"), whole(arguments[0], "upto()")
    if low > high:
        raise Fault(f"upto() needs a larger number than {low}, not {high}")
    _count(run, range(low, high + 1), arguments[1])
    return None


@NUMBERS.method("downto", takes=2)
def downto(run: Run, value: Number, arguments: Args) -> Value:
    high, low = whole(value, "downto()"), whole(arguments[0], "downto()")
    if low > high:
        raise Fault(f"downto() needs a smaller number than {high}, not {low}")
    _count(run, range(high, low - 1, -1), arguments[1])
    return None


@NUMBERS.method("step", takes=3)
def step(run: Run, value: Number, arguments: Args) -> Value:
    by = whole(arguments[1], "step()")
    if by == 0:
        raise Fault("step() needs a step other than 0")
    _count(run, range(whole(value, "step()"), whole(arguments[0], "step()"), by), arguments[2])
    return None


@NUMBERS.method("next")
def next_number(_run: Run, value: Number, _arguments: Args) -> Value:
    return arithmetic("+", value, 1)


@NUMBERS.method("previous")
def previous_number(_run: Run, value: Number, _arguments: Args) -> Value:
    return arithmetic("-", value, 1)


def _binary(names: tuple[str, ...], operator: str) -> None:
    def operate(_run: Run, value: Number, arguments: Args) -> Value:
        if operator == "+" and isinstance(arguments[0], str):
            return text_of(value) + arguments[0]
        return arithmetic(operator, value, number(arguments[0], f"{names[0]}()"))

    NUMBERS.method(*names, takes=1)(operate)


for _names, _operator in (
    (("plus", "add"), "+"), (("minus", "subtract"), "-"), (("multiply",), "*"), (("div",), "/"), (("mod", "remainder"), "%"),
    (("power", "pow"), "**"),
):  # fmt: skip
    _binary(_names, _operator)


@NUMBERS.method("divide", takes=1, most=3)
def divide(_run: Run, value: Number, arguments: Args) -> Value:
    left, right = decimal(value), decimal(number(arguments[0], "divide()"))
    if right == 0:
        raise Fault("division by zero", "ArithmeticException")
    if len(arguments) == 1:
        found = quotient(left, right)
        if EXACT.multiply(found, right) != left:
            raise Fault("divide() has no exact result; give it places and a RoundingMode, or use /", "ArithmeticException")
        return found
    places = whole(arguments[1], "divide()") if len(arguments) == 3 else scale(left)
    return rescaled(EXACT.divide(left, right), places, rounding(arguments[-1]))


@NUMBERS.method("compareTo", takes=1)
def compare_to(_run: Run, value: Number, arguments: Args) -> Value:
    return compare(value, arguments[0])


@NUMBERS.method("max", takes=1)
def larger(_run: Run, value: Number, arguments: Args) -> Value:
    return value if compare(value, arguments[0]) >= 0 else arguments[0]


@NUMBERS.method("min", takes=1)
def smaller(_run: Run, value: Number, arguments: Args) -> Value:
    return value if compare(value, arguments[0]) <= 0 else arguments[0]


@NUMBERS.method("intdiv", takes=1)
def intdiv(_run: Run, value: Number, arguments: Args) -> Value:
    by = whole(arguments[0], "intdiv()")
    if by == 0:
        raise Fault("division by zero", "ArithmeticException")
    found = abs(whole(value, "intdiv()")) // abs(by)
    return found if (value < 0) == (by < 0) else -found


class Constant(Host):
    """A value of one of Java's enums, such as RoundingMode.HALF_UP."""

    kind = "a constant"

    def __init__(self, name: str, of: str) -> None:
        self.name = name
        self.of = of

    def read(self, run: Run, name: str) -> Value:
        return self.name if name == "name" else super().read(run, name)

    def is_a(self, name: str) -> bool:
        return name in ("Object", "Enum", self.of)

    def text(self) -> str:
        return self.name


def roundings() -> dict[str, Value]:
    return {name: Constant(name, "RoundingMode") for name in ROUNDINGS}
