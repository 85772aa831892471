import pytest
from acme_world import World

from activities.routing import Evaluated
from model.errors import BadInput, OverCapacity
from model.words import Side
from operations import capacity, connections, deployment, relinking, twins


async def test_one_more_item_is_refused_and_nothing_is_left_of_it(world: World):
    await deployment.apply(world.store, world.signals, world.declared(("integrations.jira-github.capacity", 1)))
    first = await twins.sync(world.store, world.signals, world.systems, "app-bugs", item="APP-1", side=Side.LEFT)
    with pytest.raises(OverCapacity, match="all 1 items that integration 'jira-github'"):
        await twins.sync(world.store, world.signals, world.systems, "app-bugs", item="APP-2", side=Side.LEFT)
    again = await twins.sync(world.store, world.signals, world.systems, "app-bugs", item="APP-1", side=Side.LEFT)

    assert (first.warnings, again.new) == (again.warnings, False)
    assert "uses 1 of 1 items" in "".join(again.warnings)
    assert len(await world.store.twins.listing(None, None)) == 1
    assert (await capacity.shown(world.store, "jira-github")).room == 0
    told = await deployment.apply(world.store, world.signals, world.declared(("integrations.jira-github.capacity", 1)))
    assert "uses 1 of 1 items" in "".join(told.warnings)


async def test_a_plan_refuses_what_it_does_not_have(world: World):
    declared = world.declared(("plans", {"basic": {"features": ["bulk"]}}), ("integrations.jira-github.plan", "basic"))
    await deployment.apply(world.store, world.signals, declared)
    asked = relinking.relink(world.store, world.signals, world.systems, "app-bugs", left="APP-1", right="acme/app#1", source=Side.LEFT)
    with pytest.raises(BadInput, match=r"plan 'basic' .* does not have 'connect'; add the feature"):
        await asked


async def test_items_that_wait_are_shown(world: World):
    await deployment.apply(world.store, world.signals, world.declared())
    connection = await world.store.configurations.connection("app-bugs")
    (trigger,) = connection.configuration.triggers
    now = world.store.database.now()
    seen = Evaluated(at=now, until=now, waiting=3).model_dump_json()
    await world.store.inbox.save_cursor("acme-jira", trigger.scope(connection.id), seen)

    assert (await connections.shown(world.store, "app-bugs")).waiting == 3
    assert [one.waiting for one in await capacity.listed(world.store)] == [3]
