import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from zendesk_ports import ports
from zendesk_site import HOOK_SECRET, running

from connectors.kit.interface import Change, Delivery
from connectors.kit.webhooks import Forged
from connectors.zendesk import DECLARATION
from connectors.zendesk.webhook import read

SECRET = "dGhlIHNlY3JldCBvZiBhY21l"
NOW = datetime(2031, 1, 2, 12, 0, 0, tzinfo=UTC)
EVENT = {
    "account_id": 12514403,
    "id": "2b24ef10-19d4-4740-93cf-8f98ec4776c0",
    "subject": "zen:ticket:35",
    "time": "2031-01-02T11:59:58.465719851Z",
    "type": "zen:event-type:ticket.comment_added",
    "zendesk_event_version": "2022-11-06",
    "event": {"comment": {"id": "7", "body": "Hello", "is_public": False}, "meta": {}},
    "detail": {"id": "35", "status": "OPEN", "updated_at": "2031-01-02T11:59:57Z", "external_id": ""},
}


def _headers(body: bytes, stamp: str = "2031-01-02T11:59:59Z", secret: str = SECRET) -> dict[str, str]:
    """As Zendesk documents it, not as the connector computes it."""
    digest = hmac.new(secret.encode(), (stamp + body.decode()).encode(), hashlib.sha256).digest()
    return {
        "x-zendesk-webhook-signature": base64.b64encode(digest).decode(),
        "x-zendesk-webhook-signature-timestamp": stamp,
        "x-zendesk-webhook-invocation-id": "01HXYZ",
    }


def _read(event: object, **changed: object) -> Delivery:
    body = json.dumps({**event, **changed} if isinstance(event, dict) else event).encode()
    return read(_headers(body), body, SECRET, NOW)


def test_an_event_names_its_ticket() -> None:
    assert _read(EVENT) == Delivery(id=EVENT["id"], changes=(Change(id="35", key="#35", version="2031-01-02T11:59:57Z"),))  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("kind", ["soft_deleted", "permanently_deleted"])
def test_a_deletion(kind: str) -> None:
    assert [one.deleted for one in _read(EVENT, type=f"zen:event-type:ticket.{kind}").changes] == [True]


@pytest.mark.parametrize("kind", ["ticket.undeleted", "ticket.merged", "ticket.not_invented_yet", "messaging_ticket.message_added"])
def test_other_events_of_a_ticket_are_hints_too(kind: str) -> None:
    assert [(one.id, one.deleted) for one in _read(EVENT, type=f"zen:event-type:{kind}").changes] == [("35", False)]


@pytest.mark.parametrize(
    "event",
    [
        {**EVENT, "subject": "zen:user:35"},
        {**EVENT, "subject": None, "detail": None},
        {**EVENT, "subject": "zen:ticket:x"},
        {"ticket_id": "new"},
        {"ticket_id": None},
        {},
        [],
        "hello",
        None,
    ],
)
def test_what_names_no_ticket_changes_nothing(event: object) -> None:
    assert _read(event).changes == ()


def test_a_body_that_is_no_json_changes_nothing() -> None:
    assert read(_headers(b"<ticket/>"), b"<ticket/>", SECRET, NOW).changes == ()


@pytest.mark.parametrize("detail", [None, {}, {"updated_at": 5}, {"updated_at": "yesterday"}, "x"])
def test_an_event_without_a_time_has_no_version(detail: object) -> None:
    assert [one.version for one in _read(EVENT, detail=detail).changes] == [""]


def test_a_trigger_of_the_account_may_call() -> None:
    assert [one.id for one in _read({"ticket_id": "17"}).changes] == ["17"]
    assert [one.id for one in _read({"ticket_id": 17}).changes] == ["17"]


def test_the_delivery_is_what_was_signed_whatever_the_headers_say() -> None:
    body = json.dumps(EVENT).encode()
    one = read(_headers(body), body, SECRET, NOW)
    again = read({**_headers(body, "2031-01-02T12:00:00Z"), "x-zendesk-webhook-invocation-id": "01HABC"}, body, SECRET, NOW)
    assert one.id == again.id
    hints = [json.dumps({"ticket_id": 17}).encode()] * 2
    first, repeated = (read(_headers(hint), hint, SECRET, NOW).id for hint in hints)
    later = read(_headers(hints[0], "2031-01-02T12:00:00Z"), hints[0], SECRET, NOW).id
    assert first == repeated != later


def test_a_flipped_bit_is_forged() -> None:
    body = json.dumps(EVENT).encode()
    headers = _headers(body)
    for wrong, secret in ((bytes([body[0] ^ 1]) + body[1:], SECRET), (body, "other"), (body + b" ", SECRET)):
        with pytest.raises(Forged, match="does not fit"):
            read(headers, wrong, secret, NOW)
    with pytest.raises(Forged, match="does not fit"):
        read({**headers, "x-zendesk-webhook-signature-timestamp": "2031-01-02T12:00:00Z"}, body, SECRET, NOW)
    with pytest.raises(Forged, match="does not fit"):
        read({**headers, "x-zendesk-webhook-signature": "ä"}, body, SECRET, NOW)


