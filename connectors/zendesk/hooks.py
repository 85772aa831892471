"""The account's webhook that calls us: https://developer.zendesk.com/api-reference/webhooks/webhooks-api/webhooks/.

Zendesk makes the secret that it signs with by itself and shows it to administrators only. A webhook that we register carries the system's
own secret beside that, as a bearer token. It subscribes to Zendesk's ticket events, so that no trigger has to call it.
"""

from collections.abc import Awaitable, Mapping
from typing import TypeVar

from pydantic import JsonValue

from connectors.kit.interface import SystemAccess
from connectors.zendesk.client import ZendeskClient
from connectors.zendesk.payloads import HookPayload
from connectors.zendesk.refusals import Forbidden
from model.errors import NotFound, Refused
from model.hooks import Done, HookState

EVENTS = (
    "agent_assignment_changed", "attachment_linked_to_comment", "attachment_redacted_from_comment", "comment_added", "comment_made_private",
    "comment_redacted", "created", "custom_field_changed", "custom_status_changed", "form_changed", "group_assignment_changed", "merged",
    "permanently_deleted", "priority_changed", "requester_changed", "soft_deleted", "status_changed", "subject_changed", "tags_changed",
    "task_due_at_changed", "type_changed", "undeleted",
)  # fmt: skip
"""https://developer.zendesk.com/api-reference/webhooks/event-types/ticket-events/"""

CONDITIONAL = "conditional_ticket_events"
"""What a webhook subscribes to that triggers call; it goes with nothing else."""

T = TypeVar("T")


class ZendeskHooks:
    """One webhook for the whole account, which has no parts."""

    def __init__(self, access: SystemAccess) -> None:
        self._client = ZendeskClient(access)

    async def aclose(self) -> None:
        await self._client.aclose()

    async def ensure(self, settings: Mapping[str, JsonValue], address: str, secret: str) -> tuple[HookState, ...]:
        """Zendesk does not show the token of a webhook, so that it is set each time. One that triggers call stays what it is."""
        del settings
        found = await self._calling(address)
        wanted: dict[str, JsonValue] = {
            "name": f"Twinline {self._client.name}",
            "endpoint": address,
            "http_method": "POST",
            "request_format": "json",
            "status": "active",
            "subscriptions": [f"zen:event-type:ticket.{one}" for one in EVENTS],
            "authentication": {"type": "bearer_token", "data": {"token": secret}, "add_position": "header"},
        }
        if not found:
            return (_state(await self._allowed(self._client.create_hook(wanted)), "registered"),)
        for one in found:
            called: dict[str, JsonValue] = {"subscriptions": [CONDITIONAL]} if CONDITIONAL in one.subscriptions else {}
            await self._allowed(self._client.update_hook(one.id, {**wanted, **called}))
        return tuple(_state(one, "" if one.status == "active" else "switched on") for one in found)

    async def remove(self, settings: Mapping[str, JsonValue], address: str) -> None:
        del settings
        for one in await self._calling(address):
            try:
                await self._allowed(self._client.delete_hook(one.id))
            except NotFound:
                continue

    async def _calling(self, address: str) -> tuple[HookPayload, ...]:
        return tuple(one for one in await self._allowed(self._client.hooks()) if one.endpoint == address)

    async def _allowed(self, call: Awaitable[T]) -> T:
        try:
            return await call
        except Forbidden as error:
            raise Refused(
                f"{self._client.name} lets administrators only see to webhooks: make Twinline's account one (Admin Center, People, "
                "Team members), or add the webhook by hand"
            ) from error


def _state(hook: HookPayload, done: Done) -> HookState:
    return HookState(id=hook.id, reports="ticket events", done=done)
