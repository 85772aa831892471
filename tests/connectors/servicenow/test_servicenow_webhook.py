"""What the business rule of the README sends, and what it does not."""

import asyncio
import json
from datetime import UTC, datetime

import pytest
from servicenow_site import running
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.kit.fake import serving
from connectors.kit.interface import Change, Delivery
from connectors.kit.webhooks import Forged
from connectors.servicenow.webhook import parse_webhook, signature

SECRET = "s3cret-of-acme"
SYS_ID = "0123456789abcdef0123456789abcdef"
NOW = datetime(2031, 1, 2, 12, tzinfo=UTC)
BODY = json.dumps(
    {
        "table": "incident", "sys_id": SYS_ID, "number": "INC0000017", "operation": "update", "sys_mod_count": "4",
        "sys_updated_on": "2031-01-02 11:59:58", "sys_updated_by": "ann",
    }
).encode()  # fmt: skip


def _headers(body: bytes = BODY, identity: str = f"{SYS_ID}:4:update", seconds: int = 0) -> dict[str, str]:
    at = str(int(NOW.timestamp()) + seconds)
    return {"webhook-id": identity, "webhook-timestamp": at, "webhook-signature": signature(identity, at, body, SECRET)}


def _parsed(headers: dict[str, str], body: bytes = BODY, secret: str = SECRET) -> Delivery:
    return parse_webhook(headers, body, secret, lambda: NOW)


def test_a_signed_call_names_its_record() -> None:
    delivery = _parsed(_headers())
    assert delivery.id == f"{SYS_ID}:4:update"
    assert delivery.changes == (Change(id=f"incident/{SYS_ID}", key="INC0000017", version="4/2031-01-02T11:59:58Z"),)


def test_the_signature_is_that_of_standard_webhooks() -> None:
    """https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md; the value is openssl's."""
    assert signature("msg_1", "1700000000", b'{"a":1}', "acme") == "v1,t1Zdzyg8soNR3PGmD1OtGPoUnarH/xyoI80xHrsW2aE="


def test_a_deletion() -> None:
    body = BODY.replace(b'"update"', b'"delete"')
    assert _parsed(_headers(body), body).changes[0].deleted


def test_a_repeated_call_has_the_same_id_and_counts_once() -> None:
    assert _parsed(_headers()).id == _parsed(_headers(seconds=200)).id


@pytest.mark.parametrize("seconds", [-301, 301, -86400])
def test_an_old_call_repeated_later_is_forged(seconds: int) -> None:
    with pytest.raises(Forged, match="check the clocks"):
        _parsed(_headers(seconds=seconds))


def test_whatever_is_altered_is_forged() -> None:
    altered = [
        (_headers() | {"webhook-id": "x"}, BODY),
        (_headers() | {"webhook-timestamp": str(int(NOW.timestamp()) + 1)}, BODY),
        (_headers() | {"webhook-signature": "v1,AAAA"}, BODY),
        (_headers() | {"webhook-signature": _headers()["webhook-signature"].replace("v1,", "v2,")}, BODY),
        (_headers(), BODY.replace(b"incident", b"problem_")),
        ({"webhook-signature": signature("", "", BODY, SECRET)}, BODY),
    ]
    for headers, body in altered:
        with pytest.raises(Forged):
            _parsed(headers, body)
    with pytest.raises(Forged):
        _parsed(_headers(), secret="another")


def test_while_a_secret_changes_either_signature_will_do() -> None:
    headers = _headers()
    headers["webhook-signature"] = f"v1,AAAA {headers['webhook-signature']}"
    assert len(_parsed(headers).changes) == 1


def test_the_secret_itself_lets_in_where_an_instance_cannot_sign() -> None:
    assert _parsed({"x-twinline-token": SECRET, "webhook-id": "d-1"}).id == "d-1"
    assert _parsed({"x-twinline-token": SECRET}).id == _parsed({"x-twinline-token": SECRET}).id != ""
    for headers in ({}, {"x-twinline-token": "s3cret-of-acmf"}, {"x-twinline-token": ""}):
        with pytest.raises(Forged):
            _parsed(headers)
    with pytest.raises(Forged, match="set one here"):
        _parsed({"x-twinline-token": ""}, secret="")


@pytest.mark.parametrize(
    "body", [b"", b"hello", b"[]", b'{"ping": true}', b'{"table": "../x", "sys_id": "17"}', BODY.replace(b"0123456789abcdef", b"")]
)
def test_another_shape_changes_nothing(body: bytes) -> None:
    assert _parsed(_headers(body), body).changes == ()


async def test_the_fakes_business_rule_tells_what_people_do() -> None:
    calls: asyncio.Queue[Delivery] = asyncio.Queue()

    async def receive(request: Request) -> Response:
        calls.put_nowait(parse_webhook(request.headers, await request.body(), SECRET))
        return Response(None, 202)

    hook = Starlette(routes=[Route("/hook", receive, methods=["POST"])])
    async with serving(hook) as url, running(webhook_url=f"{url}/hook", webhook_secret=SECRET) as site:
        item_id = site.named("Printer on fire")
        await site.call("twinline", "PATCH", f"/api/now/table/{item_id}", {"description": "ours"})
        await site.edit("ann", item_id, comments="Hello")
        delivery = await asyncio.wait_for(calls.get(), 10)
        assert [(one.id, one.version.partition("/")[0]) for one in delivery.changes] == [(item_id, "2")]
        await site.call("root", "DELETE", f"/api/now/table/{item_id}")
        assert (await asyncio.wait_for(calls.get(), 10)).changes[0].deleted
