"""A scheduled run of a trigger: all that matches its query comes under sync, or is looked at again."""

from temporalio import workflow

from activities.interface import TriggerActivities, TriggerRun, TriggerRunResult, system_queue
from workflows.timeouts import SEARCHING, fair


@workflow.defn(name="TriggerRunWorkflow")
class TriggerRunWorkflow:
    @workflow.run
    async def run(self, start: TriggerRun) -> TriggerRunResult:
        done = await workflow.execute_activity_method(
            TriggerActivities.run_trigger,
            start,
            task_queue=system_queue(start.system),
            summary=f"run {start.trigger} of {start.connection}",
            priority=fair(start.connection),
            **SEARCHING,
        )
        told = done.skipped or f"{done.found} items match; {done.started} came under sync, {done.hinted} are looked at again"
        workflow.set_current_details(f"## Trigger {start.trigger} of {start.connection}\n\n{told}")
        return done
