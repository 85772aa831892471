"""A fake Jira site as tests look at it."""

import base64
from dataclasses import dataclass

import httpx
from pydantic import JsonValue

from connectors.kit.interface import SystemAccess

BOT = "twinline@acme.test"
TOKEN = "bot-token"
APP: dict[str, JsonValue] = {"project": "APP"}


def document(text: str) -> dict[str, JsonValue]:
    """An ADF document of one paragraph."""
    return {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [{"type": "text", "text": text}]}]}


def pat(url: str, token: str = TOKEN) -> SystemAccess:
    """Access by a personal access token, as Data Center has it."""
    return SystemAccess(name="acme-jira", url=url, credentials={"token": token}, calls_per_second=1000)


@dataclass(frozen=True)
class Site:
    """The fake's address, its raw API as a person, and what it holds."""

    url: str
    http: httpx.AsyncClient

    def access(self, token: str = TOKEN, url: str = "") -> SystemAccess:
        return SystemAccess(name="acme-jira", url=url or self.url, credentials={"user": BOT, "token": token}, calls_per_second=1000)

    async def call(self, method: str, path: str, json: JsonValue = None, *, name: str = "ann", token: str = "") -> httpx.Response:
        """A call of one of the people."""
        user, token = f"{name}@acme.test", token or f"{name}-token"
        headers = {"Authorization": "Basic " + base64.b64encode(f"{user}:{token}".encode()).decode()}
        return await self.http.request(method, "/rest/api/3" + path, json=json, headers=headers)

    async def control(self, **switches: JsonValue) -> None:
        assert (await self.http.post("/_fake/control", json=switches)).status_code == 200

    async def state(self) -> dict[str, list[dict[str, JsonValue]]]:
        return (await self.http.get("/_fake/state")).json()

    async def item(self, key: str) -> dict[str, JsonValue]:
        return next(one for one in (await self.state())["items"] if one["key"] == key)

    async def calls(self) -> int:
        counts: dict[str, int] = (await self.http.get("/_fake/state")).json()["calls"]
        return sum(counts.values())
