"""What each kind of refusal becomes."""

import json

import pytest

from connectors.azure_devops.refusals import Forbidden, explain, reject_sign_in_page
from connectors.kit.http import Answer
from model.errors import LoginRejected, Misconfigured, NotFound, RateLimited, Refused, Stale, TwinlineError, Unavailable

URL = "https://dev.azure.com/acme/_apis/wit/workitems/12"


def answer(status: int, message: str = "", key: str = "", **properties: object) -> Answer:
    body = {"$id": "1", "customProperties": properties, "innerException": None, "message": message, "typeKey": key}
    return Answer(status, {}, json.dumps(body).encode(), URL)


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (answer(401), LoginRejected),
        (answer(403, "TF237111: The current user does not have permissions to save work items."), Forbidden),
        (answer(403, "TF400733: The request has been canceled"), RateLimited),
        (answer(404, "TF401232: Work item 12 does not exist", "WorkItemUnauthorizedAccessException"), NotFound),
        (answer(404, "TF200016: no such project", "ProjectDoesNotExistWithNameException"), Misconfigured),
        (answer(408, "VS402335: The query timed out", "WorkItemTrackingQueryTimeoutException"), Unavailable),
        (answer(409, "TF26071", "WorkItemRevisionMismatchException"), Stale),
        (answer(412, "VS403351", "TestPatchOperationFailedException"), Stale),
        (answer(400, "out of range", "VssVersionOutOfRangeException"), Misconfigured),
        (answer(400, "TF401320", "RuleValidationException"), Refused),
        (answer(413), Refused),
    ],
    ids=lambda value: str(value.status) if isinstance(value, Answer) else value.__name__,
)
def test_each_answer_has_its_error(given: Answer, kind: type[TwinlineError]) -> None:
    told = explain("acme-azure")(given)
    assert type(told) is kind
    assert told.message.startswith("acme-azure")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (answer(400, "x", FieldReferenceName="System.State"), "status"),
        (answer(400, "x", fieldReferenceName="Custom.Seats"), "Custom.Seats"),
        (answer(400, "TF401320: Rule Error for field Assigned To. Error code: Required."), "assignee"),
        (answer(400, "TF401326: Invalid field status 'ReadOnly' for field 'System.AreaPath'."), "areaPath"),
        (answer(400, "Something else"), ""),
    ],
)
def test_the_field_is_named_as_the_rules_know_it(given: Answer, field: str) -> None:
    told = explain("acme-azure")(given)
    assert isinstance(told, Refused)
    assert told.field == field


def test_a_proxys_page_is_told_without_its_words() -> None:
    told = explain("acme-azure")(Answer(400, {}, b"<html>Blocked</html>", URL))
    assert told.message == "acme-azure refused work item 12: answer 400 without a reason"


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (203, {"content-type": "text/html"}),
        (302, {}),
        (200, {"content-type": "text/html; charset=utf-8"}),
        (203, {"content-type": "application/json"}),
    ],
)
def test_a_sign_in_page_is_a_rejected_login(status: int, headers: dict[str, str]) -> None:
    with pytest.raises(LoginRejected):
        reject_sign_in_page("acme-azure", Answer(status, headers, b"", URL))


@pytest.mark.parametrize(
    "headers", [{"content-type": "application/json"}, {"content-type": "text/html", "content-disposition": "attachment"}, {}]
)
def test_a_real_answer_is_none(headers: dict[str, str]) -> None:
    reject_sign_in_page("acme-azure", Answer(200, headers, b"", URL))
