"""The fake's lists around tickets and people, as https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/ has them."""

from collections import Counter
from collections.abc import Callable, Mapping

from pydantic import JsonValue
from starlette.responses import Response

from connectors.zendesk.fake_call import Call, not_found
from connectors.zendesk.fake_render import time
from connectors.zendesk.fake_state import Object, Ticket, User

RECENT = 5
_WAYS: Mapping[str, Callable[[Ticket, User], bool]] = {
    "requested": lambda ticket, user: ticket.requester == user.id,
    "assigned": lambda ticket, user: ticket.assignee == user.id,
    "ccd": lambda ticket, user: user.id in ticket.email_ccs,
}


async def tickets_of(call: Call) -> Response:
    """Those that somebody requested, has to solve, or is copied on."""
    call.only("admin", "agent")
    way = _WAYS.get(str(call.request.path_params["how"]))
    if way is None:
        raise not_found()
    user = call.somebody()
    return call.page("tickets", [call.view.ticket(one) for one in call.world.live() if way(one, user)])


async def recent(call: Call) -> Response:
    """Zendesk lists those that the agent looked at last; here the ones that changed last."""
    call.only("admin", "agent")
    found = sorted(call.world.live(), key=lambda one: one.moved, reverse=True)[:RECENT]
    return call.page("tickets", [call.view.ticket(one) for one in found])


async def collaborators(call: Call) -> Response:
    call.only("admin", "agent")
    ticket = call.ticket()
    numbers = sorted({*ticket.email_ccs, *ticket.followers})
    return call.page("users", [call.view.user(call.world.users[one]) for one in numbers])


async def followers(call: Call) -> Response:
    call.only("admin", "agent")
    return call.page("users", [call.view.user(call.world.users[one]) for one in call.ticket().followers])


async def email_ccs(call: Call) -> Response:
    call.only("admin", "agent")
    return call.page("users", [call.view.user(call.world.users[one]) for one in call.ticket().email_ccs])


async def incidents(call: Call) -> Response:
    """Those of a problem; no ticket has one, here."""
    call.only("admin", "agent")
    call.ticket()
    return call.page("tickets", [])


async def tags(call: Call) -> Response:
    """The most used first."""
    call.only("admin", "agent")
    counted = Counter(tag for one in call.world.live() for tag in one.tags)
    rows: list[JsonValue] = [{"name": name, "count": number} for name, number in counted.most_common()]
    return call.page("tags", rows)


async def identities(call: Call) -> Response:
    call.only("admin", "agent")
    user = call.somebody()
    address = call.view.api(f"users/{user.id}/identities/{user.id}")
    told: Object = {"type": "email", "value": user.email, "verified": True, "primary": True, "deliverable_state": "deliverable"}
    dates: Object = {"created_at": time(user.created), "updated_at": time(user.created), "undeliverable_count": 0}
    return call.page("identities", [{"url": address, "id": user.id, "user_id": user.id, **told, **dates}])
