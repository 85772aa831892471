"""The classes of java.time: now(), of(), parse() and their kin."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from rules.library import date_patterns, temporal_formats, temporal_methods
from rules.library.classes import StaticClass
from rules.library.dates import EPOCH, DateValue, moment
from rules.library.durations import DAY, HOUR, LENGTHS, MICRO, MINUTE, MONTHS_IN, SECOND, DurationValue, PeriodValue, length_in, length_of
from rules.library.numbers import Constant
from rules.library.strings import string
from rules.library.table import Table
from rules.library.temporal import DAY_NAMES, MONTH_NAMES, NAIVE, WITH_ZONE, Formatter, Temporal, Unit, ZoneValue, temporal, zone_of
from rules.limits import Fault
from rules.numbers_math import whole
from rules.state import Run
from rules.values import Host, Value, text_of

Args = list[Value]
REGISTERED = (temporal_formats, temporal_methods)
"""Imported for the methods they list."""
KINDS = ("LocalDate", "LocalTime", "LocalDateTime", "ZonedDateTime", "OffsetDateTime", "Instant")
TABLES: dict[str, Table[Host]] = {name: Table(name) for name in KINDS}
DURATION: Table[Host] = Table("Duration")
PERIOD: Table[Host] = Table("Period")
ZONE: Table[Host] = Table("ZoneId")
FORMATTER: Table[Host] = Table("DateTimeFormatter")
MONTH: Table[Host] = Table("Month")
WEEKDAY: Table[Host] = Table("DayOfWeek")
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T(.+))?")
_CLOCK = re.compile(r"(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d(?::?\d\d)?)?(?:\[([^\]]+)\])?")


def now(run: Run) -> datetime:
    return run.surroundings.now.astimezone(UTC)


def made(of: str, at: datetime) -> Temporal:
    """Of that class, without what it does not have."""
    if of not in WITH_ZONE:
        at = at.replace(tzinfo=None)
    elif at.tzinfo is None:
        raise Fault(f"{of} needs a zone", "DateTimeException")
    elif of == "Instant":
        at = at.astimezone(UTC)
    if of == "LocalDate":
        at = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return Temporal(of, at.replace(year=1970, month=1, day=1) if of == "LocalTime" else at)


def _not_read(text: str, of: str) -> Fault:
    return Fault(f"{text[:60]!r} is no {of}", "DateTimeParseException")


def parsed(of: str, text: str) -> Temporal:
    """The value that the text has in ISO form."""
    found = _ISO.fullmatch(text)
    clock = _CLOCK.fullmatch(text if of == "LocalTime" else (found[4] or "") if found else "")
    if (found is None and of != "LocalTime") or (clock is None and of != "LocalDate") or (of == "LocalDate" and found and found[4]):
        raise _not_read(text, of)
    zoned = bool(clock and clock[5])
    if of != "LocalDate" and zoned is not (of in WITH_ZONE):
        raise _not_read(text, of)
    try:
        at = datetime(*(int(one) for one in found.groups()[:3])) if found else NAIVE  # type: ignore[arg-type]  # noqa: DTZ001
        if clock:
            micros = int((clock[4] or "").ljust(6, "0")[:6])
            at = at.replace(hour=int(clock[1]), minute=int(clock[2]), second=int(clock[3] or 0), microsecond=micros)
    except ValueError as problem:
        raise _not_read(text, of) from problem
    return made(of, at.replace(tzinfo=zone_of(clock[6] or clock[5])) if clock and zoned else at)


def _now(of: str) -> None:
    def call(run: Run, _self: Host, arguments: Args) -> Value:
        return made(of, now(run).astimezone(zone_of(arguments[0])) if arguments else now(run))

    TABLES[of].method("now", most=1)(call)


def _parse(of: str) -> None:
    def call(_run: Run, _self: Host, arguments: Args) -> Value:
        text = string(arguments[0], "parse")
        if len(arguments) == 1:
            return parsed(of, text)
        wanted = arguments[1]
        formatter = wanted if isinstance(wanted, Formatter) else Formatter(text_of(wanted))
        if formatter.fixed:
            return parsed(of, text)
        return made(of, date_patterns.read(text, formatter.pattern, simple=False).moment(formatter.of, lenient=False))

    TABLES[of].method("parse", takes=1, most=2)(call)


def _of_instant(of: str) -> None:
    def call(_run: Run, _self: Host, arguments: Args) -> Value:
        given = arguments[0]
        at = moment(given) if isinstance(given, DateValue) else temporal(given).at
        return made(of, at.astimezone(zone_of(arguments[1])) if len(arguments) == 2 else at)

    TABLES[of].method("ofInstant", "from", takes=1, most=2)(call)


for _kind in KINDS:
    _now(_kind)
    _parse(_kind)
    _of_instant(_kind)


def _numbers(arguments: Args) -> list[int]:
    return [MONTH_NAMES.index(one) + 1 if isinstance(one, Constant) and one in MONTH_NAMES else whole(one, "of()") for one in arguments]


def _of_numbers(of: str, most: int) -> None:
    def call(_run: Run, _self: Host, arguments: Args) -> Value:
        if isinstance(arguments[0], Temporal):
            return _joined(of, arguments)
        zoned = of in WITH_ZONE
        numbers = _numbers(arguments[:-1] if zoned else arguments)
        date, clock = ([1970, 1, 1], numbers) if of == "LocalTime" else (numbers[:3], numbers[3:])
        hour, minute, second, nanos = [*clock, 0, 0, 0, 0][:4]
        try:
            at = datetime(date[0], date[1], date[2], hour, minute, second, nanos // 1000)  # noqa: DTZ001
        except (ValueError, IndexError, OverflowError) as problem:
            raise Fault(f"{of}.of() gives no date: {problem}", "DateTimeException") from problem
        return made(of, at.replace(tzinfo=zone_of(arguments[-1])) if zoned else at)

    TABLES[of].method("of", takes=1, most=most)(call)


def _joined(of: str, arguments: Args) -> Value:
    """Of a date, a time and perhaps a zone."""
    first = temporal(arguments[0]).at
    if len(arguments) > 1 and isinstance(arguments[1], Temporal):
        clock = arguments[1].at
        first = first.replace(hour=clock.hour, minute=clock.minute, second=clock.second, microsecond=clock.microsecond)
    return made(of, first.replace(tzinfo=zone_of(arguments[-1])) if of in WITH_ZONE else first)


for _kind, _most in (("LocalDate", 3), ("LocalTime", 4), ("LocalDateTime", 7), ("ZonedDateTime", 8), ("OffsetDateTime", 8)):
    _of_numbers(_kind, _most)


def _reach(start: datetime, count: int, unit: timedelta) -> datetime:
    try:
        return start + length_of(count, unit)
    except OverflowError as problem:
        raise Fault("this date is out of reach", "DateTimeException") from problem


@TABLES["Instant"].method("ofEpochMilli", takes=1)
def of_epoch_milli(_run: Run, _self: Host, arguments: Args) -> Value:
    return Temporal("Instant", _reach(EPOCH, whole(arguments[0], "ofEpochMilli()"), 1000 * MICRO))


@TABLES["Instant"].method("ofEpochSecond", takes=1)
def of_epoch_second(_run: Run, _self: Host, arguments: Args) -> Value:
    return Temporal("Instant", _reach(EPOCH, whole(arguments[0], "ofEpochSecond()"), SECOND))


@TABLES["LocalDate"].method("ofEpochDay", takes=1)
def of_epoch_day(_run: Run, _self: Host, arguments: Args) -> Value:
    return Temporal("LocalDate", _reach(NAIVE, whole(arguments[0], "ofEpochDay()"), DAY))


@TABLES["LocalDateTime"].method("ofEpochSecond", takes=3)
def local_of_epoch_second(_run: Run, _self: Host, arguments: Args) -> Value:
    return made("LocalDateTime", _reach(EPOCH, whole(arguments[0], "ofEpochSecond()"), SECOND).astimezone(zone_of(arguments[2])))


def _duration_of(name: str, unit: timedelta) -> None:
    DURATION.method(name, takes=1)(lambda _run, _self, arguments: DurationValue(length_of(whole(arguments[0], name), unit)))


for _name, _unit in (
    ("ofDays", DAY), ("ofHours", HOUR), ("ofMinutes", MINUTE), ("ofSeconds", SECOND), ("ofMillis", 1000 * MICRO),
):  # fmt: skip
    _duration_of(_name, _unit)


@DURATION.method("ofNanos", takes=1)
def of_nanos(_run: Run, _self: Host, arguments: Args) -> Value:
    return DurationValue(length_in(whole(arguments[0], "ofNanos()"), "NANOS"))


@DURATION.method("between", takes=2)
def duration_between(_run: Run, _self: Host, arguments: Args) -> Value:
    first, second = (temporal(one) for one in arguments)
    second.order(first)
    if first.of == "LocalDate":
        raise Fault("a LocalDate has no seconds; use ChronoUnit.DAYS.between()", "UnsupportedTemporalTypeException")
    return DurationValue(second.at - first.at)


_ISO_DURATION = re.compile(r"([+-])?P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d{1,6}))?S)?)?")


@DURATION.method("parse", takes=1)
def duration_parse(_run: Run, _self: Host, arguments: Args) -> Value:
    text = string(arguments[0], "parse")
    found = _ISO_DURATION.fullmatch(text)
    if found is None or text.endswith(("P", "T")) or len(text) > 60:
        raise _not_read(text, "Duration")
    days, hours, minutes, seconds = (int(one or 0) for one in found.groups()[1:5])
    length = length_of(days, DAY) + length_of(hours, HOUR) + length_of(minutes, MINUTE) + length_of(seconds, SECOND)
    length += int((found[6] or "").ljust(6, "0")) * MICRO
    return DurationValue(-length if found[1] == "-" else length)


def _period_of(name: str, years: int, months: int, days: int) -> None:
    def call(_run: Run, _self: Host, arguments: Args) -> Value:
        count = whole(arguments[0], name)
        return PeriodValue(count * years, count * months, count * days)

    PERIOD.method(name, takes=1)(call)


for _name, _parts in (("ofDays", (0, 0, 1)), ("ofWeeks", (0, 0, 7)), ("ofMonths", (0, 1, 0)), ("ofYears", (1, 0, 0))):
    _period_of(_name, *_parts)


@PERIOD.method("of", takes=3)
def period_of(_run: Run, _self: Host, arguments: Args) -> Value:
    return PeriodValue(*(whole(one, "Period.of()") for one in arguments))


@PERIOD.method("between", takes=2)
def period_between(_run: Run, _self: Host, arguments: Args) -> Value:
    first, second = (temporal(one) for one in arguments)
    months = temporal_formats.between(first, second, "MONTHS")
    days = (second.at - temporal_methods.by_months(first, months).at).days
    years = abs(months) // 12 * (1 if months >= 0 else -1)
    return PeriodValue(years, months - years * 12, days)


@ZONE.method("of", "getTimeZone", takes=1)
def zone_id_of(_run: Run, _self: Host, arguments: Args) -> Value:
    return ZoneValue(zone_of(string(arguments[0], "of")))


@ZONE.method("ofHours", takes=1)
def zone_of_hours(_run: Run, _self: Host, arguments: Args) -> Value:
    return ZoneValue(zone_of(f"{whole(arguments[0], 'ofHours()'):+03}:00"))


@ZONE.method("systemDefault", "getDefault")
def system_default(_run: Run, _self: Host, _arguments: Args) -> Value:
    return ZoneValue(UTC, "UTC")


@FORMATTER.method("ofPattern", takes=1, most=2)
def of_pattern(_run: Run, _self: Host, arguments: Args) -> Value:
    pattern = string(arguments[0], "ofPattern")
    date_patterns.pieces_of(pattern, False)
    return Formatter(pattern)


_FIXED = (
    "ISO_LOCAL_DATE", "ISO_DATE", "ISO_LOCAL_TIME", "ISO_TIME", "ISO_LOCAL_DATE_TIME", "ISO_DATE_TIME", "ISO_OFFSET_DATE_TIME",
    "ISO_ZONED_DATE_TIME", "ISO_INSTANT", "BASIC_ISO_DATE",
)  # fmt: skip
_UNITS: dict[str, Value] = {name: Unit(name) for name in ("NANOS", *LENGTHS, *MONTHS_IN)}
_LONG_AGO = {"EPOCH": Temporal("Instant", EPOCH)}
CLASSES: tuple[StaticClass, ...] = (
    *(StaticClass(name, table, _LONG_AGO if name == "Instant" else None) for name, table in TABLES.items()),
    StaticClass("Duration", DURATION, {"ZERO": DurationValue(timedelta())}), StaticClass("Period", PERIOD, {"ZERO": PeriodValue(0, 0, 0)}),
    StaticClass("ZoneId", ZONE), StaticClass("ZoneOffset", ZONE, {"UTC": ZoneValue(UTC)}), StaticClass("TimeZone", ZONE),
    StaticClass("ChronoUnit", {}, _UNITS),
    StaticClass("DateTimeFormatter", FORMATTER, {name: Formatter("", None, name) for name in _FIXED}),
    StaticClass("Month", MONTH, {one.name: one for one in MONTH_NAMES}),
    StaticClass("DayOfWeek", WEEKDAY, {one.name: one for one in DAY_NAMES}),
)  # fmt: skip
MAKERS: dict[str, Callable[[Run, Args], Value]] = {}
