import json
import time

import pytest

from connectors.github.refusals import Forbidden, explain
from connectors.kit.http import Answer
from model.errors import Gone, LoginRejected, Misconfigured, NotFound, RateLimited, Refused, TwinlineError

BASE = "https://api.acme.test"


def _answer(status: int, body: object, path: str, headers: dict[str, str] | None = None) -> Answer:
    return Answer(status, headers or {}, json.dumps(body).encode(), BASE + path)


@pytest.mark.parametrize(
    ("status", "message", "path", "kind", "words"),
    [
        (401, "Bad credentials", "/user", LoginRejected, "does not accept the token"),
        (403, "Resource not accessible by personal access token", "/repos/a/b/issues/1", Forbidden, "a/b#1.*Issues: read and write"),
        (403, "You have exceeded a secondary rate limit", "/repos/a/b/issues/1", RateLimited, "wait 60 s"),
        (404, "Not Found", "/repos/a/b/issues/1", NotFound, "a/b#1 does not exist"),
        (404, "Not Found", "/repos/a/b/pulls/1", NotFound, "a/b#1 does not exist"),
        (403, "Resource not accessible by personal access token", "/repos/a/b/pulls/1", Forbidden, "a/b#1.*'Pull requests: read'"),
        (404, "Not Found", "/repos/a/b/issues/comments/5", NotFound, "comment 5 in a/b"),
        (404, "Not Found", "/repositories/7/issues/5", NotFound, "the repository#5"),
        (404, "Not Found", "/repos/a/b", Misconfigured, "repository 'a/b' does not exist"),
        (404, "Not Found", "/repos/a/b/issues", Misconfigured, "repository 'a/b' does not exist"),
        (404, "Not Found", "/users/ann", NotFound, "no such user"),
        (404, "Not Found", "/user/7", NotFound, "no such user"),
        (404, "Not Found", "/user", Misconfigured, "https://HOST/api/v3"),
        (410, "This issue was deleted", "/repos/a/b/issues/1", Gone, "a/b#1 was deleted"),
        (410, "Issues are disabled for this repo", "/repos/a/b/issues/1", Misconfigured, "switch issues on"),
        (400, "Problems parsing JSON", "/repos/a/b/issues", Refused, "refused a/b: Problems parsing JSON"),
        (451, "Repository access blocked", "/repos/a/b/issues/1", Refused, "access blocked"),
    ],
)
def test_what_a_refusal_means(status: int, message: str, path: str, kind: type[TwinlineError], words: str) -> None:
    error = explain("acme-github", _answer(status, {"message": message}, path))
    assert type(error) is kind
    with pytest.raises(kind, match=words):
        raise error


@pytest.mark.parametrize(
    ("vendor", "hub"), [("title", "summary"), ("body", "description"), ("assignees", "assignee"), ("labels", "labels")]
)
def test_a_refused_value_names_the_hub_field(vendor: str, hub: str) -> None:
    fault = {"resource": "Issue", "field": vendor, "code": "invalid", "value": "x"}
    error = explain("acme-github", _answer(422, {"message": "Validation Failed", "errors": [fault]}, "/repos/a/b/issues/1"))
    assert isinstance(error, Refused)
    assert (error.field, error.message) == (hub, f"acme-github refused a/b#1: Validation Failed; {vendor}: invalid 'x'")


def test_the_wait_is_githubs() -> None:
    reset = str(int(time.time()) + 100)
    primary = explain("g", _answer(403, {}, "/user", {"x-ratelimit-remaining": "0", "x-ratelimit-reset": reset}))
    secondary = explain("g", _answer(403, {}, "/user", {"retry-after": "7"}))
    assert isinstance(primary, RateLimited)
    assert isinstance(secondary, RateLimited)
    assert 95 < primary.retry_after <= 100
    assert secondary.retry_after == 7


def test_single_sign_on() -> None:
    error = explain("g", _answer(403, {"message": "SAML"}, "/repos/a/b", {"x-github-sso": "required; url=https://acme.test"}))
    assert isinstance(error, LoginRejected)


def test_a_page_in_place_of_json() -> None:
    error = explain("g", Answer(404, {}, b"<html>", f"{BASE}/repos/a/b"))
    assert isinstance(error, Misconfigured)
