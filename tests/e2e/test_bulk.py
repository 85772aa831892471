"""Operations on many items: everything once, with a result, whatever ends in between."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest_asyncio

from activities.access import Systems
from activities.interface import BulkProgress
from model.operation import OperationItem
from model.trigger import Trigger
from model.words import ItemState, OperationStatus, Side, TwinStatus
from operations import bulk, bulk_steering
from operations.bulk_views import Begun, OperationView
from tests.e2e.world import World, eventually

QUERY = Trigger(side=Side.LEFT, query="project = APP AND labels = bulk")
FAST = 6000
MANY = 60
"""More than begin in one round at a pace of 600 a minute."""


@pytest_asyncio.fixture
async def systems(world: World) -> AsyncIterator[Systems]:
    opened = Systems(world.store)
    yield opened
    await opened.aclose()


async def _labelled(world: World, count: int) -> list[str]:
    return [await world.ann.create("APP", f"Bulk {number}", labels=("bulk",)) for number in range(count)]


async def _exalate(world: World, systems: Systems, per_minute: int = FAST) -> Begun:
    return await bulk.exalate(world.store, world.signals, systems, world.connection, "ann", query=QUERY, per_minute=per_minute)


async def _until(world: World, begun: Begun, status: OperationStatus) -> OperationView:
    return await eventually(
        lambda: bulk_steering.shown(world.store, begun.operation.id), lambda view: view.status is status, f"operation {status}"
    )


async def _items(world: World, begun: Begun) -> tuple[OperationItem, ...]:
    return await world.store.operation_items.listing(begun.operation.id, None, 1000)


async def _results(world: World, begun: Begun) -> Counter[ItemState]:
    return Counter(one.state for one in await _items(world, begun))


async def test_a_bulk_exalate_outlives_its_worker_and_makes_nothing_twice(world: World, systems: Systems) -> None:
    keys = await _labelled(world, MANY)
    await world.begin()
    begun = await _exalate(world, systems, per_minute=600)
    await eventually(lambda: _results(world, begun), lambda seen: seen[ItemState.QUEUED] + seen[ItemState.DONE] > 20, "a part of them")
    assert world.worker is not None
    world.worker.cancel()
    await asyncio.wait([world.worker])
    await world.start_worker()

    done = await _until(world, begun, OperationStatus.DONE)
    assert (done.total, done.items[ItemState.DONE]) == (MANY, MANY)
    await world.quiet(MANY)
    titles = Counter(str(issue["title"]) for issue in await world.bob.all() if str(issue["title"]).startswith("Bulk "))
    assert titles == {f"Bulk {number}": 1 for number in range(MANY)}
    assert sorted(one.subject for one in await _items(world, begun)) == sorted(keys)
    handle = world.client.get_workflow_handle(f"bulk/{begun.operation.id}")
    assert (await handle.query("progress", result_type=BulkProgress)).done == MANY


async def test_what_is_under_sync_is_compared_and_what_was_unlinked_is_left_alone(world: World, systems: Systems) -> None:
    first, second = await _labelled(world, 2)
    await world.begin()
    await _until(world, await _exalate(world, systems), OperationStatus.DONE)
    await world.quiet(2)
    number = await world.number_of(first)
    gone = next(twin for twin in await world.twins() if twin.left and twin.left.key == second)
    await bulk.clean_up(world.store, world.signals, systems, world.connection, "ann", item=second, side=Side.LEFT)
    await eventually(lambda: world.store.twins.get(gone.id), lambda twin: twin.status is TwinStatus.UNLINKED, "the twin unlinked")
    (third,) = await _labelled(world, 1)

    begun = await _exalate(world, systems)
    await _until(world, begun, OperationStatus.DONE)
    results = {one.subject: (one.state, one.reason.split(";")[0]) for one in await _items(world, begun)}
    assert results == {
        first: (ItemState.DONE, ""),
        second: (ItemState.SKIPPED, "was unlinked from the connection before"),
        third: (ItemState.DONE, ""),
    }
    await world.number_of(third)
    assert (await world.bob.see(number))["title"] == "Bulk 0"


async def test_a_pause_begins_nothing_a_resume_goes_on_and_a_cancel_ends_it(world: World, systems: Systems) -> None:
    await _labelled(world, 12)
    await world.begin()
    begun = await _exalate(world, systems, per_minute=60)
    await eventually(lambda: _results(world, begun), lambda seen: seen[ItemState.WAITING] in range(1, 12), "the first few")
    await bulk_steering.pause(world.store, world.signals, begun.operation.id)
    paused = await _results(world, begun)
    handle = world.client.get_workflow_handle(f"bulk/{begun.operation.id}")
    await eventually(
        lambda: handle.query("progress", result_type=BulkProgress), lambda seen: seen.status is OperationStatus.PAUSED, "paused"
    )
    assert (await _results(world, begun))[ItemState.WAITING] == paused[ItemState.WAITING]

    await bulk_steering.resume(world.store, world.signals, begun.operation.id)
    await eventually(lambda: _results(world, begun), lambda seen: seen[ItemState.WAITING] < paused[ItemState.WAITING], "more of them")
    ended = await bulk_steering.cancel(world.store, world.signals, begun.operation.id)
    assert ended.operation.items[ItemState.SKIPPED] > 0
    assert ended.operation.items[ItemState.WAITING] + ended.operation.items[ItemState.QUEUED] == 0
    await asyncio.wait_for(handle.result(rpc_timeout=timedelta(seconds=60)), 60)
    await world.quiet(12 - ended.operation.items[ItemState.SKIPPED])


async def _connect(world: World, text: str, *, dry_run: bool = False) -> Begun:
    given = (world.store, world.signals, world.connection, "ann")
    return await bulk.connect(*given, text=text, source=Side.LEFT, dry_run=dry_run, per_minute=FAST)


async def test_what_a_clean_up_ends_can_be_connected_again(world: World, systems: Systems) -> None:
    await _labelled(world, 3)
    await world.begin()
    await _until(world, await _exalate(world, systems), OperationStatus.DONE)
    cleaned = await bulk.clean_up(world.store, world.signals, systems, world.connection, "ann")
    await _until(world, cleaned, OperationStatus.DONE)
    assert {twin.status for twin in await world.twins()} == {TwinStatus.UNLINKED}
    text = await bulk_steering.pairs(world.store, cleaned.operation.id)
    writes = await world.bot_writes()

    begun = await _connect(world, f"{text}APP-4711,acme/app#4711\n", dry_run=True)
    await _until(world, begun, OperationStatus.DONE)
    assert [one.state for one in await _items(world, begun)] == [ItemState.DONE] * 3 + [ItemState.FAILED]
    assert {twin.status for twin in await world.twins()} == {TwinStatus.UNLINKED}

    begun = await _connect(world, f"{text}APP-4711,acme/app#4711\n")
    await _until(world, begun, OperationStatus.DONE)
    *linked, wrong = await _items(world, begun)
    assert [(one.state, one.reason) for one in linked] == [(ItemState.DONE, "")] * 3
    assert wrong.subject == "line 5: APP-4711 ⇄ acme/app#4711"
    assert "there is no item 'APP-4711'" in wrong.reason
    live = [twin.status for twin in await world.twins() if twin.status is not TwinStatus.UNLINKED]
    assert live == [TwinStatus.SYNCHRONIZED] * 3
    assert await world.bot_writes() == writes
