"""What is old goes, a few rows at a time; what a twin still needs stays."""

from datetime import UTC, datetime, timedelta

import pytest

from model.settlement import Confirmed
from model.twin import Twin
from model.words import IntentStatus, Side, Stage, TwinStatus
from store import Store
from store.pruning import AT_ONCE, Prunable
from tests.store.old_rows import ADDITIONS, CHANGES, UPDATE, age, applied, conflict, planned, sizes, unchanged

pytestmark = pytest.mark.databases

TOMORROW = datetime.now(UTC) + timedelta(days=1)
YESTERDAY = datetime.now(UTC) - timedelta(days=1)
PRUNED = ("conflict", "outcome", "plan", "replica", "intent", "sync_transaction")


async def prune(store: Store, before: datetime = TOMORROW) -> int:
    return sum([(await store.pruning.some(kind, before)).rows for kind in Prunable])


async def test_what_is_new_stays(store: Store, twin: Twin) -> None:
    for _ in range(3):
        await applied(store, twin.id, Side.LEFT, conflicts=(conflict(Side.LEFT),))
    before = await sizes(store)
    assert await prune(store, YESTERDAY) == 0
    assert await sizes(store) == before


async def test_of_an_idle_twin_the_newest_replica_of_each_side_and_its_plan_stay(store: Store, twin: Twin) -> None:
    for _ in range(3):
        await applied(store, twin.id, Side.LEFT)
    await unchanged(store, twin.id, Side.RIGHT)
    left, right = await store.replicas.latest(twin.id, Side.LEFT), await store.replicas.latest(twin.id, Side.RIGHT)
    state = await store.twins.state(twin.id)
    await prune(store)
    assert (await store.replicas.latest(twin.id, Side.LEFT), await store.replicas.latest(twin.id, Side.RIGHT)) == (left, right)
    assert await store.twins.state(twin.id) == state
    assert left
    assert right
    kept = [one.id for one in await store.transactions.of_twin(twin.id)]
    assert kept == [right.transaction, left.transaction]
    left_over = await sizes(store)
    assert [left_over[name] for name in PRUNED] == [0, 1, 1, 2, 0, 2]


async def test_what_is_unfinished_stays(store: Store, twin: Twin) -> None:
    first, plan = await planned(store, twin.id, Side.LEFT)
    second = await store.replicas.add(twin.id, Side.LEFT, first.id, 1, {}, (await store.replicas.get(1)).item)
    await store.plans.add(twin.id, first.id, second.id, (await store.plans.get(plan)).plan)
    await store.journal.open("op", twin.id, Side.RIGHT, UPDATE)
    await store.journal.reject("op", "no such option")
    await store.transactions.advance(first.id, Stage.ERROR, reason="refused")
    before = await sizes(store)
    assert await prune(store) == 0
    assert await sizes(store) == before


@pytest.mark.parametrize(("status", "kept"), [(TwinStatus.SYNCHRONIZED, len(ADDITIONS)), (TwinStatus.UNLINKED, 0)])
async def test_additions_stay_while_the_twin_lives(store: Store, twin: Twin, status: TwinStatus, kept: int) -> None:
    await applied(store, twin.id, Side.LEFT, (*ADDITIONS, *CHANGES))
    await store.twins.set_status(twin.id, status)
    await prune(store)
    left_over = [one.step.kind for one in await store.journal.of_twin(twin.id)]
    assert sorted(left_over) == sorted(step.kind for step in ADDITIONS[:kept])


async def test_of_writes_only_those_in_doubt_stay(store: Store, twin: Twin) -> None:
    for op, step in (("doubted", UPDATE), ("refused", ADDITIONS[1])):
        await store.journal.open(op, twin.id, Side.RIGHT, step)
        await store.journal.sent(op, 0)
    await store.journal.reject("refused", "too long")
    await prune(store)
    assert [(one.op, one.status) for one in await store.journal.of_twin(twin.id)] == [("doubted", IntentStatus.OPEN)]


async def test_open_conflicts_and_what_people_decided_stay(store: Store, twin: Twin) -> None:
    await applied(store, twin.id, Side.LEFT, conflicts=(conflict(Side.LEFT),))
    await applied(store, twin.id, Side.LEFT, conflicts=(conflict(Side.RIGHT),))
    by_policy, decided = reversed(await store.conflicts.of_twin(twin.id))
    await store.conflicts.resolve(decided.id, Side.LEFT, "ada@acme.example")
    await store.conflicts.record(twin.id, decided.transaction, (conflict(None),))
    await prune(store)
    kept = await store.conflicts.of_twin(twin.id)
    assert [(one.who, one.resolved is None) for one in kept] == [("", True), ("ada@acme.example", False)]
    assert by_policy.id not in {one.id for one in kept}
    left = {one.id for one in await store.transactions.of_twin(twin.id)}
    assert (by_policy.transaction in left, decided.transaction in left) == (False, True)

    await store.twins.set_status(twin.id, TwinStatus.UNLINKED)
    await prune(store)
    assert [one.who for one in await store.conflicts.of_twin(twin.id)] == [""]


async def test_a_pruned_number_is_not_given_again(store: Store, twin: Twin) -> None:
    """Writes are named by their plan's number: a plan with an old number would find its writes done."""
    _, plan = await planned(store, twin.id, Side.LEFT)
    after = await store.transactions.begin(twin.id, Side.LEFT)
    await store.replicas.add(twin.id, Side.LEFT, after.id, 1, {}, (await store.replicas.get(1)).item)
    await store.transactions.discard(twin.id)
    await prune(store)
    last = await store.transactions.begin(twin.id, Side.RIGHT)
    await store.transactions.discard(twin.id)
    await prune(store)
    transaction, later = await planned(store, twin.id, Side.LEFT)
    assert later > plan
    assert transaction.id > last.id


async def test_a_large_backlog_goes_in_parts(store: Store, twin: Twin) -> None:
    for number in range(AT_ONCE + 2):
        await store.journal.open(str(number), twin.id, Side.RIGHT, UPDATE)
        await store.journal.reject(str(number), "")
    first = await store.pruning.some(Prunable.INTENTS, TOMORROW)
    assert first.rows == AT_ONCE
    assert (await store.pruning.some(Prunable.INTENTS, TOMORROW, "z")).rows == 0
    second = await store.pruning.some(Prunable.INTENTS, TOMORROW, first.after)
    assert (second.rows, second.after) == (2, None)


async def test_a_large_ledger_goes_in_parts_to_the_last_row(store: Store) -> None:
    for number in range(1003):
        await store.inbox.confirm(Confirmed(system="acme-jira", item=str(number), version="1"))
    assert await store.inbox.prune(YESTERDAY) == 0
    await age(store, YESTERDAY, TOMORROW)
    assert await store.inbox.prune(TOMORROW) == 1003
