"""A call of a Jira webhook to the items that it hints at.

https://developer.atlassian.com/cloud/jira/platform/webhooks/ : `X-Hub-Signature` is there only if the webhook has a secret, and
`X-Atlassian-Webhook-Identifier` stays the same over retries.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from pydantic import ValidationError

from connectors.jira.mapping import version
from connectors.jira.payloads import Payload
from connectors.kit.interface import Change, Delivery
from connectors.kit.webhooks import require_hex_signature
from model.errors import BadInput

FAMILIES = ("jira:issue_", "comment_", "attachment_", "issuelink_")


class HookFields(Payload):
    updated: datetime | None = None


class HookIssue(Payload):
    id: str
    key: str
    fields: HookFields = HookFields()


class HookEvent(Payload):
    """The body; `attachment_*` and `issuelink_*` events may come without an issue."""

    webhook_event: str = ""
    issue: HookIssue | None = None


def parse_webhook(headers: Mapping[str, str], body: bytes, secret: str) -> Delivery:
    """The delivery of a genuine call; Forged if the signature is missing or wrong, BadInput if the body is not an event."""
    require_hex_signature(body, secret, headers.get("x-hub-signature"))
    try:
        event = HookEvent.model_validate_json(body)
    except ValidationError as error:
        raise BadInput("the webhook's body is not a Jira event; point only Jira's webhooks at this address") from error
    delivery = headers.get("x-atlassian-webhook-identifier") or hashlib.sha256(body).hexdigest()
    if event.issue is None or not event.webhook_event.startswith(FAMILIES):
        return Delivery(id=delivery, changes=())
    updated = event.issue.fields.updated
    deleted = event.webhook_event == "jira:issue_deleted"
    one = Change(id=event.issue.id, key=event.issue.key, version=version(updated) if updated else "", deleted=deleted)
    return Delivery(id=delivery, changes=(one,))
