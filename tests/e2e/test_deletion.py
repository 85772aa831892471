"""A deleted item unlinks its twin; the other one stays, and nothing is created anew."""

from model.words import TwinStatus
from tests.e2e.bare_jira import BareJira
from tests.e2e.world import World, eventually


async def _unlinked(world: World) -> None:
    async def look() -> list[TwinStatus]:
        return [twin.status for twin in await world.twins()]

    await eventually(look, lambda seen: seen == [TwinStatus.UNLINKED], "one unlinked twin")


async def test_deleting_the_original_leaves_the_copy_alone(world: World) -> None:
    key, number = await world.one_pair("Hole, portable")
    bare = BareJira(world.jira_url)
    try:
        await bare.delete(key)
    finally:
        await bare.aclose()
    await _unlinked(world)
    writes = await world.bot_writes()
    await world.bob.edit(number, title="Hole, lost")
    await world.polled(4)
    assert (await world.bob.see(number))["state"] == "open"
    assert await world.bot_writes() == writes
    assert len(await world.twins()) == 1


async def test_a_deleted_copy_is_not_created_again(world: World) -> None:
    number = await world.bob.create("Hole, folding", labels=("sync",))
    await world.configure(world.deployment())
    await world.start_worker()
    key = await world.key_of(number)
    await world.quiet(1)
    bare = BareJira(world.jira_url)
    try:
        await bare.delete(key)
    finally:
        await bare.aclose()
    await _unlinked(world)
    writes = await world.bot_writes()
    await world.bob.edit(number, title="Hole, folding twice")
    await world.polled(4)
    assert await world.ann.search('project = APP AND summary ~ "Hole"') == []
    assert await world.bot_writes() == writes
    assert [twin.status for twin in await world.twins()] == [TwinStatus.UNLINKED]
