"""Transactions, replicas and plans."""

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import IntegrityError

from model.deployment import Deployment
from model.errors import BadInput
from model.item import Fields, Item, ItemRef
from model.plan import Plan, UpdateItem
from model.twin import Transaction, Twin
from model.words import Side, Stage, TwinStatus
from store import Store
from tests.store.clock import Clock

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


async def test_what_is_forced_stays_so_with_whatever_it_travels(store: Store, twin: Twin) -> None:
    queued = await store.transactions.queue(twin.id, Side.LEFT)
    assert await store.transactions.queue(twin.id, Side.LEFT, forced=True) == queued
    assert await store.transactions.queue(twin.id, Side.LEFT) == queued
    assert (await store.transactions.begin(twin.id, Side.LEFT)).forced
    await store.transactions.advance(queued, Stage.APPLIED)
    parked = await store.transactions.begin(twin.id, Side.LEFT)
    assert not parked.forced
    await store.transactions.park(parked.id, "the rule failed")
    assert await store.transactions.queue(twin.id, Side.LEFT, forced=True) != parked.id
    again = await store.transactions.begin(twin.id, Side.LEFT)
    assert (again.id, again.forced) == (parked.id, True)


async def test_what_is_forced_does_not_join_what_an_attempt_has_taken_up(store: Store, transaction: Transaction) -> None:
    begun = await store.transactions.begin(transaction.twin, Side.LEFT)
    forced = await store.transactions.queue(transaction.twin, Side.LEFT, forced=True)
    assert await store.transactions.queue(transaction.twin, Side.LEFT, forced=True) == forced
    await store.transactions.advance(begun.id, Stage.UNCHANGED)
    taken = await store.transactions.begin(transaction.twin, Side.LEFT)
    assert (taken.id, taken.forced) == (forced, True)


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
    assert await store.transactions.advance(transaction.id, Stage.ERROR, "update summary", "refused")
    assert await store.transactions.advance(transaction.id, Stage.FETCHED)
    advanced = await store.transactions.get(transaction.id)
    assert (advanced.stage, advanced.summary, advanced.reason) == (Stage.FETCHED, "update summary", "")


async def test_a_finished_transaction_stays_finished(store: Store, transaction: Transaction) -> None:
    await store.transactions.discard(transaction.twin)
    assert not await store.transactions.advance(transaction.id, Stage.FETCHED, "again", "again")
    assert not await store.transactions.advance(99, Stage.FETCHED)
    finished = await store.transactions.get(transaction.id)
    assert (finished.stage, finished.summary, finished.reason) == (Stage.DISCARDED, "", "")
    with pytest.raises(BadInput, match="no transaction 99"):
        await store.transactions.get(99)


async def test_what_is_left_of_the_queue_of_a_twin_that_is_unlinked_is_discarded(store: Store, transaction: Transaction) -> None:
    other = await store.transactions.queue(transaction.twin, Side.RIGHT)
    await store.twins.set_status(transaction.twin, TwinStatus.ERROR, "no such option")
    assert (await store.transactions.get(other)).stage is Stage.QUEUED
    await store.twins.set_status(transaction.twin, TwinStatus.UNLINKED, "unlinked by request")
    assert {(await store.transactions.get(id)).stage for id in (transaction.id, other)} == {Stage.DISCARDED}  # noqa: A001
    begun_meanwhile = await store.transactions.begin(transaction.twin, Side.LEFT)
    await store.twins.set_status(transaction.twin, TwinStatus.UNLINKED, "asked for again")
    assert (await store.transactions.get(begun_meanwhile.id)).stage is Stage.DISCARDED
    assert (await store.twins.get(transaction.twin)).reason == "unlinked by request"


async def test_a_transaction_and_its_twin_are_parked_at_once(store: Store, transaction: Transaction) -> None:
    assert await store.transactions.park(transaction.id, "no such option")
    parked, twin = await store.transactions.get(transaction.id), await store.twins.get(transaction.twin)
    assert (parked.stage, parked.reason, twin.status, twin.reason) == (Stage.ERROR, "no such option", TwinStatus.ERROR, "no such option")


@pytest.mark.parametrize("stage", [Stage.APPLIED, Stage.DISCARDED])
async def test_nothing_is_parked_that_is_finished(store: Store, transaction: Transaction, stage: Stage) -> None:
    await store.transactions.advance(transaction.id, stage)
    assert not await store.transactions.park(transaction.id, "late")
    assert (await store.twins.get(transaction.twin)).status is TwinStatus.SYNCING


