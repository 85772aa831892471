"""A twin's life: thirty days of edits, of idleness, of being held; an outage of a day; long waits that a platform asked for."""

from datetime import timedelta
from itertools import pairwise

from temporalio.client import WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment

from activities.failures import passing
from activities.interface import FetchRequest, FetchResult, Hint
from model.errors import RateLimited
from model.words import Side, TwinStatus
from tests.e2e.stage import eventually
from tests.workflows.stand_ins import Theatre, changed, held, lengths, unreachable
from workflows.twin import OVERFLOW, TwinWorkflow

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LONGEST_WAIT = 5 * MINUTE


async def edit(twin: WorkflowHandle[TwinWorkflow, None], side: Side = Side.LEFT) -> None:
    """Until it is taken: the test server knows no run for a moment where the twin goes on in a new one (temporalio/sdk-java#1538)."""

    async def signal() -> bool:
        try:
            await twin.signal(TwinWorkflow.item_changed, Hint(side=side))
        except RPCError as refused:
            if refused.status is not RPCStatusCode.NOT_FOUND:
                raise
            return False
        return True

    await eventually(signal, bool, "a signal that the twin takes")


async def test_a_twin_idle_for_thirty_days_takes_the_next_edit(stands: Theatre, skipping: WorkflowEnvironment) -> None:
    stands.acts.fetching = changed
    twin = await stands.twin()
    await edit(twin)
    await skipping.sleep(30 * DAY)
    [before] = await lengths(skipping.client, twin.id)
    assert len(stands.acts.wrote) == 1
    await edit(twin, Side.RIGHT)
    await skipping.sleep(MINUTE)
    assert len(stands.acts.wrote) == 2
    [after] = await lengths(skipping.client, twin.id)
    assert after - before < 30


async def test_thirty_days_of_edits_leave_short_histories(stands: Theatre, skipping: WorkflowEnvironment) -> None:
    stands.acts.fetching = changed
    twin = await stands.twin(events_per_run=500)
    for number in range(30 * 6):
        await edit(twin, Side.RIGHT if number % 3 else Side.LEFT)
        await skipping.sleep(4 * HOUR)
    assert len(stands.acts.wrote) == 30 * 6
    events = await lengths(skipping.client, twin.id)
    assert max(events) < 530
    assert len(events) in range(5, 12)


async def test_an_outage_of_a_day_is_retried_at_growing_pauses_and_then_heals(stands: Theatre, skipping: WorkflowEnvironment) -> None:
    """Half-way, edits arrive all the time: the twin goes on in new runs and forgets none."""
    stands.acts.fetching = unreachable
    twin = await stands.twin(events_per_run=100)
    await edit(twin)
    await skipping.sleep(12 * HOUR)
    moments = [call.server_time for call in stands.acts.fetched]
    pauses = [after - before for before, after in pairwise(moments)]
    assert [round(pause.total_seconds()) for pause in pauses[:9]] == [1, 2, 4, 8, 16, 32, 64, 128, 256]
    assert all(abs(pause - LONGEST_WAIT) < timedelta(seconds=5) for pause in pauses[9:])
    assert len(pauses) in range(145, 155)

    for _ in range(12 * 20):
        await edit(twin, Side.RIGHT)
        await skipping.sleep(3 * MINUTE)
    events = await lengths(skipping.client, twin.id)
    assert len(events) > 1
    assert max(events) < 100 * OVERFLOW + 30

    stands.acts.fetching = changed
    stands.acts.fetched.clear()
    await skipping.sleep(LONGEST_WAIT + MINUTE)
    assert [call.request.source for call in stands.acts.fetched] == [Side.LEFT, Side.RIGHT]
    assert (await stands.state(twin)).status is TwinStatus.SYNCHRONIZED


async def test_a_twin_held_for_thirty_days_asks_nothing_and_then_goes_on(stands: Theatre, skipping: WorkflowEnvironment) -> None:
    stands.acts.fetching = held
    twin = await stands.twin(events_per_run=200)
    for _ in range(30):
        await edit(twin)
        await edit(twin, Side.RIGHT)
        await skipping.sleep(DAY)
    assert len(stands.acts.fetched) == 1
    view = await stands.state(twin)
    assert (view.status, len(view.queue)) == (TwinStatus.HELD, 2)

    stands.acts.fetching = changed
    await twin.signal(TwinWorkflow.resume)
    await skipping.sleep(MINUTE)
    assert [call.request.source for call in stands.acts.fetched[1:]] == [Side.LEFT, Side.RIGHT]
    assert (await stands.state(twin)).status is TwinStatus.SYNCHRONIZED


async def test_a_wait_that_the_platform_asked_for_is_kept(stands: Theatre, skipping: WorkflowEnvironment) -> None:
    async def limited(request: FetchRequest) -> FetchResult:
        if len(stands.acts.fetched) < 3:
            raise passing(RateLimited("acme-jira wants us to wait", retry_after=6 * HOUR.total_seconds()))
        return await changed(request)

    stands.acts.fetching = limited
    twin = await stands.twin()
    await edit(twin)
    await skipping.sleep(DAY)
    first, second, third = (call.server_time for call in stands.acts.fetched)
    assert all(timedelta() <= after - before - 6 * HOUR < MINUTE for before, after in ((first, second), (second, third)))
    assert (await stands.state(twin)).status is TwinStatus.SYNCHRONIZED
