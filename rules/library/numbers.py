"""Methods of numbers, closures and dates, and those that every value has."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import ClassVar

from rules.library.table import Method, Table
from rules.limits import Fault
from rules.numbers_math import arithmetic, number, whole
from rules.state import Closure, Run
from rules.values import Host, Value, compare, equal, text_of

NUMBERS: Table[int | Decimal] = Table("a number")
CLOSURES: Table[Closure] = Table("a closure")
DATES: Table["DateValue"] = Table("Date")
COMMON: Table[Value] = Table("a value")
Args = list[Value]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class DateValue(Host):
    """A point in time; `milliseconds` since 1970, UTC. It is written into a replica as that number."""

    kind = "Date"
    methods: ClassVar[Mapping[str, Method]] = DATES

    def __init__(self, milliseconds: int) -> None:
        self.milliseconds = milliseconds

    def read(self, run: Run, name: str) -> Value:
        return self.milliseconds if name == "time" else super().read(run, name)

    def equals(self, other: Value) -> bool:
        return isinstance(other, DateValue) and other.milliseconds == self.milliseconds

    def text(self) -> str:
        if not -(10**14) < self.milliseconds < 10**14:
            return f"{self.milliseconds} ms"
        at = _EPOCH + timedelta(milliseconds=self.milliseconds)
        return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def date(value: Value) -> DateValue:
    if isinstance(value, DateValue):
        return value
    raise Fault("a date is needed here")


@DATES.method("getTime", "toEpochMilli")
def get_time(_run: Run, value: DateValue, _arguments: Args) -> Value:
    return value.milliseconds


@DATES.method("before", takes=1)
def before(_run: Run, value: DateValue, arguments: Args) -> Value:
    return value.milliseconds < date(arguments[0]).milliseconds


@DATES.method("after", takes=1)
def after(_run: Run, value: DateValue, arguments: Args) -> Value:
    return value.milliseconds > date(arguments[0]).milliseconds


@NUMBERS.method("toInteger", "toLong", "intValue", "longValue", "toBigInteger")
def to_integer(_run: Run, value: int | Decimal, _arguments: Args) -> Value:
    return int(value)


@NUMBERS.method("toBigDecimal", "toDouble", "toFloat", "doubleValue")
def to_decimal(_run: Run, value: int | Decimal, _arguments: Args) -> Value:
    return Decimal(value)


@NUMBERS.method("abs")
def absolute(_run: Run, value: int | Decimal, _arguments: Args) -> Value:
    return abs(value)


@NUMBERS.method("round", most=1)
def rounded(_run: Run, value: int | Decimal, arguments: Args) -> Value:
    places = whole(arguments[0], "round()") if arguments else 0
    if not 0 <= places <= 20 or abs(value) >= 10**30:
        raise Fault("round() takes 0 to 20 places")
    result = Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return result if places else int(result)


@NUMBERS.method("times", takes=1)
def times(run: Run, value: int | Decimal, arguments: Args) -> Value:
    for index in range(whole(value, "times()")):
        run.call(arguments[0], [index])
    return None


@NUMBERS.method("upto", takes=2)
def upto(run: Run, value: int | Decimal, arguments: Args) -> Value:
    for index in range(whole(value, "upto()"), whole(arguments[0], "upto()") + 1):
        run.call(arguments[1], [index])
    return None


def _binary(name: str, operator: str) -> None:
    def operate(_run: Run, value: int | Decimal, arguments: Args) -> Value:
        return arithmetic(operator, value, number(arguments[0], f"{name}()"))

    NUMBERS.method(name, takes=1)(operate)


for _name, _operator in (("plus", "+"), ("minus", "-"), ("multiply", "*"), ("div", "/"), ("mod", "%"), ("power", "**")):
    _binary(_name, _operator)


@NUMBERS.method("compareTo", takes=1)
def compare_to(_run: Run, value: int | Decimal, arguments: Args) -> Value:
    return compare(value, arguments[0])


@NUMBERS.method("intdiv", takes=1)
def intdiv(_run: Run, value: int | Decimal, arguments: Args) -> Value:
    by = whole(arguments[0], "intdiv()")
    if by == 0:
        raise Fault("division by zero", "ArithmeticException")
    quotient = abs(whole(value, "intdiv()")) // abs(by)
    return quotient if (value < 0) == (by < 0) else -quotient


@CLOSURES.method("call", "doCall", most=20)
def call(run: Run, closure: Closure, arguments: Args) -> Value:
    return closure.call(run, arguments)


@COMMON.method("toString")
def to_string(_run: Run, value: Value, _arguments: Args) -> Value:
    return text_of(value)


@COMMON.method("equals", takes=1)
def equals(_run: Run, value: Value, arguments: Args) -> Value:
    return equal(value, arguments[0])


@COMMON.method("is", takes=1)
def same(_run: Run, value: Value, arguments: Args) -> Value:
    return value is arguments[0]


@COMMON.method("with", takes=1)
def with_(run: Run, value: Value, arguments: Args) -> Value:
    return run.call(arguments[0], [value])
