import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import StatementError

from model.errors import BadInput, Overtaken, Stale
from model.plan import Acknowledgement, AddComment, Transition, UpdateItem
from model.twin import Transaction, Twin
from model.words import ConnectionStatus, IntentStatus, Side, Stage, TwinStatus
from store import Store
from tests.store.clock import Clock

STEP = UpdateItem(fields={"summary": "Fire"})
MOMENT = datetime(2026, 3, 4, 5, 6, 7, 890123, tzinfo=UTC)


async def test_an_intent_is_opened_once(store: Store, twin: Twin) -> None:
    opened = await asyncio.gather(*(store.journal.open("op1", twin.id, Side.RIGHT, STEP) for _ in range(5)))
    assert len(set(map(str, opened))) == 1
    assert (opened[0].step, opened[0].status, opened[0].sends) == (STEP, IntentStatus.OPEN, 0)
    assert await store.journal.open("op1", twin.id, Side.RIGHT, Transition(status="Done")) == opened[0]
    changed = await store.journal.open("op1", twin.id, Side.RIGHT, Transition(status="Done"), plan=1)
    assert (changed.step, changed.plan) == (Transition(status="Done"), 1)
    await store.journal.sent("op1", 0)
    again = await store.journal.open("op1", twin.id, Side.RIGHT, STEP, plan=2)
    assert (again.step, again.sends) == (changed.step, 1)


async def test_a_write_of_a_change_that_is_applied_is_not_sent(store: Store, transaction: Transaction) -> None:
    await store.journal.open("op1", transaction.twin, Side.RIGHT, STEP)
    for seen, stage in enumerate((Stage.FETCHED, Stage.TRANSFORMED)):
        await store.transactions.advance(transaction.id, stage)
        assert await store.journal.sent("op1", seen, transaction.id) is None
    await store.transactions.advance(transaction.id, Stage.APPLIED)
    with pytest.raises(Stale, match="has carried the change out"):
        await store.journal.sent("op1", 2, transaction.id)
    assert await store.journal.sent("op1", 2) is None


async def test_what_happened_or_may_have_is_unsettled(store: Store, twin: Twin) -> None:
    for op in ("a", "b", "c", "d"):
        await store.journal.open(op, twin.id, Side.RIGHT, STEP, plan=7)
    assert await store.journal.unsettled(twin.id, Side.RIGHT) == ()
    for op, seen in (("a", 0), ("b", 0), ("b", 1), ("d", 0)):
        assert await store.journal.sent(op, seen) is None
    unsettled = await store.journal.unsettled(twin.id, Side.RIGHT)
    assert [(intent.op, intent.sends, intent.plan, intent.settled) for intent in unsettled] == [
        ("a", 1, 7, False),
        ("b", 2, 7, False),
        ("d", 1, 7, False),
    ]
    assert await store.journal.unsettled(twin.id, Side.LEFT) == ()
    await store.journal.acknowledge("a", Acknowledgement(id="34", fields={"summary": "Fire"}))
    await store.journal.reject("b", "no such option")
    assert [intent.op for intent in await store.journal.unsettled(twin.id, Side.RIGHT)] == ["a", "d"]
    of_twin = {intent.op: intent for intent in await store.journal.of_twin(twin.id)}
    assert of_twin["a"].acknowledgement == Acknowledgement(id="34", fields={"summary": "Fire"})
    assert [of_twin[op].status for op in "abc"] == [IntentStatus.APPLIED, IntentStatus.REJECTED, IntentStatus.OPEN]


async def test_what_no_base_will_account_for_is_settled_by_itself(store: Store, twin: Twin) -> None:
    for op in ("a", "b"):
        await store.journal.open(op, twin.id, Side.RIGHT, STEP)
        await store.journal.sent(op, 0)
    await store.journal.settle("a")
    assert [intent.op for intent in await store.journal.unsettled(twin.id, Side.RIGHT)] == ["b"]
    assert [intent.settled for intent in await store.journal.of_twin(twin.id)] == [True, False]
    with pytest.raises(BadInput, match="no intent 'op9'"):
        await store.journal.settle("op9")


@pytest.mark.parametrize("seen", [0, 2])
async def test_a_write_that_others_attempted_meanwhile_is_not_sent(store: Store, twin: Twin, seen: int) -> None:
    await store.journal.open("op1", twin.id, Side.RIGHT, STEP)
    assert await store.journal.sent("op1", 0) is None
    with pytest.raises(Overtaken, match="another attempt"):
        await store.journal.sent("op1", seen)
    assert (await store.journal.of_twin(twin.id))[0].sends == 1


@pytest.mark.parametrize("applied", [True, False])
async def test_a_write_whose_outcome_is_known_is_not_sent(store: Store, twin: Twin, *, applied: bool) -> None:
    await store.journal.open("op1", twin.id, Side.RIGHT, STEP)
    await store.journal.sent("op1", 0)
    await (store.journal.acknowledge("op1", Acknowledgement(id="34")) if applied else store.journal.reject("op1", "refused"))
    with pytest.raises(Overtaken, match="another attempt"):
        await store.journal.sent("op1", 1)
    assert (await store.journal.of_twin(twin.id))[0].sends == 1


