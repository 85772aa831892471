"""What ServiceNow's refusals mean: https://www.servicenow.com/docs/r/api-reference/rest-api-explorer/c_RESTAPI.html, "HTTP response codes".

403 stands for access rules, business rules and data policies alike; which of them tells `detail`, in words that an instance may change.
"""

import re

from pydantic import ValidationError

from connectors.kit.http import Answer
from connectors.servicenow.payloads import ErrorAnswer, ErrorBody
from model.errors import LoginRejected, Misconfigured, NotFound, Refused, TwinlineError

_PLACE = re.compile(r"/api/now/(?:v\d+/)?(table|attachment)/?([a-z0-9_]*)(?:/([0-9a-f]{32}))?")
_MANDATORY = re.compile(r"mandatory fields?[^:]*: *([^,\n]+)", re.IGNORECASE)
_HUB_NAMES = {
    "short description": "summary",
    "description": "description",
    "state": "status",
    "priority": "priority",
    "assigned to": "assignee",
    "caller": "reporter",
    "due date": "due",
    "resolution code": "resolution",
    "close code": "resolution",
}


class Forbidden(Refused):
    """403 by an access rule: the account may not do this, or may not read that table."""


def explain(system: str, answer: Answer) -> TwinlineError:
    """ServiceNow's answer from 400 up as one of our errors."""
    said = _said(answer)
    subject, reason = _subject(answer), _reason(said, answer)
    match answer.status:
        case 401:
            return LoginRejected(
                f"{system}: ServiceNow does not let the account in ({reason}); check the credentials and that it is active"
            )
        case 403 if _is_functional(said):
            return Refused(f"{system} refused {subject}: {reason}; fill it in the incoming rules or adapt the rule", _field(said))
        case 403:
            return Forbidden(f"{system} does not let Twinline's account do that to {subject}: {reason}; extend its roles")
        case 404:
            return NotFound(f"{system}: {subject} does not exist, or Twinline's account may not see it")
        case 400 if "invalid table" in reason.lower():
            return Misconfigured(f"{system}: {reason}; check the table's name in the side's settings")
        case _:
            return Refused(f"{system} refused {subject}: {reason}")


def _said(answer: Answer) -> ErrorBody:
    try:
        error = ErrorAnswer.model_validate_json(answer.body).error
    except ValidationError:
        return ErrorBody()
    return error if isinstance(error, ErrorBody) else ErrorBody(message=error)


def _reason(said: ErrorBody, answer: Answer) -> str:
    words = [one.strip() for one in (said.message, said.detail) if one and one.strip()]
    return ": ".join(words) or f"status {answer.status} without ServiceNow's error body; check the URL"


def _is_functional(said: ErrorBody) -> bool:
    text = f"{said.message} {said.detail}".lower()
    return "business rule" in text or "data policy" in text or "mandatory" in text


def _field(said: ErrorBody) -> str:
    """The hub name of the first field that a data policy misses; a field of the instance's own under its label."""
    found = _MANDATORY.search(said.detail or "")
    label = found[1].strip() if found else ""
    return _HUB_NAMES.get(label.lower(), label)


def _subject(answer: Answer) -> str:
    found = _PLACE.search(answer.url)
    if found is None:
        return "the call"
    kind, name, sys_id = found.groups()
    if kind == "attachment":
        return f"attachment {name!r}" if len(name) == 32 else "the record of the file"
    return f"{name} {sys_id!r}" if sys_id else f"the record of table {name!r}"
