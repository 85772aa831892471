"""The fake's incremental exports: https://developer.zendesk.com/api-reference/ticketing/ticket-management/incremental_exports/.

A ticket is in it once, at the time of its last change, also of one that only the system made; deleted ones are in it too. The newest
of it is left out, which is a minute at Zendesk and `export_lag_s` of the seed here, so that a second is over before it is told. Where that
is nothing, times are finer than Zendesk's.
"""

import base64
import binascii
import re
from collections.abc import Sequence
from datetime import datetime
from time import time as wall_clock
from typing import cast

from pydantic import JsonValue
from starlette.responses import Response

from connectors.zendesk.fake_call import Call, Problem, json_answer, rate_limited
from connectors.zendesk.fake_organizations import ORGANIZATIONS
from connectors.zendesk.fake_state import Object, Ticket

LARGEST = 1000
SAMPLE = 50
_CURSOR = re.compile(r"(\d+\.\d+)\|\|(\d+)\|")


async def by_cursor(call: Call) -> Response:
    call.only("admin")
    left = call.world.allowed("export", call.world.seed.export_calls)
    if left < 0:
        return rate_limited()
    start = _place(call.query("cursor")) if call.query("cursor") else (_start(call), -1)
    size = min(LARGEST, max(1, int(call.query("per_page") or LARGEST)))
    rows = [one for one in _settled(call) if _key(call, one) > start]
    page = rows[:size]
    after = _cursor(*_key(call, page[-1])) if page else None
    content: Object = {
        "tickets": [call.view.ticket(one) for one in page],
        "after_url": f"{call.view.api('incremental/tickets/cursor')}?cursor={after}" if after else None,
        "after_cursor": after,
        "before_url": None,
        "before_cursor": None,
        "end_of_stream": len(rows) <= size,
    }
    total = call.world.seed.export_calls
    return json_answer(content, headers={"zendesk-ratelimit-incremental-exports-cursor": f"total={total}; remaining={left}; resets=60"})


async def sample(call: Call) -> Response:
    """The first rows of `by_time`, to try it out; more may not be asked for."""
    call.only("admin")
    start = _start(call)
    rows = [one for one in _settled(call) if _second(one) >= start][:SAMPLE]
    last = _second(rows[-1]) if rows else start
    tickets: list[JsonValue] = [call.view.ticket(one) for one in rows]
    following = f"{call.view.api('incremental/tickets/sample')}?start_time={last}"
    return json_answer({"tickets": tickets, "next_page": following, "end_time": last, "count": len(rows), "end_of_stream": True})


async def by_time(call: Call) -> Response:
    """The older way: tickets of one second are never parted, whatever `per_page` says, and the last one comes again."""
    call.only("admin")
    if call.world.allowed("export", call.world.seed.export_calls) < 0:
        return rate_limited()
    start = _start(call)
    size = min(LARGEST, max(1, int(call.query("per_page") or LARGEST)))
    rows = [one for one in _settled(call) if _second(one) >= start]
    last = _second(rows[min(size, len(rows)) - 1]) if rows else start
    page = [one for one in rows if _second(one) <= last]
    tickets: list[JsonValue] = [call.view.ticket(one) for one in page]
    following = f"{call.view.api('incremental/tickets')}?per_page={size}&start_time={last}"
    content: Object = {"tickets": tickets, "next_page": following, "end_time": last, "count": len(page)}
    return json_answer({**content, "end_of_stream": len(page) == len(rows)})


async def events(call: Call) -> Response:
    """Audits of all tickets, their events under `child_events`."""
    call.only("admin")
    start = _start(call)
    audits = [one for ticket in _settled(call) for one in ticket.audits if one.created.timestamp() >= start]
    audits.sort(key=lambda one: one.id)
    rows: list[JsonValue] = []
    for one in audits:
        shown = call.view.audit(one)
        children = [{**event, "event_type": event["type"]} for event in cast("list[Object]", shown["events"])]
        kept: Object = {"id": one.id, "ticket_id": one.ticket, "timestamp": int(one.created.timestamp()), "updater_id": one.author}
        rows.append({**kept, "event_type": "Audit", "created_at": shown["created_at"], "child_events": [*children]})
    last = int(audits[-1].created.timestamp()) if audits else start
    following = f"{call.view.api('incremental/ticket_events')}?start_time={last}"
    return json_answer({"ticket_events": rows, "next_page": following, "end_time": last, "count": len(rows), "end_of_stream": True})


async def users(call: Call) -> Response:
    """Of people there are both ways; `cursor` in the address tells which."""
    people = [(one.updated.timestamp(), one.id, call.view.user(one)) for one in call.world.users.values()]
    return _others(call, "users", people)


async def organizations(call: Call) -> Response:
    kept = [(datetime.fromisoformat(str(one["updated_at"])).timestamp(), int(str(one["id"])), ORGANIZATIONS.shown(call, one))
            for one in ORGANIZATIONS.rows(call.world)]  # fmt: skip
    return _others(call, "organizations", kept)


def _others(call: Call, name: str, rows: Sequence[tuple[float, int, Object]]) -> Response:
    call.only("admin")
    by_cursor = call.request.url.path.removesuffix(".json").endswith("/cursor")
    start = _place(call.query("cursor")) if by_cursor and call.query("cursor") else (float(_start(call)), -1)
    size = min(LARGEST, max(1, int(call.query("per_page") or LARGEST)))
    found = sorted((one for one in rows if one[:2] > start), key=lambda one: one[:2])
    page: list[JsonValue] = [shown for _, _, shown in found[:size]]
    over = len(found) <= size
    if not by_cursor:
        last = int(found[:size][-1][0]) if page else int(start[0])
        following = f"{call.view.api(f'incremental/{name}')}?start_time={last}"
        return json_answer({name: page, "next_page": following, "end_time": last, "count": len(page), "end_of_stream": over})
    after = _cursor(*found[:size][-1][:2]) if page else None
    told: Object = {"after_url": f"{call.view.api(f'incremental/{name}/cursor')}?cursor={after}" if after else None, "after_cursor": after}
    return json_answer({name: page, **told, "before_url": None, "before_cursor": None, "end_of_stream": over})


def _settled(call: Call) -> list[Ticket]:
    """In the export's order."""
    lag, now = call.world.seed.export_lag_s, wall_clock()
    settled = [one for one in call.world.tickets.values() if not lag or _second(one) + 1 + lag <= now]
    return sorted(settled, key=lambda one: _key(call, one))


def _start(call: Call) -> int:
    said = call.query("start_time")
    if not said.isdecimal():
        raise Problem(400, {"error": "InvalidStartTime", "description": "Invalid start_time"})
    if int(said) > call.world.clock.now().timestamp() - 60:
        message = "Too recent start_time. Use a start_time older than 60 seconds"
        raise Problem(422, {"error": "StartTimeTooRecent", "description": message})
    return int(said)


def _key(call: Call, ticket: Ticket) -> tuple[float, int]:
    return float(_second(ticket)) if call.world.seed.export_lag_s else ticket.moved, ticket.id


def _second(ticket: Ticket) -> int:
    return int(ticket.moved)


def _cursor(moment: float, number: int) -> str:
    return base64.b64encode(f"{moment!r}||{number}|".encode()).decode()


def _place(cursor: str) -> tuple[float, int]:
    try:
        found = _CURSOR.fullmatch(base64.b64decode(cursor).decode())
    except (binascii.Error, UnicodeDecodeError):
        found = None
    if found is None:
        raise Problem(400, {"error": "InvalidCursor", "description": "Invalid cursor"})
    return float(found[1]), int(found[2])