async def test_nothing_is_sent_for_an_unlinked_twin(store: Store, twin: Twin) -> None:
    await store.journal.open("op1", twin.id, Side.RIGHT, STEP)
    await store.twins.set_status(twin.id, TwinStatus.UNLINKED, "asked for")
    with pytest.raises(Overtaken, match="unlinked"):
        await store.journal.sent("op1", 0)
    assert (await store.journal.of_twin(twin.id))[0].sends == 0


async def test_nothing_is_sent_while_the_connection_is_not_active(store: Store, twin: Twin) -> None:
    await store.journal.open("op1", twin.id, Side.RIGHT, STEP)
    await store.configurations.set_status("support", ConnectionStatus.DEACTIVATED)
    assert await store.journal.sent("op1", 0) is ConnectionStatus.DEACTIVATED
    assert (await store.journal.of_twin(twin.id))[0].sends == 0
    await store.configurations.set_status("support", ConnectionStatus.ACTIVE)
    assert await store.journal.sent("op1", 0) is None


async def test_a_refusal_does_not_undo_what_is_known_to_have_happened(store: Store, twin: Twin) -> None:
    await store.journal.open("op1", twin.id, Side.RIGHT, STEP)
    await store.journal.acknowledge("op1", Acknowledgement(id="34"))
    await store.journal.reject("op1", "it did not happen")
    (intent,) = await store.journal.of_twin(twin.id)
    assert (intent.status, intent.acknowledgement) == (IntentStatus.APPLIED, Acknowledgement(id="34"))


async def test_a_further_attempt_is_doubted_anew(store: Store, twin: Twin) -> None:
    await store.journal.open("op1", twin.id, Side.RIGHT, STEP)
    await store.journal.sent("op1", 0)
    await store.journal.doubt("op1", MOMENT)
    await store.journal.sent("op1", 1)
    later = MOMENT + timedelta(minutes=5)
    assert (await store.journal.doubt("op1", later)).recovering_since == later


async def test_the_first_doubt_counts(store: Store, twin: Twin) -> None:
    await store.journal.open("op1", twin.id, Side.RIGHT, STEP)
    assert (await store.journal.doubt("op1", MOMENT)).recovering_since == MOMENT
    doubted = await store.journal.doubt("op1", MOMENT + timedelta(minutes=5))
    assert doubted.recovering_since == MOMENT
    assert str(doubted.recovering_since).endswith("+00:00")


async def test_a_rejected_intent_opens_anew(store: Store, twin: Twin) -> None:
    await store.journal.open("op1", twin.id, Side.RIGHT, STEP)
    await store.journal.sent("op1", 0)
    await store.journal.doubt("op1", MOMENT)
    await store.journal.settle("op1")
    await store.journal.reject("op1", "no such option")
    step = AddComment(source_id="1", source_text="hi", body="hi", internal=False)
    opened = await store.journal.open("op1", twin.id, Side.RIGHT, step, plan=9)
    assert (opened.status, opened.sends, opened.recovering_since, opened.step) == (IntentStatus.OPEN, 0, None, step)
    assert (opened.plan, opened.settled) == (9, False)


async def test_what_was_not_journalled_cannot_be_sent(store: Store) -> None:
    with pytest.raises(BadInput, match="no intent 'op9'"):
        await store.journal.sent("op9", 0)


async def test_intents_are_listed_as_they_were_opened(store: Store, clock: Clock, twin: Twin) -> None:
    for op in ("c", "b"):
        await store.journal.open(op, twin.id, Side.RIGHT, STEP)
    clock.tick()
    await store.journal.open("a", twin.id, Side.RIGHT, STEP)
    clock.moment -= timedelta(minutes=1)
    await store.journal.open("d", twin.id, Side.RIGHT, STEP)
    assert [intent.op for intent in await store.journal.of_twin(twin.id)] == ["d", "b", "c", "a"]


async def test_steps_and_answers_are_stored_as_json_has_them(store: Store, twin: Twin) -> None:
    opened = await store.journal.open("op1", twin.id, Side.RIGHT, UpdateItem(fields={"due": float("nan")}))
    await store.journal.acknowledge("op1", Acknowledgement(fields={"due": float("nan")}))
    (stored,) = await store.journal.of_twin(twin.id)
    assert opened.step == stored.step == UpdateItem(fields={"due": None})
    assert stored.acknowledgement == Acknowledgement(fields={"due": None})


async def test_a_doubt_needs_a_time_with_a_zone(store: Store, twin: Twin) -> None:
    await store.journal.open("op1", twin.id, Side.RIGHT, STEP)
    with pytest.raises((ValueError, StatementError), match="no time zone"):
        await store.journal.doubt("op1", MOMENT.replace(tzinfo=None))
