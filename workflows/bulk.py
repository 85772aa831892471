"""An operation on many items: begins a few at a time, at its pace, and waits until each has a result."""

from datetime import timedelta

from temporalio import workflow

from activities.interface import TWIN_QUEUE, BulkActivities, BulkInput, BulkProgress, BulkRequest
from model.words import OperationStatus
from workflows.pages import bulk_page
from workflows.timeouts import COLLECTING, WORKING, behind

ROUND_SECONDS = 5
MOST_AT_ONCE = 100
LONGEST_PAUSE = 60.0
WHILE_PAUSED = timedelta(minutes=1)
MOST_DOUBLINGS = 6
MINUTE = 60.0


@workflow.defn(name="BulkWorkflow")
class BulkWorkflow:
    """Whether the operation runs, pauses or is cancelled stands in the store; the signals have the workflow look there now."""

    @workflow.init
    def __init__(self, start: BulkInput) -> None:
        self._start = start
        self._progress = start.progress
        self._collecting = not start.collected
        self._told = False
        self._taken_up = start.progress == BulkProgress()
        self._idle_rounds = 0
        self._at_once = min(MOST_AT_ONCE, max(1, start.per_minute * ROUND_SECONDS // int(MINUTE)))

    @workflow.run
    async def run(self, start: BulkInput) -> None:
        self._show()
        if self._collecting:
            self._progress = await self._collect()
            self._collecting = False
        while not self._progress.status.over:
            self._told = False
            begun, before = workflow.now(), self._progress
            self._progress = await self._work()
            self._taken_up = False
            self._idle_rounds = self._idle_rounds + 1 if before == self._progress else 0
            self._show()
            if self._must_continue_as_new():
                await workflow.wait_condition(workflow.all_handlers_finished)
                workflow.continue_as_new(start.model_copy(update={"collected": True, "progress": self._progress}))
            await self._rest((workflow.now() - begun).total_seconds())
        self._show()
        await workflow.wait_condition(workflow.all_handlers_finished)

    @workflow.signal
    def pause(self) -> None:
        self._told = True

    @workflow.signal
    def resume(self) -> None:
        self._told = True

    @workflow.signal
    def cancel(self) -> None:
        self._told = True

    @workflow.query
    def progress(self) -> BulkProgress:
        return self._progress

    async def _collect(self) -> BulkProgress:
        return await workflow.execute_activity_method(
            BulkActivities.collect,
            BulkRequest(operation=self._start.operation),
            task_queue=TWIN_QUEUE,
            summary="look for the items",
            priority=behind(self._start.connection),
            **COLLECTING,
        )

    async def _work(self) -> BulkProgress:
        return await workflow.execute_activity_method(
            BulkActivities.work,
            BulkRequest(operation=self._start.operation, limit=self._at_once, again=self._taken_up),
            task_queue=TWIN_QUEUE,
            summary=f"begin up to {self._at_once} items",
            priority=behind(self._start.connection),
            **WORKING,
        )

    async def _rest(self, taken: float) -> None:
        """Keep the pace; look ever less often where nothing moves. While it pauses a signal says when to look, and that may get lost."""
        if self._progress.status is OperationStatus.RUNNING:
            interval = self._at_once * MINUTE / self._start.per_minute
            pause = timedelta(seconds=min(max(LONGEST_PAUSE, interval), interval * 2**self._idle_rounds) - taken)
            await self._wait(pause)
        elif not self._progress.status.over:
            await self._wait(WHILE_PAUSED * 2 ** min(self._idle_rounds, MOST_DOUBLINGS))

    async def _wait(self, pause: timedelta) -> None:
        if pause <= timedelta():
            return
        try:
            await workflow.wait_condition(lambda: self._told, timeout=pause, timeout_summary="until more items may begin")
        except TimeoutError:
            return

    def _must_continue_as_new(self) -> bool:
        info = workflow.info()
        return info.is_continue_as_new_suggested() or info.get_current_history_length() > self._start.events_per_run

    def _show(self) -> None:
        workflow.set_current_details(bulk_page(self._start, self._progress, collecting=self._collecting))
