"""Between two dates, units, and the formats of DateTimeFormatter."""

from datetime import UTC, timedelta

from rules.library import date_patterns
from rules.library.durations import DAY, HOUR, LENGTHS, MICRO, MINUTE, MONTHS_IN, SECOND
from rules.library.temporal import FORMATTERS, TEMPORALS, UNITS, ZONES, Args, Formatter, Temporal, Unit, ZoneValue, temporal, zone_of
from rules.limits import Fault
from rules.state import Run
from rules.values import Value, text_of


@TEMPORALS.method("truncatedTo", takes=1)
def truncated_to(_run: Run, value: Temporal, arguments: Args) -> Value:
    unit = arguments[0]
    if isinstance(unit, Unit) and unit.name == "NANOS":
        return value
    length = LENGTHS.get(unit.name) if isinstance(unit, Unit) else None
    if length is None or length > DAY:
        raise Fault("truncatedTo() needs a unit up to DAYS", "UnsupportedTemporalTypeException")
    clock = value.at.hour * HOUR + value.at.minute * MINUTE + value.at.second * SECOND + value.at.microsecond * MICRO
    return value.like(value.at - clock % length)


def between(left: Temporal, right: Temporal, unit: str) -> int:
    """How many whole units lie between."""
    first, second = left.at, right.at
    if (first.tzinfo is None) is not (second.tzinfo is None):
        raise Fault("one of the two has a zone and the other has none", "DateTimeException")
    if unit in MONTHS_IN:
        second = second.astimezone(first.tzinfo) if first.tzinfo else second
        months = (second.year - first.year) * 12 + second.month - first.month
        rest = second.replace(year=2000, month=1) - first.replace(year=2000, month=1)
        months += (rest < timedelta()) * (months > 0) * -1 + (rest > timedelta()) * (months < 0)
        return int(months / MONTHS_IN[unit])
    length = second - first
    found = abs(length) // MICRO * 1000 if unit == "NANOS" else abs(length) // LENGTHS[unit]
    return -found if length < timedelta() else found


@TEMPORALS.method("until", takes=2)
def until(_run: Run, value: Temporal, arguments: Args) -> Value:
    return unit_between(_run, _unit(arguments[1]), [value, arguments[0]])


def _unit(value: Value) -> Unit:
    if isinstance(value, Unit):
        return value
    raise Fault("a ChronoUnit is needed here, such as ChronoUnit.DAYS", "MissingMethodException")


@UNITS.method("between", takes=2)
def unit_between(_run: Run, value: Unit, arguments: Args) -> Value:
    return between(temporal(arguments[0]), temporal(arguments[1]), value.name)


@TEMPORALS.method("format", takes=1)
def format_temporal(_run: Run, value: Temporal, arguments: Args) -> Value:
    given = arguments[0]
    return formatted(given if isinstance(given, Formatter) else Formatter(text_of(given)), value)


def formatted(formatter: Formatter, value: Temporal) -> str:
    at = value.at
    if formatter.of is not None and at.tzinfo is not None:
        at = at.astimezone(formatter.of)
    if value.of == "Instant" and formatter.of is None and not formatter.fixed:
        raise Fault("an Instant has no calendar; use atZone() first, or the formatter's withZone()", "UnsupportedTemporalTypeException")
    if formatter.fixed == "ISO_INSTANT":
        return Temporal("Instant", at.astimezone(UTC)).text()
    if not formatter.fixed:
        _has_fields(formatter, value)
        return date_patterns.write(at, formatter.pattern, simple=False)
    shown = Temporal(_ISO.get(formatter.fixed, value.of), at)
    if formatter.fixed in ("ISO_DATE_TIME", "ISO_OFFSET_DATE_TIME", "ISO_LOCAL_DATE_TIME", "ISO_ZONED_DATE_TIME") and not at.second:
        return shown.text().replace(f"T{at:%H:%M}", f"T{at:%H:%M}:00", 1) if not at.microsecond else shown.text()
    return date_patterns.write(at, "yyyyMMdd", simple=False) if formatter.fixed == "BASIC_ISO_DATE" else shown.text()


_ISO = {
    "ISO_LOCAL_DATE": "LocalDate", "ISO_DATE": "LocalDate", "ISO_LOCAL_TIME": "LocalTime", "ISO_LOCAL_DATE_TIME": "LocalDateTime",
    "ISO_OFFSET_DATE_TIME": "OffsetDateTime",
}  # fmt: skip


def _has_fields(formatter: Formatter, value: Temporal) -> None:
    letters = {one.letter for one in date_patterns.pieces_of(formatter.pattern, False)}
    missing = letters & set("HhKkmsSna") if value.of == "LocalDate" else letters & set("yuMLdDE") if value.of == "LocalTime" else set[str]()
    if missing:
        raise Fault(f"{value.of} has nothing for the letter {min(missing)!r}", "UnsupportedTemporalTypeException")


@FORMATTERS.method("format", takes=1)
def formatter_format(_run: Run, value: Formatter, arguments: Args) -> Value:
    return formatted(value, temporal(arguments[0]))


@FORMATTERS.method("withZone", takes=1)
def with_zone(_run: Run, value: Formatter, arguments: Args) -> Value:
    return Formatter(value.pattern, zone_of(arguments[0]), value.fixed)


@FORMATTERS.method("withLocale", takes=1)
def with_locale(_run: Run, value: Formatter, _arguments: Args) -> Value:
    return value


@ZONES.method("getId", "getID", "getDisplayName", most=2)
def zone_id(_run: Run, value: ZoneValue, _arguments: Args) -> Value:
    return value.name


@ZONES.method("toZoneId")
def to_zone_id(_run: Run, value: ZoneValue, _arguments: Args) -> Value:
    return value


@ZONES.method("normalized")
def normalized(_run: Run, value: ZoneValue, _arguments: Args) -> Value:
    return ZoneValue(UTC) if value.name in ("UTC", "GMT", "Z") else value
