"""Trigger queries: the condition of a SOQL query, as it stands between WHERE and ORDER BY. Pure."""

import re
from datetime import datetime

from connectors.salesforce import soql
from connectors.salesforce.shape import Shape
from model.errors import BadInput

LONGEST = 12_000
"""Characters; Salesforce takes an address of 16 KB, in which some characters become three."""

_PARTS = re.compile(r"'(?:\\.|[^'\\])*'|'|[()]|[A-Za-z_][A-Za-z0-9_.]*|\S")
_CLAUSES = frozenset({"order", "group", "having", "limit", "offset", "for", "with", "using", "all", "update", "where"})


def condition(query: str) -> str:
    """The same condition, in parentheses; BadInput for anything that would not stay inside them."""
    text = query.strip()
    if len(text) > LONGEST:
        raise BadInput(f"the query is longer than {LONGEST} characters; shorten it")
    depth = 0
    for found in _PARTS.finditer(text):
        part = found[0]
        depth += {"(": 1, ")": -1}.get(part, 0)
        if part == "'":
            raise BadInput(f"the query {query!r} has a text that does not end; close it with a single quote")
        if depth < 0:
            break
        if depth == 0 and part.lower() in _CLAUSES:
            raise BadInput(f"the query {query!r} is to be a condition only, as after WHERE; leave {part.upper()} out")
    if depth != 0:
        raise BadInput(f"the parentheses of the query {query!r} do not match")
    return f"({text})" if text else ""


def columns(shape: Shape) -> str:
    """What a listing asks of each record."""
    names = ["Id", shape.key_field, "SystemModstamp", "IsDeleted" if shape.has("IsDeleted") else "", shape.marker_field]
    return ", ".join(dict.fromkeys(one for one in names if one))


def listing(shape: Shape, record_type_id: str, query: str, since: datetime | None, limit: int | None = None) -> str:
    """The SOQL of a trigger: records of the side's scope that meet the condition and changed since."""
    changed = f"SystemModstamp >= {soql.moment(since)}" if since else ""
    clauses = (condition(query), scope(record_type_id), changed)
    return soql.select(columns(shape), shape.name, *clauses, order="SystemModstamp, Id", limit=limit)


def scope(record_type_id: str) -> str:
    return soql.equal("RecordTypeId", record_type_id) if record_type_id else ""
