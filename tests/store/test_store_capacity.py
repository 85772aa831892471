"""An integration gets no more twins than it may have."""

import asyncio

import pytest

from model.deployment import Deployment, PlanDeclaration
from model.errors import BadInput, OverCapacity
from model.item import ItemRef
from model.twin import Twin
from model.words import Feature, Side, TwinStatus
from store import Store


def limited(acme: Deployment, capacity: int | None) -> Deployment:
    """With a second connection of the same integration."""
    integration = acme.integrations["acme"].model_copy(update={"capacity": capacity})
    connections = {"sales": acme.connections["support"], **acme.connections}
    return acme.model_copy(update={"integrations": {"acme": integration}, "connections": connections})


async def begun(store: Store, connection: str, number: int) -> Twin | None:
    return await store.twins.start(connection, Side.LEFT, ItemRef(id=str(number), key=f"ACME-{number}", url=""))


async def test_the_twins_of_all_connections_count_until_they_are_unlinked(store: Store, acme: Deployment) -> None:
    await store.configurations.match(limited(acme, 2))
    first = await begun(store, "support", 1)
    assert first
    assert await begun(store, "sales", 1)
    with pytest.raises(OverCapacity, match=r"all 2 items .* raise its capacity"):
        await begun(store, "sales", 2)
    assert len(await store.twins.listing(None, None)) == 2
    assert await begun(store, "sales", 1) is None, "what is under sync already is no new item"
    await store.twins.set_status(first.id, TwinStatus.UNLINKED)
    assert await begun(store, "sales", 2)


async def test_a_lower_capacity_ends_nothing_and_a_higher_one_lets_new_ones_in(store: Store, acme: Deployment) -> None:
    await store.configurations.match(limited(acme, None))
    twins = [await begun(store, "support", number) for number in range(3)]
    await store.configurations.match(limited(acme, 1))
    assert (await store.capacities.usage("acme")).room == 0
    assert len(await store.twins.listing("support", TwinStatus.SYNCING)) == len(twins)
    with pytest.raises(OverCapacity):
        await begun(store, "support", 3)
    await store.configurations.match(limited(acme, 4))
    assert await begun(store, "support", 3)


async def test_a_plan_has_features_and_must_be_declared(store: Store, acme: Deployment) -> None:
    integration = acme.integrations["acme"].model_copy(update={"plan": "basic"})
    subscribed = acme.model_copy(update={"integrations": {"acme": integration}})
    with pytest.raises(BadInput, match="names plan 'basic'"):
        await store.configurations.match(subscribed)
    plans = {"basic": PlanDeclaration(features=(Feature.CONNECT,))}
    await store.configurations.match(subscribed.model_copy(update={"plans": plans}))
    (usage,) = await store.capacities.usages()
    assert (usage.allows(Feature.CONNECT), usage.allows(Feature.BULK)) == (True, False)
    assert (await store.configurations.deployment()).plans == plans


async def test_many_at_once_never_take_the_same_place(store: Store, acme: Deployment) -> None:
    await store.configurations.match(limited(acme, 5))
    asked = [begun(store, ("support", "sales")[number % 2], number) for number in range(12)]
    outcomes = await asyncio.gather(*asked, return_exceptions=True)
    assert sum(isinstance(one, Twin) for one in outcomes) == 5
    assert sum(isinstance(one, OverCapacity) for one in outcomes) == 7
    assert (await store.capacities.usage("acme")).used == 5
