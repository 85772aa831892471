"""The fake GitHub over real HTTP, and people who work in it by hand."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import cast

import httpx
from pydantic import JsonValue

from connectors.github import DECLARATION
from connectors.github.connector import GitHubConnector
from connectors.kit.fake import serving
from connectors.kit.interface import FakeOptions, SystemAccess

SETTINGS: Mapping[str, JsonValue] = {"repository": "acme/app"}
USER, SECRET = "twinline", "twinline-token"


@dataclass(frozen=True)
class GitHubSite:
    """A running fake."""

    url: str
    client: httpx.AsyncClient

    async def call(
        self, login: str, method: str, path: str, json: object = None, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """One call as a person, by their own token."""
        own = {"Authorization": f"Bearer {login}-token", **(headers or {})}
        return await self.client.request(method, path, json=json, headers=own)

    async def state(self) -> dict[str, JsonValue]:
        return cast("dict[str, JsonValue]", (await self.client.get("/_fake/state")).json())

    async def control(self, **wanted: object) -> None:
        (await self.client.post("/_fake/control", json=wanted)).raise_for_status()

    async def writes(self, login: str) -> list[str]:
        """The actions of one account, in order."""
        log = cast("list[dict[str, JsonValue]]", (await self.state())["log"])
        return [str(one["action"]) for one in log if one["actor"] == login]

    async def calls(self) -> int:
        counted = cast("dict[str, int]", (await self.state())["calls"])
        return sum(counted.values())

    async def raw(self, item: str) -> dict[str, JsonValue]:
        """An issue as the fake holds it."""
        items = cast("list[dict[str, JsonValue]]", (await self.state())["items"])
        return next(one for one in items if one["id"] == item)


def access(url: str, token: str = SECRET) -> SystemAccess:
    return SystemAccess(name="acme-github", url=url, credentials={"token": token}, calls_per_second=500)


@asynccontextmanager
async def running(seed: Mapping[str, JsonValue] | None = None) -> AsyncGenerator[GitHubSite]:
    """A fake with that seed, the default one where there is none."""
    options = FakeOptions(user=USER, secret=SECRET, seed=seed)
    async with serving(DECLARATION.fake(options)) as url, httpx.AsyncClient(base_url=url, trust_env=False) as client:
        yield GitHubSite(url, client)


@asynccontextmanager
async def connected(site: GitHubSite) -> AsyncGenerator[GitHubConnector]:
    connector = GitHubConnector(access(site.url))
    try:
        yield connector
    finally:
        await connector.aclose()
