import json
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from github_site import GitHubSite, running
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.github import DECLARATION
from connectors.kit.fake import serving
from connectors.kit.interface import FakeOptions
from connectors.kit.webhooks import Forged, hex_signature
from model.errors import BadInput

SECRET = "webhook-secret"
EXAMPLES = Path(__file__).parents[4] / "shared" / "payloads" / "github" / "webhooks-examples"
USER = {"id": 7, "login": "ann"}
ISSUE = {
    "number": 12,
    "title": "Anvil",
    "body": "Bent\n\n<!-- twinline:m-1 -->",
    "state": "open",
    "user": USER,
    "html_url": "https://github.com/Acme/app/issues/12",
    "created_at": "2026-01-02T03:04:05Z",
    "updated_at": "2026-01-02T03:04:06Z",
}
COMMENT = {
    "id": 99,
    "body": "Yes",
    "user": USER,
    "html_url": "https://github.com/Acme/app/issues/12#issuecomment-99",
    "issue_url": "https://api.github.com/repos/Acme/app/issues/12",
    "created_at": "2026-01-02T03:04:06Z",
    "updated_at": "2026-01-02T03:04:09Z",
}


def _event(action: str, **more: object) -> bytes:
    return json.dumps({"action": action, "issue": ISSUE, "repository": {"full_name": "Acme/app"}, **more}).encode()


def _headers(event: str, body: bytes) -> dict[str, str]:
    return {"x-github-event": event, "x-github-delivery": "guid-1", "x-hub-signature-256": hex_signature(body, SECRET)}


def test_an_edit() -> None:
    body = _event("edited")
    delivery = DECLARATION.parse_webhook(_headers("issues", body), body, SECRET)
    (change,) = delivery.changes
    assert (delivery.id, change.id, change.key, change.marker, change.deleted) == ("guid-1", "acme/app#12", "Acme/app#12", "m-1", False)
    assert change.version.startswith("2026-01-02T03:04:06Z-")


@pytest.mark.parametrize(("more", "repository"), [({}, "acme/app"), ({"sub_issue_repo": {"full_name": "Acme/lab"}}, "acme/lab")])
def test_a_sub_issue_is_the_one_that_changed(more: dict[str, object], repository: str) -> None:
    told = {"action": "sub_issue_added", "sub_issue": ISSUE, "parent_issue": {**ISSUE, "number": 3}, **more}
    body = json.dumps({**told, "repository": {"full_name": "Acme/app"}}).encode()
    (change,) = DECLARATION.parse_webhook(_headers("sub_issues", body), body, SECRET).changes
    assert change.id == f"{repository}#12"


@pytest.mark.parametrize(
    ("action", "changed"),
    [("blocked_by_added", 12), ("blocked_by_removed", 12), ("blocking_added", 3), ("blocking_removed", 3)],
)
def test_of_a_dependency_each_issue_is_told_of_by_itself(action: str, changed: int) -> None:
    other = {**ISSUE, "number": 3, "html_url": "https://github.com/Acme/app/issues/3"}
    told = {"action": action, "blocked_issue": ISSUE, "blocking_issue": other, "repository": {"full_name": "Acme/app"}}
    body = json.dumps(told).encode()
    (change,) = DECLARATION.parse_webhook(_headers("issue_dependencies", body), body, SECRET).changes
    assert change.id == f"acme/app#{changed}"


def test_a_deletion() -> None:
    body = _event("deleted")
    assert DECLARATION.parse_webhook(_headers("issues", body), body, SECRET).changes[0].deleted


def test_a_comment_edit_has_a_version_of_its_own() -> None:
    bodies = [_event("edited", comment={**COMMENT, "body": text}) for text in ("Yes", "No")] + [_event("deleted", comment=COMMENT)]
    changes = [DECLARATION.parse_webhook(_headers("issue_comment", body), body, SECRET).changes[0] for body in bodies]
    assert len({one.version for one in changes}) == 3
    assert not any(one.deleted for one in changes)


def test_a_form_carries_the_same_event() -> None:
    body = urlencode({"payload": _event("edited").decode()}).encode()
    headers = {**_headers("issues", body), "content-type": "application/x-www-form-urlencoded"}
    assert [one.id for one in DECLARATION.parse_webhook(headers, body, SECRET).changes] == ["acme/app#12"]


@pytest.mark.parametrize("event", ["ping", "push", "label", "pull_request_review"])
def test_other_events_are_empty(event: str) -> None:
    body = b'{"zen": "Keep it logically awesome."}'
    assert DECLARATION.parse_webhook(_headers(event, body), body, SECRET).changes == ()


def test_a_flipped_bit_is_forged() -> None:
    body = _event("edited")
    headers = _headers("issues", body)
    flipped = bytes([body[0] ^ 1]) + body[1:]
    with pytest.raises(Forged, match="does not fit"):
        DECLARATION.parse_webhook(headers, flipped, SECRET)
    with pytest.raises(Forged, match="does not fit"):
        DECLARATION.parse_webhook(headers, body, "other")


def test_a_missing_signature_is_forged() -> None:
    body = _event("edited")
    with pytest.raises(Forged, match="no signature"):
        DECLARATION.parse_webhook({"x-github-event": "issues", "x-github-delivery": "guid-1"}, body, SECRET)


