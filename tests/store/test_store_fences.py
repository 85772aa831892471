"""What a settlement is refused for, what it leaves alone, and what it says of writes and versions."""

import pytest
from test_store_settling import base, held, next_one, settle, settlement

from model.errors import Overtaken
from model.plan import Acknowledgement, UpdateItem
from model.settlement import Confirmed
from model.twin import Transaction, Twin
from model.words import IntentStatus, Side, Stage, TwinStatus
from store import Store

STEP = UpdateItem(fields={"summary": "Fire"})


async def acknowledged(store: Store, twin: str, *ops: str, target: Side = Side.RIGHT) -> None:
    for op in ops:
        await store.journal.open(op, twin, target, STEP)
        await store.journal.sent(op, 0)
        await store.journal.acknowledge(op, Acknowledgement(id="34"))


async def unsettled(store: Store, twin: str) -> list[str]:
    return [one.op for side in Side for one in await store.journal.unsettled(twin, side)]


async def test_every_settlement_raises_the_revision(store: Store, twin: Twin, transaction: Transaction) -> None:
    assert twin.revision == 0
    await settle(store, transaction)
    await settle(store, await next_one(store, transaction))
    assert (await store.twins.get(twin.id)).revision == 2


@pytest.mark.parametrize("revision", [0, 2])
async def test_what_was_worked_out_from_another_revision_is_refused(store: Store, transaction: Transaction, revision: int) -> None:
    await settle(store, transaction, bases=base("first"))
    later = await next_one(store, transaction)
    before = await store.twins.state(transaction.twin)
    with pytest.raises(Overtaken, match="moved on"):
        await store.twins.settle(settlement(later, revision=revision, bases=base("second"), written=("summary",), title="other"))
    assert await store.twins.state(transaction.twin) == before
    assert (await store.transactions.get(later.id)).stage is Stage.QUEUED


@pytest.mark.parametrize("stage", [Stage.APPLIED, Stage.UNCHANGED, Stage.TRANSFORMED])
async def test_a_transaction_that_is_settled_is_not_settled_again(store: Store, transaction: Transaction, stage: Stage) -> None:
    await settle(store, transaction, bases=base("first"))
    before = await store.twins.state(transaction.twin)
    await settle(store, transaction, stage=stage, bases=base("second"), conflicts=held("a", "b"))
    await store.twins.settle(settlement(transaction, revision=7, stage=stage))
    assert await store.twins.state(transaction.twin) == before
    assert await store.conflicts.of_twin(transaction.twin) == ()
    assert (await store.transactions.get(transaction.id)).stage is Stage.APPLIED


async def test_an_attempt_that_goes_on_after_the_twin_was_parked_settles_nothing(store: Store, transaction: Transaction) -> None:
    await store.transactions.advance(transaction.id, Stage.ERROR, "update summary", "refused")
    before = await store.twins.state(transaction.twin)
    for stage in (Stage.TRANSFORMED, Stage.APPLIED):
        with pytest.raises(Overtaken, match="parked"):
            await settle(store, transaction, stage=stage, bases=base("late"))
    assert await store.twins.state(transaction.twin) == before


async def test_without_a_stage_the_transaction_stays_where_it_is(store: Store, transaction: Transaction) -> None:
    await store.transactions.advance(transaction.id, Stage.ERROR, "update summary", "refused")
    before = await store.transactions.get(transaction.id)
    await settle(store, transaction, stage=None, summary="other", status=TwinStatus.SYNCING, bases=base("found"))
    assert await store.transactions.get(transaction.id) == before
    state = await store.twins.state(transaction.twin)
    assert (state.right, state.twin.status, state.twin.revision) == (base("found")[Side.RIGHT], TwinStatus.SYNCING, 1)


async def test_without_a_stage_one_that_is_over_is_settled_once_more(store: Store, transaction: Transaction) -> None:
    await settle(store, transaction, bases=base("first"))
    await settle(store, transaction, stage=None, bases=base("second"))
    assert (await store.twins.state(transaction.twin)).right == base("second")[Side.RIGHT]


async def test_the_writes_that_are_named_are_settled(store: Store, twin: Twin, transaction: Transaction) -> None:
    await acknowledged(store, twin.id, "a", "b")
    await settle(store, transaction, ops=("a",))
    assert await unsettled(store, twin.id) == ["b"]


async def test_all_acknowledged_writes_of_a_side_are_settled(store: Store, twin: Twin, transaction: Transaction) -> None:
    await acknowledged(store, twin.id, "a", "b")
    await acknowledged(store, twin.id, "back", target=Side.LEFT)
    await settle(store, transaction, all_ops=Side.RIGHT)
    assert await unsettled(store, twin.id) == ["back"]
    await settle(store, await next_one(store, transaction), ops=("back",), all_ops=Side.RIGHT)
    assert await unsettled(store, twin.id) == []


async def test_a_write_in_doubt_is_not_settled_with_others(store: Store, twin: Twin, transaction: Transaction) -> None:
    await store.journal.open("doubted", twin.id, Side.RIGHT, STEP)
    await store.journal.sent("doubted", 0)
    await settle(store, transaction, ops=("doubted",), all_ops=Side.RIGHT)
    assert await unsettled(store, twin.id) == ["doubted"]
    assert [one.status for one in await store.journal.of_twin(twin.id)] == [IntentStatus.OPEN]


async def test_writes_of_other_twins_stay_as_they_are(store: Store, twin: Twin, transaction: Transaction) -> None:
    other = (
        await store.twins.start("support", Side.RIGHT, twin.left.model_copy(update={"id": "9", "key": "acme/app#9"})) if twin.left else None
    )
    assert other
    await acknowledged(store, other.id, "theirs")
    await settle(store, transaction, ops=("theirs",), all_ops=Side.RIGHT)
    assert await unsettled(store, other.id) == ["theirs"]


async def test_a_version_is_certain_from_when_one_that_confirms_it_is(store: Store, transaction: Transaction) -> None:
    maybe = Confirmed(system="acme-github", item="34", version="v2")
    sure = maybe.model_copy(update={"certain": True})
    has = store.inbox.ledger_has
    await settle(store, transaction, ledger=(maybe,))
    assert (await has("acme-github", "34", "v2"), await has("acme-github", "34", "v2", certain=True)) == (True, False)
    await store.inbox.confirm(sure)
    assert await has("acme-github", "34", "v2", certain=True)
    await store.inbox.confirm(maybe)
    await settle(store, await next_one(store, transaction), ledger=(maybe,))
    assert (await has("acme-github", "34", "v2"), await has("acme-github", "34", "v2", certain=True)) == (True, True)
    assert not await has("acme-github", "34", "v3", certain=True)
