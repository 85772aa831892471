import json

import pytest

from connectors.kit.http import Answer
from connectors.salesforce.refusals import DuplicateValue, SessionExpired, explain, explain_token
from model.errors import Gone, LoginRejected, Misconfigured, NotFound, RateLimited, Refused, Stale, TwinlineError, Unavailable


def _explained(status: int, *codes: str, message: str = "said", fields: list[str] | None = None) -> TwinlineError:
    body = json.dumps([{"message": message, "errorCode": code, "fields": fields} for code in codes]).encode()
    return explain("acme")(Answer(status, {}, body, "https://acme.my.salesforce.com/services/data/v60.0/sobjects/Case"))


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "REQUIRED_FIELD_MISSING", Refused),
        (400, "INVALID_FIELD", Refused),
        (400, "MALFORMED_QUERY", Refused),
        (400, "STRING_TOO_LONG", Refused),
        (400, "FIELD_CUSTOM_VALIDATION_EXCEPTION", Refused),
        (400, "DUPLICATES_DETECTED", Refused),
        (400, "DUPLICATE_VALUE", DuplicateValue),
        (400, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", Refused),
        (400, "INVALID_CROSS_REFERENCE_KEY", Refused),
        (400, "MALFORMED_ID", NotFound),
        (400, "ENTITY_IS_DELETED", Gone),
        (404, "ENTITY_IS_DELETED", Gone),
        (404, "NOT_FOUND", NotFound),
        (404, "", Misconfigured),
        (401, "INVALID_SESSION_ID", SessionExpired),
        (401, "INVALID_AUTH_HEADER", LoginRejected),
        (403, "API_DISABLED_FOR_ORG", LoginRejected),
        (403, "INSUFFICIENT_ACCESS_OR_READONLY", Refused),
        (403, "REQUEST_LIMIT_EXCEEDED", RateLimited),
        (400, "UNABLE_TO_LOCK_ROW", RateLimited),
        (405, "METHOD_NOT_ALLOWED", Refused),
        (412, "", Stale),
        (414, "", Refused),
        (415, "", Refused),
        (420, "", Unavailable),
        (431, "", Refused),
    ],
)
def test_each_code_says_what_to_do_next(status: int, code: str, kind: type[TwinlineError]) -> None:
    explained = _explained(status, code) if code else explain("acme")(Answer(status, {}, b"<html>", "https://acme.test/x"))
    assert type(explained) is kind
    assert "acme" in explained.message
    assert code in explained.message or kind is Stale


def test_the_field_has_the_name_that_rules_know() -> None:
    refused = _explained(400, "FIELD_CUSTOM_VALIDATION_EXCEPTION", message="No", fields=["OwnerId"])
    assert isinstance(refused, Refused)
    assert refused.field == "assignee"
    assert refused.message == "acme refused field 'assignee': No (FIELD_CUSTOM_VALIDATION_EXCEPTION)"
    own = _explained(400, "STRING_TOO_LONG", fields=["Size__c"])
    assert isinstance(own, Refused)
    assert own.field == "Size__c"


def test_a_collection_says_status_code() -> None:
    body = b'[{"statusCode": "STRING_TOO_LONG", "message": "too long", "fields": ["Subject"]}]'
    explained = explain("acme")(Answer(400, {}, body, ""))
    assert explained.message == "acme refused field 'summary': too long (STRING_TOO_LONG)"


def test_a_day_s_quota_is_waited_for_longer_than_a_busy_moment() -> None:
    day = _explained(403, "REQUEST_LIMIT_EXCEEDED", message="TotalRequests Limit exceeded.")
    busy = _explained(403, "REQUEST_LIMIT_EXCEEDED", message="ConcurrentRequests (Concurrent API Requests) Limit exceeded.")
    assert isinstance(day, RateLimited)
    assert isinstance(busy, RateLimited)
    assert (day.retry_after, busy.retry_after) == (900, 30)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"error": "invalid_grant", "error_description": "expired access/refresh token"}', LoginRejected),
        (b'{"error": "invalid_client_id", "error_description": "client identifier invalid"}', LoginRejected),
        (b'{"error": "invalid_grant", "error_description": "login rate exceeded"}', RateLimited),
        (b"<html>Not here</html>", Misconfigured),
    ],
)
def test_token_errors(body: bytes, kind: type[TwinlineError]) -> None:
    assert type(explain_token("acme", Answer(400, {}, body, "https://acme.test/services/oauth2/token"))) is kind
