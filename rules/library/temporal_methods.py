"""What dates and times of java.time can be asked and made into."""

from calendar import isleap, monthrange
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo

from rules.library.dates import EPOCH, DateValue, milliseconds_of
from rules.library.durations import DAY, MONTHS_IN, SECOND, DurationValue, PeriodValue, length_in
from rules.library.temporal import DAY_NAMES, MONTH_NAMES, NAIVE, TEMPORALS, Args, Temporal, Unit, ZoneValue, temporal, zone_of
from rules.limits import Fault
from rules.numbers_math import whole
from rules.state import Run
from rules.values import Value


def shifted(value: Temporal, length: timedelta) -> Temporal:
    try:
        if value.at.tzinfo is not None and abs(length) < DAY:
            return value.like((value.at.astimezone(UTC) + length).astimezone(value.at.tzinfo))
        found = value.at + length
    except OverflowError as problem:
        raise Fault("this date is out of reach", "DateTimeException") from problem
    return value.like(found if value.of != "LocalTime" else found.replace(year=1970, month=1, day=1))


def by_months(value: Temporal, months: int) -> Temporal:
    count = value.at.year * 12 + value.at.month - 1 + months
    year, month = count // 12, count % 12 + 1
    if not 1 <= year <= 9999:
        raise Fault("this date is out of reach", "DateTimeException")
    return value.like(value.at.replace(year=year, month=month, day=min(value.at.day, monthrange(year, month)[1])))


def _moved(value: Temporal, amount: Value, unit: Value, sign: int) -> Temporal:
    if isinstance(amount, DurationValue):
        return shifted(value, sign * amount.length)
    if isinstance(amount, PeriodValue):
        months = by_months(value, sign * (amount.years * 12 + amount.months))
        return shifted(months, sign * amount.days * DAY)
    count = sign * whole(amount, "plus()")
    name = (
        unit.name
        if isinstance(unit, Unit)
        else "SECONDS"
        if value.of in ("Instant", "LocalTime", "LocalDateTime", "ZonedDateTime")
        else "DAYS"
    )
    return by_months(value, count * MONTHS_IN[name]) if name in MONTHS_IN else shifted(value, length_in(count, name))


@TEMPORALS.method("plus", takes=1, most=2)
def plus(_run: Run, value: Temporal, arguments: Args) -> Value:
    if isinstance(arguments[0], str):
        return value.text() + arguments[0]
    return _moved(value, arguments[0], arguments[1] if len(arguments) == 2 else None, 1)


@TEMPORALS.method("minus", takes=1, most=2)
def minus(_run: Run, value: Temporal, arguments: Args) -> Value:
    return _moved(value, arguments[0], arguments[1] if len(arguments) == 2 else None, -1)


def _steps(name: str, unit: str) -> None:
    def more(_run: Run, value: Temporal, arguments: Args) -> Value:
        return _moved(value, arguments[0], Unit(unit), 1)

    def less(_run: Run, value: Temporal, arguments: Args) -> Value:
        return _moved(value, arguments[0], Unit(unit), -1)

    TEMPORALS.method(f"plus{name}", takes=1)(more)
    TEMPORALS.method(f"minus{name}", takes=1)(less)


for _name in ("Nanos", "Millis", "Seconds", "Minutes", "Hours", "Days", "Weeks", "Months", "Years"):
    _steps(_name, _name.upper())


@TEMPORALS.method("next")
def next_day(_run: Run, value: Temporal, _arguments: Args) -> Value:
    return _moved(value, 1, Unit("DAYS" if value.of == "LocalDate" else "SECONDS"), 1)


@TEMPORALS.method("previous")
def previous_day(_run: Run, value: Temporal, _arguments: Args) -> Value:
    return _moved(value, 1, Unit("DAYS" if value.of == "LocalDate" else "SECONDS"), -1)


def _getter(names: tuple[str, ...], read: Callable[[datetime], Value]) -> None:
    TEMPORALS.method(*names)(lambda _run, value, _arguments: read(value.at))


