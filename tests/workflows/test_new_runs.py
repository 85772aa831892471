"""A workflow that goes on in a new run, while signals arrive, forgets nothing."""

import asyncio
from time import monotonic
from typing import Any

from temporalio.api.enums.v1 import EventType
from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.client import WorkflowHandle, WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer

from activities.interface import FetchRequest, FetchResult, Hint, Outcome, PollRequest, PollResult, ResumeRequest, ResumeResult
from model.words import Side, TwinStatus
from tests.e2e.stage import eventually
from tests.workflows.stand_ins import Call, Theatre, calls, changed, lengths, refused, runs, unreachable
from worker import WORKFLOWS, runner
from workflows.connection import ConnectionWorkflow
from workflows.feed import FeedWorkflow
from workflows.twin import OVERFLOW, TwinWorkflow

STREAM = 200


async def replays(stands: Theatre, handle: WorkflowHandle[Any, Any]) -> int:
    """How many runs there were; all of them replay, the last one as soon as it has begun."""
    histories = await eventually(lambda: runs(stands.client, handle.id), _has_begun, "a run that has begun")
    replayer = Replayer(workflows=WORKFLOWS, workflow_runner=runner(), data_converter=pydantic_data_converter)
    for history in histories:
        await replayer.replay_workflow(history)
    return len(histories)


async def _events(handle: WorkflowHandle[Any, Any]) -> int:
    return (await handle.describe()).history_length


def _has_begun(histories: list[WorkflowHistory]) -> bool:
    return any(event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED for event in histories[-1].events)


