"""Trigger queries: the condition of a flat WIQL query, or such a query whole. Pure.

https://learn.microsoft.com/azure/devops/boards/queries/wiql-syntax
"""

import re
from datetime import UTC, datetime

from model.errors import BadInput

LONGEST = 32_000
SCOPE = "[System.TeamProject] = @project"

_QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|\[[^\]]*\]")
_WHOLE = re.compile(r"\s*SELECT\b.*?\bFROM\s+WORKITEMS\b\s*(?:WHERE\b)?", re.IGNORECASE | re.DOTALL)
_LINKS = re.compile(r"\bFROM\s+WORKITEMLINKS\b", re.IGNORECASE)
_END = re.compile(r"\b(?:ORDER\s+BY|ASOF|MODE)\b", re.IGNORECASE)
_ASOF = re.compile(r"\bASOF\b", re.IGNORECASE)


def condition(query: str) -> str:
    """What the query asks of an item, empty for nothing. BadInput for what cannot be put beside our own conditions."""
    if len(query) > LONGEST:
        raise BadInput(f"the query is longer than {LONGEST} characters")
    blanked = _QUOTED.sub(lambda found: "_" * len(found[0]), query)
    if _LINKS.search(blanked):
        raise BadInput("a trigger finds single work items; write FROM WorkItems, not FROM WorkItemLinks")
    if _ASOF.search(blanked):
        raise BadInput("a trigger looks at what is there now; take ASOF out of the query")
    if "'" in blanked or '"' in blanked or "[" in blanked or "]" in blanked:
        raise BadInput(f"a quote or bracket in the query {query[:200]!r} does not end")
    whole = _WHOLE.match(blanked)
    start = whole.end() if whole else 0
    end = _END.search(blanked, start)
    stop = end.start() if end else len(query)
    _require_balance(blanked[start:stop])
    return query[start:stop].strip()


def _require_balance(text: str) -> None:
    depth = 0
    for one in text:
        depth += {"(": 1, ")": -1}.get(one, 0)
        if depth < 0:
            break
    if depth != 0:
        raise BadInput("the query's parentheses do not match")


def wiql(conditions: list[str], after: int = 0) -> str:
    """A query for the project's items by id, from the one after `after` on."""
    place = [f"[System.Id] > {after}"] if after else []
    return " ".join(["SELECT [System.Id] FROM WorkItems WHERE", " AND ".join([SCOPE, *conditions, *place]), "ORDER BY [System.Id]"])


def since(field: str, at: datetime) -> str:
    return f"[{field}] >= '{at.astimezone(UTC).isoformat(timespec='milliseconds').replace('+00:00', 'Z')}'"
