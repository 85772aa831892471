"""The main job: an issue of one system appears in the other, and edits travel both ways."""

from tests.e2e.world import World, eventually


async def test_labelled_issue_appears_and_edits_travel_both_ways(world: World) -> None:
    key = await world.ann.create("APP", "Basket loses items", "It **vanishes**.", labels=("sync",))
    await world.configure(world.deployment())
    await world.start_worker()

    await world.quiet(1)
    number = await world.number_of(key)
    assert (await world.bob.see(number))["title"] == "Basket loses items"

    await world.ann.edit(key, summary="Basket loses anvils")
    await eventually(lambda: world.bob.see(number), lambda issue: issue["title"] == "Basket loses anvils", "title on GitHub")

    await world.bob.edit(number, title="Basket loses all anvils")
    await eventually(lambda: world.ann.see(key), lambda issue: issue["summary"] == "Basket loses all anvils", "summary in Jira")
    await world.quiet(1)