async def test_every_hint_leads_to_a_fetch_that_began_after_it(stands: Theatre) -> None:
    stands.acts.fetching = changed
    twin = await stands.twin(events_per_run=40)
    sent: list[tuple[Side, bool, float]] = []

    async def send(side: Side) -> None:
        for number in range(STREAM):
            sent.append((side, number % 7 == 0, monotonic()))
            await twin.signal(TwinWorkflow.item_changed, Hint(side=side, version=str(number), force=number % 7 == 0))

    async def nudge() -> None:
        for number in range(STREAM // 2):
            await twin.signal(TwinWorkflow.retry if number % 2 else TwinWorkflow.resume)

    await asyncio.gather(send(Side.LEFT), send(Side.RIGHT), nudge())
    await stands.in_line(twin)
    for side, force, moment in sent:
        later = [call.request for call in stands.acts.fetched if call.request.source is side and call.at >= moment]
        assert any(request.force or not force for request in later), (side, force, moment)
    assert await replays(stands, twin) > 3


async def test_what_a_twin_knows_goes_with_it(stands: Theatre) -> None:
    stands.acts.fetching = changed
    twin = await stands.twin(events_per_run=40)
    await twin.signal(TwinWorkflow.item_changed, Hint(side=Side.LEFT))
    await stands.in_line(twin)
    before = await stands.state(twin)
    stands.acts.fetching = refused
    await twin.signal(TwinWorkflow.item_changed, Hint(side=Side.LEFT))
    parked = await stands.is_now(twin, TwinStatus.ERROR)
    for number in range(50):
        await twin.signal(TwinWorkflow.item_changed, Hint(side=Side.RIGHT, version=str(number)))
    view = await eventually(lambda: stands.state(twin), lambda view: len(view.queue) == 2, "both sides in the queue")
    assert await replays(stands, twin) > 1
    assert (view.status, view.last_error, view.recent) == (TwinStatus.ERROR, parked.last_error, before.recent)
    assert len(stands.acts.fetched) == 2

    await twin.signal(TwinWorkflow.unlink)
    await stands.ended(twin)
    assert len(stands.acts.unlinked) == 1


async def test_a_twin_that_is_to_be_unlinked_finishes_its_queue_in_the_next_run(stands: Theatre) -> None:
    gate = asyncio.Event()

    async def waiting(request: FetchRequest) -> FetchResult:
        del request
        await gate.wait()
        return FetchResult(outcome=Outcome.UNCHANGED)

    stands.acts.fetching = waiting
    twin = await stands.twin(events_per_run=40)
    await twin.signal(TwinWorkflow.item_changed, Hint(side=Side.LEFT))
    await calls(stands.acts.fetched, 1, "a fetch under way")
    await twin.signal(TwinWorkflow.unlink)
    for number in range(50):
        await twin.signal(TwinWorkflow.item_changed, Hint(side=Side.RIGHT, version=str(number)))
    gate.set()
    await stands.ended(twin)
    assert [call.request.source for call in stands.acts.fetched] == [Side.LEFT, Side.RIGHT]
    assert len(stands.acts.unlinked) == 1
    assert await replays(stands, twin) == 2


async def test_hints_do_not_fill_the_run_while_a_platform_is_down(stands: Theatre) -> None:
    stands.acts.fetching = unreachable
    twin = await stands.twin(events_per_run=20)
    await twin.signal(TwinWorkflow.item_changed, Hint(side=Side.LEFT))
    await calls(stands.acts.fetched, 1, "a first try")
    for number in range(STREAM):
        await twin.signal(TwinWorkflow.item_changed, Hint(side=Side.RIGHT, version=str(number)))
        if number % 5 == 0:
            await eventually(lambda: _events(twin), lambda events: events <= 20 * OVERFLOW, "a run that is not full")
    assert await replays(stands, twin) > 1
    assert max(await lengths(stands.client, twin.id)) < 20 * OVERFLOW + 30

    stands.acts.fetching = changed
    stands.acts.fetched.clear()
    await stands.in_line(twin)
    assert {call.request.source for call in stands.acts.fetched} == set(Side)


async def test_an_interrupted_attempt_has_ended_before_the_next_begins(stands: Theatre) -> None:
    at_work, most = 0, 0

    async def working(request: FetchRequest) -> FetchResult:
        nonlocal at_work, most
        del request
        at_work += 1
        most = max(most, at_work)
        try:
            await asyncio.Event().wait()
        finally:
            at_work -= 1
        raise AssertionError

    stands.acts.fetching = working
    twin = await stands.twin(events_per_run=5)
    await twin.signal(TwinWorkflow.item_changed, Hint(side=Side.LEFT))
    await calls(stands.acts.fetched, 1, "a fetch under way")
    for number in range(5 * OVERFLOW):
        await twin.signal(TwinWorkflow.item_changed, Hint(side=Side.LEFT, version=str(number)))
    await calls(stands.acts.fetched, 2, "a fetch of the next run")
    assert most == 1
    await twin.signal(TwinWorkflow.force_unlink)
    await stands.ended(twin)
    assert at_work == 0


async def test_every_wake_leads_to_a_poll_that_began_after_it(stands: Theatre) -> None:
    feed = await stands.feed(events_per_run=60)
    woken = 0.0
    for _ in range(STREAM):
        woken = monotonic()
        await feed.signal(FeedWorkflow.wake)

    async def polled() -> Call:
        return stands.acts.polls[-1]

    await eventually(polled, lambda call: call.at >= woken, "a poll after the last wake")
    assert await replays(stands, feed) > 2


async def test_a_feed_that_is_woken_as_it_ends_goes_on(stands: Theatre) -> None:
    gate = asyncio.Event()

    async def useless(request: PollRequest) -> PollResult:
        del request
        await gate.wait()
        return PollResult()

    stands.acts.polling = useless
    feed = await stands.feed()
    await calls(stands.acts.polls, 1, "a poll under way")
    await feed.signal(FeedWorkflow.wake)
    gate.set()
    await stands.ended(feed)
    assert [call.request.drain_only for call in stands.acts.polls] == [False, False]


async def test_every_activation_leads_to_a_drain_that_began_after_it(stands: Theatre) -> None:
    connection = await stands.connection(events_per_run=40)
    activated = 0.0
    for _ in range(STREAM // 2):
        await connection.signal(ConnectionWorkflow.deactivate)
        activated = monotonic()
        await connection.signal(ConnectionWorkflow.activate)

    async def drained() -> list[float]:
        return [call.at for call in stands.acts.resumed if not call.request.after]

    await eventually(drained, lambda moments: bool(moments) and moments[-1] >= activated, "a drain after the last activation")
    assert await replays(stands, connection) > 2


async def test_a_long_drain_goes_on_in_the_next_run(stands: Theatre) -> None:
    async def page(request: ResumeRequest) -> ResumeResult:
        number = int(request.after or 0) + 1
        return ResumeResult(resumed=200, after=str(number) if number < 30 else "")

    stands.acts.resuming = page
    connection = await stands.connection(events_per_run=50)
    await connection.signal(ConnectionWorkflow.activate)
    await calls(stands.acts.resumed, 30, "all pages")
    assert [call.request.after for call in stands.acts.resumed] == ["", *map(str, range(1, 30))]
    assert await replays(stands, connection) > 2


async def test_a_drain_ends_with_the_activation_and_begins_anew_with_the_next(stands: Theatre) -> None:
    gate = asyncio.Event()

    async def page(request: ResumeRequest) -> ResumeResult:
        if request.after == "2":
            await gate.wait()
        number = int(request.after or 0) + 1
        return ResumeResult(resumed=200, after=str(number) if number < 4 else "")

    stands.acts.resuming = page
    connection = await stands.connection()
    await connection.signal(ConnectionWorkflow.activate)
    await calls(stands.acts.resumed, 3, "the third page")
    await connection.signal(ConnectionWorkflow.deactivate)
    gate.set()

    async def shown() -> str:
        return (await connection.query("__temporal_workflow_metadata", result_type=WorkflowMetadata)).current_details

    await eventually(shown, lambda page: "600 held twins" in page, "the third page counted")
    await connection.signal(ConnectionWorkflow.activate)
    await calls(stands.acts.resumed, 7, "a whole drain")
    assert [call.request.after for call in stands.acts.resumed] == ["", "1", "2", "", "1", "2", "3"]


async def test_an_activation_amid_the_last_page_of_a_run_is_drained_in_the_next(stands: Theatre) -> None:
    gate = asyncio.Event()

    async def page(request: ResumeRequest) -> ResumeResult:
        del request
        await gate.wait()
        return ResumeResult(resumed=1, after="")

    stands.acts.resuming = page
    connection = await stands.connection(events_per_run=40)
    await connection.signal(ConnectionWorkflow.activate)
    await calls(stands.acts.resumed, 1, "a drain under way")
    for _ in range(40):
        await connection.signal(ConnectionWorkflow.activate)
    gate.set()
    await calls(stands.acts.resumed, 2, "another drain")
    assert await replays(stands, connection) == 2
