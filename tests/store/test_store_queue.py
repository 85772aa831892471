"""Transactions, replicas and plans."""

import asyncio
from datetime import UTC, datetime

import pytest

from model.deployment import Deployment
from model.errors import BadInput
from model.item import Item, ItemRef
from model.plan import Plan, UpdateItem
from model.twin import Transaction, Twin
from model.words import Side, Stage
from store import Store

ITEM = Item(ref=ItemRef(id="1", key="ACME-1", url=""), version="1", updated=datetime(2026, 1, 1, tzinfo=UTC), fields={"summary": "Fire"})


async def publish(store: Store, acme: Deployment, outgoing: str) -> None:
    connection = acme.connections["support"]
    left = connection.left.model_copy(update={"outgoing": outgoing})
    await store.configurations.match(Deployment(connections={"support": connection.model_copy(update={"left": left})}))


async def test_changes_of_one_side_coalesce(store: Store, twin: Twin) -> None:
    ids = await asyncio.gather(*(store.transactions.queue(twin.id, Side.LEFT) for _ in range(8)))
    assert len(set(ids)) == 1
    assert await store.transactions.queue(twin.id, Side.RIGHT) not in ids
    begun = await store.transactions.begin(twin.id, Side.LEFT)
    assert (begun.id, begun.stage, begun.attempts, begun.version) == (ids[0], Stage.QUEUED, 1, 1)
    with pytest.raises(BadInput, match="no twin 'none'"):
        await store.transactions.queue("none", Side.LEFT)


async def test_a_change_queues_behind_one_that_is_under_way_or_parked(store: Store, transaction: Transaction) -> None:
    for stage in (Stage.FETCHED, Stage.TRANSFORMED, Stage.ERROR):
        await store.transactions.advance(transaction.id, stage)
        behind = await store.transactions.queue(transaction.twin, Side.LEFT)
        assert behind != transaction.id
    await store.transactions.advance(transaction.id, Stage.APPLIED)
    assert (await store.transactions.begin(transaction.twin, Side.LEFT)).id == behind


async def test_changes_behind_one_that_begins_again_travel_with_it(store: Store, transaction: Transaction) -> None:
    await store.transactions.advance(transaction.id, Stage.ERROR)
    behind = await store.transactions.queue(transaction.twin, Side.LEFT)
    other_side = await store.transactions.queue(transaction.twin, Side.RIGHT)
    assert (await store.transactions.begin(transaction.twin, Side.LEFT)).id == transaction.id
    joined = await store.transactions.get(behind)
    assert (joined.stage, joined.reason) == (Stage.UNCHANGED, f"travels with transaction {transaction.id}")
    assert (await store.transactions.get(other_side)).stage is Stage.QUEUED


async def test_a_held_transaction_takes_later_changes_in(store: Store, transaction: Transaction) -> None:
    await store.transactions.advance(transaction.id, Stage.HELD, reason="deactivated")
    assert await store.transactions.queue(transaction.twin, Side.LEFT) == transaction.id


@pytest.mark.parametrize(
    ("stage", "version"), [(Stage.QUEUED, 2), (Stage.HELD, 2), (Stage.ERROR, 2), (Stage.FETCHED, 1), (Stage.TRANSFORMED, 1)]
)
async def test_a_fetched_transaction_keeps_its_version(
    store: Store, acme: Deployment, transaction: Transaction, stage: Stage, version: int
) -> None:
    await store.transactions.advance(transaction.id, stage)
    await publish(store, acme, "replica.key = issue.key")
    assert (await store.transactions.begin(transaction.twin, Side.LEFT)).version == version


async def test_advancing_keeps_the_summary_and_replaces_the_reason(store: Store, transaction: Transaction) -> None:
    await store.transactions.advance(transaction.id, Stage.ERROR, "update summary", "refused")
    await store.transactions.advance(transaction.id, Stage.FETCHED)
    advanced = await store.transactions.get(transaction.id)
    assert (advanced.stage, advanced.summary, advanced.reason) == (Stage.FETCHED, "update summary", "")


async def test_a_finished_transaction_stays_finished(store: Store, transaction: Transaction) -> None:
    await store.transactions.discard(transaction.twin)
    await store.transactions.advance(transaction.id, Stage.FETCHED)
    assert (await store.transactions.get(transaction.id)).stage is Stage.DISCARDED
    with pytest.raises(BadInput, match="no transaction 99"):
        await store.transactions.get(99)


async def test_unfinished_ones_wait_oldest_first(store: Store, transaction: Transaction) -> None:
    other = await store.transactions.begin(transaction.twin, Side.RIGHT)
    waiting = await store.transactions.waiting("support", 9)
    assert [found.id for found in waiting] == [transaction.id, other.id]
    assert await store.transactions.waiting(None, 1) == waiting[:1]
    assert await store.transactions.waiting("other", 9) == ()
    assert await store.transactions.of_twin(transaction.twin, 1) == waiting[1:]
    await store.transactions.advance(transaction.id, Stage.APPLIED)
    assert await store.transactions.waiting("support", 9) == waiting[1:]


async def test_replicas_are_numbered_per_twin_and_side(store: Store, twin: Twin, transaction: Transaction) -> None:
    add = store.replicas.add
    made = await asyncio.gather(*(add(twin.id, Side.LEFT, transaction.id, 1, {"summary": n}, ITEM) for n in range(4)))
    assert sorted(replica.sequence for replica in made) == [1, 2, 3, 4]
    other = await add(twin.id, Side.RIGHT, transaction.id, 1, {}, ITEM)
    assert other.sequence == 1
    newest = max(made, key=lambda replica: replica.sequence)
    assert await store.replicas.latest(twin.id, Side.LEFT) == newest == await store.replicas.get(newest.id)
    assert newest.item == ITEM
    assert await store.replicas.latest("none", Side.LEFT) is None
    with pytest.raises(BadInput, match="no replica 99"):
        await store.replicas.get(99)


async def test_a_plan_reads_back_whole(store: Store, twin: Twin, transaction: Transaction) -> None:
    replica = await store.replicas.add(twin.id, Side.LEFT, transaction.id, 1, {}, ITEM)
    plan = Plan(source=Side.LEFT, target=ITEM, steps=(UpdateItem(fields={"summary": "Fire"}),))
    stored = await store.plans.get(await store.plans.add(twin.id, transaction.id, replica.id, plan))
    assert (stored.twin, stored.transaction, stored.replica, stored.plan) == (twin.id, transaction.id, replica.id, plan)
    with pytest.raises(BadInput, match="no plan 99"):
        await store.plans.get(99)
