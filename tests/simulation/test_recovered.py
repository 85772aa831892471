"""What recovery finds out is not only made part of a base: the side that the write came from is looked at again."""

from datetime import timedelta

import pytest

from activities.calling import Calls
from activities.effects import Effects
from activities.engine import places
from activities.recovery import recover
from model.errors import Refused, Stale
from model.journal import Intent
from model.plan import Acknowledgement, Plan, UpdateItem
from model.words import IntentStatus, Side, Stage, TwinStatus
from rules.interface import Lookup
from tests.simulation.case import Case, Played, play
from tests.simulation.clock import Clock
from tests.simulation.steps import CreateItem, Edit
from tests.simulation.world import CONNECTION


async def _recovered(played: Played) -> list[tuple[Side, Stage]]:
    """What waits for the twin once a write of an applied plan, made by an attempt that was given up, is found out to have happened."""
    store = played.world.engine.store
    (twin,) = await store.twins.listing(CONNECTION, TwinStatus.SYNCHRONIZED)
    replica = await store.replicas.latest(twin.id, Side.LEFT)
    assert replica is not None
    step = UpdateItem(fields={"priority": "Low"})
    known = await played.world.accounts[Side.RIGHT].read("right1")
    plan = await store.plans.add(twin.id, replica.transaction, replica.id, Plan(steps=(step,), source=Side.LEFT, target=known))
    await store.journal.open("late", twin.id, Side.RIGHT, step, plan)
    await store.journal.sent("late", 0)
    await store.journal.acknowledge("late", Acknowledgement(id="right1", item_id="right1"))
    await recover(played.world.engine, twin, Side.RIGHT)
    return [(one.source, one.stage) for one in await store.transactions.waiting(CONNECTION, 10)]


def test_the_source_of_a_write_that_came_late_waits_for_its_turn() -> None:
    clock = Clock()
    case = Case(steps=(CreateItem(at=1.0, text="anvil"), Edit(at=10.0, item=0, field="priority", value="Medium")))
    assert clock.run(lambda: play(case, clock, None, _recovered)) == [(Side.LEFT, Stage.QUEUED)]


async def _given_up_twice(played: Played) -> tuple[list[str], Intent, Intent]:
    """What two attempts at one plan say of a write in doubt that an edit hides, and the intent after them and after recovery.

    The plan knows no earlier state of the item, as that of a new one; the second attempt is another worker's, the first one having died.
    """
    engine = played.world.engine
    store = engine.store
    (twin,) = await store.twins.listing(CONNECTION, TwinStatus.SYNCHRONIZED)
    replica = await store.replicas.latest(twin.id, Side.LEFT)
    assert replica is not None
    step = UpdateItem(fields={"priority": "Low"})
    number = await store.plans.add(twin.id, replica.transaction, replica.id, Plan(steps=(step,), source=Side.LEFT, target=None))
    plan = await store.plans.get(number)
    op = engine.op(twin.id, str(Side.RIGHT), step.kind, str(number), "0")
    await store.journal.open(op, twin.id, Side.RIGHT, step, number)
    await store.journal.sent(op, 0)
    await store.journal.doubt(op, engine.now() - timedelta(days=1))
    source, target = await places(engine, twin, replica.version, Side.LEFT)
    said: list[str] = []
    for _ in range(2):
        try:
            await Effects(engine, twin, plan, source, target).carry_out(0, step, "right1", "")
        except Stale as stale:
            said.append(stale.message)
    (after,) = await store.journal.unsettled(twin.id, Side.RIGHT)
    await recover(engine, twin, Side.RIGHT)
    (*_, recovered) = [one for one in await store.journal.of_twin(twin.id) if one.op == op]
    return said, after, recovered


def test_a_second_attempt_does_not_send_what_the_first_one_gave_up() -> None:
    clock = Clock()
    case = Case(steps=(CreateItem(at=1.0, text="anvil"), Edit(at=10.0, item=0, field="priority", value="Medium")))
    said, after, recovered = clock.run(lambda: play(case, clock, None, _given_up_twice))
    assert len(said) == 2
    assert "was edited while our write to it was in doubt" in said[1]
    assert (after.status, after.sends, recovered.status) == (IntentStatus.OPEN, 1, IntentStatus.REJECTED)


async def _called_by_another(played: Played) -> str:
    """What a run of a rule is told of a call that another attempt has sent since this one began."""
    engine = played.world.engine
    (twin,) = await engine.store.twins.listing(CONNECTION, TwinStatus.SYNCHRONIZED)
    replica = await engine.store.replicas.latest(twin.id, Side.LEFT)
    assert replica is not None
    _, target = await places(engine, twin, replica.version, Side.LEFT)
    post = Lookup(name="http", arguments=("POST", "/watchers", "{}", "1"))
    ours, theirs = Calls(engine, twin, replica, target), Calls(engine, twin, replica, target)
    await ours.find_out()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine.store.journal, "acknowledge", _dying)
        with pytest.raises(ConnectionAbortedError):
            await theirs.write(post)
    try:
        return str(await ours.write(post))
    except Refused as refused:
        return refused.message


async def _dying(op: str, answer: Acknowledgement) -> None:
    raise ConnectionAbortedError(f"{op}, {answer.id}")


def test_a_call_that_another_attempt_sent_is_not_sent_again() -> None:
    clock = Clock()
    case = Case(steps=(CreateItem(at=1.0, text="anvil"), Edit(at=10.0, item=0, field="priority", value="Medium")))
    assert "the call is not sent again" in clock.run(lambda: play(case, clock, None, _called_by_another))
