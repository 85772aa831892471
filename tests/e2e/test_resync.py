"""A pair that is in line is synced once more by hand, from either side."""

from model.words import Side, Stage, TwinStatus
from operations.steering import resync
from tests.e2e.world import World


async def test_a_resync_of_a_pair_in_line_is_carried_out_and_writes_nothing(world: World) -> None:
    await world.one_pair("Magnet", "Pulls anvils.")
    [twin] = await world.quiet(1)
    writes = await world.bot_writes()
    for side in Side:
        await resync(world.store, world.signals, twin.id, side)
        [twin] = await world.quiet(1)

    right, left = (await world.store.transactions.of_twin(twin.id))[:2]
    assert (left.source, right.source) == (Side.LEFT, Side.RIGHT)
    assert {left.stage, right.stage} <= {Stage.APPLIED, Stage.UNCHANGED}
    assert (twin.status, await world.bot_writes()) == (TwinStatus.SYNCHRONIZED, writes)
