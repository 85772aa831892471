"""A deleted item unlinks its twin; the other one stays, and nothing is created anew."""

from model.words import Deleted, TwinStatus
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


async def test_a_pair_that_is_to_be_kept_is_parked_until_a_person_decides(world: World) -> None:
    key, number = await world.one_pair("Hole, kept")
    now = await world.store.configurations.deployment()
    kept = now.connections[world.connection].model_copy(update={"on_deleted": Deleted.KEEP})
    await world.store.configurations.match(now.model_copy(update={"connections": {world.connection: kept}}))
    writes = await world.bot_writes()
    bare = BareJira(world.jira_url)
    try:
        await bare.delete(key)
    finally:
        await bare.aclose()

    async def look() -> list[TwinStatus]:
        return [twin.status for twin in await world.twins()]

    await eventually(look, lambda seen: seen == [TwinStatus.ERROR], "one parked twin")
    [twin] = await world.twins()
    assert "or hides it from Twinline's account" in (await world.store.transactions.of_twin(twin.id))[0].reason
    assert (await world.bob.see(number))["state"] == "open"
    assert await world.bot_writes() == writes
