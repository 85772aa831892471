"""What Jira's error answers mean: the one table from status codes to our errors."""

import json
import re
from collections.abc import Callable

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from connectors.kit.http import Answer
from model.errors import LoginRejected, Misconfigured, NotFound, Refused, Stale, TwinlineError

HUB_NAMES = {
    "issuetype": "type",
    "duedate": "due",
    "parent": "parentId",
    "comment": "comments",
    "attachment": "attachments",
    "timeLogged": "workLogs",
    "versions": "affectedVersions",
}
ADVICE = (
    "in Jira Cloud check the e-mail and give the system a new API token, in Data Center a new personal access token without a user, "
    "or the user's name and password"
)
REJECTED_LOGINS = ("AUTHENTICATED_FAILED", "AUTHENTICATION_DENIED")

_ITEM = re.compile(r"/issue/(\d+|[A-Za-z][A-Za-z0-9_]*-\d+)")


class Forbidden(Refused):
    """403: the thing is there, and the account may not do this."""


class ErrorPayload(BaseModel):
    """Jira's `{"errorMessages": [...], "errors": {field: text}}`, or the gateway's `{"code": ..., "message": ...}`."""

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)

    errorMessages: tuple[str, ...] = ()  # noqa: N815
    errors: dict[str, str] = {}
    message: str = ""

    @property
    def words(self) -> str:
        fields = [f"field {HUB_NAMES.get(name, name)!r}: {text}" for name, text in self.errors.items()]
        return " ".join([*fields, *self.errorMessages, *([self.message] if self.message else [])])

    @property
    def field(self) -> str:
        first = next(iter(self.errors), "")
        return HUB_NAMES.get(first, first)


def parse_error(body: bytes) -> ErrorPayload:
    """The vendor's words; an empty one if the body is not Jira's form, such as a proxy's page."""
    try:
        return ErrorPayload.model_validate_json(body)
    except ValidationError:
        return ErrorPayload()


def explain(system: str) -> Callable[[Answer], TwinlineError]:
    """The error that an answer from 400 up (but 429 and 5xx) stands for, told in the name of `system`."""

    def told(answer: Answer) -> TwinlineError:
        error = parse_error(answer.body)
        found = _ITEM.search(answer.url)
        item = f" {found.group(1)}" if found else ""
        words = error.words or f"answer {answer.status} without a reason"
        match answer.status:
            case 401:
                return LoginRejected(f"{system} rejects the login; {ADVICE}")
            case 403 if "x-authentication-denied-reason" in answer.headers:
                return LoginRejected(f"{system} denies the login; log in once in the browser with this account")
            case 403:
                reason = f"{system} forbids this on{item or ' the site'}: {words}; give Twinline's account the permission"
                return Forbidden(reason, error.field)
            case 404:
                return NotFound(f"{system} has no{item or ' such thing'}, or hides it from Twinline's account: {words}")
            case 409:
                return Stale(f"{system} was changing{item} at the same moment: {words}")
            case 410:
                return Misconfigured(f"{system} no longer offers {answer.url}; check the system's URL")
            case _:
                return Refused(f"{system} refused{item}: {words}", error.field)

    return told


def reject_silent_logout(system: str, answer: Answer) -> None:
    """LoginRejected where Jira answered as to an anonymous caller: a dead token gives less data, not 401, and only a header tells."""
    if answer.headers.get("x-seraph-loginreason", "").strip() in REJECTED_LOGINS:
        raise LoginRejected(f"{system} rejects the login; the token may have expired: give the system a new one")


def plain_json(answer: Answer) -> JsonValue:
    """The parsed body; None if it is not JSON."""
    try:
        parsed: JsonValue = json.loads(answer.body)
    except ValueError:
        return None
    return parsed
