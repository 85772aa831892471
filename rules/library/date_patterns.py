"""Patterns such as `yyyy-MM-dd'T'HH:mm:ss.SSSZ`, for writing and reading, in both of Java's families.

SimpleDateFormat reads leniently (a number too large runs over into the next field) and takes `S` for milliseconds; DateTimeFormatter is
strict and takes it for a fraction.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

from rules.library.zones import abbreviation, offset_text, zone, zone_name
from rules.limits import PATTERN, Fault

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NUMERIC = {
    "y": "year", "u": "year", "d": "day", "H": "hour", "h": "hour12", "K": "hour12", "k": "hour24", "m": "minute", "s": "second",
    "D": "day_of_year",
}  # fmt: skip
_KNOWN = frozenset("yuMLdDEeHhKkmsSnazZXxVGQwWFY")


@dataclass(frozen=True, slots=True)
class Piece:
    """A letter and how often it stands there; or a text that stands for itself, with no letter."""

    letter: str
    count: int = 0
    text: str = ""


@lru_cache(maxsize=256)
def pieces_of(pattern: str, simple: bool) -> tuple[Piece, ...]:
    """The pattern's pieces; a Fault for a letter that means nothing."""
    if len(pattern) > PATTERN:
        raise Fault("the date pattern is too long", "IllegalArgumentException")
    found: list[Piece] = []
    at = 0
    while at < len(pattern):
        char = pattern[at]
        if char == "'":
            end = pattern.find("'", at + 1)
            if end < 0:
                raise Fault(f"the date pattern {pattern[:60]!r} has a quote that is never closed", "IllegalArgumentException")
            found.append(Piece("", 0, pattern[at + 1 : end] or "'"))
            at = end + 1
        elif char.isascii() and char.isalpha():
            end = at
            while end < len(pattern) and pattern[end] == char:
                end += 1
            if char not in _KNOWN or (char == "X" and simple and end - at > 3):
                raise Fault(f"the letter {char!r} has no meaning in a date pattern", "IllegalArgumentException")
            found.append(Piece(char, end - at))
            at = end
        elif char in "[]" and not simple:
            found.append(Piece(char))
            at += 1
        else:
            found.append(Piece("", 0, char))
            at += 1
    return tuple(found)


_FIELDS: dict[str, Callable[[datetime], int]] = {
    "y": lambda at: at.year, "u": lambda at: at.year, "Y": lambda at: at.isocalendar().year, "d": lambda at: at.day,
    "H": lambda at: at.hour, "h": lambda at: at.hour % 12 or 12, "K": lambda at: at.hour % 12, "k": lambda at: at.hour or 24,
    "m": lambda at: at.minute, "s": lambda at: at.second, "D": lambda at: at.timetuple().tm_yday, "Q": lambda at: (at.month + 2) // 3,
    "w": lambda at: at.isocalendar().week, "e": lambda at: at.isoweekday(), "n": lambda at: at.microsecond * 1000,
    "W": lambda at: (at.day + at.replace(day=1).isoweekday() - 2) // 7 + 1, "F": lambda at: (at.day - 1) // 7 + 1,
}  # fmt: skip


def write(at: datetime, pattern: str, *, simple: bool) -> str:
    """The moment as the pattern says."""
    return "".join(piece.text if not piece.letter else _written(at, piece, simple) for piece in pieces_of(pattern, simple))


