"""Service hook calls: https://learn.microsoft.com/azure/devops/service-hooks/events?view=azure-devops#work-item-created.

They carry no signature, so the subscription sends the system's webhook secret: as the password of basic authentication, or in the HTTP
header `X-Twinline-Token`.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping

from pydantic import JsonValue, ValidationError

from connectors.azure_devops import mapping
from connectors.azure_devops.payloads import CommentVersion, Payload, RelationPayload, WorkItemPayload
from connectors.kit.interface import Change, Delivery
from connectors.kit.webhooks import Forged

EVENTS = ("workitem.created", "workitem.updated", "workitem.commented", "workitem.deleted", "workitem.restored")
UPDATED, DELETED = "workitem.updated", "workitem.deleted"


class Resource(Payload):
    """Of `workitem.updated` the `id` is that of the update, `work_item_id` the item and `revision` what it is now.

    Of the others `id` is the item, and `fields` are its own.
    """

    id: int | None = None
    work_item_id: int | None = None
    rev: int = 0
    relations: tuple[RelationPayload, ...] = ()
    fields: dict[str, JsonValue] = {}
    revision: WorkItemPayload | None = None
    comment_version_ref: CommentVersion | None = None


class Event(Payload):
    id: str = ""
    event_type: str = ""
    resource: Resource = Resource()


def parse_webhook(headers: Mapping[str, str], body: bytes, secret: str) -> Delivery:
    """The item that the call is about, none where it is about something else or cannot be read; Forged without the secret."""
    if not secret or not _carries(headers, secret):
        raise Forged("the service hook's call does not carry the system's webhook_secret; set it as the basic authentication's password")
    digest = hashlib.sha256(body).hexdigest()
    try:
        event = Event.model_validate_json(body)
    except ValidationError:
        return Delivery(id=digest, changes=())
    change = _change(event) if event.event_type in EVENTS else None
    return Delivery(id=event.id or digest, changes=(change,) if change else ())


def _carries(headers: Mapping[str, str], secret: str) -> bool:
    """Whether one of both places has the secret; looks at both in any case, in constant time."""
    token = hmac.compare_digest(headers.get("x-twinline-token", "").encode(), secret.encode())
    password = hmac.compare_digest(_password(headers.get("authorization", "")).encode(), secret.encode())
    return token or password


def _password(authorization: str) -> str:
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(encoded, validate=True).decode().partition(":")[2]
    except ValueError:
        return ""


def _change(event: Event) -> Change | None:
    told = event.resource
    item_id = told.work_item_id if event.event_type == UPDATED else told.id
    if item_id is None:
        return None
    links = told.relations or (told.revision.relations if told.revision else ())
    fields = told.revision.fields if told.revision else told.fields
    item = WorkItemPayload(id=item_id, rev=told.rev, fields=fields, relations=links)
    version, deleted = _version(told, item), event.event_type == DELETED
    return mapping.change(item).model_copy(update={"version": version, "deleted": deleted})


def _version(told: Resource, item: WorkItemPayload) -> str:
    """The item's, or the rev and the comment's version where it is an edited one: such an edit need not raise the rev."""
    about = told.comment_version_ref
    if not told.rev:
        return ""
    return f"{told.rev}/c{about.comment_id}.{about.version}" if about and about.version > 1 else mapping.version(item)
