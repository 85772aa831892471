"""Date and Timestamp: points in time. Without a zone given, they are shown in UTC."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from typing import ClassVar

from rules.library import date_patterns
from rules.library.table import Method, Table
from rules.limits import Fault
from rules.numbers_math import whole
from rules.state import Run
from rules.values import Host, Value, kind_of, text_of

DATES: Table["DateValue"] = Table("Date")
Args = list[Value]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FARTHEST = 2 * 10**14
DAY = 86_400_000
CALENDAR_FIELDS = {
    "ERA": 0, "YEAR": 1, "MONTH": 2, "WEEK_OF_YEAR": 3, "WEEK_OF_MONTH": 4, "DATE": 5, "DAY_OF_MONTH": 5, "DAY_OF_YEAR": 6,
    "DAY_OF_WEEK": 7, "DAY_OF_WEEK_IN_MONTH": 8, "AM_PM": 9, "HOUR": 10, "HOUR_OF_DAY": 11, "MINUTE": 12, "SECOND": 13, "MILLISECOND": 14,
}  # fmt: skip


class DateValue(Host):
    """A point in time; `milliseconds` since 1970, UTC. It is written into a replica as that number."""

    kind = "Date"
    methods: ClassVar[Mapping[str, Method]] = DATES
    types = frozenset({"Comparable"})

    def __init__(self, milliseconds: int) -> None:
        self.milliseconds = milliseconds

    def read(self, run: Run, name: str) -> Value:
        getter = DATES.get(f"get{name[:1].upper()}{name[1:]}")
        return getter.call(run, self, []) if getter and getter.least == 0 else super().read(run, name)

    def write(self, run: Run, name: str, value: Value) -> None:
        if name != "time":
            super().write(run, name, value)
        self.milliseconds = whole(value, "a time")

    def again(self, milliseconds: int) -> "DateValue":
        """Another date of the same kind."""
        return type(self)(milliseconds)

    def equals(self, other: Value) -> bool:
        return isinstance(other, DateValue) and other.milliseconds == self.milliseconds

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DateValue) and other.milliseconds == self.milliseconds

    def __hash__(self) -> int:
        return hash(self.milliseconds)

    def order(self, other: Value) -> int:
        if not isinstance(other, DateValue):
            return super().order(other)
        return (self.milliseconds > other.milliseconds) - (self.milliseconds < other.milliseconds)

    def text(self) -> str:
        if abs(self.milliseconds) >= FARTHEST or moment(self).year < 1:
            return f"{self.milliseconds} ms"
        return date_patterns.write(moment(self), "EEE MMM dd HH:mm:ss zzz yyyy", simple=True)


class TimestampValue(DateValue):
    kind = "Timestamp"
    types = frozenset({"Date", "Comparable"})

    def text(self) -> str:
        if abs(self.milliseconds) >= FARTHEST:
            return f"{self.milliseconds} ms"
        at = moment(self)
        fraction = f"{at.microsecond:06}".rstrip("0") or "0"
        return f"{at:%Y-%m-%d %H:%M:%S}.{fraction}"


def moment(value: DateValue, zone: tzinfo = UTC) -> datetime:
    """The date as a calendar shows it in the zone."""
    try:
        return (EPOCH + timedelta(milliseconds=value.milliseconds)).astimezone(zone)
    except (OverflowError, ValueError) as problem:
        raise Fault(f"the date {value.milliseconds} ms is out of reach", "DateTimeException") from problem


def milliseconds_of(at: datetime) -> int:
    return (at - EPOCH) // timedelta(milliseconds=1)


def date(value: Value) -> DateValue:
    if isinstance(value, DateValue):
        return value
    raise Fault(f"a date is needed here, not {kind_of(value)}", "NullPointerException" if value is None else "MissingMethodException")


@DATES.method("getTime", "toEpochMilli")
def get_time(_run: Run, value: DateValue, _arguments: Args) -> Value:
    return value.milliseconds


@DATES.method("setTime", takes=1)
def set_time(_run: Run, value: DateValue, arguments: Args) -> Value:
    value.milliseconds = whole(arguments[0], "setTime()")
    return None


@DATES.method("before", takes=1)
def before(_run: Run, value: DateValue, arguments: Args) -> Value:
    return value.milliseconds < date(arguments[0]).milliseconds


@DATES.method("after", takes=1)
def after(_run: Run, value: DateValue, arguments: Args) -> Value:
    return value.milliseconds > date(arguments[0]).milliseconds


@DATES.method("compareTo", takes=1)
def compare_to(_run: Run, value: DateValue, arguments: Args) -> Value:
    return value.order(date(arguments[0]))


@DATES.method("plus", takes=1)
def plus(_run: Run, value: DateValue, arguments: Args) -> Value:
    if isinstance(arguments[0], str):
        return value.text() + arguments[0]
    return value.again(value.milliseconds + whole(arguments[0], "a number of days") * DAY)


@DATES.method("minus", takes=1)
def minus(_run: Run, value: DateValue, arguments: Args) -> Value:
    if isinstance(arguments[0], DateValue):
        return (value.milliseconds - arguments[0].milliseconds) // DAY
    return value.again(value.milliseconds - whole(arguments[0], "a number of days") * DAY)


@DATES.method("next")
def next_day(_run: Run, value: DateValue, _arguments: Args) -> Value:
    return value.again(value.milliseconds + DAY)


@DATES.method("previous")
def previous_day(_run: Run, value: DateValue, _arguments: Args) -> Value:
    return value.again(value.milliseconds - DAY)


@DATES.method("clearTime")
def clear_time(_run: Run, value: DateValue, _arguments: Args) -> Value:
    value.milliseconds -= value.milliseconds % DAY
    return value


@DATES.method("format", takes=1, most=2)
def format_date(_run: Run, value: DateValue, arguments: Args) -> Value:
    zone = moment(value).tzinfo or UTC
    given = arguments[1] if len(arguments) == 2 else None
    if isinstance(given, Host):
        zone = given.zone() if isinstance(given, ZoneHost) else zone
    return date_patterns.write(moment(value, zone), text_of(arguments[0]), simple=True)


class ZoneHost(Host):
    """An object that stands for a time zone."""

    def zone(self) -> tzinfo:
        """The zone."""
        return UTC


@DATES.method("getDateString")
def date_string(_run: Run, value: DateValue, _arguments: Args) -> Value:
    at = moment(value)
    return f"{at.month}/{at.day}/{at:%y}"


@DATES.method("toTimestamp")
def to_timestamp(_run: Run, value: DateValue, _arguments: Args) -> Value:
    return TimestampValue(value.milliseconds)


@DATES.method("getTimezoneOffset")
def zone_offset(_run: Run, _value: DateValue, _arguments: Args) -> Value:
    return 0


@DATES.method("getNanos")
def nanos(_run: Run, value: DateValue, _arguments: Args) -> Value:
    return value.milliseconds % 1000 * 1_000_000


def calendar_field(at: datetime, number: int) -> int:
    """A field by the number that Calendar gives it."""
    found = {
        0: 1, 1: at.year, 2: at.month - 1, 3: at.isocalendar().week, 5: at.day, 6: at.timetuple().tm_yday, 7: at.isoweekday() % 7 + 1,
        8: (at.day - 1) // 7 + 1, 9: at.hour // 12, 10: at.hour % 12, 11: at.hour, 12: at.minute, 13: at.second, 14: at.microsecond // 1000,
    }.get(number)  # fmt: skip
    if found is None:
        raise Fault("this field of a calendar is not available; use Calendar.YEAR and the like", "IllegalArgumentException")
    return found


@DATES.method("getAt", takes=1)
def get_at(_run: Run, value: DateValue, arguments: Args) -> Value:
    return calendar_field(moment(value), whole(arguments[0], "a field"))


def _part(name: str, number: int, shift: int = 0) -> None:
    def get(_run: Run, value: DateValue, _arguments: Args) -> Value:
        return calendar_field(moment(value), number) + shift

    DATES.method(f"get{name}")(get)


for _name, _number, _shift in (
    ("Year", 1, -1900), ("Month", 2, 0), ("Date", 5, 0), ("Day", 7, -1), ("Hours", 11, 0), ("Minutes", 12, 0), ("Seconds", 13, 0),
):  # fmt: skip
    _part(_name, _number, _shift)
