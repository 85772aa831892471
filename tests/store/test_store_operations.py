"""Operations on many items."""

from datetime import timedelta

import pytest

from model.errors import BadInput
from model.item import ItemRef
from model.operation import Entry, Operation, Parameters, Target
from model.twin import Twin
from model.words import ItemState, OperationKind, OperationStatus, Side, Stage, TwinStatus
from store import Store
from store import operation_tables as tables
from store.operation_items import WAS_UNLINKED
from store.operations import AT_ONCE
from tests.store.clock import Clock
from tests.store.test_store_settling import settle

pytestmark = pytest.mark.databases


def entry(number: int) -> Entry:
    return Entry(mark=f"left/{number}", subject=f"ACME-{number}", target=Target(id=str(number), key=f"ACME-{number}"))


@pytest.fixture
async def operation(store: Store) -> Operation:
    """A bulk exalate of five items."""
    entries = [entry(number) for number in range(1, 6)]
    return await store.operations.add(OperationKind.EXALATE, "support", Parameters(per_minute=60), "ann", entries)


def ref(number: int) -> ItemRef:
    return ItemRef(id=str(number), key=f"ACME-{number}", url="")


async def states(store: Store, operation: Operation) -> list[ItemState]:
    return [one.state for one in await store.operation_items.listing(operation.id, None, 100)]


async def result(store: Store, operation: Operation, number: int, kind: OperationKind = OperationKind.EXALATE) -> tuple[ItemState, str]:
    await store.operation_items.settle(operation.id, kind)
    (item,) = await store.operation_items.listing(operation.id, None, 1, after=number - 1)
    return item.state, item.reason


async def test_an_operation_is_kept_with_what_it_was_asked_for(store: Store, operation: Operation) -> None:
    known = await store.operations.get(operation.id)
    assert known == operation
    assert (known.who, known.collected, known.parameters.per_minute, known.status) == ("ann", True, 60, OperationStatus.RUNNING)
    assert await store.operations.listing("support", OperationStatus.RUNNING, 9) == (operation,)
    assert await store.operations.listing("support", OperationStatus.DONE, 9) == ()
    assert await store.operations.listing("support", None, 9, after=operation.id) == ()
    with pytest.raises(BadInput, match="there is no operation 'nope'"):
        await store.operations.get("nope")
    with pytest.raises(BadInput, match="there is no connection 'nope'"):
        await store.operations.add(OperationKind.RETRY, "nope", Parameters(per_minute=1), "")


async def test_what_is_collected_twice_is_recorded_once(store: Store) -> None:
    collecting = await store.operations.add(OperationKind.EXALATE, "support", Parameters(per_minute=60), "")
    assert not collecting.collected
    await store.operation_items.add(collecting.id, [entry(1), entry(2)])
    await store.operation_items.add(collecting.id, [entry(2), entry(3), entry(3)])
    await store.operation_items.add(collecting.id, [])
    items = await store.operation_items.listing(collecting.id, ItemState.WAITING, 9)
    assert [(one.number, one.subject) for one in items] == [(1, "ACME-1"), (2, "ACME-2"), (3, "ACME-3")]
    assert not await store.operations.close(collecting.id)
    await store.operations.collected(collecting.id)
    assert (await store.operations.get(collecting.id)).collected


async def test_items_are_paged_by_number(store: Store, operation: Operation) -> None:
    await store.operation_items.conclude(operation.id, 2, ItemState.FAILED, "no")
    assert [one.number for one in await store.operation_items.listing(operation.id, ItemState.WAITING, 2, after=1)] == [3, 4]
    (failed,) = await store.operation_items.listing(operation.id, ItemState.FAILED, 9)
    assert (failed.subject, failed.reason, failed.target.key) == ("ACME-2", "no", "ACME-2")


