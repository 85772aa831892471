"""Activities that do as they are told, and workers with them: the workflows by themselves."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, TypeVar

from temporalio import activity
from temporalio.client import Client, WorkflowHandle, WorkflowHistory
from temporalio.service import RPCError
from temporalio.worker import Worker

from activities.failures import lasting, passing
from activities.heartbeat import beating
from activities.interface import (
    TWIN_QUEUE,
    ApplyRequest,
    ApplyResult,
    BulkActivities,
    BulkInput,
    BulkProgress,
    BulkRequest,
    ConnectionActivities,
    ConnectionInput,
    FeedActivities,
    FeedInput,
    FetchRequest,
    FetchResult,
    HousekeepingActivities,
    HousekeepingInput,
    Outcome,
    PollRequest,
    PollResult,
    PruneResult,
    ResumeRequest,
    ResumeResult,
    TransformRequest,
    TransformResult,
    TriggerActivities,
    TriggerRun,
    TriggerRunResult,
    TwinActivities,
    TwinInput,
    TwinView,
    UnlinkRequest,
    system_queue,
)
from model.errors import Refused, Unavailable
from model.words import OperationKind, OperationStatus, TwinStatus
from tests.e2e.stage import eventually
from worker import HEARTBEATS, WORKFLOWS, runner
from workflows.bulk import BulkWorkflow
from workflows.connection import ConnectionWorkflow
from workflows.feed import FeedWorkflow
from workflows.housekeeping import HousekeepingWorkflow
from workflows.twin import TwinWorkflow

W = TypeVar("W")
A = TypeVar("A")

PLANNED = TransformResult(outcome=Outcome.PLANNED, plan=1, summary="update summary")


@dataclass(frozen=True)
class Call:
    """`at` is our own clock, `server_time` Temporal's, which may run faster."""

    request: Any
    at: float
    server_time: datetime


def _call(request: object) -> Call:
    return Call(request, monotonic(), activity.info().started_time)


async def unchanged(_: object) -> FetchResult:
    return FetchResult(outcome=Outcome.UNCHANGED)


async def changed(_: object) -> FetchResult:
    return FetchResult(outcome=Outcome.FETCHED, replica=1, transaction=1)


async def held(_: object) -> FetchResult:
    return FetchResult(outcome=Outcome.HELD, summary="held: the connection is not active")


async def refused(_: object) -> FetchResult:
    raise lasting(Refused("no such option", "priority"))


async def unreachable(_: object) -> FetchResult:
    raise passing(Unavailable("acme-jira cannot be reached"))


async def applied(_: object) -> ApplyResult:
    return ApplyResult(outcome=Outcome.APPLIED)


async def nobody_held(_: object) -> ResumeResult:
    return ResumeResult()


async def quiet(_: object) -> PollResult:
    return PollResult(next_in=3600.0)


async def nothing_to_do(_: object) -> BulkProgress:
    return BulkProgress(status=OperationStatus.DONE)


@dataclass
class StandIns(TwinActivities, FeedActivities, TriggerActivities, ConnectionActivities, HousekeepingActivities, BulkActivities):
    """What the activities answer, to be changed at will, and the calls that they had."""

    fetching: Callable[[FetchRequest], Awaitable[FetchResult]] = unchanged
    planned: TransformResult = PLANNED
    applying: Callable[[ApplyRequest], Awaitable[ApplyResult]] = applied
    polling: Callable[[PollRequest], Awaitable[PollResult]] = quiet
    resuming: Callable[[ResumeRequest], Awaitable[ResumeResult]] = nobody_held
    collecting: Callable[[BulkRequest], Awaitable[BulkProgress]] = nothing_to_do
    working: Callable[[BulkRequest], Awaitable[BulkProgress]] = nothing_to_do
    fetched: list[Call] = field(default_factory=list[Call])
    wrote: list[Call] = field(default_factory=list[Call])
    unlinked: list[Call] = field(default_factory=list[Call])
    polls: list[Call] = field(default_factory=list[Call])
    resumed: list[Call] = field(default_factory=list[Call])
    prunes: list[Call] = field(default_factory=list[Call])
    collected: list[Call] = field(default_factory=list[Call])
    worked: list[Call] = field(default_factory=list[Call])

    @activity.defn(name="fetch")
    async def fetch(self, request: FetchRequest) -> FetchResult:
        self.fetched.append(_call(request))
        async with beating():
            return await self.fetching(request)

    @activity.defn(name="transform")
    async def transform(self, request: TransformRequest) -> TransformResult:
        del request
        return self.planned

    @activity.defn(name="apply")
    async def apply(self, request: ApplyRequest) -> ApplyResult:
        self.wrote.append(_call(request))
        return await self.applying(request)

    @activity.defn(name="unlink")
    async def unlink(self, request: UnlinkRequest) -> None:
        self.unlinked.append(_call(request))

    @activity.defn(name="poll")
    async def poll(self, request: PollRequest) -> PollResult:
        self.polls.append(_call(request))
        async with beating():
            return await self.polling(request)

    @activity.defn(name="run_trigger")
    async def run_trigger(self, request: TriggerRun) -> TriggerRunResult:
        del request
        return TriggerRunResult(found=3, started=1, hinted=1)

    @activity.defn(name="resume_held")
    async def resume_held(self, request: ResumeRequest) -> ResumeResult:
        self.resumed.append(_call(request))
        async with beating():
            return await self.resuming(request)

    @activity.defn(name="prune")
    async def prune(self) -> PruneResult:
        self.prunes.append(_call(None))
        return PruneResult(rows=len(self.prunes))

    @activity.defn(name="collect_items")
    async def collect(self, request: BulkRequest) -> BulkProgress:
        self.collected.append(_call(request))
        return await self.collecting(request)

    @activity.defn(name="work_on_items")
    async def work(self, request: BulkRequest) -> BulkProgress:
        self.worked.append(_call(request))
        async with beating():
            return await self.working(request)


