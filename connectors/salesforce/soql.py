"""Parts of SOQL. Whatever comes from an item, a rule or a person goes in as a literal made here.

https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_quotedstringescapes.htm
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

_ESCAPES = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f", '"': '\\"'}
_ID = re.compile(r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?")
_CHECKSUM = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


def select(columns: str, table: str, *conditions: str, order: str = "", limit: int | None = None) -> str:
    """A whole query; empty conditions are left out."""
    met = " AND ".join(one for one in conditions if one)
    parts = ["SELECT", columns, "FROM", table, *(["WHERE", met] if met else []), *(["ORDER BY", order] if order else [])]
    return " ".join([*parts, *(["LIMIT", str(limit)] if limit else [])])


def equal(column: str, value: str) -> str:
    return f"{column} = {text(value)}"


def text(value: str) -> str:
    """A quoted literal; nothing in `value` ends it."""
    return "'" + "".join(_ESCAPES.get(one, one) for one in value if one >= " " or one in _ESCAPES) + "'"


def among(column: str, values: Iterable[str]) -> str:
    return f"{column} IN {texts(values)}"


def texts(values: Iterable[str]) -> str:
    """The list that follows IN."""
    return "(" + ", ".join(text(one) for one in values) + ")"


def moment(value: datetime) -> str:
    """An unquoted time literal."""
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def is_id(value: str) -> bool:
    """Whether it has the form of a record id: 15 characters, or those with their three check characters."""
    return _ID.fullmatch(value) is not None and (len(value) == 15 or long_id(value[:15]) == value)


def long_id(value: str) -> str:
    """The id in its form of 18 characters, which tells upper from lower case by itself."""
    if len(value) != 15:
        return value
    return value + "".join(
        _CHECKSUM[sum(1 << place for place, one in enumerate(value[start : start + 5]) if "A" <= one <= "Z")] for start in (0, 5, 10)
    )
