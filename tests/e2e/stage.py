"""What every world of end-to-end tests has: a store, Temporal, a worker, and one connection."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import TypeVar

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from temporalio.client import Client, WorkflowHistory
from temporalio.service import RPCError

from activities.interface import Hint
from activities.signals import Signals, feed_id
from config.opening import open_store, open_temporal
from config.settings import Settings
from connectors import declaration
from connectors.kit.fake import serving
from model.deployment import Deployment
from model.inbox import InboxChange
from model.twin import Twin
from model.words import ConnectionStatus, Side, TwinStatus
from store import Store
from tests.pairs.platform import HOOK_SECRET
from worker import run_worker

PATIENCE_SECONDS = 120
"""What takes a moment may take minutes on a busy machine."""

SHORTEST_PAUSE, LONGEST_PAUSE = 0.03, 0.2
"""Between looks, which cost as much as what they wait for."""

T = TypeVar("T")


async def eventually(look: Callable[[], Awaitable[T]], wanted: Callable[[T], bool], what: str, seconds: float = PATIENCE_SECONDS) -> T:
    """Look until the value is as wanted, ever less often; AssertionError with the last value otherwise."""
    deadline, pause = monotonic() + seconds, SHORTEST_PAUSE
    while True:
        value = await look()
        if wanted(value):
            return value
        assert monotonic() < deadline, f"{what}: still {value!r} after {seconds} s"
        await asyncio.sleep(pause)
        pause = min(pause * 1.2, LONGEST_PAUSE)


@dataclass
class Stage:
    """`hooks` is the webhook address, to which a system's kind is appended."""

    settings: Settings
    store: Store
    client: Client
    signals: Signals
    suffix: str
    hooks: str
    stop: asyncio.Event = field(default_factory=asyncio.Event, kw_only=True)
    worker: asyncio.Task[None] | None = field(default=None, kw_only=True)

    @property
    def connection(self) -> str:
        return f"app-bugs-{self.suffix}"

    def system_name(self, kind: str) -> str:
        return f"acme-{kind}-{self.suffix}"

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

    async def quiet(self, count: int, seconds: float = PATIENCE_SECONDS) -> tuple[Twin, ...]:
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


def _intake(store: Store, signals: Signals, suffix: str) -> Starlette:
    """The webhook address, as the API serves it."""

    async def receive(request: Request) -> Response:
        kind = request.path_params["kind"]
        system = f"acme-{kind}-{suffix}"
        headers = {name.lower(): value for name, value in request.headers.items()}
        delivery = declaration(kind).parse_webhook(headers, await request.body(), HOOK_SECRET)
        rows = [InboxChange(item_id=one.id, key=one.key, version=one.version, deleted=one.deleted) for one in delivery.changes]
        await store.inbox.add(system, delivery.id, rows)
        known = {one.id: one for one in await store.configurations.systems()}
        if system in known:
            await signals.wake_feed(known[system])
        return Response(status_code=202)

    return Starlette(routes=[Route("/webhooks/{kind}", receive, methods=["POST"])])


@contextlib.asynccontextmanager
async def opened_stage(home: Path, suffix: str) -> AsyncGenerator[Stage]:
    """Webhooks of systems are taken that `system_name` names. Whoever starts the worker stops it."""
    settings = Settings(data=home)
    client = await open_temporal(settings)
    store = await open_store(settings)
    signals = Signals(client)
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(store.aclose)
        hooks = f"{await stack.enter_async_context(serving(_intake(store, signals, suffix)))}/webhooks"
        stack.push_async_callback(_end_workflows, client, suffix)
        yield Stage(settings, store, client, signals, suffix, hooks)


async def _end_workflows(client: Client, suffix: str) -> None:
    with contextlib.suppress(RPCError):
        async for workflow in client.list_workflows("ExecutionStatus = 'Running'"):
            if suffix in workflow.id:
                with contextlib.suppress(RPCError):
                    await client.get_workflow_handle(workflow.id).terminate()
