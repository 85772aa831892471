"""The twin's workflow by itself: hints coalesce, errors park, a new run forgets nothing."""

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest_asyncio
from temporalio import activity
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RPCError
from temporalio.worker import Worker

from activities.failures import lasting, passing
from activities.interface import (
    TWIN_QUEUE,
    ApplyRequest,
    ApplyResult,
    FetchRequest,
    FetchResult,
    Hint,
    Outcome,
    TransformRequest,
    TransformResult,
    TwinActivities,
    TwinInput,
    TwinView,
    UnlinkRequest,
    system_queue,
)
from model.errors import Refused, Unavailable
from model.words import Side, TwinStatus
from tests.e2e.world import eventually
from worker import runner
from workflows.twin import TwinWorkflow

CANARY = "Anvil of Acme"


@dataclass
class StandIn(TwinActivities):
    """Nothing ever changes, unless it `refuses` or is `unreachable`; with a `gate` the first fetch waits there and is held.

    A fetch from the side other than `first` is put off until that side was fetched.
    """

    fetched: list[FetchRequest] = field(default_factory=list[FetchRequest])
    unlinked: list[UnlinkRequest] = field(default_factory=list[UnlinkRequest])
    refuses: bool = False
    unreachable: bool = False
    gate: asyncio.Event | None = None
    first: Side | None = None

    @activity.defn(name="fetch")
    async def fetch(self, request: FetchRequest) -> FetchResult:
        self.fetched.append(request)
        if self.unreachable:
            raise passing(Unavailable("acme-jira cannot be reached"), timedelta(minutes=5))
        if self.gate and len(self.fetched) == 1:
            await self.gate.wait()
            return FetchResult(outcome=Outcome.HELD, summary="held")
        if self.first and self.first not in {one.source for one in self.fetched}:
            return FetchResult(outcome=Outcome.LATER, summary="later")
        if self.refuses:
            raise lasting(Refused(f"field 'priority' has no option {CANARY!r}", "priority"))
        return FetchResult(outcome=Outcome.UNCHANGED)

    @activity.defn(name="transform")
    async def transform(self, request: TransformRequest) -> TransformResult:
        return TransformResult(outcome=Outcome.NOTHING, summary=str(request.replica))

    @activity.defn(name="apply")
    async def apply(self, request: ApplyRequest) -> ApplyResult:
        return ApplyResult(outcome=Outcome.APPLIED, summary=str(request.plan))

    @activity.defn(name="unlink")
    async def unlink(self, request: UnlinkRequest) -> None:
        self.unlinked.append(request)


@dataclass
class Stage:
    client: Client
    did: StandIn
    system: str

    async def start(self, events_per_run: int = 1000) -> WorkflowHandle[TwinWorkflow, None]:
        start = TwinInput(
            twin="t1",
            connection="app-bugs",
            left_system=self.system,
            right_system=self.system,
            left_key="APP-1",
            events_per_run=events_per_run,
        )
        return await self.client.start_workflow(TwinWorkflow.run, start, id=f"twin/{self.system}", task_queue=TWIN_QUEUE)

    async def tries(self) -> int:
        return len(self.did.fetched)

    async def state(self, handle: WorkflowHandle[TwinWorkflow, None]) -> TwinView:
        return await handle.query(TwinWorkflow.state)


@pytest_asyncio.fixture
async def stage(temporal_address: str) -> AsyncIterator[Stage]:
    client = await Client.connect(temporal_address, data_converter=pydantic_data_converter)
    did, system = StandIn(), uuid.uuid4().hex[:8]
    activities = [did.fetch, did.transform, did.apply, did.unlink]
    workflows = Worker(client, task_queue=TWIN_QUEUE, workflows=[TwinWorkflow], workflow_runner=runner())
    async with workflows, Worker(client, task_queue=system_queue(system), activities=activities):
        yield Stage(client, did, system)
        async for running in client.list_workflows("ExecutionStatus = 'Running'"):
            if system in running.id:
                with contextlib.suppress(RPCError):
                    await client.get_workflow_handle(running.id).terminate()


