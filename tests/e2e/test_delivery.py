"""Polls alone, webhooks alone, and both with every webhook doubled and out of order: the same result."""

from time import monotonic

from tests.e2e.world import World, eventually


async def _edit_both_ways(world: World, key: str, number: int) -> None:
    await world.ann.edit(key, summary="Glue dries at once")
    await world.ann.comment(key, "Even in rain.")
    await world.on_github(number, lambda issue: (issue["title"], issue["comments"]) == ("Glue dries at once", 1), "Ann's changes")
    await world.bob.edit(number, title="Glue dries in the pot")
    await world.bob.comment(number, "Mine too.")
    await world.in_jira(key, lambda issue: issue["summary"] == "Glue dries in the pot", "Bob's title")
    await eventually(lambda: world.ann.comments(key), lambda comments: len(comments) == 2, "both comments in Jira")
    await world.quiet(1)
    assert len(await world.bob.comments(number)) == 2


async def test_polls_find_everything_when_no_webhook_arrives(world: World) -> None:
    await world.jira.set(webhooks=False)
    await world.github.set(webhooks=False)
    key, number = await world.one_pair("Glue")
    await _edit_both_ways(world, key, number)


async def test_webhooks_alone_bring_a_change_over_in_about_a_second(world: World) -> None:
    key, number = await world.one_pair("Glue", poll=300)
    await _edit_both_ways(world, key, number)

    begun = monotonic()
    await world.ann.edit(key, summary="Glue holds")
    await world.on_github(number, lambda issue: issue["title"] == "Glue holds", "title on GitHub")
    assert monotonic() - begun < 5


async def test_doubled_and_shuffled_webhooks_change_nothing(world: World) -> None:
    await world.jira.set(duplicate_webhooks=2, shuffle_webhooks=0.5)
    await world.github.set(duplicate_webhooks=2, shuffle_webhooks=0.5)
    key, number = await world.one_pair("Glue")
    await _edit_both_ways(world, key, number)
    assert len(await world.twins()) == 1
    assert await world.ann.search('project = APP AND summary ~ "Glue"') == [key]
    assert len([one for one in await world.bob.all() if "Glue" in str(one["title"])]) == 1
