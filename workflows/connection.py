"""A connection: after each activation, wakes the twins that were held, at a bounded pace."""

from temporalio import workflow

from activities.interface import TWIN_QUEUE, ConnectionActivities, ConnectionInput, ResumeRequest
from workflows.timeouts import DRAINING


@workflow.defn(name="ConnectionWorkflow")
class ConnectionWorkflow:
    """The gate itself is the connection's row in the store; this workflow only follows it."""

    @workflow.init
    def __init__(self, start: ConnectionInput) -> None:
        self._start = start
        self._active = start.active
        self._draining = start.draining
        self._after = start.after
        self._resumed = 0

    @workflow.run
    async def run(self, start: ConnectionInput) -> None:
        while True:
            self._show()
            await workflow.wait_condition(lambda: self._draining or bool(self._after) or self._must_continue_as_new())
            if self._must_continue_as_new():
                await workflow.wait_condition(workflow.all_handlers_finished)
                carried = {"active": self._active, "draining": self._draining, "after": self._after}
                workflow.continue_as_new(start.model_copy(update=carried))
            await self._drain()

    @workflow.signal
    def activate(self) -> None:
        self._active = True
        self._draining = True

    @workflow.signal
    def deactivate(self) -> None:
        self._active = False

    async def _drain(self) -> None:
        """One page of a drain. An activation amid it asks for another drain, since twins before this page may be held again."""
        if not self._after:
            self._draining = False
        if not self._active:
            self._after = ""
            return
        page = await workflow.execute_activity_method(
            ConnectionActivities.resume_held,
            ResumeRequest(connection=self._start.connection, after=self._after),
            task_queue=TWIN_QUEUE,
            summary="wake held twins",
            **DRAINING,
        )
        self._resumed += page.resumed
        self._after = page.after

    def _must_continue_as_new(self) -> bool:
        info = workflow.info()
        return info.is_continue_as_new_suggested() or info.get_current_history_length() > self._start.events_per_run

    def _show(self) -> None:
        state = "active" if self._active else "deactivated: changes wait in the queue"
        workflow.set_current_details(f"## Connection {self._start.connection}\n\n{state}; {self._resumed} held twins woken in this run")
