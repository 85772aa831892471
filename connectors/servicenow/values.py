"""Hub values to what ServiceNow takes in an insert or update, and whether it took them. Pure."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from pydantic import JsonValue

from connectors.servicenow.mapping import TIMES, stamp
from connectors.servicenow.payloads import Row
from connectors.servicenow.tables import HUB, SHOWN_OPTIONS, Choice, Column, Table
from connectors.servicenow.text import column_value
from model.errors import Refused
from model.frozen import Frozen
from model.text import tidy

PRIORITIES: Mapping[tuple[str, str], str] = {
    ("1", "1"): "1", ("1", "2"): "2", ("1", "3"): "3", ("2", "1"): "2", ("2", "2"): "3", ("2", "3"): "4", ("3", "1"): "3",
    ("3", "2"): "4", ("3", "3"): "5",
}  # fmt: skip
"""By impact and urgency, on an instance whose look-up rules cannot be read."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
Asked = tuple[str, str]


class Facts(Frozen):
    """What a payload needs beside the values: the sys_ids of what they refer to, how priority is computed, and the record as it is.

    `found` is by referenced table and by what `ask` makes of the value.
    """

    system: str
    table: Table
    found: Mapping[Asked, str] = {}
    priorities: Mapping[tuple[str, str], str] = PRIORITIES
    before: Row | None = None


def to_payload(fields: Mapping[str, JsonValue], facts: Facts) -> dict[str, str]:
    """Raw values by column. Refused naming field, value and options where one does not fit."""
    payload: dict[str, str] = {}
    for name, value in fields.items():
        column = facts.table.writable(facts.system, name)
        if name == "priority" and facts.table.computes_priority:
            payload |= _impact_and_urgency(value, column, facts)
        else:
            payload[column.element] = _raw(name, value, column, facts)
    return payload


def asks(fields: Mapping[str, JsonValue], system: str, table: Table) -> set[Asked]:
    """What has to be looked up before `to_payload`: referenced table and name, sys_id, e-mail address, ..."""
    wanted: set[Asked] = set()
    for name, value in fields.items():
        column = table.writable(system, name)
        if column.kind in {"reference", "glide_list"}:
            wanted |= {(column.reference, ask(one)) for one in _several(value) if ask(one)}
    return wanted


def ask(value: JsonValue) -> str:
    """By what a value names a record: `kind:text`, empty where it names none.

    A person by e-mail address, user name, id or name: an id alone never decides where more is said, as it may be another platform's.
    """
    if isinstance(value, str):
        return f"any:{value}" if value else ""
    for key in ("email", "username", "key", "id", "displayName", "value", "name"):
        said = part(value, key)
        if said:
            return f"{key}:{said}"
    return ""


def left_aside(payload: Mapping[str, str], before: Row, after: Row) -> tuple[str, ...]:
    """Columns that are still what they were, though something else was asked: ServiceNow says nothing where a write rule forbids it."""
    readable = [name for name in payload if before.has(name) and after.has(name)]
    return tuple(name for name in readable if not _same(payload[name], after.raw(name)) and _same(before.raw(name), after.raw(name)))


def hub_name(table: Table, element: str, fields: Mapping[str, JsonValue]) -> str:
    """Under which of the written names a column stands."""
    names = [name for name in fields if (table.standing_for(name) if name in HUB else table.named(name)) == table.columns[element]]
    return names[0] if names else "priority"


def part(value: JsonValue, key: str) -> str | None:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, str) and found else None


def _raw(name: str, value: JsonValue, column: Column, facts: Facts) -> str:
    if value is None:
        return ""
    if column.chosen:
        return _choice(name, value, column, facts).value
    match column.kind:
        case "reference":
            return _reference(name, value, column, facts)
        case "glide_list":
            return ",".join(_reference(name, one, column, facts) for one in _several(value))
        case "boolean":
            return _boolean(name, value, facts)
        case "integer" | "longint" | "decimal" | "float" | "percent_complete":
            return _number(name, value, column, facts)
        case "glide_duration":
            return stamp(datetime.fromtimestamp(float(_number(name, value, column, facts)), UTC))
        case "glide_date":
            return _moment(name, value, facts)[:10]
        case kind if kind in TIMES:
            return _time(name, value, column, facts)
        case kind:
            return _fitting(name, column_value(kind, _text(name, value, facts)), column, facts)


