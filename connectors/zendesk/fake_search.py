"""The fake's search: its query language, the ordinary one that ends at a thousand, and the export by cursor. Both lag."""

import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from pydantic import JsonValue
from starlette.responses import Response

from connectors.zendesk import fake_search_others as others
from connectors.zendesk.fake_call import Call, Problem, json_answer
from connectors.zendesk.fake_render import time
from connectors.zendesk.fake_state import Object, Ticket, World

CAP = 1000
ORDER = ("new", "open", "pending", "hold", "solved", "closed")
_TERM = re.compile(r"(?P<not>-?)(?P<keyword>[a-z_0-9]+)(?P<sign>:|<=|>=|<|>)(?P<value>.*)", re.DOTALL)
Part = tuple[str, str, str, bool]
"""Keyword, sign and value of a term, and whether it is to be met."""
PRIORITIES = (None, "low", "normal", "high", "urgent")
SORTED: Mapping[str, Callable[[Ticket], tuple[str | int, int]]] = {
    "created": lambda one: (time(one.created), one.id),
    "updated": lambda one: (time(one.updated), one.id),
    "priority": lambda one: (PRIORITIES.index(one.priority), one.id),
    "status": lambda one: (ORDER.index(one.status), one.id),
    "ticket_type": lambda one: (one.type or "", one.id),
}
_AGO = re.compile(r"(\d+)(minute|hour|day|week)s?")


async def search(call: Call) -> Response:
    call.only("admin", "agent")
    return call.page("results", _results(call)[:CAP], {"facets": None})


async def search_count(call: Call) -> Response:
    return json_answer({"count": len(_results(call))})


async def search_export(call: Call) -> Response:
    call.only("admin", "agent")
    kind = call.query("filter[type]")
    if kind not in {"ticket", *others.KINDS}:
        raise Problem(422, {"error": "invalid", "description": "filter[type] is required and must be one type"})
    parameters = dict(call.request.query_params)
    if not parameters.get("page[size]"):
        raise Problem(400, {"error": "invalid", "description": "page[size] is required"})
    if kind == "ticket":
        rows = [_result(call, one) for one in sorted(_found(call), key=lambda one: (one.created, one.id), reverse=True)]
    else:
        rows = [*others.found(call, kind, [one for term in _terms(call) if (one := _split(term))[0] != "type"])]
    return call.page("results", rows, {"facets": None})


def _results(call: Call) -> list[JsonValue]:
    """Of the type that is asked for, else of all types."""
    parts = [_split(term) for term in _terms(call)]
    types = [value for keyword, _, value, _ in parts if keyword == "type"]
    asked = [one for one in parts if one[0] not in {"type", "order_by", "sort"}]
    rows: list[JsonValue] = [_result(call, one) for one in _sorted(call, parts)] if not types or types[0] not in others.KINDS else []
    for kind in others.KINDS:
        if not types or types[0] == kind:
            rows += others.found(call, kind, asked)
    return rows


def _sorted(call: Call, parts: Sequence[Part]) -> list[Ticket]:
    """By `sort_by` and `sort_order`, or `order_by:` and `sort:` of the query; the newest first where only the property is told."""
    given = {keyword: value for keyword, _, value, _ in parts}
    name = call.query("sort_by") or given.get("order_by", "")
    key = SORTED.get(name.removesuffix("_at"))
    found = _found(call)
    rising = (call.query("sort_order") or given.get("sort") or "desc") == "asc"
    return sorted(found, key=key, reverse=not rising) if key else found


def _terms(call: Call) -> list[str]:
    query = call.query("query").strip()
    if not query:
        raise Problem(422, {"error": "invalid", "description": "Invalid search: query is required"})
    try:
        return shlex.split(query)
    except ValueError as error:
        raise Problem(422, {"error": "invalid", "description": f"Invalid search: {error}"}) from error


def _split(term: str) -> Part:
    parsed = _TERM.fullmatch(term)
    if parsed is None:
        return "", "", term.lstrip("-"), not term.startswith("-")
    return parsed["keyword"], parsed["sign"], parsed["value"], not parsed["not"]


def _found(call: Call) -> list[Ticket]:
    terms = _terms(call)
    return [one for one in call.world.indexed() if all(_matches(call, one, term) for term in terms)]