async def test_parking_does_not_take_an_unlinked_twin_up_again(store: Store, transaction: Transaction) -> None:
    await store.twins.set_status(transaction.twin, TwinStatus.UNLINKED, "asked for")
    assert not await store.transactions.park(transaction.id, "late")
    assert (await store.twins.get(transaction.twin)).status is TwinStatus.UNLINKED


async def test_a_twin_without_its_copy_is_making_it(store: Store, twin: Twin) -> None:
    assert [await store.twins.making(system) for system in ("acme-jira", "acme-github")] == [False, True]
    await store.twins.set_status(twin.id, TwinStatus.ERROR, "no such option")
    assert not await store.twins.making("acme-github")


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


async def test_one_that_was_fetched_before_it_began_gets_the_active_version(store: Store, twin: Twin) -> None:
    queued = await store.transactions.queue(twin.id, Side.LEFT)
    await store.transactions.advance(queued, Stage.FETCHED)
    assert (await store.transactions.begin(twin.id, Side.LEFT)).version == 1


async def test_what_was_read_of_an_unlinked_twin_leaves_it_unlinked(store: Store, transaction: Transaction) -> None:
    await store.twins.set_status(transaction.twin, TwinStatus.UNLINKED, "asked for")
    await store.replicas.add(transaction.twin, Side.LEFT, transaction.id, 1, {}, ITEM)
    twin = await store.twins.get(transaction.twin)
    assert (twin.status, twin.reason) == (TwinStatus.UNLINKED, "asked for")


async def test_reading_and_planning_show_in_the_transaction(store: Store, transaction: Transaction) -> None:
    await store.twins.set_status(transaction.twin, TwinStatus.ERROR, "refused")
    await store.transactions.advance(transaction.id, Stage.ERROR, reason="refused")
    item = ITEM.model_copy(update={"ref": ItemRef(id="1", key="ACME\0-1", url="")})
    replica = await store.replicas.add(transaction.twin, Side.LEFT, transaction.id, 1, {}, item)
    twin, read = await store.twins.get(transaction.twin), await store.transactions.get(transaction.id)
    assert (twin.status, twin.reason) == (TwinStatus.SYNCING, "")
    assert (read.stage, read.summary, read.reason) == (Stage.FETCHED, "ACME-1 read", "")
    plan = Plan(source=Side.LEFT, target=None, steps=(UpdateItem(fields={"su\0mmary": "Fire"}),))
    await store.plans.add(transaction.twin, transaction.id, replica.id, plan)
    planned = await store.transactions.get(transaction.id)
    assert (planned.stage, planned.summary) == (Stage.TRANSFORMED, "update summary")


async def test_replicas_and_plans_refer_to_what_is_there(store: Store, twin: Twin, transaction: Transaction) -> None:
    replica = await store.replicas.add(twin.id, Side.LEFT, transaction.id, 1, {}, ITEM)
    before = await store.transactions.get(transaction.id)
    plan = Plan(source=Side.LEFT, target=None)
    for refused in (
        store.replicas.add(twin.id, Side.LEFT, 99, 1, {}, ITEM),
        store.plans.add(twin.id, 99, replica.id, plan),
        store.plans.add(twin.id, transaction.id, 99, plan),
        store.journal.open("op1", "none", Side.RIGHT, UpdateItem(fields={})),
    ):
        with pytest.raises(IntegrityError):
            await refused
    for unknown in (
        store.replicas.add("none", Side.LEFT, transaction.id, 1, {}, ITEM),
        store.plans.add("none", transaction.id, replica.id, plan),
    ):
        with pytest.raises(BadInput, match="no twin 'none'"):
            await unknown
    assert await store.replicas.latest(twin.id, Side.LEFT) == replica
    assert await store.transactions.get(transaction.id) == before


async def test_replicas_and_plans_are_stored_as_json_has_them(store: Store, twin: Twin, transaction: Transaction) -> None:
    payload: Fields = {"labels": ["a", float("nan")]}
    item = ITEM.model_copy(update={"fields": dict(payload)})
    stored = await store.replicas.add(twin.id, Side.LEFT, transaction.id, 1, payload, item)
    plan = Plan(source=Side.LEFT, target=None, steps=(UpdateItem(fields=dict(payload)),))
    planned = await store.plans.get(await store.plans.add(twin.id, transaction.id, stored.id, plan))
    payload["labels"] = "changed by whoever sent it"
    kept: Fields = {"labels": ["a", None]}
    assert (stored.payload, stored.item.fields, planned.plan.steps) == (kept, kept, (UpdateItem(fields=kept),))
    assert await store.replicas.get(stored.id) == stored


