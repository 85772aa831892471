"""The fake's tickets, comments, audits and tags."""

import hashlib
import json
from collections.abc import Callable, Mapping

from pydantic import JsonValue
from starlette.responses import Response

from connectors.kit.fake import READ
from connectors.zendesk import fake_hooks, fake_many, fake_write
from connectors.zendesk.fake_call import Call, Problem, json_answer, not_found
from connectors.zendesk.fake_render import time
from connectors.zendesk.fake_search import ORDER as STATUSES
from connectors.zendesk.fake_state import Object, Ticket
from connectors.zendesk.fake_write import Done

MOST = 100
SORTED: Mapping[str, Callable[[Ticket], tuple[str | int, int]]] = {
    "id": lambda one: (one.id, one.id),
    "created_at": lambda one: (time(one.created), one.id),
    "updated_at": lambda one: (time(one.updated), one.id),
    "subject": lambda one: (one.subject, one.id),
    "status": lambda one: (STATUSES.index(one.status), one.id),
}


async def list_tickets(call: Call) -> Response:
    """Archived ones apart, as people have them; by `external_id` those that carry it."""
    _agent(call)
    wanted = call.query("external_id")
    found = _sorted(call, [one for one in call.world.live() if not wanted or one.external_id == wanted])
    return call.page("tickets", [call.view.ticket(one) for one in found], _sideloaded(call, found))


def _sorted(call: Call, found: list[Ticket]) -> list[Ticket]:
    """By `sort_by` and `sort_order`, or with cursors by `sort`."""
    given = call.query("sort")
    key = SORTED.get(call.query("sort_by") or given.lstrip("-"))
    falls = given.startswith("-") or call.query("sort_order") == "desc"
    return sorted(found, key=key, reverse=falls) if key else found


async def show_many(call: Call) -> Response:
    _agent(call)
    ids = {int(one) for one in call.query("ids").split(",") if one.isdecimal()}
    found = [one for one in call.world.live() if one.id in ids]
    for one in found:
        call.world.record(call.user.id, READ, one.id, {})
    rows: list[JsonValue] = [call.view.ticket(one) for one in found]
    return json_answer({"tickets": rows, **_sideloaded(call, found), "next_page": None, "previous_page": None, "count": len(rows)})


async def count(call: Call) -> Response:
    return json_answer({"count": {"value": len(call.world.live()), "refreshed_at": time(call.world.clock.now())}})


async def get_ticket(call: Call) -> Response:
    _agent(call)
    ticket = call.ticket()
    call.world.record(call.user.id, READ, ticket.id, {})
    shown = call.view.ticket(ticket)
    if "comment_count" in call.include():
        shown["comment_count"] = len(ticket.comments)
    return json_answer({"ticket": shown, **_sideloaded(call, [ticket])})


async def create_ticket(call: Call) -> Response:
    """With an idempotency key, the same request again gives the first one's answer; another one with that key is refused."""
    _agent(call)
    wanted, key = call.part("ticket"), call.request.headers.get("idempotency-key", "")
    digest = hashlib.sha256(json.dumps(wanted, sort_keys=True).encode()).hexdigest()
    known = call.world.keys.get(key) if key else None
    if known is not None:
        if known[0] != digest:
            message = "Request parameters don't match the given idempotency key"
            raise Problem(400, {"error": "IdempotentRequestError", "description": message})
        if isinstance(known[1], Exception):
            raise known[1]
        ticket = call.world.tickets[known[1]]
        return _written(call, Done(ticket, ticket.audits[0]), wanted, 201, {"x-idempotency-lookup": "hit"})
    try:
        done = fake_write.create(call.world, call.user, wanted, call.view)
    except Problem as problem:
        if key and call.world.seed.keys_keep_refusals:
            call.world.keys[key] = (digest, problem)
        raise
    if key:
        call.world.keys[key] = (digest, done.ticket.id)
    fake_hooks.tell(call.world, done)
    return _written(call, done, wanted, 201, {"x-idempotency-lookup": "miss"} if key else {})


async def update_ticket(call: Call) -> Response:
    _agent(call)
    ticket, wanted = call.ticket(), call.part("ticket")
    done = fake_write.update(call.world, call.user, ticket, wanted, call.view)
    fake_hooks.tell(call.world, done)
    used = {"zendesk-ratelimit-tickets-update": "total=100; remaining=99; resets=60"}
    return _written(call, done, wanted, 200, used)


async def delete_ticket(call: Call) -> Response:
    call.only("admin", "agent")
    ticket = call.ticket()
    ticket.deleted, ticket.deleted_by = call.world.clock.now(), call.user.id
    call.world.touch(ticket)
    call.world.record(call.user.id, "delete ticket", ticket.id, {})
    fake_hooks.emit(call.world, ticket, "soft_deleted", {}, call.user.id)
    return Response(status_code=204)


async def list_deleted(call: Call) -> Response:
    call.only("admin", *(["agent"] if call.world.seed.agents_see_deleted else []))
    gone = [one for one in call.world.tickets.values() if one.deleted is not None]
    newest = call.query("sort_order") == "desc"
    gone.sort(key=lambda one: one.generated, reverse=newest)
    rows: list[JsonValue] = [_deleted(call, one) for one in gone]
    return call.page("deleted_tickets", rows)


