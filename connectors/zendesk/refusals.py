"""What Zendesk's refusals mean: https://developer.zendesk.com/api-reference/introduction/requests/#response-format."""

import re

from pydantic import JsonValue, ValidationError

from connectors.kit.http import Answer
from connectors.zendesk.payloads import Refusal
from model.errors import LoginRejected, Misconfigured, NotFound, Refused, TwinlineError, Unavailable

_HUB_NAMES = {
    "subject": "summary",
    "description": "description",
    "comment": "description",
    "status": "status",
    "custom_status_id": "status",
    "priority": "priority",
    "type": "type",
    "ticket_type": "type",
    "ticket_type_id": "type",
    "assignee": "assignee",
    "assignee_id": "assignee",
    "group": "Group",
    "group_id": "Group",
    "requester": "reporter",
    "requester_id": "reporter",
    "tags": "labels",
    "due_at": "due",
}
_SUBJECT = re.compile(r"/api/v2/(tickets|users|attachments|comments)/([^/?]+?)(?:\.json|/|\?|$)")
_SINGULAR = {"tickets": "ticket", "users": "user", "attachments": "attachment", "comments": "comment"}


class Forbidden(Refused):
    """403: the thing exists, and the account may not do this to it."""


class Collision(Unavailable):
    """409: another write was there first, and nothing of ours was done."""


def explain(system: str, answer: Answer) -> TwinlineError:
    """Zendesk's answer from 400 up as one of our errors."""
    subject, refusal = _subject(answer), _refusal(answer)
    reason = _reason(refusal)
    match answer.status:
        case 401:
            return LoginRejected(f"{system}: Zendesk does not accept the credentials; make a new token or OAuth client and enter it")
        case 403:
            said = f" ({reason})" if reason else ""
            return Forbidden(f"{system} does not let Twinline's account do that to {subject}{said}; make it an agent who may")
        case 404 if refusal is None or _SUBJECT.search(answer.url) is None:
            return _nothing(system, answer, refusal)
        case 404:
            return NotFound(f"{system}: {subject} does not exist, or Twinline's account may not see it")
        case 409:
            return Collision(f"{system}: {subject} was being changed by somebody else ({reason or 'conflict'}); it is tried again")
        case _:
            return Refused(f"{system} refused {subject}: {reason or f'status {answer.status}, no reason given'}", _field(refusal))


def _nothing(system: str, answer: Answer, refusal: Refusal | None) -> TwinlineError:
    if refusal is None or "/api/v2/" not in answer.url:
        return Misconfigured(f"{system}: {answer.url} is no address of Zendesk's API; use the form https://acme.zendesk.com")
    return NotFound(f"{system}: {answer.url} has nothing that Twinline's account may see")


def _refusal(answer: Answer) -> Refusal | None:
    try:
        return Refusal.model_validate_json(answer.body)
    except ValidationError:
        return None


def _reason(refusal: Refusal | None) -> str:
    """Zendesk's own words: those of each field first, otherwise the most particular there are."""
    if refusal is None:
        return ""
    faults = [one.description for known in (refusal.details or {}).values() for one in known if one.description]
    newer = [said for one in refusal.errors if (said := one.detail or one.title or one.code)]
    said = faults or newer or [one for one in (refusal.description, refusal.message, _said(refusal.error)) if one][:1]
    return "; ".join(said)


def _said(error: JsonValue) -> str:
    """`error` is a text on some addresses and an object on others."""
    if isinstance(error, dict):
        return ": ".join(str(part) for part in (error.get("title"), error.get("message")) if part)
    return error if isinstance(error, str) else ""


def _field(refusal: Refusal | None) -> str:
    named = [name for name in (refusal.details or {}) if name != "base"] if refusal else []
    return _HUB_NAMES.get(named[0], named[0]) if named else ""


def _subject(answer: Answer) -> str:
    found = _SUBJECT.search(answer.url)
    return f"{_SINGULAR[found[1]]} {found[2]!r}" if found else "the call"
