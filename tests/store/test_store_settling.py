from datetime import UTC, datetime, timedelta

import pytest
from pydantic import JsonValue
from sqlalchemy.exc import IntegrityError, NoResultFound

from model.agreement import Agreed, Base, Trace
from model.errors import BadInput
from model.item import ItemRef
from model.plan import Conflict
from model.settlement import Confirmed, Settlement
from model.twin import Transaction, Twin, TwinState
from model.words import ChildKind, ConflictPolicy, Side, Stage, TwinStatus
from store import Store

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def settlement(transaction: Transaction, **more: object) -> Settlement:
    values: dict[str, object] = {
        "twin": transaction.twin,
        "transaction": transaction.id,
        "revision": 0,
        "stage": Stage.APPLIED,
        "status": TwinStatus.SYNCHRONIZED,
        "summary": "update summary",
    }
    return Settlement.model_validate(values | more)


async def settle(store: Store, transaction: Transaction, **more: object) -> None:
    """Settle on what the twin is now."""
    revision = (await store.twins.get(transaction.twin)).revision
    await store.twins.settle(settlement(transaction, revision=revision, **more))


async def next_one(store: Store, transaction: Transaction) -> Transaction:
    """Another transaction of that twin."""
    return await store.transactions.begin(transaction.twin, Side.RIGHT)


def held(left: JsonValue, right: JsonValue, winner: Side | None = None, target: Side = Side.RIGHT) -> tuple[Conflict, ...]:
    return (Conflict(target=target, subject="summary", left=left, right=right, policy=ConflictPolicy.HOLD, winner=winner),)


def base(summary: str) -> dict[Side, Base]:
    return {Side.RIGHT: Base(agreed={"summary": Agreed(asked=summary, got=summary)})}


def trace(left: str, right: str, text: str = "") -> Trace:
    return Trace(kind=ChildKind.COMMENT, left_id=left, right_id=right, origin=Side.LEFT, left=text, right=text)


async def test_a_settlement_stores_all_of_it(store: Store, transaction: Transaction) -> None:
    whole = settlement(
        transaction,
        reason="",
        written=("summary", "labels"),
        refs={Side.RIGHT: ItemRef(id="34", key="acme/app#34", url="https://github.acme.example/34")},
        title="Printer on fire",
        bases=base("fire"),
        kept=(trace("c1", "d1"),),
        ledger=(Confirmed(system="acme-github", item="34", version="v2"),),
    )
    await store.twins.settle(whole)
    await store.twins.settle(whole)
    state = await store.twins.state(transaction.twin)
    assert (state.twin.status, state.twin.title) == (TwinStatus.SYNCHRONIZED, "Printer on fire")
    assert state.twin.right == whole.refs[Side.RIGHT]
    assert (state.left, state.right, state.traces) == (Base(), whole.bases[Side.RIGHT], whole.kept)
    (settled,) = await store.transactions.of_twin(transaction.twin)
    assert (settled.stage, settled.summary) == (Stage.APPLIED, "update summary")
    writes = await store.twins.recent_writes(transaction.twin, LONG_AGO)
    assert writes == ((Side.LEFT, "summary"), (Side.LEFT, "labels"))
    assert await store.twins.recent_writes(transaction.twin, datetime.now(UTC) + timedelta(hours=1)) == ()
    assert await store.inbox.ledger_has("acme-github", "34", "v2")
    assert not await store.inbox.ledger_has("acme-github", "34", "v1")


async def test_traces_are_replaced_and_dropped(store: Store, transaction: Transaction) -> None:
    await settle(store, transaction, kept=(trace("1", "a"), trace("2", "b"), trace("3", "c")))
    later = await next_one(store, transaction)
    await settle(store, later, kept=(trace("1", "a", "new"), trace("2", "z")), dropped=(trace("3", "c"),))
    traces = {(kept.left_id, kept.right_id, kept.left) for kept in (await store.twins.state(transaction.twin)).traces}
    assert traces == {("1", "a", "new"), ("2", "z", "")}


async def test_an_item_of_another_twin_is_refused_and_nothing_stored(store: Store, twin: Twin, transaction: Transaction) -> None:
    taken = ItemRef(id="34", key="acme/app#34", url="")
    assert await store.twins.start("support", Side.RIGHT, taken)
    with pytest.raises(BadInput, match="another twin of connection 'support'"):
        await settle(store, transaction, refs={Side.RIGHT: taken}, bases=base("x"), title="other")
    state = await store.twins.state(twin.id)
    assert (state.twin, state.right) == (twin, Base())


async def test_an_unlinked_twin_stays_unlinked(store: Store, transaction: Transaction) -> None:
    await store.twins.set_status(transaction.twin, TwinStatus.UNLINKED, "asked for")
    await store.transactions.discard(transaction.twin)
    await settle(store, transaction, written=("summary",))
    twin = await store.twins.get(transaction.twin)
    assert (twin.status, twin.reason) == (TwinStatus.UNLINKED, "asked for")
    assert (await store.transactions.get(transaction.id)).stage is Stage.DISCARDED
    assert await store.twins.recent_writes(twin.id, LONG_AGO) == ((Side.LEFT, "summary"),)


async def test_an_open_conflict_is_recorded_once(store: Store, transaction: Transaction) -> None:
    await settle(store, transaction, conflicts=held("a", "b"))
    again = await next_one(store, transaction)
    await settle(store, again, conflicts=held("a", "b"))
    await settle(store, await next_one(store, transaction), conflicts=held("a", "b", target=Side.LEFT))
    (recorded,) = await store.conflicts.open_ones("support")
    assert (recorded.conflict, recorded.winner, recorded.resolved) == (held("a", "b")[0], None, None)
    assert await store.conflicts.open_ones(None) == (recorded,)
    assert await store.conflicts.open_ones("other") == ()


