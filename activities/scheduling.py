"""Temporal's schedules of triggers: one for each trigger that is on and has one."""

from datetime import timedelta

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleSpec,
    ScheduleUpdate,
)
from temporalio.service import RPCError, RPCStatusCode

from activities.interface import TWIN_QUEUE, TriggerRun
from model.trigger import Schedule as Wanted
from model.words import Side

MISSED = timedelta(hours=1)
PATIENCE = timedelta(seconds=10)


def schedule_id(connection: str, side: Side, trigger: str) -> str:
    return f"trigger/{connection}/{side}/{trigger}"


async def keep(client: Client, run: TriggerRun, wanted: Wanted) -> None:
    """Have the trigger run so from now on. A run that is due while one is under way is left out, as is one that was missed for an hour."""
    own = schedule_id(run.connection, run.side, run.trigger)
    schedule = _schedule(own, run, wanted)
    try:
        await client.create_schedule(own, schedule, rpc_timeout=PATIENCE)
    except ScheduleAlreadyRunningError:
        await client.get_schedule_handle(own).update(lambda _: ScheduleUpdate(schedule), rpc_timeout=PATIENCE)


async def drop(client: Client, connection: str, side: Side, trigger: str) -> None:
    """One that is not there is fine."""
    try:
        await client.get_schedule_handle(schedule_id(connection, side, trigger)).delete(rpc_timeout=PATIENCE)
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise


def _schedule(own: str, run: TriggerRun, wanted: Wanted) -> Schedule:
    every = [ScheduleIntervalSpec(every=timedelta(seconds=wanted.every))] if wanted.every else []
    return Schedule(
        action=ScheduleActionStartWorkflow(
            "TriggerRunWorkflow", run, id=own, task_queue=TWIN_QUEUE, static_summary=f"trigger {run.trigger} of {run.connection}"
        ),
        spec=ScheduleSpec(intervals=every, cron_expressions=[wanted.cron] if wanted.cron else []),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=MISSED),
    )