@dataclass
class Theatre:
    """Workers with stand-ins on one Temporal server, for one system."""

    client: Client
    acts: StandIns
    system: str
    begun: list[WorkflowHandle[Any, Any]] = field(default_factory=list[WorkflowHandle[Any, Any]])

    async def twin(self, name: str = "1", events_per_run: int = 1000) -> WorkflowHandle[TwinWorkflow, None]:
        start = TwinInput(
            twin=name,
            connection=f"app-bugs-{self.system}",
            left_system=self.system,
            right_system=self.system,
            left_key=f"APP-{name}",
            events_per_run=events_per_run,
        )
        return await self._begin(TwinWorkflow.run, start, f"twin/{self.system}/{name}")

    async def feed(self, events_per_run: int = 2000) -> WorkflowHandle[FeedWorkflow, None]:
        return await self._begin(FeedWorkflow.run, FeedInput(system=self.system, events_per_run=events_per_run), f"feed/{self.system}")

    async def connection(self, events_per_run: int = 1000) -> WorkflowHandle[ConnectionWorkflow, None]:
        start = ConnectionInput(connection=self.system, events_per_run=events_per_run)
        return await self._begin(ConnectionWorkflow.run, start, f"connection/{self.system}")

    async def house(self, every: timedelta) -> WorkflowHandle[HousekeepingWorkflow, None]:
        start = HousekeepingInput(every_seconds=every.total_seconds())
        return await self._begin(HousekeepingWorkflow.run, start, f"housekeeping/{self.system}")

    async def bulk(self, per_minute: int, events_per_run: int = 1000) -> WorkflowHandle[BulkWorkflow, None]:
        start = BulkInput(
            operation=self.system,
            kind=OperationKind.EXALATE,
            connection=f"app-bugs-{self.system}",
            per_minute=per_minute,
            events_per_run=events_per_run,
        )
        return await self._begin(BulkWorkflow.run, start, f"bulk/{self.system}")

    async def _begin(self, run: Callable[[W, A], Awaitable[None]], start: A, workflow_id: str) -> WorkflowHandle[W, None]:
        handle = await self.client.start_workflow(run, start, id=workflow_id, task_queue=TWIN_QUEUE)
        self.begun.append(handle)
        return handle

    async def state(self, handle: WorkflowHandle[TwinWorkflow, None]) -> TwinView:
        return await handle.query(TwinWorkflow.state)

    async def in_line(self, handle: WorkflowHandle[TwinWorkflow, None]) -> None:
        """Wait until the twin is synchronized and has nothing to do."""
        await eventually(
            lambda: self.state(handle), lambda view: view.status is TwinStatus.SYNCHRONIZED and not view.queue, "a twin in line", 60
        )

    async def is_now(self, handle: WorkflowHandle[TwinWorkflow, None], status: TwinStatus) -> TwinView:
        return await eventually(lambda: self.state(handle), lambda view: view.status is status, f"a twin that is {status}")

    async def ended(self, handle: WorkflowHandle[Any, Any]) -> None:
        await asyncio.wait_for(handle.result(), 30)


async def runs(client: Client, workflow_id: str) -> list[WorkflowHistory]:
    """What Temporal keeps of all runs of a workflow, oldest first."""
    found: list[WorkflowHistory] = []
    run = (await client.get_workflow_handle(workflow_id).describe()).raw_description.workflow_execution_info.first_run_id
    while run:
        found.append(await client.get_workflow_handle(workflow_id, run_id=run).fetch_history())
        run = found[-1].events[-1].workflow_execution_continued_as_new_event_attributes.new_execution_run_id
    return found


async def lengths(client: Client, workflow_id: str) -> list[int]:
    """How many events each run of a workflow has, oldest first."""
    return [len(history.events) for history in await runs(client, workflow_id)]


async def calls(made: list[Call], count: int, what: str) -> None:
    """Wait until so many calls were made."""

    async def look() -> int:
        return len(made)

    await eventually(look, lambda seen: seen >= count, what)


@contextlib.asynccontextmanager
async def theatre(client: Client, system: str, acts: StandIns | None = None) -> AsyncGenerator[Theatre]:
    """Terminates in the end what was begun there."""
    acts = acts or StandIns()
    async with contextlib.AsyncExitStack() as stack:
        for worker in workers(client, system, acts):
            await stack.enter_async_context(worker)
        stage = Theatre(client, acts, system)
        yield stage
        for handle in stage.begun:
            with contextlib.suppress(RPCError):
                await client.get_workflow_handle(handle.id).terminate()


def workers(client: Client, system: str, acts: StandIns, workflows: Sequence[type] = WORKFLOWS) -> tuple[Worker, Worker]:
    """One for the workflows and one for the calls of the system, as in `worker.py`."""
    ours = [acts.resume_held, acts.prune, acts.collect, acts.work]
    theirs = [acts.fetch, acts.transform, acts.apply, acts.unlink, acts.poll, acts.run_trigger]
    return (
        Worker(client, task_queue=TWIN_QUEUE, workflows=workflows, activities=ours, workflow_runner=runner()),
        Worker(client, task_queue=system_queue(system), activities=theirs, max_heartbeat_throttle_interval=HEARTBEATS),
    )
