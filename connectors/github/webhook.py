"""Webhook calls: https://docs.github.com/en/webhooks/webhook-events-and-payloads."""

from collections.abc import Callable, Mapping
from urllib.parse import parse_qs

from pydantic import ValidationError

from connectors.github import mapping
from connectors.github.payloads import Comment, Issue, Payload, Pull
from connectors.kit.interface import Change, Delivery
from connectors.kit.webhooks import require_hex_signature
from model.errors import BadInput

EVENTS = ("issues", "issue_comment", "pull_request")


class FullName(Payload):
    full_name: str


class Event(Payload):
    action: str
    issue: Issue
    comment: Comment | None = None
    repository: FullName


class SubIssueEvent(Payload):
    """`sub_issue_repo` is missing in the event that the sub-issue's own repository sends."""

    sub_issue: Issue
    sub_issue_repo: FullName | None = None
    repository: FullName


class DependencyEvent(Payload):
    """Each of the two issues has an event of its own, in the name of its repository."""

    action: str
    blocked_issue: Issue
    blocking_issue: Issue
    repository: FullName


class PullEvent(Payload):
    pull_request: Pull
    repository: FullName


def parse(headers: Mapping[str, str], body: bytes, secret: str) -> Delivery:
    """The issue or pull request of an event of `EVENTS`, of sub-issues, or of dependencies; nothing for other events.

    Forged, or BadInput.
    """
    require_hex_signature(body, secret, headers.get("x-hub-signature-256"))
    identity = headers.get("x-github-delivery", "")
    name = headers.get("x-github-event")
    if name not in _READERS:
        return Delivery(id=identity, changes=())
    try:
        change = _READERS[name](_document(headers, body))
    except ValidationError as error:
        wanted = "send the events 'Issues', 'Issue comments' and 'Pull requests' as JSON"
        raise BadInput(f"webhook call {identity!r} is no GitHub event of that kind; {wanted}") from error
    return Delivery(id=identity, changes=(change,))


def _document(headers: Mapping[str, str], body: bytes) -> bytes:
    """The JSON of a call, also where the webhook's content type was left at GitHub's default, a form."""
    if "form-urlencoded" not in headers.get("content-type", ""):
        return body
    return parse_qs(body.decode("utf-8", "replace")).get("payload", [""])[0].encode()


def _of_pull(document: bytes) -> Change:
    event = PullEvent.model_validate_json(document)
    return mapping.change(event.repository.full_name, event.pull_request.as_issue())


def _of_sub_issue(document: bytes) -> Change:
    event = SubIssueEvent.model_validate_json(document)
    return mapping.change((event.sub_issue_repo or event.repository).full_name, event.sub_issue)


def _of_dependency(document: bytes) -> Change:
    event = DependencyEvent.model_validate_json(document)
    issue = event.blocking_issue if event.action.startswith("blocking_") else event.blocked_issue
    return mapping.change(event.repository.full_name, issue)


def _of_issue(document: bytes) -> Change:
    event = Event.model_validate_json(document)
    repository = event.repository.full_name
    if event.comment is None:
        return mapping.change(repository, event.issue, deleted=event.action == "deleted")
    if event.action == "deleted":
        change = mapping.change(repository, event.issue)
        return change.model_copy(update={"version": f"{change.version}-without-{event.comment.id}"})
    return mapping.change(repository, event.issue, (event.comment,))


_READERS: dict[str, Callable[[bytes], Change]] = {
    "issues": _of_issue,
    "issue_comment": _of_issue,
    "pull_request": _of_pull,
    "sub_issues": _of_sub_issue,
    "issue_dependencies": _of_dependency,
}
