"""A system's feed: polls at its pace, at once when a webhook wakes it."""

from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError

from activities.interface import FeedActivities, FeedInput, PollRequest, PollResult, system_queue
from workflows.pages import feed_page
from workflows.timeouts import POLLING

AFTER_FAILURE = timedelta(seconds=30)
SOON = timedelta(seconds=2)


@workflow.defn(name="FeedWorkflow")
class FeedWorkflow:
    @workflow.init
    def __init__(self, start: FeedInput) -> None:
        self._start = start
        self._awake = False
        self._failing = False
        self._rounds = 0
        self._events = 0
        self._started = 0
        self._last_error = ""
        self._next_poll = start.next_poll or workflow.now()

    @workflow.run
    async def run(self, start: FeedInput) -> None:
        """Every run begins with a look into the inbox, so that a `wake` at the end of the last one is not missed."""
        while not self._must_continue_as_new():
            due = self._failing or workflow.now() >= self._next_poll
            self._awake = False
            polled = await self._poll(drain_only=not due)
            if due and not self._plan_next(polled) and not self._awake:
                return
            self._show()
            await self._sleep(self._pause(polled))
        await workflow.wait_condition(workflow.all_handlers_finished)
        workflow.continue_as_new(start.model_copy(update={"next_poll": self._next_poll}))

    @workflow.signal
    def wake(self) -> None:
        self._awake = True

    def _plan_next(self, polled: PollResult | None) -> bool:
        """When to poll again: in step with the polls before, however long they take. False if nobody needs the feed any more."""
        self._failing = polled is None or polled.rejected
        if polled is None:
            self._next_poll = workflow.now() + AFTER_FAILURE
        elif polled.next_in:
            interval = timedelta(seconds=polled.next_in)
            late = workflow.now() - self._next_poll
            self._next_poll = workflow.now() + interval - late % interval
        return polled is None or polled.next_in > 0

    def _pause(self, polled: PollResult | None) -> timedelta:
        """Until the next poll, or until the inbox or the triggers are to be looked at again."""
        pause = self._next_poll - workflow.now()
        look = SOON if polled and polled.unready else timedelta(seconds=polled.hidden if polled else 0)
        return min(pause, look) if look else pause

    async def _sleep(self, pause: timedelta) -> None:
        if pause <= timedelta():
            return
        try:
            await workflow.wait_condition(lambda: self._awake, timeout=pause, timeout_summary="until the next poll")
        except TimeoutError:
            return

    async def _poll(self, *, drain_only: bool) -> PollResult | None:
        try:
            polled = await workflow.execute_activity_method(
                FeedActivities.poll,
                PollRequest(system=self._start.system, drain_only=drain_only),
                task_queue=system_queue(self._start.system),
                summary="route webhook events" if drain_only else "poll",
                **POLLING,
            )
        except ActivityError as error:
            self._last_error = str(error.cause or error)
            return None
        self._rounds += 1
        self._events += polled.events
        self._started += polled.started
        self._last_error = ""
        return polled

    def _must_continue_as_new(self) -> bool:
        info = workflow.info()
        return info.is_continue_as_new_suggested() or info.get_current_history_length() > self._start.events_per_run

    def _show(self) -> None:
        workflow.set_current_details(feed_page(self._start.system, self._rounds, self._events, self._started, self._last_error))