async def test_what_an_overtaken_attempt_read_leaves_the_transaction_as_it_is(store: Store, transaction: Transaction) -> None:
    """Also where the later attempt was parked."""
    first = await store.transactions.begin(transaction.twin, Side.LEFT)
    later = await store.transactions.begin(transaction.twin, Side.LEFT)
    await store.transactions.advance(later.id, Stage.ERROR, reason="hidden")
    await store.twins.set_status(transaction.twin, TwinStatus.ERROR, "hidden")
    await store.replicas.add(transaction.twin, Side.LEFT, first.id, 1, {}, ITEM, first.attempts)
    assert (await store.transactions.get(first.id)).stage is Stage.ERROR
    assert (await store.twins.get(transaction.twin)).status is TwinStatus.ERROR
    await store.replicas.add(transaction.twin, Side.LEFT, later.id, 1, {}, ITEM, later.attempts)
    assert (await store.transactions.get(later.id)).stage is Stage.FETCHED


async def test_what_was_read_for_a_finished_transaction_leaves_it_finished(store: Store, transaction: Transaction) -> None:
    await store.transactions.advance(transaction.id, Stage.APPLIED, "update summary")
    await store.twins.set_status(transaction.twin, TwinStatus.CONFLICT, "held")
    stored = await store.replicas.add(transaction.twin, Side.LEFT, transaction.id, 1, {"summary": "late"}, ITEM)
    assert await store.replicas.latest(transaction.twin, Side.LEFT) == stored
    finished, twin = await store.transactions.get(transaction.id), await store.twins.get(transaction.twin)
    assert (finished.stage, finished.summary) == (Stage.APPLIED, "update summary")
    assert (twin.status, twin.reason) == (TwinStatus.CONFLICT, "held")


async def test_a_twin_that_was_never_told_to_begin_is_unbegun(store: Store, clock: Clock, twin: Twin) -> None:
    begun = clock()
    later = clock.tick()
    assert await store.twins.unbegun("support", begun, 9) == ()
    assert [one.id for one in await store.twins.unbegun("support", later, 9)] == [twin.id]
    assert await store.twins.unbegun("other", later, 9) == ()
    assert await store.twins.neglected("support", later) == (False, True, False, False)
    assert await store.twins.neglected("other", later) == (False, False, False, False)
    await store.transactions.queue(twin.id, Side.LEFT)
    assert await store.twins.unbegun("support", later, 9) == ()
    assert await store.twins.neglected("support", later) == (False, False, False, False)
    assert await store.twins.neglected("support", clock.tick()) == (False, False, True, False)


async def test_a_change_that_waits_long_while_its_twin_waits_for_nobody_is_forgotten(store: Store, clock: Clock, twin: Twin) -> None:
    await store.twins.set_status(twin.id, TwinStatus.SYNCHRONIZED)
    first, second = [await store.transactions.queue(twin.id, side) for side in Side]
    queued = clock.moment
    assert await store.transactions.forgotten("support", queued, 9) == ()
    later = clock.tick()
    forgotten = await store.transactions.forgotten("support", later, 9)
    assert [one.id for one in forgotten] == [first, second]
    assert await store.transactions.forgotten("support", later, 1) == forgotten[:1]
    assert await store.transactions.forgotten("other", later, 9) == ()
    await store.transactions.advance(first, Stage.FETCHED)
    assert [one.id for one in await store.transactions.forgotten("support", later, 9)] == [first, second]
    await store.transactions.advance(first, Stage.APPLIED)
    assert [one.id for one in await store.transactions.forgotten("support", later, 9)] == [second]


@pytest.mark.parametrize("status", TwinStatus)
async def test_a_twin_that_is_parked_or_over_has_forgotten_nothing(store: Store, clock: Clock, twin: Twin, status: TwinStatus) -> None:
    await store.twins.set_status(twin.id, status)
    await store.transactions.queue(twin.id, Side.LEFT)
    goes_on = status in {TwinStatus.SYNCHRONIZED, TwinStatus.CONFLICT, TwinStatus.SYNCING}
    assert bool(await store.transactions.forgotten("support", clock.tick(), 9)) is goes_on
