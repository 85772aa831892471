"""A text that is written again for its pictures looks the same before and after: what is there never tells that it was done."""

import asyncio

import pytest

from activities.effects import Effects, InDoubt
from activities.engine import places
from model.plan import Plan, UpdateItem
from model.words import Side, TwinStatus
from tests.simulation.case import Case, Played, play
from tests.simulation.clock import Clock
from tests.simulation.steps import CreateItem
from tests.simulation.world import CONNECTION

LONG = 3600.0


async def _in_doubt(played: Played) -> list[bool]:
    """Whether an update in doubt counts as done by what is there: an ordinary one, and such a one after a while."""
    store, account = played.world.engine.store, played.world.accounts[Side.RIGHT]
    (twin,) = await store.twins.listing(CONNECTION, TwinStatus.SYNCHRONIZED)
    replica = await store.replicas.latest(twin.id, Side.LEFT)
    assert replica is not None
    known = await account.read("right1")
    fields = {"summary": known.fields["summary"]}
    steps = (UpdateItem(fields=fields), UpdateItem(fields=fields, shows=True))
    number = await store.plans.add(twin.id, replica.transaction, replica.id, Plan(steps=steps, source=Side.LEFT, target=known))
    plan = await store.plans.get(number)
    source, target = await places(played.world.engine, twin, replica.version, Side.LEFT)
    effects = Effects(played.world.engine, twin, plan, source, target)
    sent = [await store.journal.open(f"op{place}", twin.id, Side.RIGHT, step, number) for place, step in enumerate(steps)]
    for one in sent:
        await store.journal.sent(one.op, 0)
    _, plain = await effects.find_out(sent[0], "right1")
    with pytest.raises(InDoubt):
        await effects.find_out(sent[1], "right1")
    await asyncio.sleep(LONG)
    _, found = await effects.find_out(sent[1], "right1")
    return [plain is not None, found is not None]


def test_it_is_sent_again_once_a_late_write_can_no_longer_arrive() -> None:
    clock = Clock()
    case = Case(steps=(CreateItem(at=1.0, text="anvil"),))
    assert clock.run(lambda: play(case, clock, None, _in_doubt)) == [True, False]
