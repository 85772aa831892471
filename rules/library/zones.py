"""Time zones: UTC, fixed offsets, and the IANA names."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rules.limits import Fault

_NAME = re.compile(r"[A-Za-z]+(?:[/_+-][A-Za-z0-9_+-]+)*")
_OFFSET = re.compile(r"(?:(?:GMT|UTC|UT)(?=[+-]))?([+-])(\d{1,2})(?::?(\d{2}))?(?::?(\d{2}))?")
_SHORT = {
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3,
    "BST": 1, "WET": 0, "WEST": 1, "IST": 5.5, "JST": 9,
}  # fmt: skip


@lru_cache(maxsize=256)
def zone(name: str) -> tzinfo:
    """The zone; a Fault for an unknown name."""
    if name == "Z":
        return UTC
    if found := _OFFSET.fullmatch(name):
        size = timedelta(hours=int(found[2]), minutes=int(found[3] or 0), seconds=int(found[4] or 0))
        if size < timedelta(hours=24):
            return timezone(-size if found[1] == "-" else size)
    elif _NAME.fullmatch(name):
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            if name in _SHORT:
                return timezone(timedelta(hours=_SHORT[name]), name)
    raise Fault(
        f"there is no time zone {name[:60]!r}; write a name such as Europe/Brussels, or an offset such as +02:00", "ZoneRulesException"
    )


def zone_name(one: tzinfo) -> str:
    """As ZoneId writes it: `Z`, `+02:00`, `Europe/Brussels`."""
    if isinstance(one, ZoneInfo):
        return one.key
    size = one.utcoffset(None)
    return "Z" if not size else offset_text(size, ":")


def offset_text(size: timedelta, separator: str) -> str:
    sign, seconds = ("-", -size.total_seconds()) if size < timedelta() else ("+", size.total_seconds())
    minutes = int(seconds) // 60
    text = f"{sign}{minutes // 60:02}{separator}{minutes % 60:02}"
    return f"{text}{separator}{int(seconds) % 60:02}" if int(seconds) % 60 else text


def abbreviation(at: datetime) -> str:
    """`UTC`, `CET`, `GMT+02:00`: what `z` writes."""
    if at.tzinfo is UTC:
        return "UTC"
    if isinstance(at.tzinfo, ZoneInfo):
        name = at.tzname() or ""
        return name if name[:1].isalpha() else at.tzinfo.key
    return f"GMT{offset_text(at.utcoffset() or timedelta(), ':')}"
