"""A trigger with a schedule runs its whole query; one that is taken away leaves none behind."""

from temporalio.client import ScheduleActionExecutionStartWorkflow
from temporalio.service import RPCError, RPCStatusCode

from activities.scheduling import schedule_id
from model.trigger import Schedule, Trigger
from model.words import Side
from tests.e2e.world import World, eventually


async def test_a_scheduled_run_takes_up_what_matches_and_ends_with_its_trigger(world: World) -> None:
    await world.one_pair("Anvil, small")
    now = await world.store.configurations.deployment()
    old = now.connections[world.connection]
    scheduled = Trigger(side=Side.LEFT, name="nightly", query='project = APP AND summary ~ "Anvil"', schedule=Schedule(cron="0 3 1 1 *"))
    await world.store.configurations.match(
        now.model_copy(update={"connections": {world.connection: old.model_copy(update={"triggers": (*old.triggers, scheduled)})}})
    )
    connection = await world.store.configurations.connection(world.connection)
    await world.signals.schedule(connection)
    await world.signals.schedule(connection)
    own = schedule_id(world.connection, Side.LEFT, "nightly")
    handle = world.client.get_schedule_handle(own)
    description = await handle.describe()
    assert description.schedule.spec.cron_expressions or description.schedule.spec.calendars
    await handle.trigger()

    async def runs() -> int:
        return len((await handle.describe()).info.recent_actions)

    await eventually(runs, lambda count: count == 1, "one run")
    run = (await handle.describe()).info.recent_actions[0].action
    assert isinstance(run, ScheduleActionExecutionStartWorkflow)
    result = await world.client.get_workflow_handle(run.workflow_id).result()
    assert (result["found"], result["started"], result["hinted"], result["skipped"]) == (1, 0, 1, "")

    await world.store.configurations.match(
        now.model_copy(update={"connections": {world.connection: old.model_copy(update={"triggers": old.triggers})}})
    )
    await handle.trigger()

    async def gone() -> bool:
        try:
            await handle.describe()
        except RPCError as error:
            return error.status is RPCStatusCode.NOT_FOUND
        return False

    await eventually(gone, bool, "the schedule is gone")
    await world.quiet(1)
    assert len(await world.twins()) == 1
