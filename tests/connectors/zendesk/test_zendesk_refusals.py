import json

import pytest

from connectors.kit.http import Answer
from connectors.zendesk.refusals import Collision, Forbidden, explain
from model.errors import LoginRejected, Misconfigured, NotFound, Refused, TwinlineError

BASE = "https://acme.zendesk.com/api/v2"
TICKET = f"{BASE}/tickets/17.json"


def _answer(status: int, body: object, url: str = TICKET) -> Answer:
    return Answer(status, {}, body if isinstance(body, bytes) else json.dumps(body).encode(), url)


@pytest.mark.parametrize(
    ("status", "body", "url", "kind", "words"),
    [
        (401, {"error": "Couldn't authenticate you"}, TICKET, LoginRejected, "does not accept the credentials"),
        (403, {"error": {"title": "Forbidden", "message": "No."}}, TICKET, Forbidden, r"ticket '17' \(Forbidden: No\.\)"),
        (403, {"error": "Forbidden", "description": "Missing scope"}, TICKET, Forbidden, "Missing scope"),
        (404, {"error": "RecordNotFound", "description": "Not found"}, TICKET, NotFound, "ticket '17' does not exist"),
        (404, {"error": "RecordNotFound"}, f"{BASE}/users/5", NotFound, "user '5'"),
        (404, {"error": "InvalidEndpoint"}, f"{BASE}/custom_statuses", NotFound, "nothing that Twinline's account may see"),
        (404, b"<html>No help desk</html>", TICKET, Misconfigured, "https://acme.zendesk.com"),
        (404, {"error": "x"}, "https://acme.test/elsewhere", Misconfigured, "no address of Zendesk's API"),
        (409, {"error": "UpdateConflict", "description": "ticket was updated elsewhere"}, TICKET, Collision, "updated elsewhere"),
        (400, {"errors": [{"code": "Bad", "title": "Bad", "detail": "Too many"}]}, f"{BASE}/webhooks", Refused, "the call: Too many"),
        (422, {"error": "RecordInvalid", "description": "Record validation errors", "details": {}}, TICKET, Refused, "Record validation"),
        (422, b"", TICKET, Refused, "status 422, no reason given"),
        (413, {"message": "too large"}, f"{BASE}/uploads", Refused, "too large"),
    ],
)
def test_what_a_refusal_means(status: int, body: object, url: str, kind: type[TwinlineError], words: str) -> None:
    error = explain("acme-zendesk", _answer(status, body, url))
    assert type(error) is kind
    with pytest.raises(kind, match=words):
        raise error


@pytest.mark.parametrize(
    ("vendor", "hub"),
    [("subject", "summary"), ("assignee_id", "assignee"), ("status", "status"), ("group", "Group"), ("base", ""), ("odd", "odd")],
)
def test_a_refused_value_names_the_hub_field(vendor: str, hub: str) -> None:
    details = {vendor: [{"description": "It: is invalid", "error": "InvalidValue"}, {"description": "It: is odd"}]}
    error = explain("acme-zendesk", _answer(422, {"error": "RecordInvalid", "details": details}))
    assert isinstance(error, Refused)
    assert (error.field, error.message) == (hub, "acme-zendesk refused ticket '17': It: is invalid; It: is odd")
