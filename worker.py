"""Composition root of a worker: settings → store, connectors, clock → activities → Temporal workers.

One worker polls the workflows' task queue and one per system polls that system's, so that a slow system holds up nobody
else. Systems added while it
runs get their worker within seconds.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import structlog
from temporalio.client import Client
from temporalio.worker import PollerBehaviorAutoscaling, Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from activities.access import Systems
from activities.bulk import Bulk
from activities.connection import Resuming
from activities.engine import Engine
from activities.feed import SystemFeed
from activities.hooks import HookKeeper
from activities.housekeeping import Pruner
from activities.interface import TWIN_QUEUE, system_queue
from activities.routing import Router
from activities.ruling import Ruling
from activities.signals import Signals
from activities.triggering import TriggerRuns
from activities.twin import SyncActivities
from config.attributes import register_attributes
from config.home import settle_home
from config.opening import master_key, open_store, open_temporal
from config.settings import Settings
from operations.bulk_steering import take_up
from operations.bulk_works import works
from store import Store
from workflows.bulk import BulkWorkflow
from workflows.connection import ConnectionWorkflow
from workflows.feed import FeedWorkflow
from workflows.housekeeping import HousekeepingWorkflow
from workflows.triggering import TriggerRunWorkflow
from workflows.twin import TwinWorkflow

WORKFLOWS = (TwinWorkflow, ConnectionWorkflow, FeedWorkflow, HousekeepingWorkflow, BulkWorkflow, TriggerRunWorkflow)
WATCH_SECONDS = 1.0
CACHED_WORKFLOWS = 5000
PER_SYSTEM = 20
GRACE = timedelta(seconds=5)
HEARTBEATS = timedelta(seconds=5)  # at most: an attempt that is to be interrupted learns of it with one

log = structlog.get_logger("twinline")


def _now() -> datetime:
    return datetime.now(UTC)


def runner() -> SandboxedWorkflowRunner:
    """The workflow sandbox; our own pure packages are loaded once instead of once per run."""
    return SandboxedWorkflowRunner(
        restrictions=SandboxRestrictions.default.with_passthrough_modules("model", "activities", "pydantic", "pydantic_core")
    )


@dataclass
class Workers:
    """The Temporal workers of this process."""

    client: Client
    engine: Engine
    signals: Signals
    keep: timedelta
    public_url: str = ""
    keep_audit: timedelta = timedelta(days=400)
    keep_operations: timedelta = timedelta(days=90)
    running: dict[str, Worker] = field(default_factory=dict[str, Worker])
    failure: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def workflows(self) -> Worker:
        resuming = Resuming(self.engine, self.signals)
        pruner = Pruner(self.engine, self.keep, self.keep_audit, self.keep_operations)
        bulk = Bulk(self.engine, works(self.engine.store, self.signals, self.engine.systems))
        return Worker(
            self.client,
            task_queue=TWIN_QUEUE,
            workflows=WORKFLOWS,
            activities=[resuming.resume_held, pruner.prune, bulk.collect, bulk.work],
            workflow_runner=runner(),
            max_cached_workflows=CACHED_WORKFLOWS,
            max_concurrent_workflow_tasks=50,
            graceful_shutdown_timeout=GRACE,
            workflow_task_poller_behavior=PollerBehaviorAutoscaling(),
            on_fatal_error=self._fatal,
        )

    def system(self, system: str) -> Worker:
        router = Router(self.engine, self.signals)
        sync = SyncActivities(self.engine, router)
        runs = TriggerRuns(self.engine, router, self.signals)
        feed = SystemFeed(self.engine, router, HookKeeper(self.engine, self.public_url))
        return Worker(
            self.client,
            task_queue=system_queue(system),
            activities=[sync.fetch, sync.transform, sync.apply, sync.unlink, feed.poll, runs.run_trigger],
            max_concurrent_activities=PER_SYSTEM,
            max_heartbeat_throttle_interval=HEARTBEATS,
            graceful_shutdown_timeout=GRACE,
            activity_task_poller_behavior=PollerBehaviorAutoscaling(initial=2),
            on_fatal_error=self._fatal,
        )

    async def _fatal(self, error: BaseException) -> None:
        if not self.failure.done():
            self.failure.set_exception(error)

    async def run(self, stop: asyncio.Event) -> None:
        """All of them, until `stop` is set or one fails for good."""
        async with contextlib.AsyncExitStack() as stack:
            await stack.enter_async_context(self.workflows())
            await self.signals.keep_house()
            await take_up(self.engine.store, self.signals)
            log.info("worker started", queue=TWIN_QUEUE)
            await self._follow_systems(stack, stop)

    async def _follow_systems(self, stack: contextlib.AsyncExitStack, stop: asyncio.Event) -> None:
        """Run a worker for every system there is, and wake its feed."""
        configurations = self.engine.store.configurations
        stopping = asyncio.create_task(stop.wait())
        while not stopping.done():
            for system in await configurations.systems():
                if system.id not in self.running:
                    self.running[system.id] = await stack.enter_async_context(self.system(system.id))
                    if await configurations.connections_of(system.id):
                        await self.signals.wake_feed(system)
                    log.info("worker follows system", system=system.id)
            await asyncio.wait({stopping, self.failure}, timeout=WATCH_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            if self.failure.done():
                stopping.cancel()
                self.failure.result()


def engine_of(store: Store, systems: Systems, op_key: bytes) -> Engine:
    return Engine(store=store, systems=systems, ruling=Ruling(_now), op_key=op_key, now=_now)


@contextlib.asynccontextmanager
async def _opened(settings: Settings) -> AsyncGenerator[tuple[Client, Store, Systems]]:
    client = await open_temporal(settings)
    await register_attributes(client)
    store = await open_store(settings)
    systems = Systems(store)
    try:
        yield client, store, systems
    finally:
        await systems.aclose()
        await store.aclose()


async def run_worker(settings: Settings, stop: asyncio.Event) -> None:
    """The whole worker, until `stop` is set."""
    async with _opened(settings) as (client, store, systems):
        await settle_home(store, client)
        engine = engine_of(store, systems, master_key(settings).subkey("op"))
        workers = Workers(
            client,
            engine,
            Signals(client),
            timedelta(days=settings.keep_days),
            settings.public_url,
            timedelta(days=settings.keep_audit_days),
            timedelta(days=settings.keep_operations_days),
        )
        await workers.run(stop)
