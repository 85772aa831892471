"""The fake instance over real HTTP, and people who work in it by hand."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast
from uuid import uuid4

import httpx
from pydantic import JsonValue

from connectors.kit.fake import serving
from connectors.kit.interface import FakeOptions, SystemAccess
from connectors.servicenow import DECLARATION
from connectors.servicenow.connector import ServiceNowConnector
from connectors.servicenow.fake import FakeServiceNow
from connectors.servicenow.fake_seed import Seed, SeedUser
from connectors.servicenow.fake_world import World
from model.item import Fields

SETTINGS: Mapping[str, JsonValue] = {"table": "incident"}
ORDERS: Mapping[str, JsonValue] = {"table": "u_order"}
USER, SECRET = "twinline", "twinline-secret"
Json = dict[str, JsonValue]

MORE = (
    SeedUser(user_name="cat", first_name="Cat", last_name="Cole", email="cat@acme.test", roles=()),
    SeedUser(user_name="root", first_name="System", last_name="Admin", email="root@acme.test", roles=("admin",)),
    SeedUser(user_name="old", first_name="Olaf", last_name="Old", email="ann@acme.test", roles=(), active=False),
)
"""People beside those of the fake's own: one without a role, who calls about the printer, an administrator, and one who left."""


def peopled(seed: Mapping[str, JsonValue] | None) -> Mapping[str, JsonValue]:
    """The seed with `MORE`, unless it has people of its own."""
    whole = cast("Json", Seed().model_dump(mode="json"))
    users: list[JsonValue] = [*cast("list[JsonValue]", whole["users"]), *(one.model_dump(mode="json") for one in MORE)]
    printer, *others = cast("list[Json]", whole["records"])
    values = {**cast("Json", printer["values"]), "caller_id": "cat"}
    records: list[JsonValue] = [{**printer, "values": values}, *others]
    return {"users": users, "records": records, **(seed or {})}


class Servers:
    """Servers that outlive a test, as stopping one takes as long as a test does. Each serves one fake at a time."""

    def __init__(self) -> None:
        self._free: list[tuple[str, list[FakeServiceNow]]] = []
        self.stack = AsyncExitStack()

    @asynccontextmanager
    async def lent(self, fake: FakeServiceNow) -> AsyncGenerator[str]:
        url, served = self._free.pop() if self._free else await self._new()
        served[:] = [fake]
        try:
            yield url
        finally:
            served.clear()
            self._free.append((url, served))

    async def _new(self) -> tuple[str, list[FakeServiceNow]]:
        served: list[FakeServiceNow] = []

        async def app(scope: object, receive: object, send: object) -> None:
            await served[0](scope, receive, send)

        return await self.stack.enter_async_context(serving(app)), served


SERVERS = Servers()
TRUSTED = httpx.create_ssl_context()


@dataclass(frozen=True)
class Site:
    """A running fake; `world` is what it holds."""

    url: str
    client: httpx.AsyncClient
    world: World

    async def call(self, login: str, method: str, path: str, json: object = None, **parameters: str) -> httpx.Response:
        """One call as a person, by their own password."""
        auth = (login, SECRET if login == USER else f"{login}-secret")
        return await self.client.request(method, path, json=json, params=parameters or None, auth=auth)

    async def edit(self, login: str, item: str, **values: str) -> None:
        """A person's change of a record, in raw values."""
        (await self.call(login, "PATCH", f"/api/now/table/{item}", values)).raise_for_status()

    async def attach(self, login: str, item: str, filename: str, content: bytes, kind: str = "text/plain") -> str:
        table, _, sys_id = item.partition("/")
        parameters = {"table_name": table, "table_sys_id": sys_id, "file_name": filename}
        headers = {"Content-Type": kind}
        auth = (login, f"{login}-secret")
        answer = await self.client.post("/api/now/attachment/file", params=parameters, content=content, headers=headers, auth=auth)
        return str(answer.raise_for_status().json()["result"]["sys_id"])

    async def raw(self, item: str) -> Json:
        """A record as an administrator reads it."""
        answer = await self.call("root", "GET", f"/api/now/table/{item}", sysparm_exclude_reference_link="true")
        return cast("Json", answer.raise_for_status().json()["result"])

    async def control(self, **wanted: object) -> None:
        (await self.client.post("/_fake/control", json=wanted)).raise_for_status()

    async def state(self) -> Json:
        return cast("Json", (await self.client.get("/_fake/state")).json())

    async def writes(self, login: str) -> list[str]:
        """The actions of one account, in order."""
        log = cast("list[Json]", (await self.state())["log"])
        return [str(one["action"]) for one in log if one["actor"] == login]

    async def calls(self) -> dict[str, int]:
        return cast("dict[str, int]", (await self.state())["calls"])

    def named(self, short_description: str) -> str:
        """The id of the seed's incident of that name."""
        return next(f"incident/{row['sys_id']}" for _, row in self.world.rows("incident") if row["short_description"] == short_description)


def access(url: str, **credentials: str) -> SystemAccess:
    return SystemAccess(name="acme-snow", url=url, credentials=credentials or {"user": USER, "password": SECRET}, calls_per_second=1000)


@asynccontextmanager
async def running(seed: Mapping[str, JsonValue] | None = None, webhook_url: str = "", webhook_secret: str = "") -> AsyncGenerator[Site]:
    fake = FakeServiceNow(FakeOptions(USER, SECRET, peopled(seed), webhook_url, webhook_secret))
    async with SERVERS.lent(fake) as url, httpx.AsyncClient(base_url=url, trust_env=False, verify=TRUSTED) as client:
        yield Site(url, client, fake.world)


@asynccontextmanager
async def connected(site: Site, **credentials: str) -> AsyncGenerator[ServiceNowConnector]:
    connector = DECLARATION.open(access(site.url, **credentials))
    assert isinstance(connector, ServiceNowConnector)
    try:
        yield connector
    finally:
        await connector.aclose()


def new_marker() -> str:
    return f"acme-to-snow:{uuid4().hex}"


async def created(snow: ServiceNowConnector, **fields: JsonValue) -> str:
    """The id of a new incident."""
    own: Fields = {"summary": "Printer on fire", **fields}
    return (await snow.create(SETTINGS, own, new_marker())).ref.id


def an_hour_ago() -> datetime:
    return datetime.now(UTC) - timedelta(hours=1)


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part
