"""The wish to have the value back that lost a conflict: recorded once, ended with the settlement, and sent on."""

import pytest

from model.errors import BadInput
from model.plan import Conflict
from model.settlement import Settlement
from model.twin import StoredConflict, Transaction
from model.words import ConflictPolicy, Restoration, Side, Stage, TwinStatus
from store import Store


async def recorded(store: Store, transaction: Transaction, winner: Side | None = Side.LEFT) -> StoredConflict:
    conflict = Conflict(target=Side.RIGHT, subject="summary", left="a", right="b", policy=ConflictPolicy.HOLD, winner=winner)
    await store.conflicts.record(transaction.twin, transaction.id, (conflict,))
    await store.transactions.advance(transaction.id, Stage.APPLIED)
    return (await store.conflicts.of_twin(transaction.twin))[0]


async def settle(store: Store, twin: str, **ended: tuple[int, ...]) -> None:
    transaction = await store.transactions.begin(twin, Side.LEFT)
    revision = (await store.twins.get(twin)).revision
    settlement = Settlement(
        twin=twin, transaction=transaction.id, revision=revision, stage=Stage.APPLIED, status=TwinStatus.SYNCHRONIZED, summary=""
    )
    await store.twins.settle(settlement.model_copy(update=ended))


async def queue(store: Store) -> list[Side]:
    return [one.source for one in await store.transactions.waiting(None, 10)]


async def test_the_loser_becomes_the_winner_and_a_change_to_the_target_is_queued(store: Store, transaction: Transaction) -> None:
    before = await recorded(store, transaction)
    wished = await store.conflicts.restore(before.id, "ann")
    assert (wished.winner, wished.who, wished.restoration) == (Side.RIGHT, "ann", Restoration.WANTED)
    assert wished.conflict == before.conflict
    assert await store.conflicts.get(before.id) == wished
    assert await queue(store) == [Side.LEFT]


@pytest.mark.parametrize(
    ("ended", "restoration", "queued"),
    [("restored", Restoration.DONE, [Side.RIGHT]), ("overtaken", Restoration.OVERTAKEN, [])],
)
async def test_a_settlement_ends_the_wish_and_sends_on_what_is_restored(
    store: Store, transaction: Transaction, ended: str, restoration: Restoration, queued: list[Side]
) -> None:
    wished = await store.conflicts.restore((await recorded(store, transaction)).id, "ann")
    await settle(store, transaction.twin, **{ended: (wished.id, 99)})
    assert await store.conflicts.get(wished.id) == wished.model_copy(update={"restoration": restoration})
    assert await queue(store) == queued


async def test_what_has_ended_stays_so(store: Store, transaction: Transaction) -> None:
    wished = await store.conflicts.restore((await recorded(store, transaction)).id, "ann")
    await store.conflicts.end_restoring(wished.id, Restoration.REFUSED)
    await settle(store, transaction.twin, restored=(wished.id,))
    assert (await store.conflicts.get(wished.id)).restoration is Restoration.REFUSED
    assert await queue(store) == []


async def test_a_conflict_that_nobody_wants_restored_does_not_become_so(store: Store, transaction: Transaction) -> None:
    before = await recorded(store, transaction)
    await settle(store, transaction.twin, restored=(before.id,))
    assert await store.conflicts.get(before.id) == before


@pytest.mark.parametrize(
    ("restoration", "why"),
    [
        (Restoration.WANTED, "being restored by ann already"),
        (Restoration.DONE, r"not restored twice \(restored by ann\)"),
        (Restoration.OVERTAKEN, r"edited before ann had it restored"),
        (Restoration.REFUSED, r"restoring by ann was refused"),
    ],
)
async def test_a_conflict_is_restored_once(store: Store, transaction: Transaction, restoration: Restoration, why: str) -> None:
    wished = await store.conflicts.restore((await recorded(store, transaction)).id, "ann")
    await store.conflicts.end_restoring(wished.id, restoration)
    with pytest.raises(BadInput, match=why):
        await store.conflicts.restore(wished.id, "bob")
    assert (await store.conflicts.get(wished.id)).who == "ann"


async def test_a_conflict_without_a_loser_is_not_restored(store: Store, transaction: Transaction) -> None:
    still_open = await recorded(store, transaction, winner=None)
    with pytest.raises(BadInput, match="is open"):
        await store.conflicts.restore(still_open.id, "ann")
    with pytest.raises(BadInput, match="no conflict 99"):
        await store.conflicts.restore(99, "ann")
    with pytest.raises(BadInput, match="no conflict 99"):
        await store.conflicts.end_restoring(99, Restoration.DONE)


async def test_a_conflict_that_edits_overtook_is_not_restored(store: Store, transaction: Transaction) -> None:
    still_open = await recorded(store, transaction, winner=None)
    again = await store.transactions.begin(transaction.twin, Side.LEFT)
    settlement = Settlement(
        twin=transaction.twin,
        transaction=again.id,
        revision=0,
        stage=Stage.APPLIED,
        status=TwinStatus.SYNCHRONIZED,
        summary="",
        written=("summary",),
    )
    await store.twins.settle(settlement)
    with pytest.raises(BadInput, match="overtaken by later edits"):
        await store.conflicts.restore(still_open.id, "ann")
