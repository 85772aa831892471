"""What recovery finds out is not only made part of a base: the side that the write came from is looked at again."""

from activities.recovery import recover
from model.plan import Acknowledgement, Plan, UpdateItem
from model.words import Side, Stage, TwinStatus
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