_PARTS: tuple[tuple[tuple[str, ...], Callable[[datetime], Value]], ...] = (
    (("getYear",), lambda at: at.year), (("getMonthValue",), lambda at: at.month), (("getDayOfMonth",), lambda at: at.day),
    (("getDayOfYear",), lambda at: at.timetuple().tm_yday), (("getHour",), lambda at: at.hour), (("getMinute",), lambda at: at.minute),
    (("getSecond",), lambda at: at.second), (("getNano",), lambda at: at.microsecond * 1000),
    (("getMonth",), lambda at: MONTH_NAMES[at.month - 1]), (("getDayOfWeek",), lambda at: DAY_NAMES[at.weekday()]),
    (("lengthOfMonth",), lambda at: monthrange(at.year, at.month)[1]), (("lengthOfYear",), lambda at: 365 + isleap(at.year)),
    (("isLeapYear",), lambda at: isleap(at.year)), (("toSecondOfDay",), lambda at: at.hour * 3600 + at.minute * 60 + at.second),
)  # fmt: skip
for _names, _read in _PARTS:
    _getter(_names, _read)


def _replaced(at: datetime, part: str, number: int) -> datetime:
    match part:
        case "day":
            return at.replace(day=number)
        case "hour":
            return at.replace(hour=number)
        case "minute":
            return at.replace(minute=number)
        case "second":
            return at.replace(second=number)
        case _:
            return at.replace(microsecond=number // 1000)


def _setter(name: str, part: str) -> None:
    def change(_run: Run, value: Temporal, arguments: Args) -> Value:
        number = whole(arguments[0], name)
        try:
            if part in ("year", "month"):
                return by_months(value, (number - value.at.year) * 12 if part == "year" else number - value.at.month)
            return value.like(_replaced(value.at, part, number))
        except (ValueError, OverflowError) as problem:
            raise Fault(f"{name}({number}) gives no date: {problem}", "DateTimeException") from problem

    TEMPORALS.method(name, takes=1)(change)


for _name, _partname in (
    ("withYear", "year"), ("withMonth", "month"), ("withDayOfMonth", "day"), ("withHour", "hour"), ("withMinute", "minute"),
    ("withSecond", "second"), ("withNano", "microsecond"),
):  # fmt: skip
    _setter(_name, _partname)


@TEMPORALS.method("isBefore", takes=1)
def is_before(_run: Run, value: Temporal, arguments: Args) -> Value:
    return value.order(temporal(arguments[0])) < 0


@TEMPORALS.method("isAfter", takes=1)
def is_after(_run: Run, value: Temporal, arguments: Args) -> Value:
    return value.order(temporal(arguments[0])) > 0


@TEMPORALS.method("isEqual", takes=1)
def is_equal(_run: Run, value: Temporal, arguments: Args) -> Value:
    return value.order(temporal(arguments[0])) == 0


@TEMPORALS.method("compareTo", takes=1)
def compare_to(_run: Run, value: Temporal, arguments: Args) -> Value:
    other = temporal(arguments[0])
    if value.of == "LocalDate" and value.order(other):
        return value.at.year - other.at.year or value.at.month - other.at.month or value.at.day - other.at.day
    return value.order(other)


def _zoned(value: Temporal, method: str) -> datetime:
    if value.at.tzinfo is None:
        raise Fault(f"{method}() needs a zone; use atZone() first", "MissingMethodException")
    return value.at


@TEMPORALS.method("toInstant", most=1)
def to_instant(_run: Run, value: Temporal, arguments: Args) -> Value:
    at = value.at.replace(tzinfo=zone_of(arguments[0])) if arguments and value.at.tzinfo is None else value.at
    return Temporal("Instant", _zoned(Temporal(value.of, at), "toInstant").astimezone(UTC))


@TEMPORALS.method("toEpochMilli", "getTime")
def to_epoch_milli(_run: Run, value: Temporal, _arguments: Args) -> Value:
    return milliseconds_of(_zoned(value, "toEpochMilli"))


@TEMPORALS.method("getEpochSecond", "toEpochSecond", most=1)
def epoch_second(_run: Run, value: Temporal, arguments: Args) -> Value:
    at = value.at.replace(tzinfo=zone_of(arguments[0])) if arguments and value.at.tzinfo is None else _zoned(value, "toEpochSecond")
    return (at - EPOCH) // SECOND


@TEMPORALS.method("toEpochDay")
def to_epoch_day(_run: Run, value: Temporal, _arguments: Args) -> Value:
    return (value.at.replace(tzinfo=None) - NAIVE) // DAY


def _cut(value: Temporal, of: str) -> Temporal:
    at = value.at.replace(tzinfo=None)
    if of == "LocalDate":
        at = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return Temporal(of, at.replace(year=1970, month=1, day=1) if of == "LocalTime" else at)


def _part(name: str, of: str) -> None:
    TEMPORALS.method(name)(lambda _run, value, _arguments: _cut(value, of))


for _name, _of in (("toLocalDate", "LocalDate"), ("toLocalTime", "LocalTime"), ("toLocalDateTime", "LocalDateTime")):
    _part(_name, _of)


@TEMPORALS.method("atStartOfDay", most=1)
def at_start_of_day(_run: Run, value: Temporal, arguments: Args) -> Value:
    return Temporal("ZonedDateTime", value.at.replace(tzinfo=zone_of(arguments[0]))) if arguments else Temporal("LocalDateTime", value.at)


@TEMPORALS.method("atTime", takes=1, most=3)
def at_time(_run: Run, value: Temporal, arguments: Args) -> Value:
    first = arguments[0]
    if isinstance(first, Temporal):
        clock = first.at
        parts = [clock.hour, clock.minute, clock.second]
    else:
        parts = [*(whole(one, "atTime()") for one in arguments), 0, 0][:3]
    try:
        return Temporal("LocalDateTime", value.at.replace(hour=parts[0], minute=parts[1], second=parts[2]))
    except (ValueError, OverflowError) as problem:
        raise Fault(f"atTime() gives no time: {problem}", "DateTimeException") from problem


@TEMPORALS.method("atZone", "withZoneSameInstant", takes=1)
def at_zone(_run: Run, value: Temporal, arguments: Args) -> Value:
    return Temporal("ZonedDateTime", _in_zone(value.at, zone_of(arguments[0])))


@TEMPORALS.method("atOffset", "withOffsetSameInstant", "atZoneSameInstant", takes=1)
def at_offset(_run: Run, value: Temporal, arguments: Args) -> Value:
    return Temporal("OffsetDateTime", _in_zone(value.at, zone_of(arguments[0])))


def _in_zone(at: datetime, wanted: tzinfo) -> datetime:
    return at.replace(tzinfo=wanted) if at.tzinfo is None else at.astimezone(wanted)


@TEMPORALS.method("withZoneSameLocal", takes=1)
def with_zone_same_local(_run: Run, value: Temporal, arguments: Args) -> Value:
    return value.like(value.at.replace(tzinfo=zone_of(arguments[0])))


@TEMPORALS.method("toOffsetDateTime")
def to_offset(_run: Run, value: Temporal, _arguments: Args) -> Value:
    return Temporal("OffsetDateTime", _zoned(value, "toOffsetDateTime"))


@TEMPORALS.method("toZonedDateTime")
def to_zoned(_run: Run, value: Temporal, _arguments: Args) -> Value:
    return Temporal("ZonedDateTime", _zoned(value, "toZonedDateTime"))


@TEMPORALS.method("toDate")
def to_date(_run: Run, value: Temporal, _arguments: Args) -> Value:
    at = value.at if value.at.tzinfo else value.at.replace(tzinfo=UTC)
    return DateValue(milliseconds_of(at))


@TEMPORALS.method("getZone", "getOffset")
def get_zone(_run: Run, value: Temporal, _arguments: Args) -> Value:
    return ZoneValue(_zoned(value, "getZone").tzinfo or UTC)
