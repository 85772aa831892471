"""A text that is written again for its pictures looks the same before and after: what is there never tells that it was done."""

import asyncio

import pytest

from activities.effects import Effects, InDoubt
from activities.engine import places
from model.plan import Acknowledgement, CreateItem, Plan, UpdateItem
from model.words import Side, TwinStatus
from tests.simulation import steps
from tests.simulation.case import Case, Played, play
from tests.simulation.clock import Clock
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
    updates = (UpdateItem(fields=fields), UpdateItem(fields=fields, shows=True))
    number = await store.plans.add(twin.id, replica.transaction, replica.id, Plan(steps=updates, source=Side.LEFT, target=known))
    plan = await store.plans.get(number)
    source, target = await places(played.world.engine, twin, replica.version, Side.LEFT)
    effects = Effects(played.world.engine, twin, plan, source, target)
    sent = [await store.journal.open(f"op{place}", twin.id, Side.RIGHT, step, number) for place, step in enumerate(updates)]
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
    case = Case(steps=(steps.CreateItem(at=1.0, text="anvil"),))
    assert clock.run(lambda: play(case, clock, None, _in_doubt)) == [True, False]


async def _read_back(played: Played) -> tuple[bool, int]:
    """Of an item that somebody touched: whether its text counts as edited, and how many conflicts are on record."""
    store, account = played.world.engine.store, played.world.accounts[Side.RIGHT]
    (twin,) = await store.twins.listing(CONNECTION, TwinStatus.SYNCHRONIZED)
    replica = await store.replicas.latest(twin.id, Side.LEFT)
    assert replica is not None
    known = await account.read("right1")
    assert known.fields["created"] != known.fields["updated"]
    made = CreateItem(fields={"summary": known.fields["summary"]})
    plan = Plan(steps=(made, UpdateItem(fields={"summary": "anvil with its picture"}, shows=True)), source=Side.LEFT, target=None)
    stored = await store.plans.get(await store.plans.add(twin.id, replica.transaction, replica.id, plan))
    effects = Effects(played.world.engine, twin, stored, *await places(played.world.engine, twin, replica.version, Side.LEFT))
    _, edited = await effects.read_back(Acknowledgement(id="right1"), made)
    return edited, len(await store.conflicts.of_twin(twin.id))


def test_what_is_to_be_written_over_it_is_no_conflict_while_the_item_is_being_made() -> None:
    clock = Clock()
    touch = steps.Edit(at=30.0, side=Side.RIGHT, item=0, field="priority", value="High")
    case = Case(steps=(steps.CreateItem(at=1.0, text="anvil"), touch))
    assert clock.run(lambda: play(case, clock, None, _read_back)) == (False, 0)