@pytest.mark.parametrize(
    ("more", "still_open"),
    [
        ({"conflicts": held("a", "c")}, [("a", "c")]),
        ({"written": ("summary",)}, []),
        ({"bases": base("agreed at last")}, []),
        ({"conflicts": held("a", "b", Side.LEFT)}, []),
        ({"written": ("labels",)}, [("a", "b")]),
        ({"bases": base("before")}, [("a", "b")]),
    ],
)
async def test_an_open_conflict_closes_when_its_subject_is_settled_anew(
    store: Store, transaction: Transaction, more: dict[str, object], still_open: list[tuple[str, str]]
) -> None:
    await settle(store, transaction, bases=base("before"), conflicts=held("a", "b"))
    later = await next_one(store, transaction)
    await settle(store, later, **more)
    remaining = await store.conflicts.open_ones("support")
    assert [(found.conflict.left, found.conflict.right) for found in remaining] == still_open


async def test_a_decided_conflict_keeps_both_values_and_can_be_turned(store: Store, transaction: Transaction) -> None:
    decided = settlement(transaction, written=("summary",), conflicts=held("mine", "yours", Side.LEFT))
    await store.twins.settle(decided)
    await store.twins.settle(decided)
    (recorded,) = await store.conflicts.of_twin(transaction.twin)
    assert (recorded.winner, recorded.who, recorded.conflict.right) == (Side.LEFT, "", "yours")
    assert recorded.resolved
    turned = await store.conflicts.resolve(recorded.id, Side.RIGHT, "ada@acme.example")
    assert (turned.winner, turned.who) == (Side.RIGHT, "ada@acme.example")
    assert await store.conflicts.get(recorded.id) == turned
    with pytest.raises(BadInput, match="no conflict 99"):
        await store.conflicts.resolve(99, Side.LEFT, "ada@acme.example")


async def test_resolving_closes_an_open_conflict(store: Store, transaction: Transaction) -> None:
    await settle(store, transaction, conflicts=held("a", "b"))
    (recorded,) = await store.conflicts.open_ones(None)
    await store.conflicts.resolve(recorded.id, Side.LEFT, "ada@acme.example")
    assert await store.conflicts.open_ones(None) == ()
    assert [one.source for one in await store.transactions.waiting("support", 9)] == [recorded.conflict.target.other]


async def test_a_pair_is_dropped_by_both_its_children(store: Store, transaction: Transaction) -> None:
    await settle(store, transaction, kept=(trace("1", "a"),))
    await settle(store, await next_one(store, transaction), dropped=(trace("1", "b"), trace("2", "a")))
    assert (await store.twins.state(transaction.twin)).traces == (trace("1", "a"),)


async def test_of_two_pairs_with_one_child_the_first_is_kept(store: Store, transaction: Transaction) -> None:
    await settle(store, transaction, kept=(trace("1", "a"), trace("1", "b"), trace("2", "a"), trace("2", "b")))
    assert (await store.twins.state(transaction.twin)).traces == (trace("1", "a"), trace("2", "b"))


async def test_a_conflict_is_recorded_again_in_a_later_transaction(store: Store, transaction: Transaction) -> None:
    decided = held("mine", "yours", Side.LEFT)
    await settle(store, transaction, conflicts=decided)
    later = await next_one(store, transaction)
    await settle(store, later, conflicts=decided)
    last = await store.transactions.queue(transaction.twin, Side.LEFT)
    for _ in range(2):
        await store.conflicts.record(later.twin, later.id, decided)
        await store.conflicts.record(later.twin, last, decided)
    assert [found.transaction for found in await store.conflicts.of_twin(transaction.twin)] == [last, later.id, transaction.id]


async def test_a_conflict_that_a_person_settled_comes_up_anew(store: Store, transaction: Transaction) -> None:
    await settle(store, transaction, conflicts=held("a", "b"))
    (recorded,) = await store.conflicts.open_ones()
    turned = await store.conflicts.resolve(recorded.id, Side.LEFT, "ada@acme.example")
    later = await next_one(store, transaction)
    await settle(store, later, conflicts=held("a", "b"))
    (again,) = await store.conflicts.open_ones()
    assert again.id > turned.id
    assert await store.conflicts.get(turned.id) == turned


async def test_a_settlement_of_an_unknown_system_or_transaction_changes_nothing(store: Store, twin: Twin, transaction: Transaction) -> None:
    ledger = (Confirmed(system="nowhere", item="1", version="1"),)
    with pytest.raises(IntegrityError):
        await settle(store, transaction, title="other", bases=base("x"), ledger=ledger)
    with pytest.raises(NoResultFound):
        await settle(store, transaction.model_copy(update={"id": 99}), title="other", bases=base("x"))
    assert await store.twins.state(twin.id) == TwinState(twin=twin)
    assert await store.transactions.get(transaction.id) == transaction


async def test_values_are_stored_as_json_has_them(store: Store, transaction: Transaction) -> None:
    nan = float("nan")
    agreed = Base(agreed={"summary": Agreed(asked=nan, got=nan)})
    conflict = Conflict(subject="summary", target=Side.LEFT, left=nan, right=1.0, policy=ConflictPolicy.HOLD, winner=None)
    await settle(store, transaction, bases={Side.LEFT: agreed}, conflicts=(conflict,))
    await store.twins.set_base(transaction.twin, Side.RIGHT, agreed)
    state = await store.twins.state(transaction.twin)
    assert state.left == state.right == Base(agreed={"summary": Agreed(asked=None, got=None)})
    assert (await store.conflicts.open_ones())[0].conflict.left is None
