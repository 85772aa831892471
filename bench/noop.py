"""What a sync is measured against: a workflow of a twin's shape whose three activities do nothing."""

from datetime import timedelta

from temporalio import activity, workflow

from activities.interface import FetchRequest, FetchResult, Hint, Message, Outcome
from model.words import Side

QUEUE = "bench"
SOURCE_QUEUE = "bench/source"
TARGET_QUEUE = "bench/target"


class NoopInput(Message):
    twin: str


@activity.defn(name="step")
async def step(request: FetchRequest) -> FetchResult:
    del request
    return FetchResult(outcome=Outcome.FETCHED, replica=1, transaction=1, summary="APP-1 read from acme-jira")


@activity.defn(name="last_step")
async def last_step(request: FetchRequest) -> FetchResult:
    """Says on standard output, with an empty line, that a run is over."""
    result = await step(request)
    print(flush=True)  # noqa: T201
    return result


@workflow.defn(name="NoopWorkflow")
class NoopWorkflow:
    """Each signal is followed by three activities, on the task queues that a twin would use."""

    @workflow.init
    def __init__(self, start: NoopInput) -> None:
        self._start = start
        self._waiting = 0

    @workflow.run
    async def run(self, start: NoopInput) -> None:
        del start
        while True:
            await workflow.wait_condition(lambda: self._waiting > 0)
            self._waiting -= 1
            await self._run("step", SOURCE_QUEUE)
            await self._run("step", TARGET_QUEUE)
            await self._run("last_step", TARGET_QUEUE)

    @workflow.signal
    def item_changed(self, hint: Hint) -> None:
        del hint
        self._waiting += 1

    async def _run(self, name: str, queue: str) -> None:
        await workflow.execute_activity(
            name,
            FetchRequest(twin=self._start.twin, source=Side.LEFT),
            task_queue=queue,
            result_type=FetchResult,
            start_to_close_timeout=timedelta(minutes=3),
            heartbeat_timeout=timedelta(seconds=15),
            summary="do nothing",
        )