async def test_refused_change_parks_the_twin_until_it_is_retried(stage: Stage) -> None:
    stage.did.refuses = True
    handle = await stage.start()
    await handle.signal(TwinWorkflow.item_changed, Hint(side=Side.LEFT))
    await eventually(lambda: stage.state(handle), lambda view: view.status is TwinStatus.ERROR, "a parked twin")
    for side in Side:
        await handle.signal(TwinWorkflow.item_changed, Hint(side=side))
    view = await stage.state(handle)
    assert len(view.queue) == 2
    assert len(stage.did.fetched) == 1

    stage.did.refuses = False
    await handle.signal(TwinWorkflow.retry)
    view = await eventually(
        lambda: stage.state(handle), lambda view: view.status is TwinStatus.SYNCHRONIZED and not view.queue, "a twin in line"
    )
    assert [request.source for request in stage.did.fetched] == [Side.LEFT, Side.LEFT, Side.RIGHT]


async def test_a_parked_twin_is_woken_by_the_news_that_an_item_was_deleted(stage: Stage) -> None:
    stage.did.refuses = True
    handle = await stage.start()
    await handle.signal(TwinWorkflow.item_changed, Hint(side=Side.RIGHT))
    await eventually(lambda: stage.state(handle), lambda view: view.status is TwinStatus.ERROR, "a parked twin")
    stage.did.refuses = False
    await handle.signal(TwinWorkflow.item_changed, Hint(side=Side.LEFT, deleted=True))
    await eventually(lambda: stage.state(handle), lambda view: view.status is TwinStatus.SYNCHRONIZED and not view.queue, "a twin in line")
    assert [(one.source, one.deleted) for one in stage.did.fetched[1:]] == [(Side.LEFT, True), (Side.RIGHT, False)]


async def test_the_news_of_a_deletion_is_looked_into_where_a_look_without_it_parks_the_twin(stage: Stage) -> None:
    stage.did.gate = asyncio.Event()
    handle = await stage.start()
    await handle.signal(TwinWorkflow.item_changed, Hint(side=Side.LEFT))
    await eventually(stage.tries, lambda count: count == 1, "a fetch under way")
    await handle.signal(TwinWorkflow.item_changed, Hint(side=Side.LEFT, deleted=True))
    stage.did.gate.set()
    await eventually(lambda: stage.state(handle), lambda view: view.status is TwinStatus.SYNCHRONIZED and not view.queue, "a twin in line")
    assert [one.deleted for one in stage.did.fetched] == [False, True]


async def test_a_twin_that_fails_after_the_news_of_a_deletion_is_parked(stage: Stage) -> None:
    stage.did.refuses = True
    handle = await stage.start()
    for count in (1, 2):
        await handle.signal(TwinWorkflow.item_changed, Hint(side=Side.LEFT, deleted=True))
        await eventually(stage.tries, lambda tries, count=count: tries == count, f"fetch {count}")
        await eventually(
            lambda: stage.state(handle), lambda view: view.status is TwinStatus.ERROR and len(view.queue) == 1, "a parked twin"
        )
    assert len(stage.did.fetched) == 2


async def test_what_a_refusal_quotes_does_not_reach_temporal(stage: Stage) -> None:
    stage.did.refuses = True
    handle = await stage.start()
    await handle.signal(TwinWorkflow.item_changed, Hint(side=Side.LEFT))
    view = await eventually(lambda: stage.state(handle), lambda view: view.status is TwinStatus.ERROR, "a parked twin")
    assert "'priority'" in view.last_error
    assert CANARY not in (await handle.fetch_history()).to_json()


async def test_unlink_finishes_the_queue_first_and_closes(stage: Stage) -> None:
    handle = await stage.start()
    await handle.signal(TwinWorkflow.item_changed, Hint(side=Side.LEFT))
    await handle.signal(TwinWorkflow.unlink)
    await handle.result()
    assert len(stage.did.fetched) == 1
    assert len(stage.did.unlinked) == 1


async def test_force_unlink_closes_a_parked_twin_and_discards_its_queue(stage: Stage) -> None:
    stage.did.refuses = True
    handle = await stage.start()
    await handle.signal(TwinWorkflow.item_changed, Hint(side=Side.LEFT))
    await eventually(lambda: stage.state(handle), lambda view: view.status is TwinStatus.ERROR, "a parked twin")
    await handle.signal(TwinWorkflow.force_unlink)
    await handle.result()
    assert (await handle.describe()).status is WorkflowExecutionStatus.COMPLETED
    assert len(stage.did.unlinked) == 1


