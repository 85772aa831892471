"""Encoded queries as the instance reads them.

https://www.servicenow.com/docs/r/platform-user-interface/c_EncodedQueryStrings.html: `^` is and, `^OR` or with the
condition before it, `^NQ` a new query. A condition on a field that does not exist is left aside, so that more rows are found
than were meant.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from connectors.servicenow import fake_schema as schema
from connectors.servicenow.fake_world import Row, User, World, stamp

OPERATORS = (
    "ISNOTEMPTY", "ISEMPTY", "EMPTYSTRING", "ANYTHING", "NOT LIKE", "NOT IN", "STARTSWITH", "ENDSWITH", "CONTAINS", "DOES NOT CONTAIN",
    "BETWEEN", "LIKE", "SAMEAS", "NSAMEAS", "INSTANCEOF", "IN", "NOTON", "ON", "RELATIVEGT", "RELATIVEGE", "RELATIVELT", "RELATIVELE",
    ">=", "<=", "!=", "=", ">", "<",
)  # fmt: skip
_CONDITION = re.compile(rf"([a-z_][a-z0-9_.]*)({'|'.join(map(re.escape, OPERATORS))})(.*)", re.DOTALL)
_ORDER = re.compile(r"ORDERBY(DESC)?([a-z_][a-z0-9_.]*)")
_DATE_GENERATE = re.compile(r"javascript:\s*gs\.dateGenerate\('([\d-]+)',\s*'([\d:]+)'\)")
_SCRIPT = re.compile(r"javascript:\s*gs\.(\w+)\((-?\d*)\);?")
_AGO = re.compile(r"(days|hours|minutes)Ago(Start|End)?")
_RELATIVE = re.compile(r"@?(minute|hour|dayofweek|week|month|year)@(ago|ahead)@(\d+)")
_SECONDS = {"minute": 60, "hour": 3600, "dayofweek": 86400, "week": 604800, "month": 2592000, "year": 31536000}


class BadQuery(Exception):
    """400."""


@dataclass(frozen=True)
class Condition:
    path: str
    operator: str
    value: str


@dataclass(frozen=True)
class Query:
    """Alternatives of conjunctions of alternatives; an empty one matches all. `order` are paths, each with whether it descends."""

    parts: tuple[tuple[tuple[Condition, ...], ...], ...]
    order: tuple[tuple[str, bool], ...]
    has_invalid: bool


def parse(world: World, user: User, table: str, text: str) -> Query:
    parts: list[list[list[Condition]]] = [[]]
    order: list[tuple[str, bool]] = []
    has_invalid = False
    for term in text.split("^"):
        if found := _ORDER.fullmatch(term):
            order.append((found[2], found[1] is not None))
            continue
        if term in {"", "EQ"}:
            continue
        is_or = term.startswith("OR")
        if term.startswith("NQ"):
            parts.append([])
        condition = _CONDITION.fullmatch(term[2:] if is_or or term.startswith("NQ") else term)
        if condition is None or not _exists(table, condition[1]) or (condition[1] in world.seed.unqueryable and not user.is_admin):
            has_invalid = True
            continue
        made = Condition(condition[1], condition[2], condition[3])
        if is_or and parts[-1]:
            parts[-1][-1].append(made)
        else:
            parts[-1].append([made])
    return Query(tuple(tuple(tuple(group) for group in part) for part in parts), tuple(order), has_invalid)


def matching(world: World, user: User, table: str, text: str, lag: float = 0.0) -> list[tuple[str, Row]]:
    """All rows that match, in order, whoever may see them."""
    query = parse(world, user, table, text)
    if query.has_invalid and world.seed.invalid_query_returns_no_rows:
        return []

    def is_met(own: str, row: Row, condition: Condition) -> bool:
        kind, value = walked(world, own, row, condition.path)
        if condition.operator in {"SAMEAS", "NSAMEAS"}:
            return (value == walked(world, own, row, condition.value)[1]) == (condition.operator == "SAMEAS")
        return _holds(kind, value, condition.operator, _meant(kind, condition.value, user))

    found = [
        (own, row)
        for own, row in world.rows(table, lag)
        if any(all(any(is_met(own, row, one) for one in group) for group in part) for part in query.parts)
    ]
    found.sort(key=lambda one: one[1]["sys_id"])
    for path, descends in reversed(query.order):
        found.sort(key=lambda one, path=path: _sortable(*walked(world, one[0], one[1], path)), reverse=descends)
    return found


def named_filters(world: World, table: str, pairs: Mapping[str, str]) -> str:
    """Pairs of field and value as an encoded query; choices and references may be called by what people see."""
    columns = schema.columns_of(table)
    terms: list[str] = []
    for name, value in pairs.items():
        if name not in columns:
            continue
        values = {label: key for key, label in schema.choices_of(table, name).items()}
        referred = world.referenced(columns[name].reference, value) if columns[name].type == "reference" else ""
        terms.append(f"{name}={referred or values.get(value, value)}")
    return "^".join(terms)


def walked(world: World, table: str, row: Row, path: str) -> tuple[str, str]:
    """Type and value at the end of a dotted path; empty where the way ends before."""
    head, _, rest = path.partition(".")
    column = schema.columns_of(table).get(head)
    if column is None:
        return "", ""
    if not rest:
        return column.type, row[head]
    found = world.row(column.reference, row[head]) if column.reference else None
    return walked(world, found[0], found[1], rest) if found else ("", "")


def _exists(table: str, path: str) -> bool:
    head, _, rest = path.partition(".")
    column = schema.columns_of(table).get(head)
    return column is not None and (not rest or _exists(column.reference, rest))


def _meant(kind: str, value: str, user: User) -> str:
    """A value as the instance takes it: times are in the caller's own zone."""
    if found := _RELATIVE.fullmatch(value):
        seconds = int(found[3]) * _SECONDS[found[1]]
        return stamp(datetime.now(UTC) + timedelta(seconds=seconds if found[2] == "ahead" else -seconds))
    return "@".join(_one_meant(kind, one, user) for one in value.split("@"))


