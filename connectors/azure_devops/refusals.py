"""What Azure DevOps's error answers mean: the one table from status codes to our errors."""

import re
from collections.abc import Callable

from pydantic import ValidationError

from connectors.azure_devops.payloads import Payload
from connectors.kit.http import Answer
from model.errors import LoginRejected, Misconfigured, NotFound, RateLimited, Refused, Stale, TwinlineError, Unavailable

HUB_NAMES = {
    "System.Title": "summary",
    "System.Description": "description",
    "Microsoft.VSTS.TCM.ReproSteps": "description",
    "System.State": "status",
    "System.WorkItemType": "type",
    "Microsoft.VSTS.Common.Priority": "priority",
    "System.Tags": "labels",
    "System.AssignedTo": "assignee",
    "System.CreatedBy": "reporter",
    "Microsoft.VSTS.Scheduling.DueDate": "due",
    "System.AreaPath": "areaPath",
    "System.IterationPath": "iterationPath",
}
BLOCKED_SECONDS = 60.0

_ITEM = re.compile(r"/work[iI]tems/(\d+)")
_IN_WORDS = re.compile(r"\bfield '?([A-Z][\w ]*(?:\.[\w.]+)?)'?[. ]")
_TITLES = {"Title": "summary", "State": "status", "Tags": "labels", "Assigned To": "assignee", "Area Path": "areaPath"}


class Forbidden(Refused):
    """403 that no waiting ends: the account may not do this."""


class ErrorPayload(Payload):
    """`{"$id": "1", "innerException": null, "message": ..., "typeName": ..., "typeKey": ..., "errorCode": 0, "eventId": 3000}`."""

    message: str = ""
    type_key: str = ""
    custom_properties: dict[str, object] = {}

    @property
    def field(self) -> str:
        """The hub name of the field that was refused, its reference or display name where it has none, empty where none is named."""
        told = next((str(value) for name, value in self.custom_properties.items() if name.lower() == "fieldreferencename"), "")
        found = _IN_WORDS.search(self.message)
        name = told or (found[1].strip() if found else "")
        return HUB_NAMES.get(name) or _TITLES.get(name) or name


def parse_error(body: bytes) -> ErrorPayload:
    """The vendor's words; an empty one if the body is not Azure DevOps's form, such as a proxy's page."""
    try:
        return ErrorPayload.model_validate_json(body)
    except ValidationError:
        return ErrorPayload()


def explain(system: str) -> Callable[[Answer], TwinlineError]:
    """The error that an answer from 400 up (but 429 and 5xx) stands for, told in the name of `system`."""

    def told(answer: Answer) -> TwinlineError:
        error = parse_error(answer.body)
        found = _ITEM.search(answer.url)
        item = f"work item {found[1]}" if found else "the call"
        words = error.message or f"answer {answer.status} without a reason"
        if "TF400733" in error.message:
            return RateLimited(f"{system} blocks calls for a while: {words}", BLOCKED_SECONDS)
        match answer.status:
            case 401:
                return login_rejected(system)
            case 403:
                return Forbidden(f"{system} forbids {item}: {words}; give Twinline's account the permission", error.field)
            case 404 if error.type_key.startswith(("ProjectDoesNotExist", "WorkItemTrackingProjectNotFound")):
                return Misconfigured(f"{system}: {words}; change the side's project")
            case 404:
                return NotFound(f"{system} does not have {item}, or hides it from Twinline's account: {words}")
            case 408:
                return Unavailable(f"{system} took too long: {words}")
            case 409 | 412:
                return Stale(f"{system} changed {item} in the meantime: {words}")
            case _ if error.type_key.startswith("VssVersion") or error.type_key == "VssInvalidPreviewVersionException":
                return Misconfigured(f"{system} does not speak version 7.1 of the API: {words}")
            case _:
                return Refused(f"{system} refused {item}: {words}", error.field)

    return told


def login_rejected(system: str) -> LoginRejected:
    return LoginRejected(f"{system} rejects the login; give the system a new personal access token for this organization")


def reject_sign_in_page(system: str, answer: Answer) -> None:
    """LoginRejected where Azure DevOps sent the page on which people sign in, or on to it, in place of an answer of the API."""
    page = answer.headers.get("content-type", "").startswith("text/html")
    if answer.status == 203 or 300 <= answer.status < 400 or (page and "content-disposition" not in answer.headers):
        raise login_rejected(system)