async def test_an_item_begins_its_twin_once(store: Store, operation: Operation) -> None:
    started = await store.operation_items.start(operation.id, 1, "support", Side.LEFT, ref(1))
    assert started
    assert await store.operation_items.start(operation.id, 1, "support", Side.LEFT, ref(1)) is None
    (waiting,) = await store.transactions.waiting("support", 9)
    assert (waiting.twin, waiting.stage) == (started, Stage.QUEUED)
    assert (await store.operation_items.counts(operation.id))[ItemState.QUEUED] == 1
    assert await store.operation_items.start(operation.id, 2, "support", Side.LEFT, ref(1)) is None
    assert (await states(store, operation))[:2] == [ItemState.QUEUED, ItemState.WAITING]


async def test_an_item_that_was_unlinked_begins_no_other_twin(store: Store, twin: Twin, operation: Operation) -> None:
    await store.twins.set_status(twin.id, TwinStatus.UNLINKED)
    assert twin.left
    assert await store.operation_items.start(operation.id, 1, "support", Side.LEFT, twin.left) is None
    assert await result(store, operation, 1) == (ItemState.SKIPPED, WAS_UNLINKED)


async def test_a_result_is_what_became_of_all_that_was_queued(store: Store, twin: Twin, operation: Operation, clock: Clock) -> None:
    assert await store.operation_items.sync(operation.id, 1, twin.id, Side.LEFT)
    assert not await store.operation_items.sync(operation.id, 1, twin.id, Side.LEFT)
    begun = await store.transactions.begin(twin.id, Side.LEFT)
    later = await store.transactions.queue(twin.id, Side.RIGHT)
    assert await result(store, operation, 1) == (ItemState.QUEUED, "")
    await settle(store, begun, stage=Stage.APPLIED)
    assert later > begun.id
    assert await result(store, operation, 1) == (ItemState.DONE, "")
    assert await store.operation_items.finished(operation.id, clock()) == 1
    assert await store.operation_items.finished(operation.id, clock() + timedelta(seconds=1)) == 0


async def test_an_error_from_before_is_no_result(store: Store, twin: Twin, operation: Operation, clock: Clock) -> None:
    first = await store.transactions.begin(twin.id, Side.LEFT)
    await store.transactions.park(first.id, "no such priority")
    clock.tick()
    assert await store.operation_items.follow(operation.id, 1, twin.id)
    assert not await store.operation_items.follow(operation.id, 1, twin.id)
    assert await result(store, operation, 1) == (ItemState.QUEUED, "")
    clock.tick()
    await store.transactions.begin(twin.id, Side.LEFT)
    await store.transactions.park(first.id, "still no such priority")
    assert await result(store, operation, 1) == (ItemState.FAILED, "still no such priority")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (OperationKind.UNLINK, (ItemState.DONE, "")),
        (OperationKind.SYNC, (ItemState.SKIPPED, "unlinked meanwhile: by Bob")),
    ],
)
async def test_an_end_is_what_some_wait_for(
    store: Store, twin: Twin, operation: Operation, asked: OperationKind, expected: tuple[ItemState, str]
) -> None:
    await store.operation_items.follow(operation.id, 1, twin.id)
    await store.twins.set_status(twin.id, TwinStatus.SYNCHRONIZED)
    before = await result(store, operation, 1, OperationKind.UNLINK)
    assert before == (ItemState.QUEUED, "")
    await store.twins.set_status(twin.id, TwinStatus.UNLINKED, "by Bob")
    assert await result(store, operation, 1, asked) == expected


async def test_while_it_pauses_nothing_begins(store: Store, twin: Twin, operation: Operation) -> None:
    paused = await store.operations.pause(operation.id, "Correct it.")
    assert (paused.status, paused.reason, paused.ended) == (OperationStatus.PAUSED, "Correct it.", None)
    assert await store.operation_items.start(operation.id, 1, "support", Side.LEFT, ref(1)) is None
    assert not await store.operation_items.sync(operation.id, 1, twin.id, Side.LEFT)
    assert not await store.operation_items.follow(operation.id, 1, twin.id)
    assert set(await states(store, operation)) == {ItemState.WAITING}
    assert (await store.operations.resume(operation.id)).reason == ""
    assert await store.operation_items.start(operation.id, 1, "support", Side.LEFT, ref(1))


