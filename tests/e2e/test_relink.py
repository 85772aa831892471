"""A pair that was unlinked is taken up again, and two items that exist become one: nothing is doubled, nothing is lost."""

from collections.abc import AsyncIterator

import pytest_asyncio

from activities.access import Systems
from model.words import ConflictPolicy, Side, TwinStatus
from operations.connections import activate, deactivate
from operations.relinking import relink, relink_twin
from operations.steering import unlink
from operations.views import Relinked
from tests.e2e.world import World, eventually


@pytest_asyncio.fixture
async def systems(world: World) -> AsyncIterator[Systems]:
    opened = Systems(world.store)
    yield opened
    await opened.aclose()


async def _unlinked(world: World) -> str:
    [twin] = await world.quiet(1)
    await unlink(world.store, world.signals, twin.id, force=False)

    async def status() -> TwinStatus:
        return (await world.store.twins.get(twin.id)).status

    await eventually(status, lambda now: now is TwinStatus.UNLINKED, "an unlinked twin")
    return twin.id


async def _in_line(world: World, linked: Relinked) -> None:
    """The new twin is synchronized, nothing waits, and nothing is written any more."""

    async def look() -> tuple[TwinStatus, int]:
        waiting = await world.store.transactions.waiting(world.connection, 10)
        return (await world.store.twins.get(linked.twin.id)).status, len(waiting)

    await eventually(look, lambda seen: seen == (TwinStatus.SYNCHRONIZED, 0), "a twin in line")
    writes = await world.bot_writes()
    await world.polled(4)
    assert await world.bot_writes() == writes


async def _comments(world: World, key: str, number: int, in_jira: set[str], on_github: set[str]) -> None:
    async def look() -> tuple[list[str], list[str]]:
        seen = [_plain(one) for one in await world.bob.comments(number)]
        return sorted(_plain(one) for one in await world.ann.comments(key)), sorted(seen)

    await eventually(look, lambda seen: seen == (sorted(in_jira), sorted(on_github)), "each comment once on both sides")


def _plain(body: str) -> str:
    return " ".join(body.partition("<!--")[0].split())


async def test_a_pair_edited_on_both_sides_while_unlinked_follows_the_chosen_side(world: World, systems: Systems) -> None:
    key, number = await world.one_pair("Magnet", "Pulls anvils.")
    await world.ann.comment(key, "Too strong.")
    theirs = await world.bob.comment(number, "Too weak.")
    await _comments(world, key, number, {"Too strong.", "bob commented: Too weak."}, {"Ann Archer commented: Too strong.", "Too weak."})
    former = await _unlinked(world)

    await world.ann.edit(key, summary="Left magnet")
    await world.ann.move(key, "In Progress")
    await world.bob.edit(number, title="Right magnet", body="Pulls pianos.")
    await world.bob.edit_comment(theirs, "Far too weak.")
    await world.ann.comment(key, "By Ann, alone.")
    await world.bob.comment(number, "By Bob, alone.")
    linked = await relink_twin(world.store, world.signals, systems, former, Side.LEFT)
    assert linked.matched == 2

    await world.on_github(number, lambda issue: issue["title"] == "Left magnet" and issue["body"] != "Pulls pianos.", "Ann's values")
    in_jira = {"Too strong.", "bob commented: Far too weak.", "By Ann, alone.", "bob commented: By Bob, alone."}
    on_github = {"Ann Archer commented: Too strong.", "Far too weak.", "Ann Archer commented: By Ann, alone.", "By Bob, alone."}
    await _comments(world, key, number, in_jira, on_github)
    await _in_line(world, linked)
    issue = await world.ann.see(key)
    assert (issue["summary"], issue["description"]) == ("Left magnet", "Pulls anvils.")
    assert await world.ann.search('project = APP AND status = "In Progress" AND summary ~ "magnet"') == [key]

    await world.bob.edit(number, body="Pulls safes.")
    await world.in_jira(key, lambda now: now["description"] == "Pulls safes.", "Bob's later edit in Jira")
    await world.ann.edit(key, summary="Bigger magnet")
    await world.on_github(number, lambda now: now["title"] == "Bigger magnet", "Ann's later edit on GitHub")
    await _comments(world, key, number, in_jira, on_github)
    await _in_line(world, linked)
    assert await world.store.conflicts.of_twin(linked.twin.id) == ()


async def test_two_items_that_were_never_a_pair_become_one(world: World, systems: Systems) -> None:
    key = await world.ann.create("APP", "Glue", "Sticks.")
    number = await world.bob.create("Super glue", "Sticks.")
    await world.ann.comment(key, "Seen by both.")
    await world.bob.comment(number, "Seen by both.")
    await world.bob.comment(number, "Not dry yet.")
    await world.configure(world.deployment())
    await world.start_worker()
    linked = await relink(world.store, world.signals, systems, world.connection, left=key, right=f"acme/app#{number}", source=Side.RIGHT)

    await world.in_jira(key, lambda issue: issue["summary"] == "Super glue", "Bob's summary in Jira")
    await _comments(world, key, number, {"Seen by both.", "bob commented: Not dry yet."}, {"Seen by both.", "Not dry yet."})
    await _in_line(world, linked)
    await world.ann.edit(key, summary="Hot glue")
    await world.on_github(number, lambda issue: issue["title"] == "Hot glue", "Ann's later edit on GitHub")
    await _in_line(world, linked)


async def test_an_edit_between_the_relink_and_its_first_sync_is_a_conflict(world: World, systems: Systems) -> None:
    key, number = await world.one_pair("Spring", conflicts={"default": ConflictPolicy.LEFT})
    former = await _unlinked(world)
    await world.ann.edit(key, summary="Left spring")
    await deactivate(world.store, world.signals, world.connection)
    linked = await relink_twin(world.store, world.signals, systems, former, Side.LEFT)
    await world.bob.edit(number, title="Just now", body="Coiled.")
    await activate(world.store, world.signals, world.connection)

    await world.on_github(number, lambda issue: issue["title"] == "Left spring", "Ann's summary on GitHub")
    await _in_line(world, linked)
    recorded = {one.conflict.subject: one.conflict for one in await world.store.conflicts.of_twin(linked.twin.id)}
    assert (recorded["summary"].left, recorded["summary"].right) == ("Left spring", "Just now")
