"""What people see of triggers, the dry run, and the switch."""

from datetime import UTC, datetime

import pytest
from acme_world import World
from searching import QUERY, Searching, triggers

from model.errors import BadInput
from model.words import ConnectionStatus, Side, TwinStatus
from operations.deployment import apply
from operations.triggers import dry_run, dry_run_of, listed, shown, switch


@pytest.fixture
async def searching(world: World) -> Searching:
    """One trigger, one item in sync, one that was unlinked, and two that came later."""
    await apply(world.store, world.signals, world.declared(triggers({"notes": "all of them"})))
    searching = Searching(world, datetime.now(UTC))
    await searching.create("Synced")
    await searching.create("Unlinked")
    await searching.drain()
    newest = (await world.store.twins.listing("app-bugs", None))[0]
    await world.store.twins.set_status(newest.id, TwinStatus.UNLINKED, "by request")
    await searching.create("Free")
    await searching.create("Free as well")
    return searching


async def test_a_dry_run_tells_what_would_start_and_writes_nothing(searching: Searching) -> None:
    world = searching.world
    before = await world.store.twins.listing("app-bugs", None)
    heard = list(world.signals.messages)
    told = await dry_run(world.store, world.systems, "app-bugs", Side.LEFT, "trigger-1")
    assert (told.starts, told.synced, told.unlinked, told.left_out, told.query) == (2, 1, 1, 0, QUERY)
    assert [one.under for one in told.items] == ["free", "free", "unlinked", "synced"]
    assert (await world.store.twins.listing("app-bugs", None), world.signals.messages) == (before, heard)


async def test_what_a_dry_run_leaves_out_is_told(searching: Searching) -> None:
    world = searching.world
    told = await dry_run_of(world.store, world.systems, "app-bugs", Side.LEFT, "project = APP AND summary ~ Free", 1)
    assert (told.starts, told.synced, len(told.items), told.left_out) == (2, 0, 1, 1)


async def test_a_dry_run_of_a_bad_query_has_the_platforms_words(searching: Searching) -> None:
    world = searching.world
    with pytest.raises(BadInput, match="does not accept the query 'a === b'"):
        await dry_run_of(world.store, world.systems, "app-bugs", Side.LEFT, "a === b")


async def test_the_copy_that_a_twin_is_just_making_is_in_sync(searching: Searching) -> None:
    world = searching.world
    twin = next(one for one in await world.store.twins.listing("app-bugs", None) if one.status is not TwinStatus.UNLINKED)
    github = (await world.systems.opened("acme-github")).connector
    await github.create({"repository": "acme/app"}, {"summary": "A copy"}, twin.id)
    told = await dry_run_of(world.store, world.systems, "app-bugs", Side.RIGHT, "copy in:title")
    assert (told.starts, told.synced) == (0, 1)


async def test_it_is_switched_as_a_new_version_and_once(searching: Searching) -> None:
    world = searching.world
    off = await switch(world.store, world.signals, "app-bugs", Side.LEFT, "trigger-1", active=False, who="ann")
    again = await switch(world.store, world.signals, "app-bugs", Side.LEFT, "trigger-1", active=False, who="ann")
    view = await shown(world.store, "app-bugs", Side.LEFT, "trigger-1")
    assert ((off.changed, off.version), (again.changed, again.version)) == ((True, 2), (False, 2))
    assert (view.active, view.notes, view.entity, view.system, view.evaluated) == (
        False,
        "all of them",
        "issue",
        "acme-jira",
        searching.now,
    )
    await switch(world.store, world.signals, "app-bugs", Side.LEFT, "trigger-1", active=True, who="ann")
    assert [one.active for one in await listed(world.store, "app-bugs")] == [True]
    assert await searching.drain() == 2
    await apply(world.store, world.signals, world.declared(triggers({"notes": "all of them"})))
    assert (await world.store.configurations.connection("app-bugs")).version == 3


@pytest.mark.parametrize("status", [ConnectionStatus.ERROR, ConnectionStatus.DEACTIVATED, ConnectionStatus.ACTIVE])
async def test_switching_leaves_the_connections_status_alone(searching: Searching, status: ConnectionStatus) -> None:
    world = searching.world
    await world.store.configurations.set_status("app-bugs", status, "a reason")
    before = await world.store.configurations.connection("app-bugs")
    await switch(world.store, world.signals, "app-bugs", Side.LEFT, "trigger-1", active=False, who="ann")
    after = await world.store.configurations.connection("app-bugs")
    assert (after.status, after.reason) == (before.status, before.reason)


async def test_an_unknown_trigger_is_told_with_those_that_there_are(searching: Searching) -> None:
    with pytest.raises(BadInput, match=r"no trigger 'urgent' on its left side; those are trigger-1"):
        await shown(searching.world.store, "app-bugs", Side.LEFT, "urgent")
    with pytest.raises(BadInput, match="on its right side; that side has none"):
        await shown(searching.world.store, "app-bugs", Side.RIGHT, "urgent")