def _choice(name: str, value: JsonValue, column: Column, facts: Facts) -> Choice:
    """By name where it has one, as an id alone may be another platform's."""
    said = value if isinstance(value, str) else part(value, "name") or part(value, "value") or part(value, "id") or str(value)
    found = facts.table.choice(column.element, said)
    if found is None:
        names = ", ".join(repr(one.label) for one in facts.table.options(column.element)[:SHOWN_OPTIONS]) or "none"
        message = f"{facts.system}: field {name!r} has no option {said!r} (options: {names}); map it in the incoming rules"
        raise Refused(message, name)
    return found


def _impact_and_urgency(value: JsonValue, column: Column, facts: Facts) -> dict[str, str]:
    """The pair that the instance computes that priority from: the present one if it does, else the one that moves least from it."""
    wanted = _choice("priority", value, column, facts).value
    pairs = [pair for pair, priority in facts.priorities.items() if priority == wanted]
    if not pairs:
        reason = "no pair of impact and urgency gives it"
        raise Refused(f"{facts.system}: field 'priority' cannot become {wanted!r}: {reason}; write 'impact' and 'urgency'", "priority")
    now = (facts.before.raw("impact"), facts.before.raw("urgency")) if facts.before else ("3", "3")
    impact, urgency = min(pairs, key=lambda pair: (_moved(pair, now), abs(_rank(pair[0]) - _rank(pair[1])), pair))
    return {"impact": impact, "urgency": urgency}


def _moved(pair: tuple[str, str], now: tuple[str, str]) -> int:
    return sum(abs(_rank(one) - _rank(other)) for one, other in zip(pair, now, strict=True))


def _rank(text: str) -> int:
    return int(text) if text.isdecimal() else 3


def _reference(name: str, value: JsonValue, column: Column, facts: Facts) -> str:
    asked = ask(value)
    found = facts.found.get((column.reference, asked), "")
    if not found:
        said = asked.partition(":")[2] or value
        message = f"{facts.system}: field {name!r}: table {column.reference!r} has no single active record for {said!r}"
        raise Refused(f"{message}; map it in the incoming rules, or add it in ServiceNow", name)
    return found


def _boolean(name: str, value: JsonValue, facts: Facts) -> str:
    text = str(value).lower()
    if text not in {"true", "false"}:
        raise _unfit(name, value, "true or false", facts)
    return text


def _number(name: str, value: JsonValue, column: Column, facts: Facts) -> str:
    try:
        number = float(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else None
    except ValueError:
        number = None
    is_whole = column.kind in {"integer", "longint"}
    if number is None or (is_whole and not number.is_integer()):
        raise _unfit(name, value, "a whole number" if is_whole else "a number", facts)
    return str(int(number)) if number.is_integer() else repr(number)


def _moment(name: str, value: JsonValue, facts: Facts) -> str:
    """Raw UTC time of milliseconds since 1970, or of an ISO time; one without a zone is taken for UTC."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return stamp(datetime.fromtimestamp(value / 1000, UTC))
        at = datetime.fromisoformat(value if isinstance(value, str) else "")
    except (ValueError, OverflowError) as error:
        raise _unfit(name, value, "a time, as milliseconds or as 2031-01-02T03:04:05Z", facts) from error
    return stamp(at if at.tzinfo else at.replace(tzinfo=UTC))


def _time(name: str, value: JsonValue, column: Column, facts: Facts) -> str:
    """A mere day keeps the hour that the record has on that day."""
    before = facts.before.raw(column.element) if facts.before else ""
    if isinstance(value, str) and _DAY.fullmatch(value) and before.startswith(value):
        return before
    return _moment(name, value, facts)


def _text(name: str, value: JsonValue, facts: Facts) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    said = part(value, "value") or part(value, "name")
    if said is None:
        raise _unfit(name, value, "text", facts)
    return said


def _fitting(name: str, text: str, column: Column, facts: Facts) -> str:
    """ServiceNow would cut it off and say nothing."""
    if column.length and len(text) > column.length:
        message = f"{facts.system}: field {name!r} takes {column.length} characters, not {len(text)}; shorten it in the incoming rules"
        raise Refused(message, name)
    return text


def _unfit(name: str, value: JsonValue, wanted: str, facts: Facts) -> Refused:
    return Refused(f"{facts.system}: field {name!r} takes {wanted}, not {value!r}; convert it in the incoming rules", name)


def _several(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else [value]


def _same(sent: str, kept: str) -> bool:
    if tidy(sent) == tidy(kept):
        return True
    try:
        return float(sent) == float(kept)
    except ValueError:
        return False
