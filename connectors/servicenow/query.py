"""Encoded queries: https://www.servicenow.com/docs/r/platform-user-interface/c_EncodedQueryStrings.html.

An instance leaves aside a condition that it does not understand, and then finds too much. So every column and operator is checked here.
"""

import re
from collections.abc import Iterator

from connectors.servicenow.metadata import Metadata
from connectors.servicenow.tables import Table
from model.errors import BadInput, Misconfigured

OPERATORS = (
    "ISNOTEMPTY", "ISEMPTY", "EMPTYSTRING", "ANYTHING", "NOT LIKE", "NOTLIKE", "NOT IN", "STARTSWITH", "ENDSWITH", "CONTAINS",
    "DOES NOT CONTAIN", "DOESNOTCONTAIN", "BETWEEN", "LIKE", "NSAMEAS", "SAMEAS", "INSTANCEOF", "DYNAMIC", "NOTON", "ON", "DATEPART",
    "RELATIVEGT", "RELATIVELT", "RELATIVEGE", "RELATIVELE", "RELATIVEEE", "GT_FIELD", "LT_FIELD", "MORETHAN", "LESSTHAN", "VALCHANGES",
    "IN", ">=", "<=", "!=", "=", ">", "<",
)  # fmt: skip
_ALL_TERMS = re.compile(r"\^(?=NQ)")
_CONDITION = re.compile(rf"([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*)({'|'.join(map(re.escape, OPERATORS))})(.*)", re.DOTALL)
_BARE = frozenset({"ISNOTEMPTY", "ISEMPTY", "EMPTYSTRING", "ANYTHING"})
MOST_ALTERNATIVES = 20


def alternatives(query: str) -> tuple[str, ...]:
    """The parts of a query that `^NQ` separates: a record matches that matches any."""
    parts = [one.removeprefix("NQ").removesuffix("^EQ").strip("^") for one in _ALL_TERMS.split(query.strip().strip("^"))]
    return tuple(parts)


def both(one: str, other: str) -> tuple[str, ...]:
    """The alternatives of what matches both queries; BadInput where there are too many."""
    found = [f"{left}^{right}".strip("^") for left in alternatives(one) for right in alternatives(other)]
    if len(found) > MOST_ALTERNATIVES:
        raise BadInput(f"the query has {len(found)} alternatives (^NQ) together with the side's; at most {MOST_ALTERNATIVES} are possible")
    return tuple(found)


def together(parts: tuple[str, ...], conditions: tuple[str, ...], order: str) -> str:
    """What matches any of the parts and any of the conditions, in an order; `^NQ` begins anew, so each has the whole."""
    return "^NQ".join(f"{part}^{condition}".strip("^") for part in parts for condition in conditions) + order


async def check(metadata: Metadata, table: Table, query: str) -> None:
    """BadInput naming the part that the instance would not understand."""
    for term in _terms(query):
        found = _CONDITION.fullmatch(term)
        if found is None:
            example = "'active=true^stateIN1,2^assignment_group.name=Network'"
            raise BadInput(f"{term!r} is no condition of an encoded query such as {example}")
        path, operator, value = found.groups()
        await _check_path(metadata, table, path)
        if not value and operator not in {*_BARE, "=", "!="}:
            raise BadInput(f"the condition {term!r} needs a value")


async def check_scope(metadata: Metadata, system: str, table: Table, query: str) -> None:
    """Misconfigured in place of BadInput, for the query of a side's settings."""
    try:
        await check(metadata, table, query)
    except BadInput as error:
        raise Misconfigured(f"{system}: the side's query {query!r}: {error.message}") from error


def _terms(query: str) -> Iterator[str]:
    """The conditions of a query, without what joins them; BadInput for an order or a grouping."""
    for part in alternatives(query):
        for number, term in enumerate(part.split("^") if part else ()):
            if term.startswith(("ORDERBY", "GROUPBY")):
                raise BadInput(f"{term!r} has no place in this query; leave the order out")
            yield term.removeprefix("OR") if number else term


async def _check_path(metadata: Metadata, table: Table, path: str) -> None:
    head, _, rest = path.partition(".")
    column = table.columns.get(head)
    if column is None:
        raise BadInput(f"table {table.name!r} has no column {head!r}; ServiceNow would leave the condition aside and find too much")
    if not rest:
        return
    if not column.reference:
        raise BadInput(f"column {head!r} of table {table.name!r} refers to nothing; {path!r} leads nowhere")
    await _check_path(metadata, await metadata.table(column.reference), rest)
