"""An unlinked pair stays apart, whatever comes late."""

from temporalio.client import WorkflowExecutionStatus

from activities.interface import Hint
from model.twin import Twin
from model.words import Side, TwinStatus
from operations.steering import unlink
from tests.e2e.world import World, eventually


async def test_a_late_message_does_not_take_up_an_unlinked_pair_again(world: World) -> None:
    key, _ = await world.one_pair("Slingshot")
    [linked] = await world.twins()
    await unlink(world.store, world.signals, linked.id, force=False)

    async def twin() -> Twin:
        return await world.store.twins.get(linked.id)

    async def running() -> bool:
        status = (await world.client.get_workflow_handle(linked.workflow_id).describe()).status
        return status is WorkflowExecutionStatus.RUNNING

    await eventually(twin, lambda now: now.status is TwinStatus.UNLINKED, "an unlinked twin")
    await eventually(running, lambda still: not still, "its workflow closed")
    writes, apart = await world.bot_writes(), await twin()
    await world.ann.edit(key, summary="Long slingshot")
    connection = await world.store.configurations.connection(world.connection)
    await world.store.transactions.queue(linked.id, Side.LEFT)
    await world.signals.item_changed(linked, connection, Hint(side=Side.LEFT, force=True))

    async def waiting() -> int:
        return len(await world.store.transactions.waiting(world.connection, 10))

    await eventually(waiting, lambda count: count == 0, "nothing waiting")
    await eventually(running, lambda still: not still, "its workflow closed again")
    assert await world.bot_writes() == writes
    assert await twin() == apart
