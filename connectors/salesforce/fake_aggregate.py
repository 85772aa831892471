"""Aggregate functions and groups of SOQL.

https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_agg_functions.htm
"""

from collections.abc import Callable, Mapping, Sequence

from pydantic import JsonValue

from connectors.salesforce.fake_call import Problem
from connectors.salesforce.fake_schema import Object
from connectors.salesforce.fake_soql import FUNCTIONS, Aggregate, Both, Comparison, Condition, Inverse, Query
from connectors.salesforce.fake_world import Stored

Values = Callable[[Stored, str], JsonValue]
_ATTRIBUTES: Object = {"type": "AggregateResult"}


def rows(wanted: Query, found: Sequence[Stored], value: Values) -> list[Object]:
    """One row for each group; `value` gives what a record has at the end of a path."""
    loose = [one for one in wanted.paths if one.casefold() not in {known.casefold() for known in wanted.groups}]
    if loose:
        raise Problem(400, "MALFORMED_QUERY", f"\nERROR at Row:1:Column:1\nField must be grouped or aggregated: {loose[0]}")
    groups: dict[tuple[str, ...], list[Stored]] = {} if wanted.groups else {(): [*found]}
    for one in found if wanted.groups else ():
        groups.setdefault(tuple(str(value(one, path)) for path in wanted.groups), []).append(one)
    kept = [several for several in groups.values() if wanted.having is None or _meets(wanted, wanted.having, several, value)]
    shown = [_row(wanted, several, value) for several in kept]
    for path, falls, _ in reversed(wanted.order):
        name = _ordered_by(wanted, path)
        shown.sort(key=lambda row, name=name: _sortable(row.get(name)), reverse=falls)
    end = None if wanted.limit is None else wanted.offset + wanted.limit
    return shown[wanted.offset : end]


def _row(wanted: Query, several: Sequence[Stored], value: Values) -> Object:
    row: Object = {"attributes": _ATTRIBUTES}
    for path in wanted.paths:
        row[path.rpartition(".")[2]] = value(several[0], path)
    for one in wanted.aggregates:
        row[one.alias] = _computed(one, [value(stored, one.path) if one.path else stored.id for stored in several])
    return row


def _meets(wanted: Query, condition: Condition, several: Sequence[Stored], value: Values) -> bool:
    """HAVING: of functions, and of what the groups have in common."""
    match condition:
        case Both():
            met = [_meets(wanted, one, several, value) for one in condition.parts]
            return any(met) if condition.any else all(met)
        case Inverse():
            return not _meets(wanted, condition.part, several, value)
        case Comparison():
            function, _, path = condition.path.rstrip(")").partition("(")
            if path and function not in FUNCTIONS:
                raise Problem(400, "MALFORMED_QUERY", f"unexpected token: '{function}'")
            held = _computed(Aggregate(function, path, ""), [value(one, path) for one in several]) if path else value(several[0], function)
            return _compares(held, condition)


def _compares(held: JsonValue, condition: Comparison) -> bool:
    wanted = [float(one.value) if one.kind == "number" else one.value.casefold() for one in condition.values]
    now = float(held) if isinstance(held, int | float) else str(held or "").casefold()
    if condition.operator in {"=", "IN", "!=", "NOT IN"}:
        return (now in wanted) == (condition.operator in {"=", "IN"})
    left, right = _sortable(now), _sortable(wanted[0])
    return {"<": left < right, ">": left > right, "<=": left <= right, ">=": left >= right}.get(condition.operator, False)


def _computed(one: Aggregate, values: Sequence[JsonValue]) -> JsonValue:
    """Empty values count for nothing."""
    full = [value for value in values if value is not None]
    numbers = [float(value) for value in full if isinstance(value, int | float)]
    known: Mapping[str, Callable[[], JsonValue]] = {
        "COUNT": lambda: len(full),
        "COUNT_DISTINCT": lambda: len({str(value) for value in full}),
        "SUM": lambda: sum(numbers) if numbers else None,
        "AVG": lambda: sum(numbers) / len(numbers) if numbers else None,
        "MIN": lambda: min(full, key=_sortable) if full else None,
        "MAX": lambda: max(full, key=_sortable) if full else None,
    }
    return known[one.function]()


def _ordered_by(wanted: Query, path: str) -> str:
    """The name in the row of what is ordered by: an alias, a function or a group."""
    function, _, inner = path.rstrip(")").partition("(")
    found = [one.alias for one in wanted.aggregates if path == one.alias or (one.function, one.path) == (function.upper(), inner)]
    return found[0] if found else path.rpartition(".")[2]


def _sortable(value: JsonValue) -> tuple[bool, float, str]:
    if isinstance(value, int | float):
        return True, float(value), ""
    return value is not None, 0.0, str(value)