def test_a_signed_call_of_another_form_is_bad_input() -> None:
    body = b'{"action": "edited"}'
    with pytest.raises(BadInput, match="'guid-1'"):
        DECLARATION.parse_webhook(_headers("issues", body), body, SECRET)


@pytest.mark.skipif(not EXAMPLES.is_dir(), reason="GitHub's published webhook examples are not beside this checkout")
def test_published_examples() -> None:
    """Every published `issues` and `issue_comment` payload names its item, which may be a pull request."""
    for path in sorted(EXAMPLES.glob("issue*.json")):
        body = path.read_bytes()
        delivery = DECLARATION.parse_webhook(_headers(path.name.split(".")[0], body), body, SECRET)
        event = json.loads(body)
        wanted = f"{event['repository']['full_name'].lower()}#{event['issue']['number']}"
        assert [one.id for one in delivery.changes] == [wanted], path.name


class Inbox:
    """Takes deliveries as our webhook endpoint would."""

    def __init__(self) -> None:
        self.calls: list[tuple[dict[str, str], bytes]] = []
        self.app = Starlette(routes=[Route("/hook", self._take, methods=["POST"])])

    async def _take(self, request: Request) -> Response:
        self.calls.append((dict(request.headers), await request.body()))
        return Response(status_code=202)

    def ids(self) -> list[tuple[str, tuple[str, ...]]]:
        parsed = [(headers, DECLARATION.parse_webhook(headers, body, SECRET)) for headers, body in self.calls]
        return [(headers["x-github-event"], tuple(one.id for one in delivery.changes)) for headers, delivery in parsed]


@pytest.fixture
async def inbox() -> AsyncIterator[tuple[Inbox, str]]:
    inbox = Inbox()
    async with serving(inbox.app) as url:
        yield inbox, f"{url}/hook"


async def _until(site: GitHubSite, inbox: Inbox, count: int) -> None:
    for _ in range(200):
        if len(inbox.calls) >= count:
            return
        await site.state()
    raise AssertionError(f"only {len(inbox.calls)} of {count} deliveries came")


async def test_the_fake_signs_what_it_delivers(inbox: tuple[Inbox, str]) -> None:
    received, url = inbox
    async with running() as site:
        hook = {"config": {"url": url, "secret": SECRET, "content_type": "json"}, "events": ["issues", "issue_comment"]}
        made = await site.call("ann", "POST", "/repos/acme/app/hooks", hook)
        assert (made.status_code, made.json()["config"]["secret"]) == (201, "********")
        await _until(site, received, 1)
        await site.call("ann", "PATCH", "/repos/acme/app/issues/1", {"title": "New", "labels": ["bug", "sync"]})
        await _until(site, received, 3)
        await site.call("ann", "POST", "/repos/acme/app/issues/2/comments", {"body": "Hello"})
        await _until(site, received, 4)
        assert received.ids()[0] == ("ping", ())
        assert sorted(received.ids()[1:3]) == [("issues", ("acme/app#1",)), ("issues", ("acme/app#1",))]
        assert received.ids()[3] == ("issue_comment", ("acme/app#2",))
        assert (await site.call("ann", "DELETE", f"/repos/acme/app/hooks/{made.json()['id']}")).status_code == 204


async def test_a_delivery_is_told_and_repeated_when_somebody_asks(inbox: tuple[Inbox, str]) -> None:
    received, url = inbox
    async with running() as site:
        hook = {"config": {"url": url, "secret": SECRET, "content_type": "form"}, "events": ["pull_request"]}
        made = (await site.call("ann", "POST", "/repos/acme/app/hooks", hook)).json()
        await site.call("ann", "PATCH", "/repos/acme/app/issues/1", {"title": "An issue"})
        await site.call("ann", "PATCH", "/repos/acme/app/issues/3", {"title": "A pull request"})
        await _until(site, received, 2)
        sent = f"/repos/acme/app/hooks/{made['id']}/deliveries"
        while (told := (await site.call("ann", "GET", sent)).json())[0]["status_code"] == 0:
            await site.state()
        assert [(one["event"], one["action"], one["status_code"]) for one in told] == [("pull_request", "edited", 202), ("ping", None, 202)]
        assert (await site.call("ann", "POST", f"{sent}/{told[0]['id']}/attempts")).status_code == 202
        await _until(site, received, 3)
        first, second = received.calls[1], received.calls[2]
        assert first[1] == second[1]
        assert first[0]["x-github-delivery"] == second[0]["x-github-delivery"]
        newest = (await site.call("ann", "GET", f"{sent}?per_page=1")).json()[0]
        assert (newest["redelivery"], newest["guid"]) == (True, told[0]["guid"])
        whole = (await site.call("ann", "GET", f"{sent}/{newest['id']}")).json()
        assert whole["request"]["payload"]["pull_request"]["title"] == "A pull request"


async def test_a_hook_from_the_start(inbox: tuple[Inbox, str]) -> None:
    received, url = inbox
    options = FakeOptions(user="twinline", secret="twinline-token", webhook_url=url, webhook_secret=SECRET)
    async with serving(DECLARATION.fake(options)) as address, running() as other:
        await GitHubSite(address, other.client).client.post(
            f"{address}/repos/acme/app/issues", json={"title": "x"}, headers={"Authorization": "Bearer bob-token"}
        )
        await _until(other, received, 1)
        assert received.ids() == [("issues", ("acme/app#5",))]
