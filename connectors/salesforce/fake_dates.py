"""Date literals of SOQL, in UTC and with weeks that begin on Sunday.

https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_dateformats.htm
"""

import re
from datetime import UTC, datetime, timedelta

Span = tuple[datetime, datetime]
UNITS = ("DAY", "WEEK", "MONTH", "QUARTER", "YEAR")
_SINGLE = re.compile(r"(THIS|LAST|NEXT)_(WEEK|MONTH|QUARTER|YEAR)")
_SEVERAL = re.compile(r"(LAST|NEXT)_N_(DAY|WEEK|MONTH|QUARTER|YEAR)S:(\d+)")
_AGO = re.compile(r"N_(DAY|WEEK|MONTH|QUARTER|YEAR)S_AGO:(\d+)")
_DAYS = {"TODAY": 0, "YESTERDAY": -1, "TOMORROW": 1}


def span(text: str) -> Span | None:
    """From the first moment to the first one after it; None for what is no date literal."""
    name = {"LAST_90_DAYS": "LAST_N_DAYS:90", "NEXT_90_DAYS": "NEXT_N_DAYS:90"}.get(text.upper(), text.upper())
    if name in _DAYS:
        return _at("DAY", _DAYS[name]), _at("DAY", _DAYS[name] + 1)
    if found := _SINGLE.fullmatch(name):
        place = {"LAST": -1, "THIS": 0, "NEXT": 1}[found[1]]
        return _at(found[2], place), _at(found[2], place + 1)
    if found := _SEVERAL.fullmatch(name):
        unit, number = found[2], int(found[3])
        # Days include today, longer units leave out the one that is under way.
        end = 1 if unit == "DAY" else 0
        return (_at(unit, -number), _at(unit, end)) if found[1] == "LAST" else (_at(unit, 1), _at(unit, number + 1))
    if found := _AGO.fullmatch(name):
        return _at(found[1], -int(found[2])), _at(found[1], 1 - int(found[2]))
    return None


def _at(unit: str, away: int) -> datetime:
    """The beginning of a unit that is so many away from this one."""
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    if unit == "DAY":
        return today + timedelta(days=away)
    if unit == "WEEK":
        return today - timedelta(days=today.isoweekday() % 7) + timedelta(weeks=away)
    length = {"MONTH": 1, "QUARTER": 3, "YEAR": 12}[unit]
    months = ((today.year * 12 + today.month - 1) // length + away) * length
    return today.replace(year=months // 12, month=months % 12 + 1, day=1)
