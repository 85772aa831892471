"""A worker that dies between what it records of an item and what it tells the item's twin: the next attempt makes up for it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from acme_world import Heard, World
from temporalio.testing import ActivityEnvironment

from activities.bulk import Bulk
from activities.engine import Engine
from activities.interface import BulkRequest
from activities.ruling import Ruling
from model.configuration import Connection
from model.operation import Operation
from model.trigger import Trigger
from model.twin import Twin
from model.words import ItemState, OperationStatus, Side, Stage, TwinStatus
from operations import bulk, bulk_steering, deployment, twins
from operations.bulk_views import Begun
from operations.bulk_works import works

Begin = Callable[[World], Awaitable[Begun]]
FIRST = Trigger(side=Side.LEFT, query="project = APP AND key = APP-1")


class Killed(Exception):
    """The end of the worker."""


class Mortal(Heard):
    """Dies at the next message to a twin, before it is sent or after."""

    def __init__(self) -> None:
        super().__init__()
        self.dies = ""

    def _hear(self, message: str) -> None:
        dies, self.dies = self.dies, ""
        if dies == "before":
            raise Killed
        super()._hear(message)
        if dies == "after":
            raise Killed

    async def operation_changed(self, operation: Operation) -> None:
        del operation

    async def unlink(self, twin: Twin, connection: Connection, *, force: bool) -> None:
        self._hear(f"{'force_' if force else ''}unlink {twin.id}")


@pytest.fixture
async def mortal(world: World) -> Mortal:
    world.signals = signals = Mortal()
    await deployment.apply(world.store, world.signals, world.declared())
    return signals


async def _twin(world: World) -> Twin:
    return (await twins.sync(world.store, world.signals, world.systems, "app-bugs", item="APP-1", side=Side.LEFT)).twin


async def exalate_new(world: World) -> Begun:
    return await bulk.exalate(world.store, world.signals, world.systems, "app-bugs", "ann", query=FIRST)


async def exalate_known(world: World) -> Begun:
    await _twin(world)
    return await exalate_new(world)


async def sync(world: World) -> Begun:
    await _twin(world)
    return await bulk.sync(world.store, world.signals, "app-bugs", "ann")


async def connect(world: World) -> Begun:
    text = "APP-1,acme/app#1\n"
    return await bulk.connect(world.store, world.signals, "app-bugs", "ann", text=text, source=Side.RIGHT)


async def unlink(world: World) -> Begun:
    await _twin(world)
    return await bulk.unlink(world.store, world.signals, world.systems, "app-bugs", "ann")


async def retry(world: World) -> Begun:
    twin = await _twin(world)
    await world.store.twins.set_status(twin.id, TwinStatus.ERROR, "no option 'P0'")
    return await bulk.retry(world.store, world.signals, "app-bugs", "ann")


async def clean_up(world: World) -> Begun:
    await _twin(world)
    return await bulk.clean_up(world.store, world.signals, world.systems, "app-bugs", "ann")


MESSAGES: dict[Begin, list[str]] = {
    exalate_new: ["item_changed {} left"],
    exalate_known: ["item_changed {} left"],
    sync: ["item_changed {} left forced"],
    connect: ["item_changed {} right", "item_changed {} left"],
    unlink: ["unlink {}"],
    retry: ["retry {}"],
    clean_up: ["force_unlink {}"],
}


class Attempts:
    """Attempts of the activities of one operation."""

    def __init__(self, world: World, begun: Begun) -> None:
        self._world, self._operation = world, begun.operation.id
        engine = Engine(world.store, world.systems, Ruling(world.store.database.now), b"key", world.store.database.now)
        self._bulk = Bulk(engine, works(world.store, world.signals, world.systems))
        self._environment = ActivityEnvironment()

    async def collect(self) -> None:
        await self._environment.run(self._bulk.collect, BulkRequest(operation=self._operation))

    async def work(self, attempt: int, *, again: bool = False) -> None:
        self._environment.info = replace(self._environment.info, attempt=attempt)
        await self._environment.run(self._bulk.work, BulkRequest(operation=self._operation, limit=10, again=again))


async def _of_app_1(world: World) -> list[Twin]:
    return [one for one in await world.store.twins.listing("app-bugs", None) if one.left and one.left.key == "APP-1"]


async def _killed(world: World, mortal: Mortal, begin: Begin, dies: str) -> tuple[Attempts, Begun]:
    """An operation whose worker dies at its first message to a twin."""
    begun = await begin(world)
    attempts = Attempts(world, begun)
    await attempts.collect()
    mortal.messages.clear()
    mortal.dies = dies
    with pytest.raises(Killed):
        await attempts.work(1)
    mortal.messages.clear()
    return attempts, begun


def _told(begin: Begin, twin: Twin) -> list[str]:
    return [one.format(twin.id) for one in MESSAGES[begin]]


@pytest.mark.parametrize("dies", ["before", "after"])
@pytest.mark.parametrize("begin", MESSAGES, ids=lambda begin: begin.__name__)
async def test_the_next_attempt_tells_the_twin(world: World, mortal: Mortal, begin: Begin, dies: str):
    attempts, begun = await _killed(world, mortal, begin, dies)
    await attempts.work(2)
    [twin] = await _of_app_1(world)
    assert mortal.messages == _told(begin, twin)
    ends = begin is clean_up
    items = await world.store.operation_items.listing(begun.operation.id, ItemState.DONE if ends else ItemState.QUEUED, 9)
    assert [one.twin for one in items] == [twin.id]


@pytest.mark.parametrize("begin", MESSAGES, ids=lambda begin: begin.__name__)
async def test_a_pause_before_the_next_attempt_loses_no_message(world: World, mortal: Mortal, begin: Begin):
    attempts, begun = await _killed(world, mortal, begin, "before")
    await bulk_steering.pause(world.store, world.signals, begun.operation.id)
    await attempts.work(2)
    await bulk_steering.resume(world.store, world.signals, begun.operation.id)
    await attempts.work(1)
    [twin] = await _of_app_1(world)
    assert mortal.messages == _told(begin, twin)


async def test_a_workflow_that_takes_up_an_operation_tells_of_what_is_queued(world: World, mortal: Mortal):
    attempts, _ = await _killed(world, mortal, retry, "before")
    await attempts.work(1)
    assert mortal.messages == []
    await attempts.work(1, again=True)
    [twin] = await _of_app_1(world)
    assert mortal.messages == _told(retry, twin)


async def test_a_pair_has_all_that_its_first_sync_needs_whoever_dies(world: World, mortal: Mortal):
    attempts, begun = await _killed(world, mortal, connect, "before")
    [twin] = await _of_app_1(world)
    assert {one.source for one in await world.store.transactions.of_twin(twin.id)} == set(Side)
    await attempts.work(2)
    assert len(await world.store.transactions.of_twin(twin.id)) == 2
    assert (await bulk_steering.shown(world.store, begun.operation.id)).items[ItemState.QUEUED] == 1


async def test_a_clean_up_discards_the_queue_at_the_second_attempt_too(world: World, mortal: Mortal):
    attempts, begun = await _killed(world, mortal, clean_up, "after")
    await attempts.work(2)
    [twin] = await _of_app_1(world)
    assert twin.status is TwinStatus.UNLINKED
    assert {one.stage for one in await world.store.transactions.of_twin(twin.id)} == {Stage.DISCARDED}
    assert (await world.store.operations.get(begun.operation.id)).status is OperationStatus.DONE


@pytest.mark.parametrize("turn", [bulk_steering.pause, bulk_steering.resume], ids=["paused", "running"])
async def test_a_worker_that_starts_tells_the_workflows_of_operations_that_are_not_over(
    world: World, mortal: Mortal, turn: Callable[..., Awaitable[object]]
):
    begun = await sync(world)
    other = await sync(world)
    await turn(world.store, world.signals, begun.operation.id)
    await bulk_steering.cancel(world.store, world.signals, other.operation.id)
    heard: list[str] = []

    class Listening(Heard):
        async def operation_changed(self, operation: Operation) -> None:
            heard.append(operation.id)

    await bulk_steering.take_up(world.store, Listening())
    assert heard == [begun.operation.id]
