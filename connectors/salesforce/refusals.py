"""What Salesforce's refusals mean: https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm."""

from collections.abc import Callable

from pydantic import BaseModel, TypeAdapter, ValidationError

from connectors.kit.http import Answer
from model.errors import Gone, LoginRejected, Misconfigured, NotFound, RateLimited, Refused, Stale, TwinlineError, Unavailable

OVER_QUOTA_SECONDS = 900.0
BUSY_SECONDS = 30.0
LOCKED_SECONDS = 2.0
HUB_NAMES = {
    "Subject": "summary", "Description": "description", "Status": "status", "Priority": "priority", "Type": "type", "OwnerId": "assignee",
    "ContactId": "reporter", "SuppliedEmail": "reporter", "SuppliedName": "reporter", "ParentId": "parentId", "CommentBody": "comments",
    "VersionData": "attachments",
}  # fmt: skip
SIGNED_OUT = (
    "API_DISABLED_FOR_ORG",
    "API_CURRENTLY_DISABLED",
    "INVALID_LOGIN",
    "USER_LOCKED",
    "ORG_LOCKED",
    "LOGIN_MUST_USE_SECURITY_TOKEN",
)
DELETED = ("ENTITY_IS_DELETED", "DELETED_ENTITY")


class SessionExpired(LoginRejected):
    """The session ended; the call did nothing."""


class DuplicateValue(Refused):
    """Another record has the value of a unique field already."""


class Fault(BaseModel):
    """One entry of an answer; collections say `statusCode` where all others say `errorCode`."""

    message: str = ""
    errorCode: str = ""  # noqa: N815
    statusCode: str = ""  # noqa: N815
    fields: tuple[str, ...] | None = None

    @property
    def code(self) -> str:
        return self.errorCode or self.statusCode


class TokenFault(BaseModel):
    error: str
    error_description: str = ""


_FAULTS = TypeAdapter(tuple[Fault, ...])


def explain(system: str) -> Callable[[Answer], TwinlineError]:
    """The function that makes Salesforce's answers from 400 up our errors."""
    return lambda answer: _explained(system, answer)


def explain_token(system: str, answer: Answer) -> TwinlineError:
    """What a refusal of the token endpoint means: https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_flow_errors.htm."""
    try:
        fault = TokenFault.model_validate_json(answer.body)
    except ValidationError:
        message = (
            f"{system}: {answer.url} is no token address of Salesforce; use the org's My Domain, such as https://acme.my.salesforce.com"
        )
        return Misconfigured(message)
    if "rate exceeded" in fault.error_description:
        return RateLimited(f"{system}: Salesforce takes no more log-ins for now", BUSY_SECONDS)
    said = f"{fault.error}: {fault.error_description}"
    return LoginRejected(f"{system}: Salesforce does not let the client app in ({said}); check the app, its policies and the account")


def _explained(system: str, answer: Answer) -> TwinlineError:
    faults = _faults(answer)
    codes = {one.code for one in faults}
    said = "; ".join(f"{one.message} ({one.code})" for one in faults) or f"status {answer.status} without a reason"
    if not codes.isdisjoint(DELETED):
        return Gone(f"{system}: the record was deleted: {said}")
    if not codes.isdisjoint(SIGNED_OUT):
        return LoginRejected(f"{system}: {said}; let the API in and check the account")
    match answer.status:
        case 401 if "INVALID_SESSION_ID" in codes:
            return SessionExpired(f"{system}: the session ended ({said})")
        case 401:
            return LoginRejected(f"{system}: {said}; check the client app and its account")
        case 404 if codes and not codes.isdisjoint(("NOT_FOUND", "INVALID_TYPE")):
            return NotFound(f"{system}: no such record, or Twinline's account may not see it: {said}")
        case 404:
            return Misconfigured(f"{system}: {answer.url} is no address of Salesforce's API; use the org's My Domain")
        case 412:
            return Stale(f"{system}: the record was edited since it was read")
        case 420:
            return Unavailable(f"{system}: Salesforce moves the org elsewhere ({said}); it is tried again")
        case _:
            return _refused(system, faults, codes, said)


def _refused(system: str, faults: tuple[Fault, ...], codes: set[str], said: str) -> TwinlineError:
    if "REQUEST_LIMIT_EXCEEDED" in codes:
        wait = BUSY_SECONDS if "oncurrent" in said else OVER_QUOTA_SECONDS
        return RateLimited(f"{system} has no API calls left for now: {said}", wait)
    if "UNABLE_TO_LOCK_ROW" in codes:
        return RateLimited(f"{system}: somebody else writes to the record: {said}", LOCKED_SECONDS)
    if not codes.isdisjoint(("MALFORMED_ID", "INVALID_ID_FIELD")):
        return NotFound(f"{system}: no record has such an id: {said}")
    named = [field for one in faults for field in one.fields or ()]
    field = HUB_NAMES.get(named[0], named[0]) if named else ""
    where = f" field {field!r}" if field else ""
    kind = DuplicateValue if "DUPLICATE_VALUE" in codes else Refused
    return kind(f"{system} refused{where}: {said}", field)


def _faults(answer: Answer) -> tuple[Fault, ...]:
    try:
        return _FAULTS.validate_json(answer.body)
    except ValidationError:
        return ()
