"""A twin: takes hints, and carries one transaction after the other from fetch to apply."""

import asyncio

from temporalio import workflow
from temporalio.common import SearchAttributeKey, SearchAttributeUpdate
from temporalio.exceptions import ActivityError, is_cancelled_exception

from activities.attributes import LEFT, RIGHT, STATUS
from activities.interface import (
    ApplyRequest,
    FetchRequest,
    FetchResult,
    Hint,
    Outcome,
    TransformRequest,
    TransformResult,
    TwinActivities,
    TwinInput,
    TwinView,
    UnlinkRequest,
    system_queue,
)
from model.words import Side, TwinStatus
from workflows.pages import twin_page
from workflows.timeouts import READING, RECORDING, WRITING, fair

RECENT = 6
STALE_ROUNDS = 20
OVERFLOW = 5


@workflow.defn(name="TwinWorkflow")
class TwinWorkflow:
    """Signals only record; the main loop is the only place that acts, so one writer works on a twin at a time."""

    @workflow.init
    def __init__(self, start: TwinInput) -> None:
        self._start = start
        self._pending: dict[Side, Hint] = {hint.side: hint for hint in start.pending}
        self._for_others = {(hint.twin, hint.side): hint for hint in start.for_others}
        self._status = start.status
        self._settled = start.status
        self._last_error = start.last_error
        self._recent = list(start.recent)
        self._waiting = start.waiting
        self._unlinking = start.unlinking
        self._forced = False
        self._resumed = False
        self._keys = {Side.LEFT: start.left_key, Side.RIGHT: start.right_key}

    @workflow.run
    async def run(self, start: TwinInput) -> None:
        del start
        self._show()
        while not self._closed():
            await workflow.wait_condition(self._has_work)
            if self._forced or self._unlinks_now():
                await self._unlink()
            elif self._must_continue_as_new():
                await workflow.wait_condition(workflow.all_handlers_finished)
                workflow.continue_as_new(self._carried())
            else:
                await self._sync(self._next())
        await workflow.wait_condition(workflow.all_handlers_finished)
        if self._for_others:
            workflow.continue_as_new(self._successor())

    @workflow.signal
    def item_changed(self, hint: Hint) -> None:
        """A deletion is looked into at once: a change that was told of before it may have parked the twin because of it."""
        if hint.twin not in {"", self._start.twin}:
            earlier = self._for_others.get((hint.twin, hint.side))
            self._for_others[hint.twin, hint.side] = earlier.joined(hint) if earlier else hint
            self._look_whether_over()
            return
        if hint.force or hint.deleted:
            self._waiting = False
        if hint.deleted:
            self._resumed = True
            self._put_back(hint)
            return
        known = self._pending.get(hint.side)
        self._pending[hint.side] = known.joined(hint) if known else hint

    def _look_whether_over(self) -> None:
        """Another twin of these items is begun once this one is unlinked, of which the message may have been lost."""
        self._waiting = False
        self._pending.setdefault(self._start.origin, Hint(side=self._start.origin))

    @workflow.signal
    def resume(self) -> None:
        """Go on; a transaction that is about to be held, or to fail, is tried once more."""
        self._waiting = False
        self._resumed = True
        if not self._pending:
            self._pending[self._start.origin] = Hint(side=self._start.origin)

    @workflow.signal
    def retry(self) -> None:
        self.resume()

    @workflow.signal
    def unlink(self) -> None:
        """Finish what is queued, then stop; both items stay."""
        self._unlinking = True

    @workflow.signal
    def force_unlink(self) -> None:
        """Stop now, also amid a transaction that is being retried, and discard the queue."""
        self._forced = True

    @workflow.query
    def state(self) -> TwinView:
        return TwinView(
            twin=self._start.twin,
            status=self._status,
            queue=tuple(self._queue()),
            recent=tuple(self._recent),
            last_error=self._last_error,
        )

    def _has_work(self) -> bool:
        ready = bool(self._pending) and not self._waiting
        return ready or self._forced or self._unlinks_now() or self._must_continue_as_new()

    def _unlinks_now(self) -> bool:
        return self._unlinking and (self._waiting or not self._pending)

    def _must_continue_as_new(self) -> bool:
        info = workflow.info()
        return info.is_continue_as_new_suggested() or info.get_current_history_length() > self._start.events_per_run

    def _overflows(self) -> bool:
        """Signals that arrive while a platform is down fill the run as well; the server refuses those past the 10,000th."""
        return workflow.info().get_current_history_length() > OVERFLOW * self._start.events_per_run

    def _closed(self) -> bool:
        return self._status is TwinStatus.UNLINKED

    def _next(self) -> Hint:
        return self._pending.pop(next(iter(self._pending)))

    async def _sync(self, hint: Hint) -> None:
        self._become(TwinStatus.SYNCING)
        self._resumed = False
        work = asyncio.create_task(self._rounds(hint))
        await workflow.wait_condition(lambda: work.done() or self._forced or self._overflows())
        if not work.done():
            work.cancel()
        try:
            await work
        except (ActivityError, asyncio.CancelledError) as error:
            if is_cancelled_exception(error):
                self._put_back(hint)
            else:
                self._park(hint, TwinStatus.ERROR, str(error.__cause__ or error))

    async def _rounds(self, hint: Hint) -> None:
        for _ in range(STALE_ROUNDS):
            if self._forced or await self._transaction(hint):
                return
        self.item_changed(hint)

    async def _transaction(self, hint: Hint) -> bool:
        """One change from fetch to apply; False if the target moved meanwhile, so that it must be done again.

        A cancellation that meets the answer of an activity is lost, hence a look at `_forced` before the next.
        """
        fetched = await self._fetch(hint)
        if fetched.recovered:
            self.item_changed(Hint(side=hint.side.other))
        if self._forced or fetched.outcome is not Outcome.FETCHED:
            self._conclude(hint, fetched.outcome, fetched.summary)
            return True
        planned = await self._transform(hint.side, fetched)
        if self._forced or planned.outcome is not Outcome.PLANNED:
            self._conclude(hint, planned.outcome, planned.summary, planned.status)
            self._send_back(hint.side, wanted=planned.send_back and planned.outcome is Outcome.NOTHING)
            return True
        return await self._apply(hint, planned)

    async def _fetch(self, hint: Hint) -> FetchResult:
        return await workflow.execute_activity_method(
            TwinActivities.fetch,
            FetchRequest(twin=self._start.twin, source=hint.side, force=hint.force, deleted=hint.deleted, version=hint.version),
            task_queue=system_queue(self._system(hint.side)),
            summary=f"read {self._keys[hint.side]}",
            priority=fair(self._start.connection),
            **READING,
        )

    async def _transform(self, source: Side, fetched: FetchResult) -> TransformResult:
        return await workflow.execute_activity_method(
            TwinActivities.transform,
            TransformRequest(twin=self._start.twin, replica=fetched.replica),
            task_queue=system_queue(self._system(source.other)),
            summary=f"{self._keys[source]} → {self._keys[source.other] or 'new item'}",
            priority=fair(self._start.connection),
            **READING,
        )

    async def _apply(self, hint: Hint, planned: TransformResult) -> bool:
        target = hint.side.other
        applied = await workflow.execute_activity_method(
            TwinActivities.apply,
            ApplyRequest(twin=self._start.twin, plan=planned.plan),
            task_queue=system_queue(self._system(target)),
            summary=planned.summary[:180],
            priority=fair(self._start.connection),
            **WRITING,
        )
        if applied.outcome is Outcome.STALE:
            return False
        if applied.target_key and applied.target_key != self._keys[target]:
            self._keys[target] = applied.target_key
            self._label((LEFT if target is Side.LEFT else RIGHT), applied.target_key)
        self._conclude(hint, applied.outcome, planned.summary, applied.status)
        self._send_back(hint.side, wanted=applied.send_back and applied.outcome is Outcome.APPLIED)
        if applied.goes_on and applied.outcome is Outcome.APPLIED:
            self.item_changed(Hint(side=hint.side))
        return True

    def _conclude(self, hint: Hint, outcome: Outcome, summary: str, status: TwinStatus = TwinStatus.SYNCHRONIZED) -> None:
        match outcome:
            case Outcome.HELD:
                self._park(hint, TwinStatus.HELD, summary)
            case Outcome.LATER:
                self._put_back(hint)
                self._put_back(Hint(side=hint.side.other))
            case Outcome.GONE | Outcome.UNLINKED:
                self._note(hint.side, summary or "unlinked")
                self._become(TwinStatus.UNLINKED)
            case Outcome.UNCHANGED:
                self._become(TwinStatus.CONFLICT if self._settled is TwinStatus.CONFLICT else TwinStatus.SYNCHRONIZED)
            case _:
                self._note(hint.side, summary)
                self._last_error = ""
                self._become(status)

    def _send_back(self, source: Side, *, wanted: bool) -> None:
        if wanted:
            self.item_changed(Hint(side=source.other, force=True))

    def _park(self, hint: Hint, status: TwinStatus, reason: str) -> None:
        self._put_back(hint)
        self._waiting = not self._resumed
        self._last_error = reason
        self._become(status)

    def _put_back(self, hint: Hint) -> None:
        """It comes before all that waits."""
        later = self._pending.pop(hint.side, None)
        self._pending = {hint.side: hint.joined(later) if later else hint, **self._pending}

    async def _unlink(self) -> None:
        await workflow.execute_activity_method(
            TwinActivities.unlink,
            UnlinkRequest(twin=self._start.twin, reason="unlinked by request"),
            task_queue=system_queue(self._system(self._start.origin)),
            summary="unlink",
            **RECORDING,
        )
        self._become(TwinStatus.UNLINKED)

    def _become(self, status: TwinStatus) -> None:
        self._status = status
        if status is not TwinStatus.SYNCING and status is not self._settled:
            self._settled = status
            self._label(STATUS, str(status))
        self._show()

    def _label(self, attribute: SearchAttributeKey[str], value: str) -> None:
        changes: list[SearchAttributeUpdate[str]] = [attribute.value_set(value)]
        workflow.upsert_search_attributes(changes)  # pyright: ignore[reportUnknownMemberType]  the SDK's own type is open

    def _note(self, source: Side, summary: str) -> None:
        moment = workflow.now().strftime("%Y-%m-%d %H:%M:%S")
        self._recent = [f"{moment} from {self._keys[source]}: {summary[:160]}", *self._recent][:RECENT]

    def _queue(self) -> list[str]:
        return [f"change of {self._keys[side] or side}" for side in self._pending]

    def _system(self, side: Side) -> str:
        return self._start.left_system if side is Side.LEFT else self._start.right_system

    def _show(self) -> None:
        page = twin_page(self._keys, self._start.connection, self._status, self._queue(), self._recent, self._last_error)
        workflow.set_current_details(page)

    def _successor(self) -> TwinInput:
        """The item's next twin, which was told of a change before the workflow of this one had closed."""
        (next_twin, _), *_ = self._for_others
        return TwinInput(
            twin=next_twin,
            connection=self._start.connection,
            left_system=self._start.left_system,
            right_system=self._start.right_system,
            left_key=self._keys[Side.LEFT],
            right_key=self._keys[Side.RIGHT],
            origin=self._start.origin,
            pending=tuple(hint for (twin, _), hint in self._for_others.items() if twin == next_twin),
            for_others=tuple(hint for (twin, _), hint in self._for_others.items() if twin != next_twin),
            events_per_run=self._start.events_per_run,
        )

    def _carried(self) -> TwinInput:
        return self._start.model_copy(
            update={
                "for_others": tuple(self._for_others.values()),
                "left_key": self._keys[Side.LEFT],
                "right_key": self._keys[Side.RIGHT],
                "pending": tuple(self._pending.values()),
                "status": self._status,
                "last_error": self._last_error,
                "recent": tuple(self._recent),
                "waiting": self._waiting,
                "unlinking": self._unlinking,
            }
        )
