"""The fake org over real HTTP, and people who work in it by hand."""

import asyncio
import re
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from queue import Queue
from threading import Thread
from typing import Any, cast
from uuid import uuid4

import httpx
import requests
from pydantic import JsonValue
from requests.adapters import HTTPAdapter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connectors.kit.fake import serving
from connectors.kit.interface import FakeOptions, SystemAccess
from connectors.salesforce.connector import SalesforceConnector
from connectors.salesforce.fake import FakeSalesforce
from connectors.salesforce.fake_world import World, shown
from model.item import Fields

SETTINGS: Mapping[str, JsonValue] = {"object": "Case"}
USER, SECRET = "twinline", "twinline-secret"
API = "/services/data/v60.0"
PEOPLE: list[JsonValue] = [
    {"name": name, "full_name": full_name, "email": f"{name}@acme.test", "token": f"{name}-token", "active": name != "old"}
    for name, full_name in (("ann", "Ann Archer"), ("bob", "Bob Baker"), ("old", "Olga Old"))
]
"""Ann and Bob as without a seed, and somebody who left."""
ANN: dict[str, JsonValue] = {
    "key": "005000000000002AAA",
    "username": "ann@acme.test",
    "email": "ann@acme.test",
    "displayName": "Ann Archer",
}


@dataclass(frozen=True)
class Site:
    """A running fake."""

    url: str
    client: httpx.AsyncClient
    world: World

    async def call(
        self, login: str, method: str, path: str, json: object = None, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """One call as a person, by their own token."""
        own = {"Authorization": f"Bearer {login}-token", **(headers or {})}
        return await self.client.request(method, f"{API}{path}", json=json, headers=own)

    async def made(self, table: str, **values: JsonValue) -> str:
        """The id of a record that Ann makes."""
        answer = await self.call("ann", "POST", f"/sobjects/{table}", values)
        assert answer.status_code == 201, answer.text
        return cast("str", answer.json()["id"])

    async def edit(self, table: str, record_id: str, **values: JsonValue) -> None:
        """As Bob."""
        answer = await self.call("bob", "PATCH", f"/sobjects/{table}/{record_id}", values)
        assert answer.status_code == 204, answer.text

    async def delete(self, table: str, record_id: str) -> None:
        assert (await self.call("ann", "DELETE", f"/sobjects/{table}/{record_id}")).status_code == 204

    async def raw(self, item: str) -> dict[str, Any]:
        """A record as the org holds it, with comments and attachments."""
        items = cast("list[dict[str, Any]]", (await self.client.get("/_fake/state")).json()["items"])
        return next(one for one in items if one["id"] == item)

    async def control(self, **wanted: object) -> None:
        (await self.client.post("/_fake/control", json=wanted)).raise_for_status()

    async def calls(self) -> int:
        counted = cast("dict[str, int]", (await self.client.get("/_fake/state")).json()["calls"])
        return sum(counted.values())

    def end_sessions(self) -> None:
        """As an administrator does; people keep theirs."""
        self.world.sessions.clear()

    def backdate(self, record_id: str, seconds: float) -> str:
        """Moves a record's stamps into the past, and gives them."""
        stamp = shown(datetime.now(UTC) - timedelta(seconds=seconds))
        self.world.records[record_id].values |= {"SystemModstamp": stamp, "LastModifiedDate": stamp}
        return stamp


class Host:
    """One server for all tests of a process, in a thread of its own; it serves the org of the test at hand.

    To start and stop one takes longer than most tests. `received` counts the bytes of bodies.
    """

    def __init__(self) -> None:
        self.app: ASGIApp | None = None
        self.received = 0
        self._urls: Queue[str] = Queue()
        Thread(target=lambda: asyncio.run(self._serve()), daemon=True).start()
        self.url = self._urls.get(timeout=10)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app is not None, "no test is running"

        async def counted() -> Message:
            message = await receive()
            self.received += len(message.get("body", b""))
            return message

        await self.app(scope, counted, send)

    async def _serve(self) -> None:
        async with serving(self) as url:
            self._urls.put(url)
            await asyncio.Event().wait()


@cache
def host() -> Host:
    return Host()


def access(url: str, **credentials: str) -> SystemAccess:
    own = credentials or {"client_id": USER, "client_secret": SECRET}
    return SystemAccess(name="acme-salesforce", url=url, credentials=own, calls_per_second=1000)


@asynccontextmanager
async def running(seed: Mapping[str, JsonValue] | None = None) -> AsyncGenerator[Site]:
    app = FakeSalesforce(FakeOptions(user=USER, secret=SECRET, seed={"users": PEOPLE, **(seed or {})}))
    host().app = app
    # Without certificates, which take longer to load than a test takes.
    bare = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    async with httpx.AsyncClient(base_url=host().url, trust_env=False, verify=bare) as client:
        yield Site(host().url, client, app.world)


@asynccontextmanager
async def connected(site: Site, **credentials: str) -> AsyncGenerator[SalesforceConnector]:
    connector = SalesforceConnector(access(site.url, **credentials))
    try:
        yield connector
    finally:
        await connector.aclose()


class _Plain(HTTPAdapter):
    """The library simple-salesforce speaks https only, and the fake does not; Salesforce's own addresses are the fake's here."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        asked = re.sub(r"^https://[^/]+[.]salesforce[.]com", self._url, request.url or "")
        request.url = asked.replace("https://", "http://", 1)
        return super().send(request, *args, **kwargs)


def plain_session(url: str) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.mount("https://", _Plain(url))
    return session


def new_marker() -> str:
    return f"acme-to-sync:{uuid4().hex}"


async def created(salesforce: SalesforceConnector, **fields: JsonValue) -> str:
    own: Fields = {"summary": "Printer on fire", **fields}
    return (await salesforce.create(SETTINGS, own, new_marker())).ref.id


def an_hour_ago() -> datetime:
    return datetime.now(UTC) - timedelta(hours=1)


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part
