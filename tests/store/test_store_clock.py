"""Every stored time comes from the clock that the store was opened with."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest

from model.inbox import InboxChange
from model.item import Item, ItemRef
from model.plan import Conflict, Plan, UpdateItem
from model.settlement import Confirmed, Settlement
from model.twin import Transaction, Twin
from model.words import ConflictPolicy, ConnectionStatus, Side, Stage, TwinStatus
from store import Store
from tests.store.clock import Clock

ITEM = Item(ref=ItemRef(id="1", key="ACME-1", url=""), version="1", updated=datetime(2026, 1, 1, tzinfo=UTC), fields={})
CONFLICT = Conflict(subject="summary", target=Side.RIGHT, left="a", right="b", policy=ConflictPolicy.HOLD, winner=None)

Change = Callable[[Store, Transaction], Awaitable[object]]


def settlement(transaction: Transaction, *conflicts: Conflict, revision: int = 0) -> Settlement:
    return Settlement(
        twin=transaction.twin,
        transaction=transaction.id,
        revision=revision,
        stage=Stage.APPLIED,
        status=TwinStatus.SYNCHRONIZED,
        summary="",
        written=("labels",),
        conflicts=conflicts,
        ledger=(Confirmed(system="acme-jira", item="1", version="1"),),
    )


async def add_replica(store: Store, transaction: Transaction) -> int:
    return (await store.replicas.add(transaction.twin, Side.LEFT, transaction.id, 1, {}, ITEM)).id


async def add_plan(store: Store, transaction: Transaction, replica: int) -> int:
    return await store.plans.add(transaction.twin, transaction.id, replica, Plan(source=Side.LEFT, target=None))


async def release(store: Store, transaction: Transaction) -> None:
    await store.configurations.set_status("support", ConnectionStatus.DEACTIVATED)
    await store.twins.hold_unless_active(transaction.twin)
    await store.twins.release(transaction.twin)


async def take_up(store: Store, transaction: Transaction) -> None:
    await store.configurations.set_status("support", ConnectionStatus.DEACTIVATED)
    await store.twins.hold_unless_active(transaction.twin)
    await store.configurations.set_status("support", ConnectionStatus.ACTIVE)
    await store.twins.hold_unless_active(transaction.twin)


async def hold(store: Store, transaction: Transaction) -> None:
    await store.configurations.set_status("support", ConnectionStatus.DEACTIVATED)
    await store.twins.hold_unless_active(transaction.twin)


TWIN_CHANGES: list[Change] = [
    hold,
    take_up,
    release,
    add_replica,
    lambda store, transaction: store.twins.set_status(transaction.twin, TwinStatus.ERROR),
    lambda store, transaction: store.twins.settle(settlement(transaction)),
]
TWIN_UNCHANGED: list[Change] = [
    lambda store, transaction: store.twins.release(transaction.twin),
    lambda store, transaction: store.twins.hold_unless_active(transaction.twin),
    lambda store, transaction: store.transactions.begin(transaction.twin, Side.LEFT),
]
TRANSACTION_CHANGES: list[Change] = [
    add_replica,
    lambda store, transaction: store.transactions.begin(transaction.twin, Side.LEFT),
    lambda store, transaction: store.transactions.advance(transaction.id, Stage.ERROR),
    lambda store, transaction: store.transactions.explain(transaction.id, "waits"),
    lambda store, transaction: store.transactions.discard(transaction.twin),
    lambda store, transaction: store.twins.settle(settlement(transaction)),
]


async def test_what_begins_begins_now(clock: Clock, twin: Twin, transaction: Transaction) -> None:
    assert twin.updated == transaction.created == transaction.updated == clock.moment


@pytest.mark.parametrize("change", TWIN_CHANGES)
async def test_a_changed_twin_was_updated_now(store: Store, clock: Clock, transaction: Transaction, change: Change) -> None:
    moment = clock.tick()
    await change(store, transaction)
    assert (await store.twins.get(transaction.twin)).updated == moment


@pytest.mark.parametrize("change", TWIN_UNCHANGED)
async def test_what_changes_nothing_of_a_twin_does_not_update_it(
    store: Store, clock: Clock, twin: Twin, transaction: Transaction, change: Change
) -> None:
    clock.tick()
    await change(store, transaction)
    assert await store.twins.get(twin.id) == twin


@pytest.mark.parametrize("change", TRANSACTION_CHANGES)
async def test_a_changed_transaction_was_updated_now(store: Store, clock: Clock, transaction: Transaction, change: Change) -> None:
    moment = clock.tick()
    await change(store, transaction)
    changed = await store.transactions.get(transaction.id)
    assert (changed.created, changed.updated) == (transaction.created, moment)


async def test_one_that_travels_with_another_was_updated_now(store: Store, clock: Clock, transaction: Transaction) -> None:
    await store.transactions.advance(transaction.id, Stage.ERROR)
    behind = await store.transactions.queue(transaction.twin, Side.LEFT)
    moment = clock.tick()
    await store.transactions.begin(transaction.twin, Side.LEFT)
    assert (await store.transactions.get(behind)).updated == moment


async def test_plans_and_intents_are_made_now(store: Store, clock: Clock, transaction: Transaction) -> None:
    replica = await add_replica(store, transaction)
    moment = clock.tick()
    plan = await store.plans.get(await add_plan(store, transaction, replica))
    opened = await store.journal.open("op1", transaction.twin, Side.RIGHT, UpdateItem(fields={}))
    assert plan.created == opened.created == (await store.transactions.get(transaction.id)).updated == moment
    clock.tick()
    await store.journal.reject("op1", "no such option")
    assert (await store.journal.open("op1", transaction.twin, Side.RIGHT, UpdateItem(fields={}))).created == moment


async def test_a_conflict_is_recorded_and_settled_now(store: Store, clock: Clock, transaction: Transaction) -> None:
    recorded = clock.tick()
    await store.twins.settle(settlement(transaction, CONFLICT))
    decided = CONFLICT.model_copy(update={"subject": "priority", "winner": Side.LEFT})
    await store.conflicts.record(transaction.twin, transaction.id, [decided])
    both = await store.conflicts.of_twin(transaction.twin)
    assert [(one.created, one.resolved) for one in both] == [(recorded, recorded), (recorded, None)]
    overtaken = clock.tick()
    again = await store.transactions.begin(transaction.twin, Side.LEFT)
    await store.twins.settle(settlement(again, CONFLICT.model_copy(update={"left": "c"}), revision=1))
    assert [one.resolved for one in await store.conflicts.of_twin(transaction.twin)] == [None, recorded, overtaken]
    turned = clock.tick()
    assert (await store.conflicts.resolve(both[0].id, Side.RIGHT, "ada@acme.example")).resolved == turned


async def test_writes_are_remembered_from_when_they_were_made(store: Store, clock: Clock, transaction: Transaction) -> None:
    moment = clock.tick()
    await store.twins.settle(settlement(transaction).model_copy(update={"stage": Stage.TRANSFORMED}))
    clock.tick()
    await store.twins.settle(settlement(transaction, revision=1).model_copy(update={"stage": Stage.TRANSFORMED}))
    assert await store.twins.recent_writes(transaction.twin, moment) == ((Side.LEFT, "labels"),)
    assert await store.twins.recent_writes(transaction.twin, clock.moment) == ()


async def test_the_inbox_is_pruned_by_when_rows_were_routed_and_entries_made(store: Store, clock: Clock, transaction: Transaction) -> None:
    await store.inbox.add("acme-jira", "d1", [InboxChange(item_id="1")])
    await store.inbox.add_polled("acme-jira", "all", [InboxChange(item_id="2")], "c1")
    rows = await store.inbox.pending("acme-jira", 9)
    assert {row.received for row in rows} == {clock.moment}
    routed = clock.tick()
    await store.inbox.routed([row.id for row in rows])
    await store.inbox.confirm(Confirmed(system="acme-jira", item="1", version="0"))
    await store.twins.settle(settlement(transaction))
    assert await store.inbox.prune(routed) == 0
    assert await store.inbox.prune(clock.tick()) == 4


async def test_ids_of_twins_rise_with_time(store: Store, clock: Clock) -> None:
    ids: list[str] = []
    for number in range(5):
        clock.tick()
        started = await store.twins.start("support", Side.LEFT, ItemRef(id=str(number), key="", url=""))
        assert started
        ids.append(started.id)
    assert ids == sorted(ids)
    assert {len(id) for id in ids} == {32}  # noqa: A001
