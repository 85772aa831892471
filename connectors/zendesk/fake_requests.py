"""Tickets as those who asked see them: https://developer.zendesk.com/api-reference/ticketing/tickets/ticket-requests/."""

from collections.abc import Callable

from starlette.responses import Response

from connectors.zendesk import fake_hooks, fake_write
from connectors.zendesk.fake_call import Call, json_answer, not_found
from connectors.zendesk.fake_kept import ROUTE
from connectors.zendesk.fake_state import Object, Ticket

WRITTEN = frozenset(
    {"comment", "custom_fields", "due_at", "priority", "recipient", "requester", "subject", "ticket_form_id", "type", "status", "email_ccs"}
)
SHOWN = ("id", "status", "priority", "type", "subject", "description", "organization_id", "via", "custom_fields", "requester_id",
         "collaborator_ids", "email_cc_ids", "is_public", "due_at", "created_at", "updated_at", "recipient", "assignee_id",
         "ticket_form_id", "custom_status_id", "fields", "group_id")  # fmt: skip
UNSOLVED = frozenset({"new", "open", "pending", "hold"})


def _shown(call: Call, ticket: Ticket) -> Object:
    whole = call.view.ticket(ticket)
    told: Object = {name: whole[name] for name in SHOWN}
    can = ticket.assignee is not None and ticket.status in UNSOLVED
    return {"url": call.view.api(f"requests/{ticket.id}"), **told, "can_be_solved_by_me": can, "followup_source_id": None}


def _own(call: Call) -> list[Ticket]:
    """Those of the caller, and those that copy them; agents see all."""
    return [one for one in call.world.live() if call.user.id in {one.requester, *one.email_ccs} or call.user.role != "end-user"]


def _request(call: Call) -> Ticket:
    found = next((one for one in _own(call) if one.id == call.number()), None)
    if found is None:
        raise not_found()
    return found


def _list(meets: Callable[[Call, Ticket], bool]) -> Callable[[Call], Response]:
    return lambda call: call.page("requests", [_shown(call, one) for one in _own(call) if meets(call, one)])


_BY_WAY = {
    "open": _list(lambda call, one: one.status in UNSOLVED),
    "solved": _list(lambda call, one: one.status in {"solved", "closed"}),
    "ccd": _list(lambda call, one: call.user.id in one.email_ccs),
    "hold": _list(lambda call, one: one.status == "hold"),
}


async def listed(call: Call) -> Response:
    wanted = [part for one in call.several("status") for part in one.split(",")]
    return _list(lambda call, one: not wanted or one.status in wanted)(call)


async def read(call: Call) -> Response:
    """One, or a list by its state."""
    way = _BY_WAY.get(str(call.request.path_params["id"]))
    return way(call) if way else json_answer({"request": _shown(call, _request(call))})


async def search(call: Call) -> Response:
    words = call.query("query").casefold().split()

    def meets(call: Call, one: Ticket) -> bool:
        text = " ".join([one.subject, *(said.body for said in one.comments if said.public)]).casefold()
        return all(word in text for word in words)

    return _list(meets)(call)


async def create(call: Call) -> Response:
    wanted = _wanted(call)
    given = {"requester_id": call.user.id} if call.user.role == "end-user" else {}
    done = fake_write.create(call.world, call.user, {**wanted, **given}, call.view)
    fake_hooks.tell(call.world, done)
    return json_answer({"request": _shown(call, done.ticket)}, 201, {"Location": call.view.api(f"requests/{done.ticket.id}")})


async def update(call: Call) -> Response:
    """Who asked may comment, and solve what has an assignee."""
    ticket, wanted = _request(call), call.part("request")
    own: Object = {"comment": wanted["comment"]} if "comment" in wanted else {}
    if wanted.get("solved") is True:
        own["status"] = "solved"
    fake_hooks.tell(call.world, fake_write.update(call.world, call.user, ticket, own, call.view))
    return json_answer({"request": _shown(call, ticket)})


def _wanted(call: Call) -> Object:
    return {name: value for name, value in call.part("request").items() if name in WRITTEN}


async def comments(call: Call) -> Response:
    """The public ones."""
    said = [one for one in _request(call).comments if one.public]
    people = sorted({one.author for one in said})
    users: Object = {"users": [call.view.user(call.world.users[one]) for one in people]}
    return call.page("comments", [call.view.comment(one) for one in said], users)


async def comment(call: Call) -> Response:
    found = next((one for one in _request(call).comments if one.public and one.id == call.number("comment")), None)
    if found is None:
        raise not_found()
    return json_answer({"comment": call.view.comment(found)})


async def of_person(call: Call) -> Response:
    call.only("admin", "agent")
    user = call.somebody()
    return _list(lambda call, one: one.requester == user.id)(call)


ROUTES: tuple[ROUTE, ...] = (
    ("GET", "/requests", listed),
    ("POST", "/requests", create),
    ("GET", "/requests/search", search),
    ("GET", "/requests/{id}", read),
    ("PUT", "/requests/{id}", update),
    ("GET", "/requests/{id}/comments", comments),
    ("GET", "/requests/{id}/comments/{comment}", comment),
    ("GET", "/users/{id}/requests", of_person),
)
