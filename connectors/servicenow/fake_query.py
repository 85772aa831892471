"""Encoded queries as the instance reads them.

https://www.servicenow.com/docs/r/platform-user-interface/c_EncodedQueryStrings.html: `^` is and, `^OR` or with the
condition before it, `^NQ` a new query. A condition on a field that does not exist is left aside, so that more rows are found
than were meant.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from connectors.servicenow import fake_schema as schema
from connectors.servicenow.fake_world import Row, User, World, stamp

OPERATORS = (
    "ISNOTEMPTY", "ISEMPTY", "EMPTYSTRING", "ANYTHING", "NOT LIKE", "NOT IN", "STARTSWITH", "ENDSWITH", "CONTAINS", "DOES NOT CONTAIN",
    "BETWEEN", "LIKE", "SAMEAS", "NSAMEAS", "INSTANCEOF", "IN", ">=", "<=", "!=", "=", ">", "<",
)  # fmt: skip
_CONDITION = re.compile(rf"([a-z_][a-z0-9_.]*)({'|'.join(map(re.escape, OPERATORS))})(.*)", re.DOTALL)
_ORDER = re.compile(r"ORDERBY(DESC)?([a-z_][a-z0-9_.]*)")
_DATE_GENERATE = re.compile(r"javascript:\s*gs\.dateGenerate\('([\d-]+)',\s*'([\d:]+)'\)")
_USER_ID = re.compile(r"javascript:\s*gs\.getUserID\(\)")


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
    """A value as the instance takes it: times are in the caller's own zone. Of scripts the fake knows two."""
    if _USER_ID.fullmatch(value):
        return user.sys_id
    if value.startswith("javascript:") and not _DATE_GENERATE.fullmatch(value):
        raise BadQuery(value)
    if kind not in {"glide_date_time", "due_date"}:
        return value
    if found := _DATE_GENERATE.fullmatch(value):
        value = f"{found[1]} {found[2]}"
    return "@".join(_in_utc(one, user) for one in value.split("@"))


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
        "SAMEAS": lambda: have == want,
        "!=": lambda: have != want,
        "NSAMEAS": lambda: have != want,
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
        ">=": lambda: bool(value) and _sortable(kind, have) >= _sortable(kind, want),
        "<=": lambda: bool(value) and _sortable(kind, have) <= _sortable(kind, want),
        ">": lambda: bool(value) and _sortable(kind, have) > _sortable(kind, want),
        "<": lambda: bool(value) and _sortable(kind, have) < _sortable(kind, want),
    }
    return words[operator]()


def _sortable(kind: str, value: str) -> tuple[float, str]:
    if kind not in {"integer", "decimal"}:
        return 0.0, value.casefold()
    try:
        return float(value or "-inf"), ""
    except ValueError:
        return 0.0, value


def _listed(text: str) -> Iterable[str]:
    return [one.strip() for one in text.split(",")]
