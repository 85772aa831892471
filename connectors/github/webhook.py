"""Webhook calls: https://docs.github.com/en/webhooks/webhook-events-and-payloads."""

from collections.abc import Mapping
from urllib.parse import parse_qs

from pydantic import ValidationError

from connectors.github import mapping
from connectors.github.payloads import Comment, Issue, Payload
from connectors.kit.interface import Change, Delivery
from connectors.kit.webhooks import require_hex_signature
from model.errors import BadInput

EVENTS = ("issues", "issue_comment")


class FullName(Payload):
    full_name: str


class Event(Payload):
    action: str
    issue: Issue
    comment: Comment | None = None
    repository: FullName


def parse(headers: Mapping[str, str], body: bytes, secret: str) -> Delivery:
    """The issue of an `issues` or `issue_comment` event; nothing for other events and for pull requests. Forged, or BadInput."""
    require_hex_signature(body, secret, headers.get("x-hub-signature-256"))
    identity = headers.get("x-github-delivery", "")
    if headers.get("x-github-event") not in EVENTS:
        return Delivery(id=identity, changes=())
    try:
        event = Event.model_validate_json(_document(headers, body))
    except ValidationError as error:
        wanted = "send the events 'Issues' and 'Issue comments' as JSON"
        raise BadInput(f"webhook call {identity!r} is no GitHub issue event; {wanted}") from error
    return Delivery(id=identity, changes=() if event.issue.pull_request is not None else (_change(event),))


def _document(headers: Mapping[str, str], body: bytes) -> bytes:
    """The JSON of a call, also where the webhook's content type was left at GitHub's default, a form."""
    if "form-urlencoded" not in headers.get("content-type", ""):
        return body
    return parse_qs(body.decode("utf-8", "replace")).get("payload", [""])[0].encode()


def _change(event: Event) -> Change:
    repository = event.repository.full_name
    if event.comment is None:
        return mapping.change(repository, event.issue, deleted=event.action == "deleted")
    if event.action == "deleted":
        change = mapping.change(repository, event.issue)
        return change.model_copy(update={"version": f"{change.version}-without-{event.comment.id}"})
    return mapping.change(repository, event.issue, (event.comment,))
