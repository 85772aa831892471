"""Moments that JQL tells by functions such as `startOfDay(-1w)`.

https://support.atlassian.com/jira-software-cloud/docs/jql-functions/
"""

import re
from datetime import datetime, timedelta

from connectors.jira.fake_jql import JqlError, Operand

NATURAL = {"day": "d", "week": "w", "month": "M", "year": "y"}
_OFFSET = re.compile(r"([+-]?)(\d+)([yMwdhm]?)")
_FIXED = {"w": timedelta(weeks=1), "d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}


def moment(operand: Operand, now: datetime) -> datetime:
    """The moment, `now` being in the time zone of who asks; JqlError for another function or an offset that is none."""
    name, arguments = operand.text.lower(), operand.arguments or ()
    if name == "now":
        return now
    edge, unit = next(((edge, name.removeprefix(edge)) for edge in ("startof", "endof") if name.startswith(edge)), ("", ""))
    if unit not in NATURAL:
        raise JqlError(f"Unable to find JQL function '{operand.text}({', '.join(arguments)})'.")
    start = _start(now, unit)
    if edge == "endof":
        start = _shifted(start, 1, NATURAL[unit]) - timedelta(milliseconds=1)
    for one in arguments:
        match = _OFFSET.fullmatch(one)
        if match is None:
            raise JqlError(f"Duration for function '{operand.text}' should have the format (+/-)n(yMwdm), e.g -1M for 1 month earlier.")
        sign, number, given = match.groups()
        start = _shifted(start, -int(number) if sign == "-" else int(number), given or NATURAL[unit])
    return start


def _start(now: datetime, unit: str) -> datetime:
    """Weeks begin on Sunday."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    match unit:
        case "week":
            return midnight - timedelta(days=(midnight.weekday() + 1) % 7)
        case "month":
            return midnight.replace(day=1)
        case "year":
            return midnight.replace(month=1, day=1)
        case _:
            return midnight


def _shifted(at: datetime, number: int, unit: str) -> datetime:
    if unit in _FIXED:
        return at + number * _FIXED[unit]
    months = at.year * 12 + at.month - 1 + number * (12 if unit == "y" else 1)
    first = at.replace(year=months // 12, month=months % 12 + 1, day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return first.replace(day=min(at.day, (following - timedelta(days=1)).day))
