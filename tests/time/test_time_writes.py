"""A write whose answer was lost: looked for again and again until its horizon has passed, and then sent once more, or found."""

import contextlib
from collections.abc import AsyncGenerator, AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
import pytest_asyncio
from temporalio import activity
from temporalio.testing import WorkflowEnvironment

from activities.access import Systems
from activities.engine import Engine
from activities.ruling import Ruling
from config.opening import master_key
from model.deployment import Deployment
from model.words import IntentStatus, TwinStatus
from tests.e2e.bare_jira import BareJira
from tests.e2e.world import BOT, World, eventually, opened_world
from worker import Workers

HORIZON = timedelta(minutes=5)


def server_time() -> datetime:
    return activity.info().started_time


@contextlib.asynccontextmanager
async def working(world: World, skipping: WorkflowEnvironment) -> AsyncGenerator[None]:
    systems = Systems(world.store)
    key = master_key(world.settings).subkey("op")
    engine = Engine(store=world.store, systems=systems, ruling=Ruling(server_time), op_key=key, now=server_time)
    workers = Workers(skipping.client, engine, world.signals, timedelta(days=90))
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(systems.aclose)
        await stack.enter_async_context(workers.workflows())
        for system in await world.store.configurations.systems():
            await stack.enter_async_context(workers.system(system.id))
        yield


def slow_to_settle(deployment: Deployment) -> Deployment:
    """Both platforms may carry out a request minutes after it was sent."""
    settling = {"late_writes": HORIZON.total_seconds(), "search_lag": 0.0}
    systems = {name: system.model_copy(update=settling) for name, system in deployment.systems.items()}
    return deployment.model_copy(update={"systems": systems})


@pytest_asyncio.fixture
async def world(skipping: WorkflowEnvironment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    monkeypatch.setenv("TEMPORAL_ADDRESS", skipping.client.service_client.config.target_host)
    async with opened_world(tmp_path, "skips") as running:
        await running.configure(slow_to_settle(running.deployment(poll=3600.0)))
        async with working(running, skipping):
            yield running


async def begin(world: World, skipping: WorkflowEnvironment) -> list[str]:
    """Bob's issue goes to Jira, and Jira's answer is lost: what the search of Jira will show, later."""
    await world.jira.set(lose_response=1, lag_s=3600)
    await world.bob.create("Lost once", labels=("sync",))
    await eventually(lambda: world.jira.writes(BOT), bool, "a creation in Jira")
    await skipping.sleep(HORIZON / 2)
    [twin] = await world.twins()
    assert (twin.left, twin.status) == (None, TwinStatus.SYNCING)
    [intent] = await world.store.journal.of_twin(twin.id)
    assert (intent.sends, intent.status) == (1, IntentStatus.OPEN)
    assert await world.jira.writes(BOT) == 1
    return [record["item"] for record in cast("list[dict[str, str]]", (await world.jira.state())["log"]) if record["actor"] == BOT]


async def test_a_creation_that_the_index_hides_for_minutes_is_found(world: World, skipping: WorkflowEnvironment) -> None:
    [key] = await begin(world, skipping)
    await world.jira.set(lag_s=0)
    await skipping.sleep(timedelta(minutes=1))
    [twin] = await world.quiet(1)
    assert twin.left
    assert twin.left.key == key
    assert await world.ann.search("project = APP AND summary ~ Lost") == [key]


async def test_a_creation_that_did_not_happen_is_sent_again_once_its_horizon_has_passed(
    world: World, skipping: WorkflowEnvironment
) -> None:
    [key] = await begin(world, skipping)
    bare = BareJira(world.jira_url)
    await bare.delete(key)
    await bare.aclose()
    await world.jira.set(lag_s=0)
    await skipping.sleep(HORIZON / 4)
    assert await world.jira.writes(BOT) == 1
    await skipping.sleep(HORIZON / 2)
    [twin] = await world.quiet(1)
    assert twin.left
    assert await world.ann.search("project = APP AND summary ~ Lost") == [twin.left.key]
    [intent, *_] = await world.store.journal.of_twin(twin.id)
    assert (intent.sends, intent.status) == (2, IntentStatus.APPLIED)