def test_a_missing_signature_is_forged() -> None:
    body = json.dumps(EVENT).encode()
    for missing in ("x-zendesk-webhook-signature", "x-zendesk-webhook-signature-timestamp"):
        headers = {name: value for name, value in _headers(body).items() if name != missing}
        with pytest.raises(Forged, match="no signature"):
            read(headers, body, SECRET, NOW)
    with pytest.raises(Forged, match="no signature"):
        read(_headers(body, secret=""), body, "", NOW)


@pytest.mark.parametrize(
    ("stamp", "taken"),
    [
        ("2031-01-02T11:55:00Z", True),
        ("2031-01-02T12:05:00Z", True),
        ("2031-01-02T11:55:00.90004765Z", True),
        ("2031-01-02T11:54:59Z", False),
        ("2031-01-02T12:05:01Z", False),
        ("2031-01-02T11:59:59", False),
        ("soon", False),
    ],
)
def test_a_call_that_is_repeated_later_is_forged(stamp: str, *, taken: bool) -> None:
    body = json.dumps(EVENT).encode()
    if taken:
        assert read(_headers(body, stamp), body, SECRET, NOW).changes
    else:
        with pytest.raises(Forged, match="look at the clocks"):
            read(_headers(body, stamp), body, SECRET, NOW)


def test_the_secret_itself_is_as_good_as_a_signature() -> None:
    """A webhook that we registered carries it; what Zendesk signs with is then a secret of its own."""
    body = json.dumps(EVENT).encode()
    signed = _headers(body, secret="made-by-zendesk")
    assert [one.id for one in read({**signed, "authorization": f"Bearer {SECRET}"}, body, SECRET, NOW).changes] == ["35"]
    for wrong in (f"Bearer {SECRET}x", SECRET, f"Basic {SECRET}", "Bearer ", "ä"):
        with pytest.raises(Forged, match="does not fit"):
            read({**signed, "authorization": wrong}, body, SECRET, NOW)
    with pytest.raises(Forged, match="no signature"):
        read({"authorization": "Bearer "}, body, "", NOW)


class Inbox:
    """Takes deliveries as our webhook endpoint would."""

    def __init__(self) -> None:
        self.calls: list[Delivery] = []
        self.app = Starlette(routes=[Route("/hook", self._take, methods=["POST"])])

    async def _take(self, request: Request) -> Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.calls.append(DECLARATION.parse_webhook(headers, await request.body(), HOOK_SECRET))
        return Response(status_code=202)

    async def until(self, count: int) -> list[Change]:
        for _ in range(500):
            if len(self.calls) >= count:
                return [one for delivery in self.calls for one in delivery.changes]
            await asyncio.sleep(0.01)
        raise AssertionError(f"only {len(self.calls)} of {count} deliveries came")


@pytest.fixture
async def inbox() -> AsyncIterator[tuple[Inbox, str]]:
    inbox = Inbox()
    with ports().lease(inbox.app) as url:
        yield inbox, f"{url}/hook"


async def test_the_fake_signs_what_it_delivers(inbox: tuple[Inbox, str]) -> None:
    received, url = inbox
    async with running(webhook_url=url) as site:
        await site.say("ann", "1", "Hello")
        assert [(one.id, one.deleted) for one in await received.until(1)] == [("1", False)]
        await site.call("ann", "DELETE", "/tickets/1")
        assert [(one.id, one.deleted) for one in await received.until(2)][1] == ("1", True)
        await site.control(duplicate_webhooks=2)
        await site.edit("bob", "2", subject="Both", priority="low")
        told = await received.until(6)
        assert [one.id for one in told[2:]] == ["2"] * 4
        assert len({one.id for one in received.calls}) == 4
        assert (datetime.now(UTC) - datetime.fromisoformat(told[-1].version)) < timedelta(minutes=1)


async def test_a_webhook_made_through_the_api(inbox: tuple[Inbox, str]) -> None:
    received, url = inbox
    async with running() as site:
        body = {"name": "Acme", "endpoint": url, "http_method": "POST", "request_format": "json", "status": "active"}
        events = ["zen:event-type:ticket.status_changed"]
        made = await site.call("ann", "POST", "/webhooks", {"webhook": {**body, "subscriptions": events}})
        path = f"/webhooks/{made.json()['webhook']['id']}"
        secret = (await site.call("ann", "GET", f"{path}/signing_secret")).json()["signing_secret"]
        renewed = (await site.call("ann", "POST", f"{path}/signing_secret")).json()["signing_secret"]
        assert (made.status_code, secret["algorithm"], secret["secret"] != renewed["secret"]) == (201, "SHA256", True)
        both = {**body, "subscriptions": ["conditional_ticket_events", *events]}
        assert (await site.call("ann", "POST", "/webhooks", {"webhook": both})).status_code == 400
        assert (await site.call("ann", "PATCH", path, {"webhook": {"status": "inactive"}})).status_code == 204
        assert (await site.call("bob", "GET", "/webhooks")).status_code == 403
        assert (await site.call("ann", "DELETE", path)).status_code == 204
        assert (await site.call("ann", "GET", path)).status_code == 404
        await site.edit("ann", "1", status="solved")
        assert received.calls == []
