"""Date, Timestamp, SimpleDateFormat and Calendar."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from typing import ClassVar

from rules.library import date_patterns
from rules.library.classes import StaticClass
from rules.library.dates import CALENDAR_FIELDS, DATES, DateValue, TimestampValue, ZoneHost, calendar_field, date, milliseconds_of, moment
from rules.library.durations import DAY, HOUR, MICRO, MINUTE, SECOND, length_of
from rules.library.strings import string
from rules.library.table import Method, Table
from rules.library.temporal import Temporal, temporal
from rules.library.temporal_methods import by_months
from rules.limits import Fault
from rules.numbers_math import whole
from rules.state import Run
from rules.values import Host, Value

Args = list[Value]
DATE: Table[Host] = Table("Date")
TIMESTAMP: Table[Host] = Table("Timestamp")
FORMAT: Table["SimpleFormat"] = Table("SimpleDateFormat")
CALENDAR: Table[Host] = Table("Calendar")
CALENDARS: Table["CalendarValue"] = Table("a calendar")


class SimpleFormat(Host):
    kind = "SimpleDateFormat"
    methods: ClassVar[Mapping[str, Method]] = FORMAT
    types = frozenset({"DateFormat"})

    def __init__(self, pattern: str) -> None:
        date_patterns.pieces_of(pattern, True)
        self.pattern = pattern
        self.zone: tzinfo = UTC
        self.lenient = True

    def write(self, run: Run, name: str, value: Value) -> None:
        if name == "timeZone" and isinstance(value, ZoneHost):
            self.zone = value.zone()
        elif name == "lenient":
            self.lenient = value is True
        else:
            super().write(run, name, value)


class CalendarValue(DateValue):
    kind = "Calendar"
    methods: ClassVar[Mapping[str, Method]] = CALENDARS
    types = frozenset({"GregorianCalendar", "Comparable"})

    def __init__(self, milliseconds: int) -> None:
        super().__init__(milliseconds)
        self.zone: tzinfo = UTC

    def read(self, run: Run, name: str) -> Value:
        if name == "time":
            return DateValue(self.milliseconds)
        return self.milliseconds if name == "timeInMillis" else super().read(run, name)

    def write(self, run: Run, name: str, value: Value) -> None:
        if name == "time":
            self.milliseconds = date(value).milliseconds
        elif name == "timeInMillis":
            self.milliseconds = whole(value, "a time")
        else:
            super().write(run, name, value)


def now_of(run: Run) -> int:
    return milliseconds_of(run.surroundings.now)


@FORMAT.method("parse", takes=1)
def parse(_run: Run, value: SimpleFormat, arguments: Args) -> Value:
    found = date_patterns.read(string(arguments[0], "parse"), value.pattern, simple=True)
    try:
        return DateValue(milliseconds_of(found.moment(value.zone, lenient=value.lenient)))
    except Fault as fault:
        raise Fault(fault.message, "ParseException") from fault


@FORMAT.method("format", takes=1)
def format_date(_run: Run, value: SimpleFormat, arguments: Args) -> Value:
    given = arguments[0]
    at = DateValue(given) if isinstance(given, int) and not isinstance(given, bool) else date(given)
    return date_patterns.write(moment(at, value.zone), value.pattern, simple=True)


@FORMAT.method("setTimeZone", takes=1)
def set_time_zone(_run: Run, value: SimpleFormat, arguments: Args) -> Value:
    zone = arguments[0]
    if not isinstance(zone, ZoneHost):
        raise Fault('setTimeZone() needs a zone: TimeZone.getTimeZone("UTC")', "MissingMethodException")
    value.zone = zone.zone()
    return None


@FORMAT.method("setLenient", takes=1)
def set_lenient(_run: Run, value: SimpleFormat, arguments: Args) -> Value:
    value.lenient = arguments[0] is True
    return None


@FORMAT.method("toPattern")
def to_pattern(_run: Run, value: SimpleFormat, _arguments: Args) -> Value:
    return value.pattern


@DATE.method("parse", takes=2)
def date_parse(run: Run, _self: Host, arguments: Args) -> Value:
    return parse(run, SimpleFormat(string(arguments[0], "parse")), [arguments[1]])


@DATE.method("from", takes=1)
def date_from(_run: Run, _self: Host, arguments: Args) -> Value:
    given = arguments[0]
    return DateValue(given.milliseconds if isinstance(given, DateValue) else milliseconds_of(_aware(temporal(given))))


def _aware(value: Temporal) -> datetime:
    if value.at.tzinfo is None:
        raise Fault("a date needs a zone to become a point in time; use atZone() first", "MissingMethodException")
    return value.at


@TIMESTAMP.method("valueOf", takes=1)
def timestamp_value_of(_run: Run, _self: Host, arguments: Args) -> Value:
    given = arguments[0]
    if isinstance(given, Temporal):
        return TimestampValue(milliseconds_of(given.at.replace(tzinfo=UTC)))
    pattern = "yyyy-MM-dd HH:mm:ss.S" if "." in (text := string(given, "valueOf")) else "yyyy-MM-dd HH:mm:ss"
    found = date_patterns.read(text, pattern, simple=False)
    return TimestampValue(milliseconds_of(found.moment(UTC, lenient=False)))


@TIMESTAMP.method("from", takes=1)
def timestamp_from(_run: Run, _self: Host, arguments: Args) -> Value:
    return TimestampValue(milliseconds_of(_aware(temporal(arguments[0]))))


@CALENDAR.method("getInstance", most=2)
def get_instance(run: Run, _self: Host, arguments: Args) -> Value:
    found = CalendarValue(now_of(run))
    if arguments and isinstance(arguments[0], ZoneHost):
        found.zone = arguments[0].zone()
    return found


@CALENDARS.method("get", "getAt", takes=1)
def get_field(_run: Run, value: CalendarValue, arguments: Args) -> Value:
    return calendar_field(moment(value, value.zone), whole(arguments[0], "a field"))


_LENGTHS = {3: 7 * DAY, 4: 7 * DAY, 5: DAY, 6: DAY, 7: DAY, 10: HOUR, 11: HOUR, 12: MINUTE, 13: SECOND, 14: 1000 * MICRO}


@CALENDARS.method("add", takes=2)
def add(_run: Run, value: CalendarValue, arguments: Args) -> Value:
    number, count = (whole(one, "add()") for one in arguments)
    _shift(value, number, count)
    return None


def _shift(value: CalendarValue, number: int, count: int) -> None:
    at = moment(value, value.zone)
    try:
        if number in (1, 2):
            at = by_months(Temporal("ZonedDateTime", at), count * 12 if number == 1 else count).at
        elif number in _LENGTHS:
            at += length_of(count, _LENGTHS[number])
        else:
            raise Fault("this field of a calendar is not available; use Calendar.DAY_OF_MONTH and the like", "IllegalArgumentException")
    except OverflowError as problem:
        raise Fault("this date is out of reach", "DateTimeException") from problem
    value.milliseconds = milliseconds_of(at)


@CALENDARS.method("set", takes=2, most=6)
def set_fields(_run: Run, value: CalendarValue, arguments: Args) -> Value:
    numbers = [whole(one, "set()") for one in arguments]
    pairs = [(numbers[0], numbers[1])] if len(numbers) == 2 else list(zip((1, 2, 5, 11, 12, 13), numbers, strict=False))
    for number, wanted in pairs:
        _shift(value, number, wanted - calendar_field(moment(value, value.zone), number))
    return None


@CALENDARS.method("putAt", takes=2)
def put_at(run: Run, value: CalendarValue, arguments: Args) -> Value:
    return set_fields(run, value, arguments)


@CALENDARS.method("getTime")
def get_time(_run: Run, value: CalendarValue, _arguments: Args) -> Value:
    return DateValue(value.milliseconds)


@CALENDARS.method("setTime", takes=1)
def set_time(_run: Run, value: CalendarValue, arguments: Args) -> Value:
    value.milliseconds = date(arguments[0]).milliseconds
    return None


@CALENDARS.method("getTimeInMillis")
def time_in_millis(_run: Run, value: CalendarValue, _arguments: Args) -> Value:
    return value.milliseconds


@CALENDARS.method("setTimeInMillis", takes=1)
def set_millis(_run: Run, value: CalendarValue, arguments: Args) -> Value:
    value.milliseconds = whole(arguments[0], "setTimeInMillis()")
    return None


@CALENDARS.method("setTimeZone", takes=1)
def set_zone(_run: Run, value: CalendarValue, arguments: Args) -> Value:
    value.zone = arguments[0].zone() if isinstance(arguments[0], ZoneHost) else UTC
    return None


@CALENDARS.method("toInstant")
def calendar_instant(_run: Run, value: CalendarValue, _arguments: Args) -> Value:
    return Temporal("Instant", moment(value))


@CALENDARS.method("before", takes=1)
def before(_run: Run, value: CalendarValue, arguments: Args) -> Value:
    return value.milliseconds < date(arguments[0]).milliseconds


@CALENDARS.method("after", takes=1)
def after(_run: Run, value: CalendarValue, arguments: Args) -> Value:
    return value.milliseconds > date(arguments[0]).milliseconds


@CALENDARS.method("format", takes=1)
def calendar_format(run: Run, value: CalendarValue, arguments: Args) -> Value:
    shape = SimpleFormat(string(arguments[0], "format"))
    shape.zone = value.zone
    return format_date(run, shape, [value])


_WEEKDAYS = ("SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY")
_MONTHS = {one.upper(): at for at, one in enumerate(date_patterns.MONTHS)}
_FIELDS: dict[str, Value] = {**CALENDAR_FIELDS, **_MONTHS, **{one: at + 1 for at, one in enumerate(_WEEKDAYS)}, "AM": 0, "PM": 1}
CLASSES: tuple[StaticClass, ...] = (
    StaticClass("Date", DATE), StaticClass("Timestamp", TIMESTAMP), StaticClass("Calendar", CALENDAR, _FIELDS),
    StaticClass("GregorianCalendar", CALENDAR, _FIELDS),
)  # fmt: skip


def _date(run: Run, arguments: Args) -> Value:
    return DateValue(_milliseconds(run, arguments))


def _timestamp(run: Run, arguments: Args) -> Value:
    return TimestampValue(_milliseconds(run, arguments))


def _milliseconds(run: Run, arguments: Args) -> int:
    if not arguments:
        return now_of(run)
    if len(arguments) >= 3:
        year, month, day, *clock = (whole(one, "new Date()") for one in arguments)
        hour, minute, second = [*clock, 0, 0, 0][:3]
        read = date_patterns.Read({"year": year + 1900, "month": month + 1, "day": day, "hour": hour, "minute": minute, "second": second})
        return milliseconds_of(read.moment(UTC, lenient=True))
    given = arguments[0]
    return given.milliseconds if isinstance(given, DateValue) else whole(given, "new Date()")


MAKERS: dict[str, Callable[[Run, Args], Value]] = {
    "Date": _date,
    "Timestamp": _timestamp,
    "SimpleDateFormat": lambda _run, arguments: SimpleFormat(
        string(arguments[0], "new SimpleDateFormat") if arguments else "M/d/yy, h:mm a"
    ),
    "GregorianCalendar": lambda run, _arguments: CalendarValue(now_of(run)),
}


def _on_date(name: str, make: Callable[[DateValue], Value]) -> None:
    DATES.method(name)(lambda _run, value, _arguments: make(value))


_on_date("toInstant", lambda value: Temporal("Instant", moment(value)))
_on_date("toCalendar", lambda value: CalendarValue(value.milliseconds))
_on_date("toZonedDateTime", lambda value: Temporal("ZonedDateTime", moment(value)))
_on_date("toLocalDate", lambda value: Temporal("LocalDate", moment(value).replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)))
_on_date("toLocalDateTime", lambda value: Temporal("LocalDateTime", moment(value).replace(tzinfo=None)))
