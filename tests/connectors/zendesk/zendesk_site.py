"""The fake Zendesk over real HTTP, and people who work in it by hand."""

import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import cast

import httpx
from pydantic import JsonValue
from starlette.types import ASGIApp
from zendesk_ports import ports

from connectors.kit.interface import FakeOptions, SystemAccess
from connectors.zendesk import DECLARATION
from connectors.zendesk.connector import ZendeskConnector
from connectors.zendesk.fake_seed import Seed

SETTINGS: Mapping[str, JsonValue] = {}
BOT, SECRET = "bot@acme.test", "bot-secret"
HOOK_SECRET = "hook-secret"
FAST: Mapping[str, JsonValue] = {"export_lag_s": 0, "export_calls": 1000}

Object = dict[str, JsonValue]

CAROL: Object = {"name": "Carol Customer", "email": "carol@acme.test", "token": "carol-token", "role": "end-user"}
PEOPLE: Mapping[str, JsonValue] = {"users": [*(one.model_dump() for one in Seed().users), CAROL]}
"""Those of the fake, and a customer."""

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Trusts nobody, and is made at once."""


@dataclass(frozen=True)
class ZendeskSite:
    """A running fake."""

    url: str
    client: httpx.AsyncClient

    async def call(
        self, name: str, method: str, path: str, json: object = None, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """One call as a person, by their own API token."""
        return await self.client.request(
            method, f"/api/v2{path}", json=json, headers=headers, auth=(f"{name}@acme.test/token", f"{name}-token")
        )

    async def edit(self, name: str, ticket: str, **wanted: object) -> Object:
        """The ticket after a person's edit."""
        answer = await self.call(name, "PUT", f"/tickets/{ticket}", {"ticket": wanted})
        answer.raise_for_status()
        return cast("Object", answer.json()["ticket"])

    async def say(self, name: str, ticket: str, body: str, *, public: bool = True, uploads: list[str] | None = None) -> None:
        await self.edit(name, ticket, comment={"body": body, "public": public, "uploads": uploads or []})

    async def attached(self, name: str, ticket: str, filename: str, content: bytes, *, public: bool = True) -> None:
        """A file added by a person within a comment."""
        answer = await self.client.post(
            "/api/v2/uploads",
            params={"filename": filename},
            content=content,
            headers={"Content-Type": "text/plain"},
            auth=(f"{name}@acme.test/token", f"{name}-token"),
        )
        await self.say(name, ticket, "See the file.", public=public, uploads=[answer.json()["upload"]["token"]])

    async def state(self) -> Object:
        return cast("Object", (await self.client.get("/_fake/state")).json())

    async def control(self, **wanted: object) -> None:
        (await self.client.post("/_fake/control", json=wanted)).raise_for_status()

    async def writes(self, email: str = BOT) -> list[str]:
        """The actions of one account, in order."""
        log = cast("list[Object]", (await self.state())["log"])
        return [str(one["action"]) for one in log if one["actor"] == email]

    async def calls(self) -> int:
        counted = cast("dict[str, int]", (await self.state())["calls"])
        return sum(counted.values())

    async def raw(self, ticket: str) -> Object:
        """A ticket as the fake holds it."""
        items = cast("list[Object]", (await self.state())["items"])
        return next(one for one in items if str(one["id"]) == ticket)

    async def field_id(self, title: str) -> int:
        fields = (await self.call("ann", "GET", "/ticket_fields")).json()["ticket_fields"]
        return cast("int", next(one["id"] for one in fields if one["title"] == title))


def access(url: str, **credentials: str) -> SystemAccess:
    return SystemAccess(name="acme-zendesk", url=url, credentials=credentials or {"email": BOT, "token": SECRET}, calls_per_second=1000)


@asynccontextmanager
async def running(seed: Mapping[str, JsonValue] | None = None, webhook_url: str = "") -> AsyncGenerator[ZendeskSite]:
    """A fake with that seed, whose export has no delay unless the seed says so."""
    options = FakeOptions(
        user=BOT, secret=SECRET, seed={**FAST, **PEOPLE, **(seed or {})}, webhook_url=webhook_url, webhook_secret=HOOK_SECRET
    )
    with ports().lease(cast("ASGIApp", DECLARATION.fake(options))) as url:
        async with httpx.AsyncClient(base_url=url, trust_env=False, verify=NO_TLS) as client:
            yield ZendeskSite(url, client)


@asynccontextmanager
async def connected(site: ZendeskSite, **credentials: str) -> AsyncGenerator[ZendeskConnector]:
    connector = ZendeskConnector(access(site.url, **credentials))
    try:
        yield connector
    finally:
        await connector.aclose()


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part
