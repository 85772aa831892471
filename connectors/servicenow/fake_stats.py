"""The Aggregate API: https://www.servicenow.com/docs/r/api-reference/rest-apis/c_AggregateAPI.html."""

from collections.abc import Callable, Mapping, Sequence

from pydantic import JsonValue
from starlette.responses import Response

from connectors.servicenow.fake_call import Call, answered
from connectors.servicenow.fake_query import matching, walked
from connectors.servicenow.fake_render import Json, display_value
from connectors.servicenow.fake_world import Row

AGGREGATES: Mapping[str, Callable[[Sequence[float]], float]] = {
    "sum": sum,
    "avg": lambda several: sum(several) / len(several),
    "min": min,
    "max": max,
}
COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "=": lambda one, other: one == other,
    "!=": lambda one, other: one != other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
}

Found = list[tuple[str, Row]]


async def stats(call: Call) -> Response:
    """One object, or with `sysparm_group_by` one for each group."""
    found = matching(call.world, call.user, call.table, call.query(call.table))
    fields = _listed(call.asked("sysparm_group_by"))
    if not fields:
        return answered({"result": {"stats": _computed(call, found)}})
    groups: dict[tuple[str, ...], Found] = {}
    for table, row in found:
        key = tuple(walked(call.world, table, row, one)[1] for one in fields)
        groups.setdefault(key, []).append((table, row))
    kept = [key for key in sorted(groups) if all(_has(call, groups[key], one) for one in _listed(call.asked("sysparm_having")))]
    for term in reversed(_listed(call.asked("sysparm_order_by"))):
        _order(call, kept, groups, fields, term)
    shown: list[JsonValue] = [
        {"stats": _computed(call, groups[key]), "groupby_fields": [_value(call, groups[key][0], one) for one in fields]} for key in kept
    ]
    return answered({"result": shown})


def _computed(call: Call, found: Found) -> Json:
    computed: Json = {"count": str(len(found))} if call.is_set("sysparm_count") else {}
    for name in AGGREGATES:
        values: Json = {one: _aggregated(call, found, name, one) for one in _listed(call.asked(f"sysparm_{name}_fields"))}
        if values:
            computed[name] = values
    return computed


def _aggregated(call: Call, found: Found, name: str, field: str) -> str:
    """As text; the average with four decimals. Empty values count for nothing."""
    texts = [value for table, row in found if (value := walked(call.world, table, row, field)[1])]
    numbers = [float(one) for one in texts if _is_number(one)]
    if len(numbers) < len(texts) and name in {"min", "max"}:
        return min(texts) if name == "min" else max(texts)
    if not numbers:
        return ""
    value = AGGREGATES[name](numbers)
    return f"{value:.4f}" if name == "avg" else f"{value:g}"


def _has(call: Call, found: Found, term: str) -> bool:
    """`aggregate^field^operator^value`."""
    name, field, operator, wanted = (*term.split("^"), "", "", "", "")[:4]
    value = str(len(found)) if name.lower() == "count" else _aggregated(call, found, name.lower(), field)
    compare = COMPARISONS.get(operator)
    return compare is None or (_is_number(value) and _is_number(wanted) and compare(float(value), float(wanted)))


def _order(call: Call, keys: list[tuple[str, ...]], groups: Mapping[tuple[str, ...], Found], fields: list[str], term: str) -> None:
    """By a field of the groups, `COUNT`, or `AGGREGATE^field`; `^DESC` from the largest down."""
    parts = term.split("^")
    falls = parts[-1].upper() == "DESC"
    name, *field = parts[:-1] if falls else parts

    def rank(key: tuple[str, ...]) -> tuple[float, str]:
        if name.upper() == "COUNT":
            return float(len(groups[key])), ""
        if name.lower() in AGGREGATES and field:
            value = _aggregated(call, groups[key], name.lower(), field[0])
            return (float(value), "") if _is_number(value) else (0.0, value)
        return 0.0, key[fields.index(name)] if name in fields else ""

    keys.sort(key=rank, reverse=falls)


def _value(call: Call, first: tuple[str, Row], field: str) -> Json:
    table, row = first
    raw, text = walked(call.world, table, row, field)[1], display_value(call.world, call.user, table, row, field)
    match call.asked("sysparm_display_value"):
        case "true":
            return {"value": text, "field": field}
        case "all":
            return {"display_value": text, "value": raw, "field": field}
        case _:
            return {"value": raw, "field": field}


def _listed(text: str) -> list[str]:
    return [one.strip() for one in text.split(",") if one.strip()]


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdecimal()
