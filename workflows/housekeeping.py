"""Housekeeping: once a day, what is old and of no more use is deleted."""

from datetime import timedelta

from temporalio import workflow

from activities.interface import TWIN_QUEUE, HousekeepingActivities, HousekeepingInput
from workflows.timeouts import PRUNING


@workflow.defn(name="HousekeepingWorkflow")
class HousekeepingWorkflow:
    """A run is one round and the wait for the next, so that its history stays a few events long."""

    @workflow.run
    async def run(self, start: HousekeepingInput) -> None:
        workflow.set_current_details(f"## Housekeeping\n\n{start.pruned} old rows deleted in the last round")
        done = await workflow.execute_activity_method(
            HousekeepingActivities.prune, task_queue=TWIN_QUEUE, summary="delete what is old", **PRUNING
        )
        workflow.set_current_details(f"## Housekeeping\n\n{done.rows} old rows deleted in this round")
        await workflow.sleep(timedelta(seconds=start.every_seconds), summary="until the next round")
        workflow.continue_as_new(start.model_copy(update={"pruned": done.rows}))