def _matches(call: Call, ticket: Ticket, term: str) -> bool:
    parsed = _TERM.fullmatch(term)
    if parsed is None:
        wanted = not term.startswith("-")
        return _has_word(ticket, term.lstrip("-")) is wanted
    result = _test(call, ticket, parsed["keyword"], parsed["sign"], parsed["value"])
    if result is None:
        return _has_word(ticket, term)
    return result is not bool(parsed["not"])


def _test(call: Call, ticket: Ticket, keyword: str, sign: str, value: str) -> bool | None:
    """None for a keyword that is none: Zendesk then looks for it as a word."""
    if keyword in {"order_by", "sort"} or (keyword == "type" and value == "ticket"):
        return True
    if keyword in {"created", "updated", "due_date"}:
        shown = {"created": time(ticket.created), "updated": time(ticket.updated), "due_date": ticket.due_at or ""}[keyword]
        return _compare(shown, sign, _moment(call.world, value, shown))
    if keyword == "status":
        wanted = value.lower()
        ranks = str(ORDER.index(ticket.status)), str(ORDER.index(wanted)) if wanted in ORDER else "9"
        return _compare(ranks[0], sign, ranks[1])
    if keyword == "tags":
        return not ticket.tags if value == "none" else any(one in ticket.tags for one in value.split(","))
    if keyword.startswith("custom_field_"):
        now = ticket.custom.get(int(keyword.rpartition("_")[2]))
        texts = [str(one).lower() for one in now] if isinstance(now, list) else [str(now).lower()] if now is not None else []
        return bool(texts) if value == "*" else value.lower() in texts
    shown = _texts(call.world, ticket).get(keyword)
    if shown is None:
        return None
    return not any(shown) if value == "none" else any(value.lower().rstrip("*") in one.lower() for one in shown if one)


def _texts(world: World, ticket: Ticket) -> dict[str, list[str]]:
    """Keywords whose values are compared as texts."""
    people = {"assignee": ticket.assignee, "requester": ticket.requester, "submitter": ticket.submitter}
    known = {name: world.users[number] if number is not None else None for name, number in people.items()}
    texts = {name: [user.email, user.name, str(user.id)] if user else [] for name, user in known.items()}
    return {
        **texts,
        "subject": [ticket.subject],
        "description": [ticket.comments[0].body if ticket.comments else ""],
        "priority": [ticket.priority or ""],
        "ticket_type": [ticket.type or ""],
        "external_id": [ticket.external_id or ""],
        "group": [world.groups.get(ticket.group or 0, "")],
        "form": [world.forms.get(ticket.form or 0, "")],
        "custom_status_id": [str(ticket.custom_status or "")],
        "fieldvalue": [str(one) for one in ticket.custom.values() if one],
    }


def _has_word(ticket: Ticket, word: str) -> bool:
    if word.lstrip("#").isdecimal() and int(word.lstrip("#")) == ticket.id:
        return True
    text = " ".join([ticket.subject, *(one.body for one in ticket.comments)]).lower()
    return word.lower() in text


def _compare(shown: str, sign: str, wanted: str) -> bool:
    return {":": shown == wanted, "<": shown < wanted, "<=": shown <= wanted, ">": shown > wanted, ">=": shown >= wanted}[sign]


def _moment(world: World, value: str, shown: str) -> str:
    """A time in UTC form; a day alone stands for all of it where it is to be equal."""
    ago = _AGO.fullmatch(value)
    if ago is not None:
        minutes = {"minute": 1, "hour": 60, "day": 1440, "week": 10080}[ago[2]]
        return time(world.clock.now() - timedelta(minutes=int(ago[1]) * minutes))
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise Problem(422, {"error": "invalid", "description": f"Invalid search: {value} is not a date"}) from error
    if len(value) == 10:
        return shown if shown.startswith(value) else f"{value}T00:00:00Z"
    return time(moment.astimezone(UTC) if moment.tzinfo else moment)


def _result(call: Call, ticket: Ticket) -> JsonValue:
    shown: Object = call.view.ticket(ticket)
    return {**shown, "result_type": "ticket"}
