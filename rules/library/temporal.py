"""The values of java.time: dates, times, and points in time with and without a zone."""

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import ClassVar

from rules.library import date_patterns
from rules.library.dates import ZoneHost
from rules.library.numbers import Constant
from rules.library.table import Method, Table
from rules.library.zones import zone, zone_name
from rules.limits import Fault
from rules.state import Run
from rules.values import Host, Value, kind_of, text_of

TEMPORALS: Table["Temporal"] = Table("a date or time")
UNITS: Table["Unit"] = Table("ChronoUnit")
ZONES: Table["ZoneValue"] = Table("ZoneId")
FORMATTERS: Table["Formatter"] = Table("DateTimeFormatter")
Args = list[Value]
NAIVE = datetime(1970, 1, 1)  # noqa: DTZ001  a date without a zone is meant
MONTH_NAMES = [Constant(one.upper(), "Month") for one in date_patterns.MONTHS]
DAY_NAMES = [Constant(one.upper(), "DayOfWeek") for one in date_patterns.DAYS]
WITH_ZONE = ("ZonedDateTime", "OffsetDateTime", "Instant")


class Temporal(Host):
    """`of` is the class it stands for; `at` has a zone for those that have one."""

    kind = "a date or time"
    methods: ClassVar[Mapping[str, Method]] = TEMPORALS

    def __init__(self, of: str, at: datetime) -> None:
        self.of = of
        self.at = at

    def read(self, run: Run, name: str) -> Value:
        for prefix in ("get", "is"):
            getter = TEMPORALS.get(f"{prefix}{name[:1].upper()}{name[1:]}")
            if getter and getter.least == 0:
                return getter.call(run, self, [])
        return super().read(run, name)

    def is_a(self, name: str) -> bool:
        return name in ("Object", "Temporal", "TemporalAccessor", "Comparable", self.of)

    def like(self, at: datetime) -> "Temporal":
        return Temporal(self.of, at)

    def equals(self, other: Value) -> bool:
        return isinstance(other, Temporal) and other.of == self.of and other.at == self.at and other.at.utcoffset() == self.at.utcoffset()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Temporal) and self.equals(other)

    def __hash__(self) -> int:
        return hash((self.of, self.at))

    def order(self, other: Value) -> int:
        if not isinstance(other, Temporal) or (other.at.tzinfo is None) is not (self.at.tzinfo is None):
            return super().order(other)
        return (self.at > other.at) - (self.at < other.at)

    def travels_as_text(self) -> bool:
        return True

    def text(self) -> str:
        if self.of == "LocalDate":
            return date_patterns.write(self.at, "yyyy-MM-dd", simple=False)
        clock = date_patterns.write(self.at, "HH:mm", simple=False)
        if self.at.second or self.at.microsecond or self.of == "Instant":
            clock += f":{self.at.second:02}"
        if self.at.microsecond:
            clock += f".{self.at.microsecond:06}" if self.at.microsecond % 1000 else f".{self.at.microsecond // 1000:03}"
        if self.of == "LocalTime":
            return clock
        shown = f"{date_patterns.write(self.at, 'yyyy-MM-dd', simple=False)}T{clock}"
        if self.of not in WITH_ZONE:
            return shown
        shown += date_patterns.write(self.at, "XXX", simple=False)
        name = zone_name(self.at.tzinfo or UTC)
        return f"{shown}[{name}]" if self.of == "ZonedDateTime" and name[:1].isalpha() and name != "Z" else shown


class Unit(Host):
    kind = "ChronoUnit"
    methods: ClassVar[Mapping[str, Method]] = UNITS

    def __init__(self, name: str) -> None:
        self.name = name

    def text(self) -> str:
        return self.name.capitalize()


class ZoneValue(ZoneHost):
    kind = "ZoneId"
    methods: ClassVar[Mapping[str, Method]] = ZONES
    types = frozenset({"ZoneOffset", "TimeZone"})

    def __init__(self, of: tzinfo, name: str = "") -> None:
        self.of = of
        self.name = name or zone_name(of)

    def zone(self) -> tzinfo:
        return self.of

    def equals(self, other: Value) -> bool:
        return isinstance(other, ZoneValue) and other.name == self.name

    def read(self, run: Run, name: str) -> Value:
        return self.name if name in ("id", "ID", "displayName") else super().read(run, name)

    def travels_as_text(self) -> bool:
        return True

    def text(self) -> str:
        return self.name


class Formatter(Host):
    """`pattern`, or one of the fixed formats by its name."""

    kind = "DateTimeFormatter"
    methods: ClassVar[Mapping[str, Method]] = FORMATTERS

    def __init__(self, pattern: str, of: tzinfo | None = None, fixed: str = "") -> None:
        self.pattern = pattern
        self.of = of
        self.fixed = fixed

    def text(self) -> str:
        return self.fixed or self.pattern


def zone_of(value: Value) -> tzinfo:
    if isinstance(value, ZoneHost):
        return value.zone()
    return zone(text_of(value))


def temporal(value: Value) -> Temporal:
    if isinstance(value, Temporal):
        return value
    raise Fault(
        f"a date or time is needed here, not {kind_of(value)}", "NullPointerException" if value is None else "MissingMethodException"
    )
