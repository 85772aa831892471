"""Duration, Period and ChronoUnit: lengths of time."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import ClassVar

from rules.library.table import Method, Table
from rules.limits import Fault
from rules.numbers_math import whole
from rules.state import Run
from rules.values import Host, Value, kind_of

DURATIONS: Table["DurationValue"] = Table("Duration")
PERIODS: Table["PeriodValue"] = Table("Period")
Args = list[Value]
MICRO, SECOND, MINUTE, HOUR, DAY = (
    timedelta(microseconds=1),
    timedelta(seconds=1),
    timedelta(minutes=1),
    timedelta(hours=1),
    timedelta(days=1),
)
LENGTHS: dict[str, timedelta] = {
    "MICROS": MICRO, "MILLIS": 1000 * MICRO, "SECONDS": SECOND, "MINUTES": MINUTE, "HOURS": HOUR,
    "HALF_DAYS": 12 * HOUR, "DAYS": DAY, "WEEKS": 7 * DAY,
}  # fmt: skip
MONTHS_IN: dict[str, int] = {"MONTHS": 1, "YEARS": 12, "DECADES": 120, "CENTURIES": 1200}


class DurationValue(Host):
    kind = "Duration"
    methods: ClassVar[Mapping[str, Method]] = DURATIONS
    types = frozenset({"TemporalAmount", "Comparable"})

    def __init__(self, length: timedelta) -> None:
        self.length = length

    def read(self, run: Run, name: str) -> Value:
        getter = DURATIONS.get(f"get{name[:1].upper()}{name[1:]}") or DURATIONS.get(f"is{name[:1].upper()}{name[1:]}")
        return getter.call(run, self, []) if getter else super().read(run, name)

    def equals(self, other: Value) -> bool:
        return isinstance(other, DurationValue) and other.length == self.length

    def order(self, other: Value) -> int:
        if not isinstance(other, DurationValue):
            return super().order(other)
        return (self.length > other.length) - (self.length < other.length)

    def text(self) -> str:
        micros = self.length // MICRO
        if not micros:
            return "PT0S"
        sign, left = (-1, -micros) if micros < 0 else (1, micros)
        hours, left = divmod(left, 3_600_000_000)
        minutes, left = divmod(left, 60_000_000)
        seconds = Decimal(left) / 1_000_000
        shown = f"{sign * hours}H" if hours else ""
        shown += f"{sign * minutes}M" if minutes else ""
        return f"PT{shown}{format((sign * seconds).normalize(), 'f') + 'S' if seconds else ''}"


class PeriodValue(Host):
    kind = "Period"
    methods: ClassVar[Mapping[str, Method]] = PERIODS
    types = frozenset({"TemporalAmount"})

    def __init__(self, years: int, months: int, days: int) -> None:
        self.years = years
        self.months = months
        self.days = days

    def read(self, run: Run, name: str) -> Value:
        getter = PERIODS.get(f"get{name[:1].upper()}{name[1:]}") or PERIODS.get(f"is{name[:1].upper()}{name[1:]}")
        return getter.call(run, self, []) if getter else super().read(run, name)

    def equals(self, other: Value) -> bool:
        return isinstance(other, PeriodValue) and (other.years, other.months, other.days) == (self.years, self.months, self.days)

    def text(self) -> str:
        shown = "".join(f"{count}{letter}" for count, letter in ((self.years, "Y"), (self.months, "M"), (self.days, "D")) if count)
        return f"P{shown or '0D'}"


def duration(value: Value) -> DurationValue:
    if isinstance(value, DurationValue):
        return value
    raise Fault(f"a Duration is needed here, not {kind_of(value)}", "MissingMethodException")


def length_of(count: int, unit: timedelta) -> timedelta:
    try:
        return count * unit
    except OverflowError as problem:
        raise Fault("this length of time is too large", "ArithmeticException") from problem


def length_in(count: int, unit: str) -> timedelta:
    """So many of the unit, of nanoseconds the whole microseconds."""
    return length_of(count // 1000, MICRO) if unit == "NANOS" else length_of(count, LENGTHS[unit])


def added(one: timedelta, other: timedelta) -> timedelta:
    try:
        return one + other
    except OverflowError as problem:
        raise Fault("this length of time is too large", "ArithmeticException") from problem


def _total(names: tuple[str, ...], unit: timedelta) -> None:
    def total(_run: Run, value: DurationValue, _arguments: Args) -> Value:
        found = abs(value.length) // unit
        return (
            -found
            if value.length < timedelta() and names[0] != "getSeconds"
            else found
            if value.length >= timedelta()
            else value.length // unit
        )

    DURATIONS.method(*names)(total)


for _names, _unit in (
    (("toDays",), DAY),
    (("toHours",), HOUR), (("toMinutes",), MINUTE), (("getSeconds", "toSeconds"), SECOND), (("toMillis",), 1000 * MICRO),
):  # fmt: skip
    _total(_names, _unit)


@DURATIONS.method("toNanos")
def to_nanos(_run: Run, value: DurationValue, _arguments: Args) -> Value:
    return value.length // MICRO * 1000


def _part(name: str, above: timedelta, unit: timedelta) -> None:
    DURATIONS.method(name)(lambda _run, value, _arguments: value.length % above // unit)


for _name, _above, _within in (
    ("toHoursPart", DAY, HOUR), ("toMinutesPart", HOUR, MINUTE), ("toSecondsPart", MINUTE, SECOND), ("toMillisPart", SECOND, 1000 * MICRO),
):  # fmt: skip
    _part(_name, _above, _within)


@DURATIONS.method("isNegative")
def is_negative(_run: Run, value: DurationValue, _arguments: Args) -> Value:
    return value.length < timedelta()


@DURATIONS.method("isZero")
def is_zero(_run: Run, value: DurationValue, _arguments: Args) -> Value:
    return not value.length


@DURATIONS.method("abs")
def absolute(_run: Run, value: DurationValue, _arguments: Args) -> Value:
    return DurationValue(abs(value.length))


@DURATIONS.method("negated")
def negated(_run: Run, value: DurationValue, _arguments: Args) -> Value:
    return DurationValue(-value.length)


@DURATIONS.method("plus", takes=1)
def plus(_run: Run, value: DurationValue, arguments: Args) -> Value:
    return DurationValue(added(value.length, duration(arguments[0]).length))


@DURATIONS.method("minus", takes=1)
def minus(_run: Run, value: DurationValue, arguments: Args) -> Value:
    return DurationValue(added(value.length, -duration(arguments[0]).length))


@DURATIONS.method("multipliedBy", "multiply", takes=1)
def multiplied(_run: Run, value: DurationValue, arguments: Args) -> Value:
    return DurationValue(length_of(whole(arguments[0], "multipliedBy()"), value.length))


@DURATIONS.method("compareTo", takes=1)
def compare_to(_run: Run, value: DurationValue, arguments: Args) -> Value:
    return value.order(arguments[0])


def _change(name: str, unit: timedelta) -> None:
    def more(_run: Run, value: DurationValue, arguments: Args) -> Value:
        return DurationValue(added(value.length, length_of(whole(arguments[0], name), unit)))

    def less(_run: Run, value: DurationValue, arguments: Args) -> Value:
        return DurationValue(added(value.length, length_of(-whole(arguments[0], name), unit)))

    DURATIONS.method(f"plus{name}", takes=1)(more)
    DURATIONS.method(f"minus{name}", takes=1)(less)


for _name, _within in (("Days", DAY), ("Hours", HOUR), ("Minutes", MINUTE), ("Seconds", SECOND), ("Millis", 1000 * MICRO)):
    _change(_name, _within)


def _field(name: str, read: Callable[[PeriodValue], Value]) -> None:
    PERIODS.method(name)(lambda _run, value, _arguments: read(value))


_field("getYears", lambda one: one.years)
_field("getMonths", lambda one: one.months)
_field("getDays", lambda one: one.days)
_field("toTotalMonths", lambda one: one.years * 12 + one.months)
_field("isNegative", lambda one: min(one.years, one.months, one.days) < 0)
_field("isZero", lambda one: not (one.years or one.months or one.days))


def _grow(name: str, years: int, months: int, days: int) -> None:
    def more(_run: Run, value: PeriodValue, arguments: Args) -> Value:
        count = whole(arguments[0], name)
        return PeriodValue(value.years + count * years, value.months + count * months, value.days + count * days)

    PERIODS.method(name, takes=1)(more)


_grow("plusYears", 1, 0, 0)
_grow("plusMonths", 0, 1, 0)
_grow("plusDays", 0, 0, 1)
