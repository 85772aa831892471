"""Bodies that are too large are refused before they are in memory."""

import json
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.types import Message, Receive, Scope, Send

from api.bounds import BODY_LIMIT, LARGE_BODY_LIMIT, Bounds
from tests.api.api_site import Site

SYNC = "/api/v1/connections/app-bugs/sync"
CONNECT = "/api/v1/connections/app-bugs/bulk/connect"
JSON = {"Content-Type": "application/json"}
PIECE = 65536


async def pieces(length: int) -> AsyncIterator[bytes]:
    """A body that announces no length."""
    for _ in range(length // PIECE + 1):
        yield b" " * PIECE


@pytest.mark.parametrize(("path", "limit"), [(SYNC, BODY_LIMIT), (CONNECT, LARGE_BODY_LIMIT), ("/api/v1/deployment", LARGE_BODY_LIMIT)])
@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "acme-1"}])
async def test_a_body_above_the_limit_is_refused(site: Site, path: str, limit: int, headers: dict[str, str]):
    await site.post("/api/v1/deployment", site.content())
    async with httpx.AsyncClient(trust_env=False) as client:
        within = await client.post(f"{site.url}{path}", content=b" " * limit, headers=JSON | headers)
        announced = await client.post(f"{site.url}{path}", content=b" " * (limit + 1), headers=JSON | headers)
        unannounced = await client.post(f"{site.url}{path}", content=pieces(limit), headers=JSON | headers)

    assert within.status_code == 422
    for answer in (announced, unannounced):
        assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")
        assert f"more than {limit // 1024 // 1024} MiB" in answer.json()["detail"]


async def test_a_csv_of_ten_mebibytes_is_read(site: Site):
    await site.post("/api/v1/deployment", site.content())
    csv = f"{'x' * 1023}\n" * 10 * 1024
    body = json.dumps({"csv": csv, "source": "left", "dry_run": True})
    async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
        answer = await client.post(f"{site.url}{CONNECT}", content=body, headers=JSON)
    assert answer.status_code == 400, answer.text[:500]


async def test_a_body_without_an_end_is_not_held():
    taken: list[int] = []

    async def hungry(_: Scope, receive: Receive, __: Send) -> None:
        while True:
            taken.append(len((await receive())["body"]))

    async def receive() -> Message:
        return {"type": "http.request", "body": b" " * PIECE, "more_body": True}

    said: list[Message] = []

    async def send(message: Message) -> None:
        said.append(message)

    await Bounds(hungry)({"type": "http", "method": "POST", "path": SYNC, "headers": []}, receive, send)
    assert (sum(taken), said[0]["status"]) == (BODY_LIMIT, 413)
