"""The fake Azure DevOps over real HTTP, and people who work in it by hand."""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import uuid4

import httpx
from pydantic import JsonValue
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from connectors.azure_devops import DECLARATION
from connectors.azure_devops.connector import AzureDevOpsConnector
from connectors.kit.fake import serving
from connectors.kit.interface import Fake, FakeOptions, SystemAccess
from model.item import Fields

USER, SECRET, HOOK_SECRET = "bot", "bot-secret", "hook-secret"
SETTINGS: dict[str, JsonValue] = {"project": "Acme Shop"}
SCRUM: dict[str, JsonValue] = {"project": "Acme Operations", "type": "Product Backlog Item"}
PATCH = "application/json-patch+json"

Row = dict[str, Any]


@dataclass(frozen=True)
class AzureSite:
    """A running fake; `url` is that of the organization."""

    root: str
    client: httpx.AsyncClient

    @property
    def url(self) -> str:
        return f"{self.root}/acme"

    async def call(self, who: str, method: str, path: str, body: object = None, kind: str = "", **query: str) -> httpx.Response:
        """One call as a person, by their own token, in version 7.1 unless `api` names another one, or none."""
        version = query.pop("api", "7.1")
        parameters = {**query, **({"api-version": version} if version else {})}
        headers = {"X-TFS-FedAuthRedirect": "Suppress", **({"Content-Type": kind} if kind else {})}
        secret = SECRET if who == USER else f"{who}-token"
        return await self.client.request(method, f"/acme{path}", json=body, params=parameters, headers=headers, auth=("", secret))

    async def edit(self, who: str, item: int | str, **fields: object) -> Row:
        """Set fields by the last part of their reference names."""
        names = {"Priority": "Microsoft.VSTS.Common.Priority", "ReproSteps": "Microsoft.VSTS.TCM.ReproSteps"}
        operations = [
            {"op": "replace", "path": f"/fields/{names.get(name, f'System.{name}')}", "value": value} for name, value in fields.items()
        ]
        return self.good(await self.call(who, "PATCH", f"/_apis/wit/workitems/{item}", operations, PATCH))

    async def comment(self, who: str, item: int | str, text: str, **query: str) -> int:
        path = f"/Acme Shop/_apis/wit/workItems/{item}/comments"
        return self.good(await self.call(who, "POST", path, {"text": text}, api="7.1-preview.4", **query))["id"]

    async def edit_comment(self, who: str, item: int | str, comment: int | str, text: str) -> None:
        path = f"/Acme Shop/_apis/wit/workItems/{item}/comments/{comment}"
        self.good(await self.call(who, "PATCH", path, {"text": text}, api="7.1-preview.4"))

    async def delete(self, who: str, item: int | str) -> None:
        self.good(await self.call(who, "DELETE", f"/_apis/wit/workitems/{item}"))

    async def restore(self, who: str, item: int | str) -> None:
        self.good(await self.call(who, "PATCH", f"/_apis/wit/recyclebin/{item}", {"IsDeleted": False}))

    async def see(self, item: int | str, expand: str = "all") -> Row:
        return self.good(await self.call("ann", "GET", f"/_apis/wit/workitems/{item}", **{"$expand": expand}))

    def good(self, answer: httpx.Response) -> Row:
        assert answer.status_code < 300, answer.text
        return cast("Row", answer.json()) if answer.content else {}

    async def state(self) -> Row:
        return cast("Row", (await self.client.get("/_fake/state")).json())

    async def control(self, **wanted: object) -> None:
        (await self.client.post("/_fake/control", json=wanted)).raise_for_status()

    async def calls(self) -> Row:
        return cast("Row", (await self.state())["calls"])

    async def writes(self, who: str, item: int | str) -> list[str]:
        return [one["action"] for one in (await self.state())["log"] if one["actor"] == who and one["item"] == str(item)]


class Meddled:
    """A fake that somebody stands before: `step` may do something first, or answer in its place."""

    def __init__(self, fake: Fake, step: Callable[[Scope], Awaitable[Response | None]]) -> None:
        self._fake = fake
        self._step = step

    async def __call__(self, scope: object, receive: object, send: object) -> None:
        told = cast("Scope", scope)
        answer = None if str(told["path"]).startswith("/_fake") else await self._step(told)
        if answer is None:
            await self._fake(scope, receive, send)
        else:
            await answer(told, cast("Receive", receive), cast("Send", send))


class House:
    """One server for many fakes, each at a path of its own: to start and stop a server takes longer than most tests."""

    def __init__(self) -> None:
        self.url = ""
        self._fakes: dict[str, Fake] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        number, _, path = str(scope["path"]).lstrip("/").partition("/")
        await self._fakes[number]({**scope, "path": f"/{path}", "root_path": f"/{number}"}, receive, send)

    def open(self, fake: Fake) -> str:
        number = f"t{len(self._fakes)}"
        self._fakes[number] = fake
        return f"{self.url}/{number}"


def a_fake(seed: Mapping[str, object] | None = None) -> Fake:
    return DECLARATION.fake(FakeOptions(user=USER, secret=SECRET, seed=cast("Mapping[str, JsonValue] | None", seed)))


@asynccontextmanager
async def opened(house: House, fake: Fake | None = None) -> AsyncGenerator[AzureSite]:
    url = house.open(fake or a_fake())
    async with httpx.AsyncClient(base_url=url, trust_env=False) as client:
        yield AzureSite(url, client)


@asynccontextmanager
async def running(seed: Mapping[str, object] | None = None, hook: str = "") -> AsyncGenerator[AzureSite]:
    options = FakeOptions(
        user=USER, secret=SECRET, seed=cast("Mapping[str, JsonValue] | None", seed), webhook_url=hook, webhook_secret=HOOK_SECRET
    )
    async with serving(DECLARATION.fake(options)) as url, httpx.AsyncClient(base_url=url, trust_env=False) as client:
        yield AzureSite(url, client)


@asynccontextmanager
async def connected(site: AzureSite, token: str = SECRET, url: str = "") -> AsyncGenerator[AzureDevOpsConnector]:
    access = SystemAccess(name="acme-azure", url=url or site.url, credentials={"token": token}, calls_per_second=1000)
    connector = AzureDevOpsConnector(access)
    try:
        yield connector
    finally:
        await connector.aclose()


def new_marker() -> str:
    return f"acme-to-sync:{uuid4().hex}"


async def created(azure: AzureDevOpsConnector, **fields: JsonValue) -> str:
    """The id of a new item of the project `Acme Shop`."""
    own: Fields = {"summary": "Printer on fire", **fields}
    return (await azure.create(SETTINGS, own, new_marker())).ref.id


def an_hour_ago() -> datetime:
    return datetime.now(UTC) - timedelta(hours=1)


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part