def _one_meant(kind: str, value: str, user: User) -> str:
    if found := _DATE_GENERATE.fullmatch(value):
        return _in_utc(f"{found[1]} {found[2]}", user)
    if value.startswith("javascript:"):
        return _scripted(value, user)
    return _in_utc(value, user) if kind in {"glide_date_time", "due_date"} else value


def _scripted(value: str, user: User) -> str:
    """What `gs` says: who calls, or a moment; 400 for what the fake does not know."""
    found = _SCRIPT.fullmatch(value)
    if found is None:
        raise BadQuery(value)
    name, number, now = found[1], int(found[2] or 0), datetime.now(ZoneInfo(user.seed.time_zone))
    if name in {"getUserID", "getUserName"}:
        return user.sys_id if name == "getUserID" else user.seed.user_name
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    day = timedelta(days=1)
    moments = {"now": now, "nowDateTime": now, "beginningOfToday": midnight, "endOfToday": midnight + day - timedelta(seconds=1)}
    moments |= {"beginningOfYesterday": midnight - day, "endOfYesterday": midnight - timedelta(seconds=1)}
    moments |= {"beginningOfThisWeek": midnight - now.weekday() * day, "beginningOfThisMonth": midnight.replace(day=1)}
    if name in moments:
        return stamp(moments[name])
    ago = _AGO.fullmatch(name)
    if ago is None:
        raise BadQuery(value)
    moment = now - timedelta(**{ago[1]: number})
    if not ago[2]:
        return stamp(moment)
    start = moment.replace(second=0, microsecond=0)
    start = start if ago[1] == "minutes" else start.replace(minute=0)
    start = start.replace(hour=0) if ago[1] == "days" else start
    return stamp(start if ago[2] == "Start" else start + timedelta(**{ago[1]: 1}) - timedelta(seconds=1))


def _in_utc(text: str, user: User) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return stamp(moment.replace(tzinfo=ZoneInfo(user.seed.time_zone)).astimezone(UTC))


def _holds(kind: str, value: str, operator: str, wanted: str) -> bool:
    have, want = value.casefold(), wanted.casefold()
    words: dict[str, Callable[[], bool]] = {
        "ISEMPTY": lambda: not value,
        "EMPTYSTRING": lambda: not value,
        "ISNOTEMPTY": lambda: bool(value),
        "ANYTHING": lambda: True,
        "=": lambda: have == want,
        "!=": lambda: have != want,
        "IN": lambda: have in _listed(want),
        "NOT IN": lambda: have not in _listed(want),
        "LIKE": lambda: want in have,
        "CONTAINS": lambda: want in have,
        "NOT LIKE": lambda: want not in have,
        "DOES NOT CONTAIN": lambda: want not in have,
        "STARTSWITH": lambda: have.startswith(want),
        "ENDSWITH": lambda: have.endswith(want),
        "INSTANCEOF": lambda: wanted in schema.lineage(value),
        "BETWEEN": lambda: want.partition("@")[0] <= have <= want.partition("@")[2],
        "ON": lambda: _within(have, want),
        "NOTON": lambda: not _within(have, want),
        "RELATIVEGT": lambda: bool(value) and have > want,
        "RELATIVEGE": lambda: bool(value) and have >= want,
        "RELATIVELT": lambda: bool(value) and have < want,
        "RELATIVELE": lambda: bool(value) and have <= want,
        ">=": lambda: bool(value) and _sortable(kind, have) >= _sortable(kind, want),
        "<=": lambda: bool(value) and _sortable(kind, have) <= _sortable(kind, want),
        ">": lambda: bool(value) and _sortable(kind, have) > _sortable(kind, want),
        "<": lambda: bool(value) and _sortable(kind, have) < _sortable(kind, want),
    }
    return words[operator]()


def _within(have: str, want: str) -> bool:
    """`Today@start@end`, as the condition builder writes it, or a day."""
    parts = want.split("@")
    return parts[1] <= have <= parts[2] if len(parts) == 3 else bool(have) and have[:10] == want[:10]


def _sortable(kind: str, value: str) -> tuple[float, str]:
    if kind not in {"integer", "decimal"}:
        return 0.0, value.casefold()
    try:
        return float(value or "-inf"), ""
    except ValueError:
        return 0.0, value


def _listed(text: str) -> Iterable[str]:
    return [one.strip() for one in text.split(",")]