def _written(at: datetime, piece: Piece, simple: bool) -> str:
    letter, count = piece.letter, piece.count
    if letter in "ML":
        return str(at.month).zfill(count) if count < 3 else MONTHS[at.month - 1][: None if count == 4 else 3]
    if letter == "E":
        return DAYS[at.weekday()][: None if count >= 4 else 3]
    if letter == "a":
        return "AM" if at.hour < 12 else "PM"
    if letter == "S":
        return str(at.microsecond // 1000).zfill(count) if simple else f"{at.microsecond:06}".ljust(count, "0")[:count]
    if letter == "G":
        return "AD"
    if letter in "[]":
        return ""
    if letter in "zZXxV":
        return _zone_text(at, letter, count)
    number = _FIELDS[letter](at)
    if letter in "yuY" and count == 2:
        return f"{number % 100:02}"
    return str(number).zfill(count)


def _zone_text(at: datetime, letter: str, count: int) -> str:
    size = at.utcoffset()
    if size is None:
        raise Fault("a date and time without a zone has no offset to write; use atZone() first", "DateTimeException")
    if letter == "z":
        return "Coordinated Universal Time" if count > 3 and at.tzinfo is UTC else abbreviation(at)
    if letter == "V":
        return zone_name(at.tzinfo or UTC)
    if letter == "X" and not size:
        return "Z"
    if letter == "Z":
        return offset_text(size, "") if count < 4 else f"GMT{offset_text(size, ':')}" if size or count == 4 else "Z"
    text = offset_text(size, ":" if count in (3, 5) else "")
    return text[:3] if count == 1 and text.endswith("00") else text


@dataclass(slots=True)
class Read:
    """What a text had under a pattern."""

    values: dict[str, int] = field(default_factory=dict[str, int])
    zone: tzinfo | None = None

    def moment(self, default: tzinfo | None, *, lenient: bool) -> datetime:
        """The moment; `lenient` lets numbers run over into the next field."""
        got = self.values
        hour = got.get("hour", got.get("hour24", 0) % 24)
        if "hour12" in got:
            hour = got["hour12"] % 12 + 12 * got.get("afternoon", 0)
        year, month, day = got.get("year", 1970), got.get("month", 1), got.get("day", 1)
        known = self.zone or default
        clock = {"minute": got.get("minute", 0), "second": got.get("second", 0), "microsecond": got.get("micros", 0)}
        try:
            if not lenient:
                return datetime(year, month, day, hour, **clock, tzinfo=known)  # type: ignore[arg-type]
            year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
            start = datetime(year, month, 1, tzinfo=known)
            days = got["day_of_year"] - 1 if "day_of_year" in got and "day" not in got else day - 1
            return start + timedelta(days, clock["second"], clock["microsecond"], 0, clock["minute"], hour)
        except (ValueError, OverflowError) as problem:
            raise Fault(f"this is no date: {problem}", "DateTimeParseException") from problem


def read(text: str, pattern: str, *, simple: bool) -> Read:
    """What the text has under the pattern; a Fault that says where they part."""
    found, at = Read(), 0
    pieces = pieces_of(pattern, simple)
    for index, piece in enumerate(pieces):
        following = pieces[index + 1].letter if index + 1 < len(pieces) else ""
        if piece.letter in "[]" and piece.letter:
            continue
        end = _taken(text, at, piece, found, simple=simple, adjacent=bool(following) and following in _NUMERIC)
        if end < 0:
            if _optional(pieces, index):
                break
            message = f"the text {text[:60]!r} is no date of the pattern {pattern[:60]!r}: it parts at character {at + 1}"
            raise Fault(message, "ParseException" if simple else "DateTimeParseException")
        at = end
    if at < len(text) and not simple:
        raise Fault(f"the text {text[:60]!r} goes on behind the pattern {pattern[:60]!r}", "DateTimeParseException")
    return found


def _optional(pieces: tuple[Piece, ...], index: int) -> bool:
    """True inside `[...]`."""
    depth = 0
    for piece in pieces[:index]:
        depth += (piece.letter == "[") - (piece.letter == "]")
    return depth > 0


def _taken(text: str, at: int, piece: Piece, found: Read, *, simple: bool, adjacent: bool) -> int:
    """Where reading goes on, -1 where the text does not fit."""
    letter, count = piece.letter, piece.count
    if not letter:
        return at + len(piece.text) if text.startswith(piece.text, at) else -1
    if letter in "ML" and count > 2:
        return _name(text, at, MONTHS, "month", found, short=count == 3)
    if letter == "E":
        return _name(text, at, DAYS, "weekday", found, short=count < 4)
    if letter == "a":
        return _name(text, at, ("AM", "PM"), "half", found, short=False)
    if letter in "zZXxV":
        return _read_zone(text, at, found)
    if letter == "G":
        return at + 2 if text[at : at + 2] in ("AD", "CE") else -1
    widest = count if adjacent or (not simple and count > 1 and letter not in "yu") or (letter in "Sn" and not simple) else 10
    if letter in "yu" and count == 2 and not simple:
        widest = 2
    digits = re.compile(rf"\d{{{count if not simple else 1},{max(widest, count)}}}").match(text, at)
    if digits is None or len(digits[0]) > 10:
        return -1
    _put(found, letter, count, digits[0], simple=simple)
    return digits.end()


def _put(found: Read, letter: str, count: int, digits: str, *, simple: bool) -> None:
    number = int(digits)
    if letter in "yu" and len(digits) <= 2 and count <= 2:
        number += 2000 if number < 80 or not simple else 1900
    if letter in "ML":
        found.values["month"] = number
    elif letter == "S":
        found.values["micros"] = number * 1000 if simple else int(digits.ljust(6, "0")[:6])
    elif letter in _NUMERIC:
        found.values[_NUMERIC[letter]] = number


def _name(text: str, at: int, names: tuple[str, ...], kind: str, found: Read, *, short: bool) -> int:
    for number, name in enumerate(names):
        for shown in (name[:3],) if short else (name, name[:3]):
            if text[at : at + len(shown)].lower() == shown.lower():
                found.values["afternoon" if kind == "half" else kind] = number + (kind == "month")
                return at + len(shown)
    return -1


_ZONE = re.compile(r"Z(?![A-Za-z])|[+-]\d{2}(?::?\d{2})?(?::?\d{2})?|(?:GMT|UTC)[+-]\d{1,2}(?::?\d{2})?|[A-Za-z]+(?:/[A-Za-z_+-]+)*")


def _read_zone(text: str, at: int, found: Read) -> int:
    match = _ZONE.match(text, at)
    if match is None:
        return -1
    try:
        found.zone = zone(match[0])
    except Fault:
        return -1
    return match.end()
