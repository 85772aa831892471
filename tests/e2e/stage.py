"""What every world of end-to-end tests has: a store, Temporal, a worker, one connection, and a fake Jira in which Ann works."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import TypeVar

from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from temporalio.client import Client, WorkflowHistory
from temporalio.service import RPCError

from activities.interface import Hint
from activities.signals import Signals, feed_id
from cli.demo.people import FakeControl
from config.opening import open_store, open_temporal
from config.settings import Settings
from connectors import declaration
from connectors.kit.fake import serving
from connectors.kit.interface import FakeOptions
from model.deployment import Deployment, SystemDeclaration
from model.inbox import InboxChange
from model.twin import Twin
from model.words import ConnectionStatus, Side, TwinStatus
from store import Store
from worker import run_worker

BOT = "bot@acme.test"
SECRET = "bot-secret"
HOOK_SECRET = "hook-secret"

T = TypeVar("T")


async def eventually(look: Callable[[], Awaitable[T]], wanted: Callable[[T], bool], what: str, seconds: float = 30) -> T:
    """Look until the value is as wanted; AssertionError with the last value otherwise."""
    deadline = monotonic() + seconds
    while True:
        value = await look()
        if wanted(value):
            return value
        assert monotonic() < deadline, f"{what}: still {value!r} after {seconds} s"
        await asyncio.sleep(0.05)


@dataclass
class Stage:
    """`hooks` is the webhook address, to which a system's kind is appended."""

    settings: Settings
    store: Store
    client: Client
    signals: Signals
    suffix: str
    hooks: str
    jira_url: str
    jira: FakeControl
    stop: asyncio.Event = field(default_factory=asyncio.Event, kw_only=True)
    worker: asyncio.Task[None] | None = field(default=None, kw_only=True)

    @property
    def connection(self) -> str:
        return f"app-bugs-{self.suffix}"

    @property
    def jira_system(self) -> str:
        return f"acme-jira-{self.suffix}"

    def jira_declaration(self, poll: float) -> SystemDeclaration:
        return SystemDeclaration(
            kind="jira",
            url=self.jira_url,
            credentials={"user": SecretStr(BOT), "token": SecretStr(SECRET)},
            webhook_secret=SecretStr(HOOK_SECRET),
            poll=poll,
            late_writes=1,
            search_lag=1,
            calls_per_second=500,
        )

    async def configure(self, deployment: Deployment) -> None:
        await self.store.configurations.match(deployment)
        for system in await self.store.configurations.systems():
            await self.signals.wake_feed(system)

    async def start_worker(self) -> None:
        self.stop = asyncio.Event()
        self.worker = asyncio.create_task(run_worker(self.settings, self.stop))

    async def stop_worker(self) -> None:
        if self.worker is not None:
            self.stop.set()
            await self.worker
            self.worker = None

    async def twins(self) -> tuple[Twin, ...]:
        return await self.store.twins.listing(self.connection, None)

    async def quiet(self, count: int, seconds: float = 30) -> tuple[Twin, ...]:
        """Wait until `count` twins are synchronized and nothing waits."""

        async def look() -> list[str]:
            twins = await self.twins()
            waiting = await self.store.transactions.waiting(self.connection, 100)
            late = [f"{twin.status} {twin.reason}" for twin in twins if twin.status is not TwinStatus.SYNCHRONIZED]
            few = [] if len(twins) >= count else [f"{len(twins)} twins"]
            return late + few + [f"waiting {one.stage} {one.reason}" for one in waiting]

        await eventually(look, lambda problems: not problems, f"{count} quiet twins", seconds)
        return await self.twins()

    async def histories(self) -> dict[str, WorkflowHistory]:
        """What Temporal keeps of each of our workflows, by workflow id."""
        connection = await self.store.configurations.connection(self.connection)
        ids = [twin.workflow_id for twin in await self.twins()]
        ids += [feed_id(connection.left_system), feed_id(connection.right_system)]
        return {one: await self.client.get_workflow_handle(one).fetch_history() for one in ids}

    async def set_active(self, *, active: bool) -> None:
        status = ConnectionStatus.ACTIVE if active else ConnectionStatus.DEACTIVATED
        await self.store.configurations.set_status(self.connection, status)
        await self.signals.connection_changed(self.connection, active=active)

    async def sync(self, twin: Twin, side: Side) -> None:
        connection = await self.store.configurations.connection(twin.connection)
        await self.store.transactions.queue(twin.id, side)
        await self.signals.item_changed(twin, connection, Hint(side=side, force=True))


def _intake(store: Store, signals: Signals, systems: Mapping[str, str]) -> Starlette:
    """The webhook address, as the API serves it."""

    async def receive(request: Request) -> Response:
        kind = request.path_params["kind"]
        headers = {name.lower(): value for name, value in request.headers.items()}
        delivery = declaration(kind).parse_webhook(headers, await request.body(), HOOK_SECRET)
        rows = [InboxChange(item_id=one.id, key=one.key, version=one.version, deleted=one.deleted) for one in delivery.changes]
        await store.inbox.add(systems[kind], delivery.id, rows)
        known = {system.id: system for system in await store.configurations.systems()}
        if systems[kind] in known:
            await signals.wake_feed(known[systems[kind]])
        return Response(status_code=202)

    return Starlette(routes=[Route("/webhooks/{kind}", receive, methods=["POST"])])


@contextlib.asynccontextmanager
async def opened_stage(home: Path, suffix: str, *others: str) -> AsyncGenerator[Stage]:
    """A fake Jira with webhooks; webhooks of systems of the kinds `others` are taken too. Whoever starts the worker stops it."""
    settings = Settings(data=home)
    client = await open_temporal(settings)
    store = await open_store(settings)
    signals = Signals(client)
    systems = {kind: f"acme-{kind}-{suffix}" for kind in ("jira", *others)}
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(store.aclose)
        hooks = f"{await stack.enter_async_context(serving(_intake(store, signals, systems)))}/webhooks"
        fake = declaration("jira").fake(FakeOptions(BOT, SECRET, None, f"{hooks}/jira", HOOK_SECRET))
        jira_url = await stack.enter_async_context(serving(fake))
        jira = FakeControl(jira_url)
        stack.push_async_callback(jira.aclose)
        stack.push_async_callback(_end_workflows, client, suffix)
        yield Stage(settings, store, client, signals, suffix, hooks, jira_url, jira)


async def _end_workflows(client: Client, suffix: str) -> None:
    with contextlib.suppress(RPCError):
        async for workflow in client.list_workflows("ExecutionStatus = 'Running'"):
            if suffix in workflow.id:
                with contextlib.suppress(RPCError):
                    await client.get_workflow_handle(workflow.id).terminate()