async def test_activation_between_the_hold_and_its_news_is_not_missed(stage: Stage) -> None:
    stage.did.gate = asyncio.Event()
    handle = await stage.start()
    await handle.signal(TwinWorkflow.item_changed, Hint(side=Side.RIGHT))
    await eventually(stage.tries, lambda count: count == 1, "a fetch under way")
    await handle.signal(TwinWorkflow.resume)
    stage.did.gate.set()
    await eventually(lambda: stage.state(handle), lambda view: view.status is TwinStatus.SYNCHRONIZED and not view.queue, "a twin in line")
    assert {request.source for request in stage.did.fetched[1:]} == set(Side)


async def test_force_unlink_does_not_wait_for_a_platform_that_is_down(stage: Stage) -> None:
    stage.did.unreachable = True
    handle = await stage.start()
    await handle.signal(TwinWorkflow.item_changed, Hint(side=Side.LEFT))
    await eventually(stage.tries, lambda count: count == 1, "a first try")
    await handle.signal(TwinWorkflow.force_unlink)
    await asyncio.wait_for(handle.result(), 20)
    assert len(stage.did.unlinked) == 1


async def test_a_side_whose_turn_is_later_follows_the_other(stage: Stage) -> None:
    stage.did.first = Side.LEFT
    handle = await stage.start()
    await handle.signal(TwinWorkflow.item_changed, Hint(side=Side.RIGHT, force=True))
    await eventually(lambda: stage.state(handle), lambda view: view.status is TwinStatus.SYNCHRONIZED and not view.queue, "a twin in line")
    assert [(one.source, one.force) for one in stage.did.fetched] == [(Side.RIGHT, True), (Side.LEFT, False), (Side.RIGHT, True)]


async def test_what_is_meant_for_the_items_next_twin_waits_until_this_one_has_closed(stage: Stage) -> None:
    handle = await stage.start()
    for hint in (Hint(side=Side.RIGHT, twin="t2"), Hint(side=Side.RIGHT, twin="t2", force=True), Hint(side=Side.LEFT, twin="t1")):
        await handle.signal(TwinWorkflow.item_changed, hint)
    await handle.signal(TwinWorkflow.unlink)

    def settled(view: TwinView) -> bool:
        return (view.twin, view.status, view.queue) == ("t2", TwinStatus.SYNCHRONIZED, ())

    await eventually(
        lambda: stage.state(stage.client.get_workflow_handle_for(TwinWorkflow.run, handle.id)), settled, "the next twin in line"
    )
    *before, last = [(one.twin, one.source, one.force) for one in stage.did.fetched]
    assert (set(before), last) == ({("t1", Side.LEFT, False)}, ("t2", Side.RIGHT, True))
    assert [request.twin for request in stage.did.unlinked] == ["t1"]


async def test_what_is_meant_for_another_twin_outlives_a_new_run(stage: Stage) -> None:
    handle = await stage.start(events_per_run=10)
    await handle.signal(TwinWorkflow.item_changed, Hint(side=Side.RIGHT, twin="t2"))
    for number in range(10):
        await handle.signal(TwinWorkflow.item_changed, Hint(side=Side.LEFT, version=str(number)))

    async def runs() -> int:
        return len([one async for one in stage.client.list_workflows(f"WorkflowId = '{handle.id}'")])

    await eventually(runs, lambda count: count > 1, "a new run")
    latest = stage.client.get_workflow_handle_for(TwinWorkflow.run, handle.id)
    await latest.signal(TwinWorkflow.unlink)
    await eventually(lambda: stage.state(latest), lambda view: view.twin == "t2", "the next twin")


async def test_a_message_for_the_next_twin_makes_this_one_look_whether_it_is_over(stage: Stage) -> None:
    """The word that it was unlinked may have been lost."""
    handle = await stage.start()
    await handle.signal(TwinWorkflow.item_changed, Hint(side=Side.RIGHT, twin="t2"))
    await eventually(lambda: stage.state(handle), lambda view: bool(stage.did.fetched) and not view.queue, "a look at the item")
    assert [(one.twin, one.source) for one in stage.did.fetched] == [("t1", Side.LEFT)]