async def test_a_cancelled_one_has_a_result_for_every_item_and_stays_so(store: Store, twin: Twin, operation: Operation) -> None:
    await store.operation_items.follow(operation.id, 2, twin.id)
    await store.operation_items.conclude(operation.id, 3, ItemState.FAILED, "no")
    cancelled = await store.operations.cancel(operation.id)
    assert cancelled.ended is not None
    expected = [ItemState.SKIPPED, ItemState.DONE, ItemState.FAILED, ItemState.SKIPPED, ItemState.SKIPPED]
    assert await states(store, operation) == expected
    await store.operation_items.conclude(operation.id, 1, ItemState.DONE)
    assert await states(store, operation) == expected
    for change in (store.operations.pause, store.operations.resume, store.operations.cancel):
        with pytest.raises(BadInput, match=r"is cancelled; start another one"):
            await change(operation.id)


async def test_it_is_over_once_every_item_has_a_result(store: Store, operation: Operation) -> None:
    for number in range(1, 5):
        await store.operation_items.conclude(operation.id, number, ItemState.DONE)
        assert not await store.operations.close(operation.id)
    await store.operation_items.conclude(operation.id, 5, ItemState.DONE)
    assert await store.operations.close(operation.id)
    done = await store.operations.get(operation.id)
    assert (done.status, done.ended is not None) == (OperationStatus.DONE, True)


async def test_a_file_is_kept_until_all_its_lines_are_on_record(store: Store) -> None:
    begun = await store.operations.add(OperationKind.CONNECT, "support", Parameters(per_minute=60), "", [entry(1)], "APP-1,1\nAPP-2,2")
    assert not begun.collected
    assert await store.operations.source(begun.id) == "APP-1,1\nAPP-2,2"
    await store.operations.collected(begun.id)
    assert await store.operations.source(begun.id) == ""


async def test_what_is_looked_up_is_kept_with_the_item(store: Store, operation: Operation) -> None:
    (item,) = await store.operation_items.listing(operation.id, None, 1)
    found = item.target.model_copy(update={"left_id": "10", "right_id": "20"})
    await store.operation_items.look_up(operation.id, {1: found})
    assert [one.target for one in await store.operation_items.listing(operation.id, None, 1)] == [found]


async def test_a_result_is_recorded_while_it_pauses(store: Store, operation: Operation) -> None:
    await store.operations.pause(operation.id)
    await store.operation_items.conclude(operation.id, 1, ItemState.FAILED, "no")
    assert (await states(store, operation))[0] is ItemState.FAILED


async def test_what_is_over_goes_with_all_its_items_after_its_time(store: Store, operation: Operation, clock: Clock) -> None:
    many = [entry(number) for number in range(AT_ONCE + 1)]
    long = await store.operations.add(OperationKind.CONNECT, "support", Parameters(per_minute=60), "", many, "left over")
    await store.operations.cancel(long.id)
    clock.tick()
    moment = clock()
    later = await store.operations.add(OperationKind.SYNC, "support", Parameters(per_minute=60), "")
    await store.operations.cancel(later.id)
    assert await store.operations.prune(moment) == len(many) + 1
    assert await store.operations.listing(None, None, 9) == (await store.operations.get(later.id), operation)
    assert await store.operation_items.listing(long.id, None, 9) == ()
    assert len(await states(store, operation)) == 5
    assert await store.operations.prune(moment) == 0


async def test_a_cancel_that_broke_off_is_finished(store: Store) -> None:
    many = [entry(number) for number in range(AT_ONCE + 1)]
    begun = await store.operations.add(OperationKind.EXALATE, "support", Parameters(per_minute=60), "", many)
    async with store.database.writing() as session:
        (await session.get_one(tables.Operation, begun.id)).status = OperationStatus.CANCELLED
    await store.operations.finish(begun.id)
    assert (await store.operation_items.counts(begun.id))[ItemState.SKIPPED] == len(many)
