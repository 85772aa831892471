"""What the fake tells around tickets: metrics, audits of all tickets, brands, locales, fields of people, and lists that are empty."""

from datetime import datetime

from pydantic import JsonValue
from starlette.responses import Response

from connectors.zendesk.fake_call import Call, json_answer, not_found
from connectors.zendesk.fake_kept import ROUTE, Kind, empty, routes
from connectors.zendesk.fake_render import time
from connectors.zendesk.fake_state import Audit, Object, Ticket

BRAND = 360001
_FIELD: dict[str, JsonValue] = {
    "key": "",
    "type": "text",
    "title": "",
    "description": "",
    "active": True,
    "position": 9999,
    "system": False,
}
USER_FIELDS = Kind("user_field", "user_fields", _FIELD, ("key", "title"), unique="key")
ORGANIZATION_FIELDS = Kind("organization_field", "organization_fields", _FIELD, ("key", "title"), unique="key")


def _metric(call: Call, ticket: Ticket) -> Object:
    """https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_metrics/"""
    agents = {one.id for one in call.world.users.values() if one.role != "end-user"}
    replies = [one for one in ticket.comments[1:] if one.public and one.author in agents]
    solved = [
        one.created
        for one in ticket.audits
        for event in one.events
        if event.get("field_name") == "status" and event.get("value") == "solved"
    ]
    assigned = [
        one.created for one in ticket.audits for event in one.events if event.get("field_name") == "assignee_id" and event.get("value")
    ]

    def took(end: datetime | None) -> JsonValue:
        minutes = int((end - ticket.created).total_seconds() // 60) if end else None
        return {"calendar": minutes, "business": minutes}

    return {
        "url": call.view.api(f"ticket_metrics/{ticket.id}"), "id": ticket.id, "ticket_id": ticket.id, "created_at": time(ticket.created),
        "updated_at": time(ticket.updated), "group_stations": int(ticket.group is not None), "assignee_stations": len(assigned),
        "reopens": 0, "replies": len(replies), "assignee_updated_at": time(assigned[-1]) if assigned else None,
        "requester_updated_at": time(ticket.created), "status_updated_at": time(ticket.updated),
        "initially_assigned_at": time(assigned[0]) if assigned else None, "assigned_at": time(assigned[-1]) if assigned else None,
        "solved_at": time(solved[-1]) if solved else None, "latest_comment_added_at": time(ticket.comments[-1].created),
        "reply_time_in_minutes": took(replies[0].created if replies else None),
        "first_resolution_time_in_minutes": took(solved[0] if solved else None),
        "full_resolution_time_in_minutes": took(solved[-1] if solved else None),
        "agent_wait_time_in_minutes": took(None), "requester_wait_time_in_minutes": took(None), "on_hold_time_in_minutes": took(None),
    }  # fmt: skip


async def metrics(call: Call) -> Response:
    call.only("admin", "agent")
    return call.page("ticket_metrics", [_metric(call, one) for one in call.world.live()])


async def metric(call: Call) -> Response:
    """`/ticket_metrics/{id}` and `/tickets/{id}/metrics`; one has the number of its ticket, here."""
    call.only("admin", "agent")
    return json_answer({"ticket_metric": _metric(call, call.ticket())})


async def audits(call: Call) -> Response:
    """The newest first, by cursor: https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_audits/."""
    call.only("admin", "agent")
    found = sorted((audit for one in call.world.live() for audit in one.audits), key=lambda one: one.id, reverse=True)
    size, cursor = min(1000, int(call.query("limit") or 1000)), call.query("cursor")
    rows: list[Audit] = [one for one in found if not cursor.isdecimal() or one.id < int(cursor)]
    page = rows[:size]
    after = str(page[-1].id) if len(rows) > size else None
    following = f"{call.view.api('ticket_audits')}?cursor={after}&limit={size}" if after else None
    shown: list[JsonValue] = [call.view.audit(one) for one in page]
    return json_answer({"audits": shown, "after_url": following, "after_cursor": after, "before_url": None, "before_cursor": None})


async def audit(call: Call) -> Response:
    call.only("admin", "agent")
    found = next((one for one in call.ticket("ticket").audits if one.id == call.number()), None)
    if found is None:
        raise not_found()
    return json_answer({"audit": call.view.audit(found)})


async def brands(call: Call) -> Response:
    call.only("admin", "agent")
    return call.page("brands", [_brand(call)])


async def brand(call: Call) -> Response:
    call.only("admin", "agent")
    if call.number() != BRAND:
        raise not_found()
    return json_answer({"brand": _brand(call)})


def _brand(call: Call) -> Object:
    named: Object = {"name": "Acme", "subdomain": "acme", "brand_url": call.view.base, "host_mapping": None}
    dates: Object = {"created_at": "2024-01-02T03:04:05Z", "updated_at": "2024-01-02T03:04:05Z"}
    told: Object = {
        "active": True,
        "default": True,
        "is_deleted": False,
        "has_help_center": False,
        "help_center_state": "disabled",
        "logo": None,
    }
    return {"url": call.view.api(f"brands/{BRAND}"), "id": BRAND, **named, **told, "ticket_form_ids": [*call.world.forms], **dates}


async def locales(call: Call) -> Response:
    address = call.view.api("locales/en-US")
    english: Object = {
        "url": address,
        "id": 1,
        "locale": "en-US",
        "name": "English",
        "native_name": "English",
        "rtl": False,
        "default": True,
    }
    return call.page("locales", [english])


ROUTES: tuple[ROUTE, ...] = (
    ("GET", "/ticket_metrics", metrics),
    ("GET", "/ticket_metrics/{id}", metric),
    ("GET", "/tickets/{id}/metrics", metric),
    ("GET", "/ticket_audits", audits),
    ("GET", "/tickets/{ticket}/audits/{id}", audit),
    ("GET", "/brands", brands),
    ("GET", "/brands/{id}", brand),
    ("GET", "/locales", locales),
    *routes(USER_FIELDS),
    *routes(ORGANIZATION_FIELDS),
    *(empty(name) for name in ("satisfaction_ratings", "suspended_tickets", "skips")),
    ("GET", "/slas/policies", empty("sla_policies")[2]),
    ("GET", "/problems", empty("tickets")[2]),
)
