"""Records a history of every state in which a workflow may meet new code, with stand-ins for the activities."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from datetime import timedelta

from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.client import Client

from activities.failures import passing
from activities.interface import (
    TWIN_QUEUE,
    ApplyRequest,
    ApplyResult,
    BulkProgress,
    BulkRequest,
    FetchRequest,
    FetchResult,
    Hint,
    Outcome,
    PollRequest,
    PollResult,
    ResumeRequest,
    ResumeResult,
    TransformResult,
    TriggerRun,
)
from model.errors import Unavailable
from model.words import OperationStatus, Side, TwinStatus
from tests.e2e.stage import eventually
from tests.replay.keeping import keep
from tests.workflows.stand_ins import Theatre, calls, changed, held, lengths, refused, runs, theatre, unchanged, unreachable
from workflows.bulk import BulkWorkflow
from workflows.connection import ConnectionWorkflow
from workflows.feed import FeedWorkflow
from workflows.triggering import TriggerRunWorkflow
from workflows.twin import STALE_ROUNDS, TwinWorkflow

LEFT, RIGHT = Hint(side=Side.LEFT), Hint(side=Side.RIGHT)
State = Callable[[Theatre], Awaitable[None]]


async def parked(stage: Theatre) -> None:
    stage.acts.fetching = refused
    twin = await stage.twin()
    await twin.signal(TwinWorkflow.item_changed, LEFT)
    await stage.is_now(twin, TwinStatus.ERROR)
    await twin.signal(TwinWorkflow.item_changed, RIGHT)
    await eventually(lambda: stage.state(twin), lambda view: len(view.queue) == 2, "both sides in the queue")
    await keep(stage.client, "twin-in-error", twin.id)


async def waiting_for_its_connection(stage: Theatre) -> None:
    stage.acts.fetching = held
    twin = await stage.twin()
    await twin.signal(TwinWorkflow.item_changed, LEFT)
    await stage.is_now(twin, TwinStatus.HELD)
    await keep(stage.client, "twin-held", twin.id)


async def waiting_for_a_decision(stage: Theatre) -> None:
    stage.acts.fetching = changed
    stage.acts.planned = TransformResult(outcome=Outcome.NOTHING, summary="conflict summary", status=TwinStatus.CONFLICT)
    twin = await stage.twin()
    await twin.signal(TwinWorkflow.item_changed, LEFT)
    await stage.is_now(twin, TwinStatus.CONFLICT)
    stage.acts.fetching = unchanged
    await twin.signal(TwinWorkflow.item_changed, RIGHT)
    await calls(stage.acts.fetched, 2, "a second fetch")
    await stage.is_now(twin, TwinStatus.CONFLICT)
    await keep(stage.client, "twin-in-conflict", twin.id)


async def amid_a_sync(stage: Theatre) -> None:
    """And resumed meanwhile, so that a hold which is on its way does not stop it."""
    gate = asyncio.Event()

    async def opened(request: FetchRequest) -> FetchResult:
        await gate.wait()
        return await held(request)

    stage.acts.fetching = opened
    twin = await stage.twin()
    await twin.signal(TwinWorkflow.item_changed, LEFT)
    await calls(stage.acts.fetched, 1, "a fetch under way")
    await keep(stage.client, "twin-mid-sync", twin.id)
    await twin.signal(TwinWorkflow.resume)
    stage.acts.fetching = unchanged
    gate.set()
    await stage.in_line(twin)
    await keep(stage.client, "twin-resumed", twin.id)


async def overtaken(stage: Theatre) -> None:
    """The target moved again and again; then the write gave it a key, a value of its own goes back, and the rule goes on."""
    stale = ApplyResult(outcome=Outcome.STALE)
    created = ApplyResult(outcome=Outcome.APPLIED, target_key="acme/app#1", send_back=True, goes_on=True)
    answers = iter([*[stale] * (STALE_ROUNDS + 1), created, *[ApplyResult(outcome=Outcome.APPLIED)] * 2])

    async def applying(request: ApplyRequest) -> ApplyResult:
        del request
        return next(answers)

    stage.acts.fetching, stage.acts.applying = changed, applying
    twin = await stage.twin()
    await twin.signal(TwinWorkflow.item_changed, LEFT)
    await calls(stage.acts.wrote, STALE_ROUNDS + 4, "all writes")
    await stage.in_line(twin)
    await keep(stage.client, "twin-overtaken", twin.id)


async def unlinked_by_force(stage: Theatre) -> None:
    stage.acts.fetching = unreachable
    twin = await stage.twin()
    await twin.signal(TwinWorkflow.item_changed, LEFT)
    await calls(stage.acts.fetched, 2, "a second try")
    await twin.signal(TwinWorkflow.force_unlink)
    await stage.ended(twin)
    await keep(stage.client, "twin-forced-amid-a-retry", twin.id)


async def behind_the_other_side(stage: Theatre) -> None:
    """The right side waits for the left one, of which a write turns out to have happened."""
    answers = iter([FetchResult(outcome=Outcome.LATER), FetchResult(outcome=Outcome.UNCHANGED, recovered=True)])

    async def fetching(request: FetchRequest) -> FetchResult:
        return next(answers, None) or await unchanged(request)

    stage.acts.fetching = fetching
    twin = await stage.twin()
    await twin.signal(TwinWorkflow.item_changed, RIGHT)
    await calls(stage.acts.fetched, 3, "the right side, the left one, and the right one once more")
    await stage.in_line(twin)
    await keep(stage.client, "twin-behind-the-other-side", twin.id)


async def followed_by_its_items_next_twin(stage: Theatre) -> None:
    """Unlinked while a message for the next twin of its item is there already."""
    gate = asyncio.Event()

    async def gone(request: FetchRequest) -> FetchResult:
        await gate.wait()
        return FetchResult(outcome=Outcome.UNLINKED) if len(stage.acts.fetched) == 1 else await unchanged(request)

    stage.acts.fetching = gone
    twin = await stage.twin()
    await twin.signal(TwinWorkflow.item_changed, LEFT)
    await calls(stage.acts.fetched, 1, "a fetch under way")
    for side in (Side.LEFT, Side.RIGHT, Side.LEFT):
        await twin.signal(TwinWorkflow.item_changed, Hint(side=side, twin="next"))
    gate.set()
    await calls(stage.acts.fetched, 3, "fetches of the next twin")
    await stage.in_line(twin)
    ended, last, *_ = await runs(stage.client, twin.id)
    await keep(stage.client, "twin-followed", twin.id, ended.run_id)
    await keep(stage.client, "twin-that-follows", twin.id, last.run_id)


async def many_hints(stage: Theatre) -> None:
    """Three runs: one ends between two syncs, one is interrupted since it grows while the platform is down, one goes on."""
    stage.acts.fetching = changed
    twin = await stage.twin(events_per_run=15)
    await twin.signal(TwinWorkflow.item_changed, LEFT)
    await eventually(lambda: lengths(stage.client, twin.id), lambda seen: len(seen) == 2, "a second run")
    stage.acts.fetching = unreachable
    while len(await lengths(stage.client, twin.id)) == 2:
        await twin.signal(TwinWorkflow.item_changed, RIGHT)
    stage.acts.fetching = changed
    await stage.in_line(twin)
    ended, interrupted, *_, last = await runs(stage.client, twin.id)
    for name, run in (("ended", ended), ("interrupted", interrupted), ("continued", last)):
        await keep(stage.client, f"twin-{name}-run", twin.id, run.run_id)


async def a_platform_down(stage: Theatre) -> None:
    """A poll that failed, one that a wake led to, one that was rejected, looks into the inbox."""
    answers = iter([None, None, None, PollResult(next_in=600), PollResult(next_in=600, rejected=True), PollResult(next_in=600)])

    async def polling(request: PollRequest) -> PollResult:
        answer = PollResult() if request.drain_only else next(answers)
        if answer is None:
            raise passing(Unavailable("acme-jira cannot be reached"))
        return answer

    stage.acts.polling = polling
    feed = await stage.feed()
    await eventually(lambda: details(stage, feed.id), lambda page: "Last error" in page, "a feed that waits after a failure")
    await keep(stage.client, "feed-failing", feed.id)
    for number in range(1, 4):
        await feed.signal(FeedWorkflow.wake)
        await calls(stage.acts.polls, 3 + number, "a poll after the wake")
    await keep(stage.client, "feed-woken", feed.id)


async def many_polls(stage: Theatre) -> None:
    """A run that ends, one that goes on until nobody needs the feed; and looks for what the index still hid."""
    hiding = PollResult(next_in=0.02, hidden=0.01)
    answers = iter([*[hiding] * 6, PollResult()])

    async def polling(request: PollRequest) -> PollResult:
        return PollResult() if request.drain_only else next(answers)

    stage.acts.polling = polling
    feed = await stage.feed(events_per_run=40)
    await stage.ended(feed)
    ended, *_, last = await runs(stage.client, feed.id)
    await keep(stage.client, "feed-ended-run", feed.id, ended.run_id)
    await keep(stage.client, "feed-continued-run", feed.id, last.run_id)


async def needed_again(stage: Theatre) -> None:
    """Nobody needs the feed, but somebody does before it has ended."""
    gate, answers = asyncio.Event(), iter([PollResult(), PollResult(next_in=600)])

    async def polling(request: PollRequest) -> PollResult:
        del request
        await gate.wait()
        return next(answers)

    stage.acts.polling = polling
    feed = await stage.feed()
    await calls(stage.acts.polls, 1, "a poll under way")
    await feed.signal(FeedWorkflow.wake)
    gate.set()
    await eventually(lambda: details(stage, feed.id), lambda page: "2 polls" in page, "a feed that goes on")
    await keep(stage.client, "feed-needed-again", feed.id)


async def a_long_drain(stage: Theatre) -> None:
    """Amid a page, and in the run that follows; then deactivated."""
    gate, gates = asyncio.Event(), iter([3, 6])
    stop = next(gates)

    async def resuming(request: ResumeRequest) -> ResumeResult:
        number = int(request.after or 0) + 1
        if number == stop:
            await gate.wait()
        return ResumeResult(resumed=200, after=str(number))

    stage.acts.resuming = resuming
    connection = await stage.connection(events_per_run=30)
    await connection.signal(ConnectionWorkflow.activate)
    await calls(stage.acts.resumed, stop, "a page under way")
    await keep(stage.client, "connection-draining", connection.id)
    stop = next(gates)
    gate.set()
    gate = asyncio.Event()
    await calls(stage.acts.resumed, stop, "a page of the next run under way")
    await connection.signal(ConnectionWorkflow.deactivate)
    gate.set()
    await eventually(lambda: details(stage, connection.id), lambda page: "deactivated" in page, "a drain that ended")
    ended, *_, last = await runs(stage.client, connection.id)
    await keep(stage.client, "connection-ended-run", connection.id, ended.run_id)
    await keep(stage.client, "connection-continued-run", connection.id, last.run_id)


async def a_clean_house(stage: Theatre) -> None:
    house = await stage.house(every=timedelta(seconds=2))
    await calls(stage.acts.prunes, 2, "a second round")
    ended, last, *_ = await runs(stage.client, house.id)
    await keep(stage.client, "housekeeping-ended-run", house.id, ended.run_id)
    await keep(stage.client, "housekeeping", house.id, last.run_id)


async def a_bulk_operation(stage: Theatre) -> None:
    """It pauses by itself after a round and a rest, is resumed, told to pause and to go on, and cancelled in a later run."""
    running = BulkProgress(waiting=9)
    answers = [running, BulkProgress(status=OperationStatus.PAUSED, reason="acme-jira rejects our login", waiting=9)]

    async def collecting(request: BulkRequest) -> BulkProgress:
        del request
        return running

    async def working(request: BulkRequest) -> BulkProgress:
        del request
        return answers.pop(0) if len(answers) > 1 else answers[0]

    stage.acts.collecting, stage.acts.working = collecting, working
    bulk = await stage.bulk(per_minute=6000, events_per_run=30)
    await eventually(lambda: details(stage, bulk.id), lambda page: "rejects our login" in page, "an operation that pauses")
    await keep(stage.client, "bulk-paused", bulk.id)
    answers[:] = [running]
    await bulk.signal(BulkWorkflow.resume)
    await calls(stage.acts.worked, 3, "a round after the pause")
    await bulk.signal(BulkWorkflow.pause)
    await eventually(lambda: lengths(stage.client, bulk.id), lambda seen: len(seen) > 1, "another run")
    answers[:] = [BulkProgress(status=OperationStatus.CANCELLED, skipped=9)]
    await bulk.signal(BulkWorkflow.cancel)
    await stage.ended(bulk)
    ended, *_, last = await runs(stage.client, bulk.id)
    await keep(stage.client, "bulk-ended-run", bulk.id, ended.run_id)
    await keep(stage.client, "bulk-continued-run", bulk.id, last.run_id)


async def a_hurried_bulk_operation(stage: Theatre) -> None:
    """Its rounds take longer than its pace allows them."""
    answers = iter([BulkProgress(waiting=1), BulkProgress(status=OperationStatus.DONE, done=1)])

    async def collecting(request: BulkRequest) -> BulkProgress:
        del request
        return BulkProgress()

    async def working(request: BulkRequest) -> BulkProgress:
        del request
        return next(answers)

    stage.acts.collecting, stage.acts.working = collecting, working
    bulk = await stage.bulk(per_minute=60_000_000)
    await stage.ended(bulk)
    await keep(stage.client, "bulk-hurried", bulk.id)


async def a_trigger_that_ran(stage: Theatre) -> None:
    start = TriggerRun(connection=stage.system, side=Side.LEFT, trigger="nightly", system=stage.system)
    own = f"trigger/{stage.system}/left/nightly"
    run = await stage.client.start_workflow(TriggerRunWorkflow.run, start, id=own, task_queue=TWIN_QUEUE)
    await run.result()
    await keep(stage.client, "trigger-ran", run.id)


async def details(stage: Theatre, workflow_id: str) -> str:
    handle = stage.client.get_workflow_handle(workflow_id)
    return (await handle.query("__temporal_workflow_metadata", result_type=WorkflowMetadata)).current_details


STATES: tuple[State, ...] = (
    parked,
    waiting_for_its_connection,
    waiting_for_a_decision,
    amid_a_sync,
    overtaken,
    unlinked_by_force,
    behind_the_other_side,
    followed_by_its_items_next_twin,
    many_hints,
    a_platform_down,
    many_polls,
    needed_again,
    a_long_drain,
    a_clean_house,
    a_bulk_operation,
    a_hurried_bulk_operation,
    a_trigger_that_ran,
)


async def record_states(client: Client) -> None:
    for state in STATES:
        async with theatre(client, uuid.uuid4().hex[:8]) as stage:
            await state(stage)