async def restore(call: Call) -> Response:
    call.only("admin")
    ticket = call.world.tickets.get(call.number())
    if ticket is None or ticket.deleted is None:
        raise not_found()
    ticket.deleted = None
    call.world.touch(ticket)
    call.world.record(call.user.id, "restore ticket", ticket.id, {})
    fake_hooks.emit(call.world, ticket, "undeleted", {}, call.user.id)
    return json_answer({})


async def delete_forever(call: Call) -> Response:
    call.only("admin")
    ticket = call.world.tickets.get(call.number())
    if ticket is None or ticket.deleted is None:
        raise not_found()
    del call.world.tickets[ticket.id]
    fake_hooks.emit(call.world, ticket, "permanently_deleted", {}, call.user.id)
    return fake_many.finished(call, [])


async def list_comments(call: Call) -> Response:
    _agent(call)
    ticket = call.ticket()
    said = sorted(
        ticket.comments, key=lambda one: one.id, reverse=call.query("sort_order") == "desc" or call.query("sort") == "-created_at"
    )
    people = {one.author for one in said}
    more: Object = {"users": [call.view.user(call.world.users[one]) for one in sorted(people)]} if "users" in call.include() else {}
    return call.page("comments", [call.view.comment(one) for one in said], more)


async def count_comments(call: Call) -> Response:
    return json_answer({"count": {"value": len(call.ticket().comments), "refreshed_at": time(call.world.clock.now())}})


async def make_private(call: Call) -> Response:
    call.only("admin", "agent")
    ticket = call.ticket("ticket")
    found = next((one for one in ticket.comments if one.id == call.number()), None)
    if found is None:
        raise not_found()
    found.public = False
    call.world.touch(ticket)
    call.world.record(call.user.id, "make private", ticket.id, {"comment": found.id})
    fake_hooks.emit(call.world, ticket, "comment_made_private", {"comment": {"id": str(found.id)}}, call.user.id)
    return json_answer({})


async def list_audits(call: Call) -> Response:
    _agent(call)
    return call.page("audits", [call.view.audit(one) for one in call.ticket().audits])


async def list_tags(call: Call) -> Response:
    return json_answer({"tags": [*call.ticket().tags]})


async def change_tags(call: Call) -> Response:
    """PUT adds, POST sets, DELETE takes away."""
    _agent(call)
    ticket = call.ticket()
    given = call.body.get("tags")
    wanted = {str(one).lower() for one in given} if isinstance(given, list) else set[str]()
    now = set(ticket.tags)
    result = {"PUT": now | wanted, "POST": wanted, "DELETE": now - wanted}[call.request.method]
    done = fake_write.update(call.world, call.user, ticket, {"tags": list[JsonValue](sorted(result))}, call.view)
    fake_hooks.tell(call.world, done)
    return json_answer({"tags": [*ticket.tags]}, 201 if call.request.method == "POST" else 200)


async def create_many(call: Call) -> Response:
    given = call.body.get("tickets")
    wanted = given if isinstance(given, list) else []
    if len(wanted) > MOST:
        raise Problem(400, {"error": "TooManyValues", "description": f"Too many tickets, limit is {MOST}"})
    rows: list[JsonValue] = []
    for number, one in enumerate(wanted):
        done = fake_write.create(call.world, call.user, one if isinstance(one, dict) else {}, call.view)
        fake_hooks.tell(call.world, done)
        rows.append({"index": number, "id": done.ticket.id, "account_id": 360001})
    return fake_many.finished(call, rows)


def _written(call: Call, done: Done, wanted: Object, status: int, headers: dict[str, str]) -> Response:
    warning = fake_write.unpermitted(wanted)
    more = {"X-Zendesk-API-Warn": warning} if warning else {}
    place = {"Location": call.view.api(f"tickets/{done.ticket.id}")} if status == 201 else {}
    content: Object = {"ticket": call.view.ticket(done.ticket), "audit": call.view.audit(done.audit)}
    return json_answer(content, status, {**headers, **more, **place})


def _sideloaded(call: Call, tickets: list[Ticket]) -> Object:
    more: Object = {}
    if "users" in call.include():
        named = {number for one in tickets for number in (one.requester, one.submitter, one.assignee) if number is not None}
        more["users"] = [call.view.user(call.world.users[one]) for one in sorted(named)]
    if "groups" in call.include():
        places = {one.group for one in tickets if one.group is not None}
        more["groups"] = [call.view.group(one) for one in sorted(places)]
    return more


def _deleted(call: Call, one: Ticket) -> Object:
    actor = call.world.users[one.deleted_by]
    at = time(one.deleted or one.updated)
    shown: Object = {"id": one.id, "subject": one.subject, "description": "", "previous_state": one.status, "deleted_at": at}
    return {**shown, "actor": {"id": actor.id, "name": actor.name}}


def _agent(call: Call) -> None:
    call.only("admin", "agent")
