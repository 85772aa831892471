"""The fake's webhooks: made through the API, told of ticket events, signed."""

import json
import secrets
import uuid
from datetime import UTC, datetime

from pydantic import JsonValue
from starlette.responses import Response

from connectors.zendesk.fake_call import Call, Problem, json_answer
from connectors.zendesk.fake_render import time
from connectors.zendesk.fake_state import Hook, Object, Ticket, World
from connectors.zendesk.fake_write import Done
from connectors.zendesk.webhook import signature

EVENT = "zen:event-type:ticket."
CONDITIONAL = "conditional_ticket_events"
ALL = (
    "agent_assignment_changed", "attachment_linked_to_comment", "comment_added", "comment_made_private", "created", "custom_field_changed",
    "custom_status_changed", "external_id_changed", "form_changed", "group_assignment_changed", "permanently_deleted", "priority_changed",
    "requester_changed", "soft_deleted", "status_changed", "subject_changed", "tags_changed", "task_due_at_changed", "type_changed",
    "undeleted",
)  # fmt: skip


def plant(world: World) -> None:
    """The webhook that is there from the start."""
    if not world.options.webhook_url:
        return
    subscriptions: list[JsonValue] = [f"{EVENT}{one}" for one in ALL]
    body: Object = {
        "name": "Twinline",
        "endpoint": world.options.webhook_url,
        "http_method": "POST",
        "request_format": "json",
        "status": "active",
        "subscriptions": subscriptions,
    }
    _add(world, body, world.options.webhook_secret)


def tell(world: World, done: Done) -> None:
    for name, event in done.told:
        emit(world, done.ticket, name, event, done.audit.author)


def emit(world: World, ticket: Ticket, name: str, event: Object, actor: int) -> None:
    """One event of the ticket to every webhook that subscribed to it."""
    meta: Object = {"sequence": {"id": str(uuid.uuid4()), "position": 1, "total": 1}}
    payload: Object = {
        "account_id": 360001,
        "id": str(uuid.uuid4()),
        "subject": f"zen:ticket:{ticket.id}",
        "time": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
        "type": f"{EVENT}{name}",
        "zendesk_event_version": "2022-11-06",
        "event": {"meta": meta, **event},
        "detail": _detail(ticket, actor),
    }
    for hook in world.hooks.values():
        subscriptions = hook.body.get("subscriptions")
        if hook.body.get("status") == "active" and isinstance(subscriptions, list) and payload["type"] in subscriptions:
            _send(world, hook, json.dumps(payload).encode())


def _detail(ticket: Ticket, actor: int) -> Object:
    """Numbers are texts here."""
    number = {"assignee_id": ticket.assignee, "group_id": ticket.group, "requester_id": ticket.requester, "form_id": ticket.form}
    return {
        "id": str(ticket.id),
        "actor_id": str(actor),
        "external_id": ticket.external_id or "",
        "subject": ticket.subject,
        "description": ticket.comments[0].body if ticket.comments else "",
        "status": ticket.status.upper(),
        "priority": (ticket.priority or "").upper(),
        "type": (ticket.type or "").upper(),
        "tags": [*ticket.tags],
        "custom_status": str(ticket.custom_status or ""),
        "created_at": time(ticket.created),
        "updated_at": time(ticket.updated),
        "via": {"channel": "web_service"},
        **{name: str(value or "") for name, value in number.items()},
    }


def _send(world: World, hook: Hook, body: bytes) -> None:
    stamp = time(datetime.now(UTC))
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Zendesk Webhook",
        "X-Zendesk-Account-Id": "360001",
        "X-Zendesk-Webhook-Id": hook.id,
        "X-Zendesk-Webhook-Invocation-Id": str(uuid.uuid4()),
        "X-Zendesk-Webhook-Signature": signature(stamp, body, hook.secret),
        "X-Zendesk-Webhook-Signature-Timestamp": stamp,
        **_credentials(hook),
    }
    world.webhooks.send(str(hook.body["endpoint"]), body, headers, retried=True)


def _credentials(hook: Hook) -> dict[str, str]:
    """A bearer token, where that is how it was told to authenticate."""
    told = hook.body.get("authentication")
    data = told.get("data") if isinstance(told, dict) and told.get("type") == "bearer_token" else None
    return {"Authorization": f"Bearer {data['token']}"} if isinstance(data, dict) else {}


async def list_hooks(call: Call) -> Response:
    call.only("admin")
    rows: list[JsonValue] = [_shown(one) for one in call.world.hooks.values()]
    return json_answer({"webhooks": rows, "meta": {"has_more": False, "after_cursor": "", "before_cursor": ""}, "links": {}})


async def create_hook(call: Call) -> Response:
    call.only("admin")
    wanted = call.part("webhook")
    missing = [name for name in ("name", "endpoint", "http_method", "request_format", "status") if not wanted.get(name)]
    if missing:
        raise _refused(f"{missing[0]} is required")
    subscriptions = wanted.get("subscriptions")
    events = subscriptions if isinstance(subscriptions, list) else []
    if CONDITIONAL in events and len(events) > 1:
        raise _refused("conditional_ticket_events cannot be combined with other subscriptions")
    return json_answer({"webhook": _shown(_add(call.world, wanted, secrets.token_urlsafe(40)))}, 201)


async def get_hook(call: Call) -> Response:
    return json_answer({"webhook": _shown(_known(call))})


async def update_hook(call: Call) -> Response:
    hook = _known(call)
    hook.body = {**hook.body, **call.part("webhook")}
    return Response(status_code=204)


async def delete_hook(call: Call) -> Response:
    del call.world.hooks[_known(call).id]
    return Response(status_code=204)


async def get_secret(call: Call) -> Response:
    return json_answer({"signing_secret": {"secret": _known(call).secret, "algorithm": "SHA256"}})


async def new_secret(call: Call) -> Response:
    hook = _known(call)
    hook.secret = secrets.token_urlsafe(40)
    return json_answer({"signing_secret": {"secret": hook.secret, "algorithm": "SHA256"}}, 201)


def _known(call: Call) -> Hook:
    call.only("admin")
    found = call.world.hooks.get(str(call.request.path_params["id"]))
    if found is None:
        raise Problem(404, {"errors": [{"code": "WebhookNotFound", "title": "Webhook not found"}]})
    return found


def _add(world: World, body: Object, secret: str) -> Hook:
    hook = Hook(f"01{uuid.uuid4().hex[:24].upper()}", body, secret, world.clock.now())
    world.hooks[hook.id] = hook
    return hook


def _shown(hook: Hook) -> Object:
    at = time(hook.created)
    """Secrets are never shown."""
    hidden = {name: value for name, value in hook.body.items() if name != "signing_secret"}
    told = hidden.get("authentication")
    if isinstance(told, dict):
        hidden["authentication"] = {name: value for name, value in told.items() if name != "data"}
    return {"id": hook.id, **hidden, "created_at": at, "created_by": "1", "updated_at": at, "updated_by": "1"}


def _refused(detail: str) -> Problem:
    return Problem(400, {"errors": [{"code": "InvalidWebhook", "title": "Invalid webhook", "detail": detail}]})
