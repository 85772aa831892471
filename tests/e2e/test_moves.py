"""An item that people move to another project does what the connection says: follow, unlink, or wait for a person."""

from collections.abc import AsyncGenerator

import pytest_asyncio

from model.words import Moved, TwinStatus
from tests.e2e.bare_jira import BareJira
from tests.e2e.world import World, eventually

GONE = "was moved to project 'OPS'"


@pytest_asyncio.fixture
async def bare(world: World) -> AsyncGenerator[BareJira]:
    person = BareJira(world.jira_url)
    yield person
    await person.aclose()


async def _publish(world: World, policy: Moved) -> None:
    now = await world.store.configurations.deployment()
    other = now.connections[world.connection].model_copy(update={"on_moved": policy})
    await world.store.configurations.match(now.model_copy(update={"connections": {world.connection: other}}))


async def _reason(world: World, status: TwinStatus) -> str:
    """Of the one twin, once it has that status."""

    async def look() -> list[TwinStatus]:
        return [twin.status for twin in await world.twins()]

    await eventually(look, lambda seen: seen == [status], f"one twin that is {status}")
    [twin] = await world.twins()
    return twin.reason or (await world.store.transactions.of_twin(twin.id))[0].reason


async def test_a_moved_item_is_followed_both_ways(world: World, bare: BareJira) -> None:
    key, number = await world.one_pair("Lamp, moving")
    await bare.move(key, "OPS")
    await world.bob.edit(number, title="Lamp, followed")
    await world.in_jira(key, lambda seen: seen["summary"] == "Lamp, followed", "the edit in the other project")
    await world.ann.edit(key, summary="Lamp, from there")
    await world.on_github(number, lambda seen: seen["title"] == "Lamp, from there", "the edit from the other project")
    assert len(await world.twins()) == 1


async def test_a_moved_item_leaves_the_sync_where_the_connection_says_so(world: World, bare: BareJira) -> None:
    key, number = await world.one_pair("Lamp, leaving")
    await _publish(world, Moved.UNLINK)
    writes = await world.bot_writes()
    await bare.move(key, "OPS")
    assert GONE in await _reason(world, TwinStatus.UNLINKED)
    await world.ann.edit(key, summary="Lamp, secret")
    await world.polled(4)
    assert (await world.bob.see(number))["title"] == "Lamp, leaving"
    assert await world.bot_writes() == writes
    assert len(await world.twins()) == 1


async def test_nothing_is_written_to_an_item_that_left(world: World, bare: BareJira) -> None:
    key, number = await world.one_pair("Lamp, left")
    await world.jira.set(webhooks=False)
    await bare.move(key, "OPS")
    await _publish(world, Moved.UNLINK)
    await world.bob.edit(number, title="Lamp, told nobody")
    assert GONE in await _reason(world, TwinStatus.UNLINKED)
    assert (await world.ann.see(key))["summary"] == "Lamp, left"


async def test_a_moved_item_waits_for_a_person_where_it_is_to_be_kept(world: World, bare: BareJira) -> None:
    key, number = await world.one_pair("Lamp, kept")
    await _publish(world, Moved.KEEP)
    await bare.move(key, "OPS")
    assert GONE in await _reason(world, TwinStatus.ERROR)
    await bare.move(key, "APP")
    await world.bob.edit(number, title="Lamp, back")
    [twin] = await world.twins()
    await world.signals.retry(twin, await world.store.configurations.connection(world.connection))
    await world.in_jira(key, lambda seen: seen["summary"] == "Lamp, back", "the edit after it came back")
    await _reason(world, TwinStatus.SYNCHRONIZED)
