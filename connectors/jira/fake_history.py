"""An issue's past: what its changelog tells, and what JQL asks of it: `WAS` and `CHANGED`, with what narrows them down.

https://support.atlassian.com/jira-software-cloud/docs/jql-operators/
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import JsonValue

from connectors.jira.fake_jql import Clause, JqlError, Predicate
from connectors.jira.fake_state import Issue

PEOPLE = frozenset({"assignee", "reporter"})
FIELDS = frozenset({"assignee", "priority", "reporter", "resolution", "status"})

Moment = Callable[[Predicate, int], datetime]
Named = Callable[[Predicate], frozenset[str]]


@dataclass(frozen=True)
class Spell:
    """A value that a field had from `since` on, `before` being the one before; `until` is None where it has it still."""

    value: str
    before: str | None
    by: str
    since: datetime
    until: datetime | None


Told = tuple[str | None, str | None]
"""Id and text of a value; most values have no id."""


def log_item(field: str, before: Told, after: Told, *, title: str = "", kind: str = "jira") -> dict[str, JsonValue]:
    """One change of one field, as the changelog tells it. `title` is what people call the field, where that is another name."""
    (old, old_text), (new, new_text) = before, after
    named: dict[str, JsonValue] = {"field": title or field, "fieldtype": kind, "fieldId": field}
    return {**named, "from": old, "fromString": old_text, "to": new, "toString": new_text}


def spells(issue: Issue, field: str, present: str) -> list[Spell]:
    """From the issue's creation on; an empty value is the empty string. People are told by their ids."""
    old, new = ("from", "to") if field in PEOPLE else ("fromString", "toString")
    moves = [(change, item) for change in issue.history for item in change.items if isinstance(item, dict) and item["fieldId"] == field]
    first = str(moves[0][1][old] or "") if moves else present
    starts = [(first, None, issue.creator, issue.created)]
    starts += [(str(one[new] or ""), str(one[old] or ""), change.author, change.created) for change, one in moves]
    ends = [one[3] for one in starts[1:]] + [None]
    return [Spell(value, before, by, since, until) for (value, before, by, since), until in zip(starts, ends, strict=True)]


def was(clause: Clause, wanted: Collection[str], moment: Moment, named: Named) -> Callable[[Spell], bool]:
    """Whether a spell had one of the `wanted` values, as the clause narrows it down."""
    narrowed = [_during(one, moment, named) for one in clause.predicates]
    return lambda spell: spell.value.casefold() in wanted and all(test(spell) for test in narrowed)


def changed(clause: Clause, moment: Moment, named: Named) -> Callable[[Spell], bool]:
    """Whether a spell began with such a change."""
    narrowed = [_begun(one, moment, named) for one in clause.predicates]
    return lambda spell: spell.before is not None and all(test(spell) for test in narrowed)


def _during(one: Predicate, moment: Moment, named: Named) -> Callable[[Spell], bool]:
    if one.name == "by":
        return _by(named(one))
    if one.name in {"from", "to"}:
        raise JqlError(f"The predicate '{one.name}' can only be used with the 'changed' operator.")
    begin, end = _period(one, moment)
    return lambda spell: (end is None or spell.since <= end) and (begin is None or spell.until is None or spell.until >= begin)


def _begun(one: Predicate, moment: Moment, named: Named) -> Callable[[Spell], bool]:
    values = named(one) if one.name in {"by", "from", "to"} else frozenset[str]()
    match one.name:
        case "by":
            return _by(values)
        case "from":
            return lambda spell: (spell.before or "").casefold() in values
        case "to":
            return lambda spell: spell.value.casefold() in values
        case _:
            begin, end = _period(one, moment)
            return lambda spell: (begin is None or spell.since >= begin) and (end is None or spell.since <= end)


def _by(people: frozenset[str]) -> Callable[[Spell], bool]:
    return lambda spell: spell.by.casefold() in people


def _period(one: Predicate, moment: Moment) -> tuple[datetime | None, datetime | None]:
    match one.name:
        case "after":
            return moment(one, 0), None
        case "before":
            return None, moment(one, 0)
        case "on":
            return moment(one, 0), moment(one, 0) + timedelta(days=1, milliseconds=-1)
        case _:
            return moment(one, 0), moment(one, 1)
