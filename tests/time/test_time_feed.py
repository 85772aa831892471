"""Thirty days of a feed: it keeps to its interval, backs off while a platform is down, and its history stays short."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from temporalio.testing import WorkflowEnvironment

from activities.failures import passing
from activities.interface import PollRequest, PollResult
from model.errors import Unavailable
from tests.workflows.stand_ins import Theatre, lengths
from workflows.feed import AFTER_FAILURE, FeedWorkflow

INTERVAL = timedelta(hours=1)
WORK = timedelta(seconds=10)
THIRTY_DAYS = timedelta(days=30)


async def hourly(request: PollRequest) -> PollResult:
    del request
    return PollResult(next_in=INTERVAL.total_seconds())


async def down(request: PollRequest) -> PollResult:
    del request
    raise passing(Unavailable("acme-jira cannot be reached"))


def polled(stands: Theatre) -> list[datetime]:
    """When the platform was asked; looks into the inbox alone are left out."""
    return [call.server_time for call in stands.acts.polls if not call.request.drain_only]


async def test_polls_keep_in_step_for_thirty_days_however_long_they_take(stands: Theatre, skipping: WorkflowEnvironment) -> None:
    """The polls take two intervals in all. Webhooks wake the feed in between, and it begins new runs."""

    async def slow(request: PollRequest) -> PollResult:
        if not request.drain_only:
            await skipping.sleep(WORK)
        return await hourly(request)

    stands.acts.polling = slow
    feed = await stands.feed(events_per_run=500)
    for _ in range(30):
        await skipping.sleep(timedelta(hours=23, minutes=20))
        await feed.signal(FeedWorkflow.wake)
        await skipping.sleep(timedelta(minutes=40))

    moments = polled(stands)
    late = [moment - (moments[0] + number * INTERVAL) for number, moment in enumerate(moments)]
    assert max(late) < INTERVAL
    assert min(late) > -INTERVAL
    assert len(moments) in {THIRTY_DAYS // INTERVAL, THIRTY_DAYS // INTERVAL + 1}
    assert len(stands.acts.polls) - len(moments) >= 30

    events = await lengths(skipping.client, feed.id)
    assert max(events) < 530
    assert len(events) in range(15, 30)


async def test_webhooks_do_not_make_it_poll_more_often_whichever_run_it_is_in(stands: Theatre, skipping: WorkflowEnvironment) -> None:
    stands.acts.polling = hourly
    feed = await stands.feed(events_per_run=60)
    for _ in range(6 * 24):
        await skipping.sleep(timedelta(minutes=10))
        await feed.signal(FeedWorkflow.wake)
    moments = polled(stands)
    late = [moment - (moments[0] + number * INTERVAL) for number, moment in enumerate(moments)]
    assert max(late) < timedelta(minutes=1)
    assert min(late) > -timedelta(minutes=1)
    assert len(await lengths(skipping.client, feed.id)) > 10


async def test_a_feed_backs_off_while_a_platform_is_down_and_finds_its_step_again(stands: Theatre, skipping: WorkflowEnvironment) -> None:
    stands.acts.polling = down
    await stands.feed()
    await skipping.sleep(timedelta(hours=1))
    rounds = polled(stands)[::3]
    pauses = [after - before for before, after in pairwise(rounds)]
    assert all(AFTER_FAILURE < pause < AFTER_FAILURE + timedelta(seconds=10) for pause in pauses)
    assert len(pauses) > 100

    stands.acts.polling = hourly
    stands.acts.polls.clear()
    await skipping.sleep(timedelta(hours=4, minutes=1))
    moments = polled(stands)
    assert [round((after - moments[0]) / INTERVAL, 2) for after in moments] == pytest.approx([0, 1, 2, 3, 4][: len(moments)])
    assert len(moments) >= 4
