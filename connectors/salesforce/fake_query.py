"""What SOQL finds in the fake org, and how records are shown."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from pydantic import JsonValue

from connectors.salesforce.fake_aggregate import rows
from connectors.salesforce.fake_call import Call, Problem, Reply, not_found
from connectors.salesforce.fake_dates import Span, span
from connectors.salesforce.fake_schema import LINK, Column, Object, Table, child_of
from connectors.salesforce.fake_soql import Both, Comparison, Condition, Inverse, Literal, Malformed, Query, parse
from connectors.salesforce.fake_world import Stored, World, checked

TEXTS = frozenset({"string", "textarea", "picklist", "multipicklist", "email", "url", "phone", "id", "reference"})
COMMON: dict[str, Column] = {
    "Name": Column("Name", "Name"),
    "Email": Column("Email", "Email", "email"),
    "Username": Column("Username", "Username"),
    "Type": Column("Type", "Type"),
}
"""What references to several objects have in common.

https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_name.htm
"""


async def query(call: Call) -> Reply:
    """`/query` and `/queryAll`, and their further pages."""
    resource, *further = call.path
    if further:
        return _further(call, further[0])
    soql = call.query.get("q") or call.query.get("explain", "")
    try:
        wanted = parse(soql)
    except Malformed as error:
        raise Problem(400, "MALFORMED_QUERY", f"\n{soql}\n^\nERROR at Row:1:Column:1\n{error}") from None
    deleted = resource.casefold() == "queryall"
    whole = _table(call.world, wanted.table)
    if "explain" in call.query:
        return _plan(call, wanted, whole, soql)
    if wanted.every:
        wanted.paths += _every(call.world, whole, wanted)
    if wanted.aggregates or wanted.groups:
        bare = replace(wanted, order=[], limit=None, offset=0)
        return _page(call, rows(wanted, found_rows(call.world, bare, deleted=deleted), partial(_value, call.world)), 0, _batch(call))
    found = found_rows(call.world, wanted, deleted=deleted)
    if wanted.count:
        return Reply(200, {"totalSize": len(found), "done": True, "records": []})
    shown = [{**selected(call, one, whole, wanted.paths), **_children(call, one, wanted)} for one in found]
    return _page(call, shown, 0, _batch(call))


def _plan(call: Call, wanted: Query, whole: Table, soql: str) -> Reply:
    """https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_query_explain.htm: here all tables are scanned."""
    number = len(found_rows(call.world, wanted))
    cost: Object = {
        "cardinality": number,
        "relativeCost": 0.5,
        "sobjectCardinality": len(call.world.rows(whole)),
        "sobjectType": whole.name,
    }
    plan: Object = {**cost, "fields": [], "leadingOperationType": "TableScan", "notes": []}
    return Reply(200, {"plans": [plan], "sourceQuery": soql})


def _every(world: World, whole: Table, wanted: Query) -> list[str]:
    """https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_fields.htm"""
    if wanted.every != "STANDARD" and not 0 < (wanted.limit or 0) <= 200:
        raise Problem(400, "MALFORMED_QUERY", "The SOQL FIELDS function must have a LIMIT of at most 200")
    kinds = {"ALL": {True, False}, "STANDARD": {False}, "CUSTOM": {True}}[wanted.every]
    return [one.name for one in world.columns(whole) if one.custom in kinds and one.name not in wanted.paths]


def _children(call: Call, stored: Stored, wanted: Query) -> Object:
    """Null for a relationship without records."""
    found: Object = {}
    for one in wanted.children:
        relation = child_of(stored.table, one.table)
        if relation is None:
            raise _no_column(f"Didn't understand relationship '{one.table}' in FROM part of query call.")
        own = Comparison(relation.field, "=", (Literal("text", stored.id),))
        inner = replace(one, table=relation.table, where=Both((own, one.where)) if one.where else own)
        whole = _table(call.world, relation.table)
        shown: list[JsonValue] = [selected(call, row, whole, one.paths) for row in found_rows(call.world, inner)]
        found[relation.name] = {"totalSize": len(shown), "done": True, "records": shown} if shown else None
    return found


def found_rows(world: World, wanted: Query, *, deleted: bool = False) -> list[Stored]:
    whole = _table(world, wanted.table)
    for path in (*wanted.paths, *wanted.groups, *(one.path for one in wanted.aggregates if one.path)):
        _resolved(world, whole, path)
    if wanted.where is not None:
        _require_sound(world, whole, wanted.where)
    if whole is LINK and not _is_allowed(wanted.where):
        raise Problem(
            400,
            "MALFORMED_QUERY",
            "Implementation restriction: ContentDocumentLink requires a filter by a single Id on ContentDocumentId or LinkedEntityId using "
            "the equals operator or multiple Id's using the IN operator.",
        )
    found = [one for one in world.rows(whole, deleted=deleted) if wanted.where is None or _meets(world, one, wanted.where)]
    for path, falling, last in reversed(wanted.order):
        _resolved(world, whole, path)
        found.sort(key=lambda one: _sortable(_value(world, one, path)), reverse=falling)
        empty = [one for one in found if _value(world, one, path) is None]
        full = [one for one in found if _value(world, one, path) is not None]
        found = full + empty if last else empty + full
    end = None if wanted.limit is None else wanted.offset + wanted.limit
    return found[wanted.offset : end]


def shown_row(call: Call, stored: Stored, names: Sequence[str] = ()) -> Object:
    """A record as its own address shows it: all fields, or those named."""
    attributes: JsonValue = {"type": stored.table.name, "url": f"{call.base}/sobjects/{stored.table.name}/{stored.id}"}
    columns = [one for one in call.world.columns(stored.table) if not names or one.name.casefold() in {n.casefold() for n in names}]
    return {"attributes": attributes, **{one.name: _shown(call, stored, one) for one in columns}}


def _shown(call: Call, stored: Stored, column: Column) -> JsonValue:
    if column.type == "base64":
        return f"{call.base}/sobjects/{stored.table.name}/{stored.id}/{column.name}"
    return stored.values.get(column.name)


def selected(call: Call, stored: Stored, whole: Table, paths: Sequence[str]) -> Object:
    """What a query shows of a record: the fields at the ends of `paths`."""
    row: Object = {"attributes": {"type": whole.name, "url": f"{call.base}/sobjects/{whole.name}/{stored.id}"}}
    for path in paths:
        _place(call, row, stored, path.split("."))
    return row


def _place(call: Call, row: Object, stored: Stored, parts: Sequence[str]) -> None:
    """The value at the end of a path, in objects nested as the path is."""
    if len(parts) == 1:
        column = stored.table.column(parts[0]) or COMMON[parts[0].title()]
        row[column.name] = _shown(call, stored, column)
        return
    relation = stored.table.relation(parts[0])
    if relation is None:
        return
    related = call.world.get(str(stored.values.get(relation.name) or ""))
    if related is None:
        row[relation.relation] = None
        return
    url = f"{call.base}/sobjects/{related.table.name}/{related.id}"
    kind = "Name" if len(relation.to) > 1 else related.table.name
    inner = row.setdefault(relation.relation, {"attributes": {"type": kind, "url": url}})
    if isinstance(inner, dict):
        _place(call, inner, related, parts[1:])


def _resolved(world: World, whole: Table, path: str) -> Column:
    """The field at the end of a path; INVALID_FIELD if there is none."""
    first, _, rest = path.partition(".")
    if rest:
        relation = whole.relation(first)
        if relation is None:
            raise _no_column(
                f"Didn't understand relationship '{first}' in field path. If you are attempting to use a custom relationship, be sure to "
                "append the '__r' after the custom relationship name."
            )
        if len(relation.to) > 1:
            if rest.title() not in COMMON:
                raise _no_column(f"No such column '{rest}' on entity 'Name'.")
            return COMMON[rest.title()]
        return _resolved(world, _table(world, "".join(relation.to)), rest)
    found = world.column(whole, first)
    if found is None:
        raise _no_column(
            f"No such column '{first}' on entity '{whole.name}'. If you are attempting to use a custom field, be sure to append the '__c' "
            "after the custom field name. Please reference your WSDL or the describe call for the appropriate names."
        )
    return found


def _no_column(message: str) -> Problem:
    return Problem(400, "INVALID_FIELD", f"\nERROR at Row:1:Column:1\n{message}")


def _table(world: World, name: str) -> Table:
    found = world.table(name)
    if found is None:
        raise Problem(400, "INVALID_TYPE", f"\nFROM {name}\n^\nERROR at Row:1:Column:1\nsObject type '{name}' is not supported.")
    return found


def _value(world: World, stored: Stored, path: str) -> JsonValue:
    first, _, rest = path.partition(".")
    if not rest:
        found = stored.table.column(first)
        return stored.values.get(found.name) if found else None
    relation = stored.table.relation(first)
    related = world.get(str(stored.values.get(relation.name) or "")) if relation else None
    return _value(world, related, rest) if related else None


def _meets(world: World, stored: Stored, condition: Condition) -> bool:
    match condition:
        case Both():
            met = [_meets(world, stored, one) for one in condition.parts]
            return any(met) if condition.any else all(met)
        case Inverse():
            return not _meets(world, stored, condition.part)
        case Comparison():
            return _compares(world, stored, condition)


def _require_sound(world: World, whole: Table, condition: Condition) -> None:
    """Names and types of a condition, whatever records there are."""
    match condition:
        case Both():
            for one in condition.parts:
                _require_sound(world, whole, one)
        case Inverse():
            _require_sound(world, whole, condition.part)
        case Comparison():
            column = _resolved(world, whole, condition.path)
            if not column.filterable:
                raise Problem(400, "INVALID_FIELD", f"\nfield '{column.name}' can not be filtered in a query call")
            for one in condition.values:
                _literal(column, one)


def _compares(world: World, stored: Stored, asked: Comparison) -> bool:
    column = _resolved(world, stored.table, asked.path)
    value = _comparable(column, _value(world, stored, asked.path))
    if asked.query is not None:
        among = [_comparable(column, _value(world, one, asked.query.paths[0])) for one in found_rows(world, asked.query)]
        return (value in among) == (asked.operator == "IN")
    wanted = [_literal(column, one) for one in asked.values]
    match asked.operator:
        case "=" | "IN":
            return any(_within(value, one) for one in wanted)
        case "!=" | "NOT IN":
            return not any(_within(value, one) for one in wanted)
        case "LIKE":
            return isinstance(value, str) and re.fullmatch(_pattern(str(wanted[0])), value, re.DOTALL) is not None
        case "INCLUDES" | "EXCLUDES":
            parts = set(str(value or "").split(";"))
            included = any(set(str(one).split(";")) <= parts for one in wanted)
            return included == (asked.operator == "INCLUDES")
        case _:
            return value is not None and _ordered(value, asked.operator, wanted[0])


Comparable = str | float | bool | datetime | None


def _comparable(column: Column, value: JsonValue) -> Comparable:
    if value is None:
        return None
    if column.type in {"id", "reference"}:
        return str(value)
    if column.type in {"datetime", "date"}:
        return _time(str(value))
    if column.type in TEXTS:
        return str(value).casefold()
    return value if isinstance(value, bool | float | int) else str(value)


def _literal(column: Column, literal: Literal) -> Comparable | Span:
    """The value of a literal in the type of the field; INVALID_FIELD where it has another."""
    if literal.kind == "name" and literal.value.casefold() == "null":
        return None
    if column.type in {"datetime", "date"}:
        if literal.kind == "text":
            message = f"value of filter criterion for field '{column.name}' must be of type dateTime and should not be enclosed in quotes"
            raise Problem(400, "INVALID_FIELD", message)
        return _span(literal) if literal.kind == "name" else _time(literal.value)
    if column.type == "boolean" and literal.kind == "name" and literal.value.casefold() in {"true", "false"}:
        return literal.value.casefold() == "true"
    if column.type in {"double", "int"} and literal.kind == "number":
        return float(literal.value)
    if column.type in TEXTS and literal.kind == "text":
        if column.type not in {"id", "reference"}:
            return literal.value.casefold()
        if not re.fullmatch(r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?|", literal.value):
            raise Problem(400, "INVALID_QUERY_FILTER_OPERATOR", f"\ninvalid ID field: {literal.value}")
        return checked(literal.value) if len(literal.value) == 15 else literal.value
    raise Problem(400, "INVALID_FIELD", f"\nvalue of filter criterion for field '{column.name}' must be of type {column.type}")


def _span(literal: Literal) -> Span:
    found = span(literal.value)
    if found is None:
        raise Problem(400, "MALFORMED_QUERY", f"unexpected token: '{literal.value}'")
    return found


def _within(value: Comparable, wanted: Comparable | Span) -> bool:
    if isinstance(wanted, tuple):
        return isinstance(value, datetime) and wanted[0] <= value < wanted[1]
    return value == wanted or (wanted == "" and value is None)


def _ordered(value: Comparable, operator: str, wanted: Comparable | Span) -> bool:
    if isinstance(wanted, tuple):
        wanted = wanted[1 if operator in {">", "<="} else 0]
        operator = {">": ">=", "<=": "<"}.get(operator, operator)
    left, right = _sortable(value), _sortable(wanted)
    return {"<": left < right, ">": left > right, "<=": left <= right, ">=": left >= right}[operator]


def _sortable(value: object) -> tuple[int, float, str]:
    """Times and numbers by size, texts by their letters."""
    if value is None:
        return 0, 0.0, ""
    if isinstance(value, datetime):
        return 1, value.timestamp(), ""
    if isinstance(value, bool | int | float):
        return 1, float(value), ""
    return 2, 0.0, str(value)


def _pattern(like: str) -> str:
    return "".join(".*" if one == "%" else "." if one == "_" else re.escape(one) for one in like)


def _time(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _is_allowed(condition: Condition | None) -> bool:
    """Whether links are asked for by file or by record."""
    match condition:
        case Comparison():
            return condition.operator in {"=", "IN"} and condition.path.casefold() in {"contentdocumentid", "linkedentityid"}
        case Both(any=False):
            return any(_is_allowed(one) for one in condition.parts)
        case _:
            return False


def _batch(call: Call) -> int:
    """https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/headers_queryoptions.htm."""
    found = re.fullmatch(r"batchSize=(\d+)", call.headers.get("sforce-query-options", ""))
    return max(200, min(2000, int(found[1]))) if found else call.world.seed.page


def _page(call: Call, rows: list[Object], start: int, size: int, locator: str = "") -> Reply:
    body: Object = {"totalSize": len(rows), "done": start + size >= len(rows), "records": [*rows[start : start + size]]}
    if start + size < len(rows):
        locator = locator or f"0r8{call.world.count('locator'):012}AAA"
        call.world.locators[locator] = rows, size
        body["nextRecordsUrl"] = f"{call.base}/query/{locator}-{start + size}"
    return Reply(200, body)


def _further(call: Call, name: str) -> Reply:
    locator, _, start = name.partition("-")
    found = call.world.locators.get(locator)
    if found is None or not start.isdecimal():
        raise Problem(400, "INVALID_QUERY_LOCATOR", "invalid query locator")
    return _page(call, found[0], int(start), found[1], locator)


def by_external_id(call: Call, column: str, value: str) -> Stored | None:
    """The record with that value; 404 where the field is no external id."""
    found = call.column(column)
    if found is None or not (found.external or found.name == "Id"):
        raise not_found(f"Provided external ID field does not exist or is not accessible: {column}")
    rows = call.world.rows(call.table())
    return next((one for one in rows if str(one.values[found.name] or "").casefold() == value.casefold()), None)
