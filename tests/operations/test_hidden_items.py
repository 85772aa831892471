"""Nobody brings an item under sync by hand that the system's account may not read: not by its key, nor by what is known of it."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass

import pytest
from acme_world import SECRET, Heard, World
from pydantic import JsonValue

from connectors import declaration
from connectors.kit.fake import serving
from connectors.kit.interface import FakeOptions
from model.errors import BadInput
from model.operation import Operation
from model.twin import Twin
from model.words import ItemState, Side, TwinStatus
from operations import bulk, deployment, twins
from operations.bulk_works import works
from operations.declared import completed
from operations.relinking import relink, relink_twin

NOT_THERE = "no item 'acme/app#1' in acme-github; check the key and that the account may see it"
SEED: dict[str, JsonValue] = {
    "users": [{"login": "acme-bot", "token": SECRET, "scopes": ["public_repo"]}],
    "repositories": [{"name": "acme/app", "private": True, "issues": [{"title": "Salaries"}]}],
}
"""The account's token is for public repositories only."""


class Attentive(Heard):
    async def operation_changed(self, operation: Operation) -> None:
        self._hear(f"operation_changed {operation.kind}")


@dataclass(frozen=True)
class Hidden:
    """`former` is the twin of the two items, unlinked while the account could still see both."""

    world: World
    former: str

    async def relink(self) -> Twin:
        world = self.world
        items = {"left": "APP-1", "right": "acme/app#1"}
        return (await relink(world.store, world.signals, world.systems, "app-bugs", **items, source=Side.LEFT)).twin

    async def twins(self) -> list[str]:
        return [one.id for one in await self.world.store.twins.listing("app-bugs", None)]


@pytest.fixture
async def hidden(world: World) -> AsyncGenerator[Hidden]:
    """The right side's only issue cannot be read any more."""
    world.signals = Attentive()
    await deployment.apply(world.store, world.signals, world.declared())
    former = (await Hidden(world, "").relink()).id
    await world.store.twins.set_status(former, TwinStatus.UNLINKED)
    async with serving(declaration("github").fake(FakeOptions(user="acme-bot", secret=SECRET, seed=SEED))) as url:
        now = await world.store.configurations.deployment()
        await world.store.configurations.match(completed(now, world.declared(("systems.acme-github.url", url))).declared)
        yield Hidden(world, former)


async def test_a_hidden_item_is_not_synced(hidden: Hidden):
    world = hidden.world
    with pytest.raises(BadInput, match=NOT_THERE):
        await twins.sync(world.store, world.signals, world.systems, "app-bugs", item="acme/app#1", side=Side.RIGHT)
    assert await hidden.twins() == [hidden.former]


async def test_a_hidden_item_is_not_connected(hidden: Hidden):
    with pytest.raises(BadInput, match=NOT_THERE):
        await hidden.relink()
    assert await hidden.twins() == [hidden.former]


async def test_a_hidden_item_is_not_connected_by_a_file_either(hidden: Hidden):
    world = hidden.world
    begun = await bulk.connect(world.store, world.signals, "app-bugs", "ann", text="APP-1,acme/app#1\n", source=Side.LEFT)
    (item,) = await world.store.operation_items.listing(begun.operation.id, ItemState.WAITING, 10)
    work = works(world.store, world.signals, world.systems)[begun.operation.kind]
    with pytest.raises(BadInput, match=NOT_THERE):
        await work.carry_out(await world.store.operations.get(begun.operation.id), item)
    assert await hidden.twins() == [hidden.former]


async def test_a_pair_of_which_one_is_hidden_by_now_is_not_taken_up_again(hidden: Hidden):
    world = hidden.world
    with pytest.raises(BadInput, match="a pair needs both items: sync the left one to begin anew"):
        await relink_twin(world.store, world.signals, world.systems, hidden.former, Side.LEFT)
    assert await hidden.twins() == [hidden.former]
