"""What Redmine's refusals mean: https://www.redmine.org/projects/redmine/wiki/Rest_api#Authentication and #Validation-errors."""

import re

from pydantic import ValidationError

from connectors.kit.http import Answer
from connectors.redmine.payloads import Errors
from model.errors import LoginRejected, NotFound, Refused, TwinlineError

_HUB_NAMES = {
    "Subject": "summary",
    "Description": "description",
    "Status": "status",
    "Priority": "priority",
    "Tracker": "type",
    "Assignee": "assignee",
    "Due date": "due",
    "Project": "project",
}
_SUBJECT = re.compile(r"/(issues|journals|attachments|projects|users)/([^/?]+?)(?:\.json|/|\?|$)")
_SINGULAR = {"issues": "issue", "journals": "comment", "attachments": "attachment", "projects": "project", "users": "user"}


class Forbidden(Refused):
    """403: the thing exists, and the account may not do this to it."""


def explain(system: str, answer: Answer) -> TwinlineError:
    """Redmine's answer from 400 up as one of our errors."""
    subject = _subject(answer)
    match answer.status:
        case 401:
            return LoginRejected(f"{system}: Redmine does not accept the API key; copy it again from 'My account' into the credentials")
        case 403:
            return Forbidden(f"{system} does not let Twinline's account do that to {subject}; extend the account's role in the project")
        case 404:
            return NotFound(f"{system}: {subject} does not exist, or Twinline's account may not see it")
        case 422:
            return _invalid(system, subject, answer)
        case _:
            return Refused(f"{system} refused {subject} with status {answer.status}")


def _invalid(system: str, subject: str, answer: Answer) -> Refused:
    try:
        errors = Errors.model_validate_json(answer.body).errors
    except ValidationError:
        errors = ()
    reason = "; ".join(errors) or "no reason given"
    return Refused(f"{system} refused {subject}: {reason}", _field(errors))


def _field(errors: tuple[str, ...]) -> str:
    """The hub name of the field that the first error starts with; Redmine gives whole sentences in the account's language."""
    return next((hub for said, hub in _HUB_NAMES.items() if errors and errors[0].startswith(f"{said} ")), "")


def _subject(answer: Answer) -> str:
    found = _SUBJECT.search(answer.url)
    return f"{_SINGULAR[found[1]]} {found[2]!r}" if found else "the call"
