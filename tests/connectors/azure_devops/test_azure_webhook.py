"""Service hook calls: genuine, forged and strange ones, those that were recorded, and those that the fake sends."""

import asyncio
import base64
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from azure_site import HOOK_SECRET, AzureSite, running
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.azure_devops.webhook import parse_webhook
from connectors.kit.fake import serving
from connectors.kit.interface import Change, Delivery
from connectors.kit.webhooks import Forged

RECORDED = Path(__file__).parents[4] / "shared" / "payloads" / "azure-devops" / "webhooks"
TOKEN = {"x-twinline-token": HOOK_SECRET}
SILENT, SAID = {"System.CommentCount": 0}, {"System.CommentCount": 1}


def basic(password: str, user: str = "anyone") -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def event(kind: str = "workitem.created", **resource: Any) -> bytes:
    return json.dumps({"id": "e-1", "eventType": kind, "resource": {"id": 13, "rev": 4, "fields": SILENT, **resource}}).encode()


@pytest.mark.parametrize("headers", [TOKEN, basic(HOOK_SECRET), {**basic("wrong"), **TOKEN}], ids=["header", "password", "either"])
def test_a_call_with_the_secret_is_taken(headers: dict[str, str]) -> None:
    assert parse_webhook(headers, event(), HOOK_SECRET) == Delivery(id="e-1", changes=(Change(id="13", key="#13", version="4"),))


@pytest.mark.parametrize(
    "headers",
    [
        {},
        basic("wrong"),
        basic("", HOOK_SECRET),
        {"authorization": f"Bearer {HOOK_SECRET}"},
        {"authorization": "Basic é"},
        {"x-twinline-token": ""},
    ],
    ids=["nothing", "wrong", "as the user", "bearer", "no base64", "empty"],
)
def test_a_call_without_the_secret_is_forged(headers: dict[str, str]) -> None:
    with pytest.raises(Forged):
        parse_webhook(headers, event(), HOOK_SECRET)


@pytest.mark.parametrize("headers", [{}, {"x-twinline-token": ""}, basic("")])
def test_without_a_secret_nothing_is_genuine(headers: dict[str, str]) -> None:
    with pytest.raises(Forged):
        parse_webhook(headers, event(), "")


@pytest.mark.parametrize(
    ("body", "changes"),
    [
        (
            event("workitem.updated", id=2, workItemId=13, fields={}, revision={"id": 13, "rev": 4, "fields": SILENT}),
            (Change(id="13", key="#13", version="4"),),
        ),
        (
            event("workitem.updated", id=2, workItemId=13, fields={}, revision={"id": 13, "rev": 4, "fields": SAID}),
            (Change(id="13", key="#13", version="4/0"),),
        ),
        (event("workitem.updated", id=2), ()),
        (event("workitem.deleted"), (Change(id="13", key="#13", version="4", deleted=True),)),
        (event("workitem.restored"), (Change(id="13", key="#13", version="4"),)),
        (
            event("workitem.commented", commentVersionRef={"commentId": 9, "version": 1}, fields=SAID),
            (Change(id="13", key="#13", version="4/0"),),
        ),
        (event("workitem.commented", commentVersionRef={"commentId": 9, "version": 3}), (Change(id="13", key="#13", version="4/c9.3"),)),
        (event("workitem.created", rev=None), (Change(id="13", key="#13", version=""),)),
        (event("workitem.created", id=None), ()),
        (event("build.complete"), ()),
        (
            event(relations=[{"rel": "Hyperlink", "url": "https://twinline.invalid/acme:1f"}]),
            (Change(id="13", key="#13", version="4", marker="acme:1f"),),
        ),
        (b"", ()),
        (b"not json", ()),
        (b"[1, 2]", ()),
        (b'{"eventType": "workitem.created", "resource": "gone"}', ()),
    ],
)
def test_what_a_call_tells(body: bytes, changes: tuple[Change, ...]) -> None:
    assert parse_webhook(TOKEN, body, HOOK_SECRET).changes == changes


def test_what_has_no_id_is_told_apart_by_its_bytes() -> None:
    first, again, other = (parse_webhook(TOKEN, body, HOOK_SECRET).id for body in (b"{}", b"{}", b"{ }"))
    assert first == again != other


@pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded service hook calls are not beside this checkout")
@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("created", Change(id="13", key="#13", version="1")),
        ("updated", Change(id="13", key="#13", version="2")),
        ("commented", Change(id="13", key="#13", version="3/0")),
        ("deleted", Change(id="5", key="#5", version="1/0", deleted=True)),
    ],
)
def test_recorded_calls_are_understood(name: str, change: Change) -> None:
    body = (RECORDED / f"workitem.{name}.json").read_bytes()
    assert parse_webhook(basic(HOOK_SECRET), body, HOOK_SECRET) == Delivery(id=json.loads(body)["id"], changes=(change,))


@asynccontextmanager
async def listening() -> AsyncGenerator[tuple[AzureSite, "asyncio.Queue[tuple[str, Delivery]]"]]:
    """An organization whose service hooks come into the queue, by event type."""
    calls: asyncio.Queue[tuple[str, Delivery]] = asyncio.Queue()

    async def receive(request: Request) -> Response:
        body = await request.body()
        calls.put_nowait((json.loads(body)["eventType"], parse_webhook(request.headers, body, HOOK_SECRET)))
        return Response(None, 202)

    async with serving(Starlette(routes=[Route("/hook", receive, methods=["POST"])])) as hook, running(hook=f"{hook}/hook") as site:
        yield site, calls


async def test_the_fakes_calls_name_the_item_and_its_revision() -> None:
    async with listening() as (site, calls):
        await site.edit("ann", 1, Title="Edited")
        assert await told(calls) == ("workitem.updated", (Change(id="1", key="#1", version="3/0"),))
        await site.comment("ann", 1, "<div>Hello</div>")
        both = sorted([await told(calls), await told(calls)])
        assert both == [(f"workitem.{kind}", (Change(id="1", key="#1", version="4/0"),)) for kind in ("commented", "updated")]
        await site.delete("ann", 1)
        assert await told(calls) == ("workitem.deleted", (Change(id="1", key="#1", version="5/0", deleted=True),))
        await site.restore("ann", 1)
        assert await told(calls) == ("workitem.restored", (Change(id="1", key="#1", version="6/0"),))


async def told(calls: "asyncio.Queue[tuple[str, Delivery]]") -> tuple[str, tuple[Change, ...]]:
    kind, delivery = await asyncio.wait_for(calls.get(), 10)
    assert delivery.id
    return kind, delivery.changes
