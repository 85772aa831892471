from datetime import timedelta

import pytest
from acme_world import World

from model.errors import BadInput
from model.words import Side, Stage, TwinStatus
from operations import connections, deployment, queue, twins
from operations.queue import Cause, QueueEntry

HOUR = timedelta(hours=1)


@pytest.fixture
async def queued(world: World) -> tuple[World, str]:
    """One item that waits, and the id of its twin."""
    await deployment.apply(world.store, world.signals, world.declared())
    started = await twins.sync(world.store, world.signals, world.systems, "app-bugs", item="APP-1", side=Side.LEFT)
    return world, started.twin.id


async def _only(world: World, stuck_after: timedelta = HOUR) -> QueueEntry:
    (one,) = (await queue.listed(world.store, stuck_after)).entries
    return one


async def test_a_change_waits_for_its_turn_then_is_worked_on(queued: tuple[World, str]):
    world, twin = queued
    waiting = await _only(world)
    await world.store.transactions.begin(twin, Side.LEFT)
    working = await _only(world)

    assert (waiting.cause, waiting.stuck, waiting.left and waiting.left.key) == (Cause.TURN, False, "APP-1")
    assert (working.cause, working.transaction.attempts) == (Cause.WORKING, 1)


async def test_a_platform_that_asks_to_wait_is_told_in_its_words(queued: tuple[World, str]):
    world, twin = queued
    begun = await world.store.transactions.begin(twin, Side.LEFT)
    await world.store.transactions.explain(begun.id, "acme-jira asks us to wait 30 s")

    one = await _only(world)
    assert (one.cause, one.why) == (Cause.PLATFORM, "acme-jira asks us to wait 30 s; it is tried again by itself")


async def test_an_inactive_connection_explains_all_that_waits(queued: tuple[World, str]):
    world, _ = queued
    await connections.deactivate(world.store, world.signals, "app-bugs")

    one = await _only(world, timedelta(0))
    assert (one.cause, one.stuck) == (Cause.CONNECTION, False)
    assert one.why == "app-bugs is Deactivated; it goes on once that is activated"


async def test_what_was_activated_again_goes_on_by_itself(queued: tuple[World, str]):
    world, twin = queued
    await world.store.twins.set_status(twin, TwinStatus.HELD)

    assert "by itself" in (await _only(world)).why


async def test_a_parked_change_and_those_behind_it(queued: tuple[World, str]):
    world, twin = queued
    begun = await world.store.transactions.begin(twin, Side.LEFT)
    await world.store.transactions.park(begun.id, "acme-github refused APP-1: no such label")
    await world.store.transactions.queue(twin, Side.RIGHT)

    page = await queue.listed(world.store, timedelta(0), limit=1)
    rest = await queue.listed(world.store, timedelta(0), after=int(page.after))
    assert [(one.cause, one.stuck) for one in (*page.entries, *rest.entries)] == [(Cause.PARKED, False), (Cause.BEHIND, False)]
    assert page.entries[0].why == "acme-github refused APP-1: no such label\ncorrect the cause, then retry the twin"
    assert rest.after == ""


async def test_what_is_in_progress_for_too_long_is_marked_and_can_be_asked_for(queued: tuple[World, str]):
    world, _ = queued
    assert (await _only(world, timedelta(0))).stuck
    assert len((await queue.listed(world.store, timedelta(0), stuck=True)).entries) == 1
    assert (await queue.listed(world.store, HOUR, stuck=True)).entries == ()
    assert (await queue.listed(world.store, HOUR, stages=(Stage.FETCHED,))).entries == ()
    with pytest.raises(BadInput, match="no connection 'nope'"):
        await queue.listed(world.store, HOUR, connection="nope")
