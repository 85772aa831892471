"""What stands in for Temporal: durable ordered signals, workflow tasks, timers, continue-as-new and at-least-once activities.

Workflow code is the real one, interpreted by the SDK; every worker's death, and every eviction, has it replayed from its history.
"""

import asyncio
import random
import traceback
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import get_type_hints

from pydantic import BaseModel
from temporalio.api.common.v1 import Payload
from temporalio.bridge.proto.workflow_activation import workflow_activation_pb2 as activations
from temporalio.exceptions import ApplicationError

from tests.simulation.attempts import Activity, Attempt, Scheduled, beat_reaches, cancelled, completed, failed
from tests.simulation.clock import Clock
from tests.simulation.instances import CONVERTER, Command, Failed, Identity, Instance, Job, Task, payloads, replayed
from tests.simulation.process import Killed, Process, running

HOP = 0.002
EVENTS_PER_TASK = 3


class Away(Exception):
    """The server cannot be reached."""


@dataclass(eq=False)
class Run:
    """One run of a workflow, as the server keeps it; `cached` is what the worker holds of it."""

    identity: Identity
    jobs: list[Job] = field(default_factory=list[Job])
    history: list[Task] = field(default_factory=list[Task])
    activities: dict[int, Scheduled] = field(default_factory=dict[int, Scheduled])
    timers: dict[int, asyncio.TimerHandle] = field(default_factory=dict[int, asyncio.TimerHandle])
    events: int = 2
    tasked: bool = False
    begun: bool = False
    closed: bool = False
    cached: Instance | None = None


class Server:
    """`hop` in seconds is the longest way of a message, `reach` is told of every named point that a worker passes.

    `complain` is told of what must never happen.
    """

    def __init__(
        self,
        clock: Clock,
        workflows: Sequence[type],
        chance: random.Random,
        hop: float,
        reach: Callable[[str], Awaitable[None]],
        complain: Callable[[str], None],
    ) -> None:
        self._clock = clock
        self._classes = {str(getattr(one, "__temporal_workflow_definition").name): one for one in workflows}
        self._activities: dict[str, tuple[Activity, type[BaseModel]]] = {}
        self._chance = chance
        self._longest_hop = hop
        self._reach = reach
        self._complain = complain
        self._runs: dict[str, Run] = {}
        self._numbers = 0
        self.worker = Process("worker 1")
        self._waiting: list[Callable[[], None]] = []
        self._attempts: dict[asyncio.Task[None], Attempt] = {}
        self.away = False

    def register(self, *activities: Activity) -> None:
        """What the worker can do."""
        self._activities |= {_name(one): (one, _request(one)) for one in activities}

    # What clients do

    async def signal(self, workflow: str, workflow_id: str, start: BaseModel, signal: str, argument: BaseModel | None) -> None:
        """Signal with start. Durable once it returns."""
        await self._clock.sleep(self._hop())
        self._require_reachable()
        run = self._runs.get(workflow_id)
        if run is None or run.closed:
            run = self._begin(Identity(workflow, workflow_id, self._number(), tuple(payloads([start]))))
        given = [] if argument is None else payloads([argument])
        run.events += 1
        self._tell(run, Job(signal_workflow=activations.SignalWorkflow(signal_name=signal, input=given, originating_event_id=run.events)))
        await self._clock.sleep(self._hop())
        self._require_reachable()

    def _require_reachable(self) -> None:
        if self.away:
            raise Away
        process = running()
        if process is not None:
            process.require_alive()

    # What happens to workers

    def kill(self, seconds: float) -> None:
        """The worker dies now; another one starts `seconds` later."""
        dead, self.worker = self.worker, Process("worker", alive=False)
        dead.kill()
        for attempt in list(self._attempts.values()):
            if attempt.process is dead:
                self._clock.call_later(attempt.scheduled.silence, self._given_up, attempt)
        for run in self._runs.values():
            self._forget(run)
        self._clock.call_later(seconds, self._restart)

    def evict(self) -> None:
        """Every workflow out of the worker's cache."""
        for run in self._runs.values():
            if not run.tasked:
                self._forget(run)

    def _restart(self) -> None:
        self.worker = Process(f"worker {self._number()}")
        waiting, self._waiting = self._waiting, []
        for work in waiting:
            work()

    def _forget(self, run: Run) -> None:
        if run.cached is not None:
            run.cached.evict()
            run.cached = None

    def give_up(self, attempt: Attempt) -> None:
        """An attempt that fell silent: another one is made while it may still be running."""
        self._given_up(attempt)

    def attempt_of(self, task: "asyncio.Task[None] | None") -> Attempt | None:
        return self._attempts.get(task) if task else None

    # What tests look at

    @property
    def busy(self) -> list[str]:
        """What is under way: workflow tasks and unresolved activities."""
        found: list[str] = []
        for run in self._runs.values():
            if run.tasked or run.jobs:
                found.append(f"{run.identity.id}: a task")
            found += [f"{run.identity.id}: {one.name}" for one in run.activities.values()]
        return found

    def open_runs(self) -> list[str]:
        return [name for name, run in self._runs.items() if not run.closed]

    def end(self) -> None:
        """Nothing holds on to anything any more: what a case leaves behind is freed without a search for it."""
        for run in self._runs.values():
            self._forget(run)
        self._runs.clear()
        self._activities.clear()

    # Workflow tasks

    def _begin(self, identity: Identity) -> Run:
        run = Run(identity, [identity.begin()])
        self._runs[identity.id] = run
        return run

    def _tell(self, run: Run, job: Job) -> None:
        if run.closed:
            return
        run.jobs.append(job)
        self._schedule(run)

    def _schedule(self, run: Run) -> None:
        if run.tasked or run.closed or not run.jobs:
            return
        run.tasked = True
        self._clock.call_later(self._hop(), self._hand_out, run)

    def _hand_out(self, run: Run) -> None:
        if not self.worker.alive:
            self._waiting.append(lambda: self._hand_out(run))
            return
        run.begun = False
        self.worker.run(self._task(run, self.worker)).add_done_callback(lambda _: None if run.begun else self._again(run))

    async def _task(self, run: Run, worker: Process) -> None:
        run.begun = True
        jobs = tuple(run.jobs)
        at, length = self._clock.now(), run.events + 2
        try:
            instance = run.cached or replayed(run.identity, self._classes, run.history)
            run.cached = instance
            answer = instance.answer(jobs, at, length)
            await self._reach(f"before workflow.{_kind(answer)}")
            await self._clock.sleep(self._hop())
            worker.require_alive()
        except Failed as failure:
            self._complain(f"workflow task failed: {failure}")
            return
        except asyncio.CancelledError:
            run.cached = None
            self._again(run)
            return
        if _closes(answer) and len(run.jobs) > len(jobs):
            self._forget(run)
            self._again(run)
            return
        del run.jobs[: len(jobs)]
        run.events += EVENTS_PER_TASK
        run.history.append(Task(jobs, at, length, answer))
        for command in answer:
            self._carry_out(run, command)
        await self._after_task(run, answer)

    async def _after_task(self, run: Run, answer: Sequence[Command]) -> None:
        run.tasked = False
        self._schedule(run)
        try:
            await self._reach(f"after workflow.{_kind(answer)}")
        except Killed:
            return

    def _again(self, run: Run) -> None:
        """A task that was not completed is handed out anew once the server has noticed."""
        run.tasked = False
        self._schedule(run)

    def _carry_out(self, run: Run, command: Command) -> None:
        match command.WhichOneof("variant"):
            case "schedule_activity":
                scheduled = Scheduled(command.schedule_activity)
                run.activities[scheduled.command.seq] = scheduled
                self._offer(run, scheduled, self._hop())
            case "request_cancel_activity":
                self._cancel(run, command.request_cancel_activity.seq)
            case "start_timer":
                timer = command.start_timer
                seconds = timer.start_to_fire_timeout.ToTimedelta().total_seconds()
                run.timers[timer.seq] = self._clock.call_later(seconds, self._fire, run, timer.seq)
            case "cancel_timer":
                self._cancel_timer(run, command.cancel_timer.seq)
            case "continue_as_new_workflow_execution":
                given = tuple(command.continue_as_new_workflow_execution.arguments)
                self._close(run)
                fresh = self._begin(Identity(run.identity.type, run.identity.id, self._number(), given))
                self._schedule(fresh)
            case "complete_workflow_execution":
                self._close(run)
            case "upsert_workflow_search_attributes":
                run.events += 1
            case other:
                self._complain(f"{run.identity.id}: the workflow issued {other}")
                self._close(run)

    def _close(self, run: Run) -> None:
        run.closed = True
        for timer in run.timers.values():
            timer.cancel()
        for scheduled in run.activities.values():
            self._unwanted(scheduled)
        run.activities.clear()
        self._clock.call_soon(self._forget, run)

    @staticmethod
    def _cancel_timer(run: Run, seq: int) -> None:
        """One that fired in the meantime has not fired for the workflow, which was not told yet."""
        timer = run.timers.pop(seq, None)
        if timer is not None:
            timer.cancel()
        run.jobs[:] = [job for job in run.jobs if not (job.HasField("fire_timer") and job.fire_timer.seq == seq)]

    def _fire(self, run: Run, seq: int) -> None:
        if run.timers.pop(seq, None) is not None:
            run.events += 1
            self._tell(run, Job(fire_timer=activations.FireTimer(seq=seq)))

    # Activities

    def _offer(self, run: Run, scheduled: Scheduled, seconds: float) -> None:
        self._clock.call_later(seconds, self._attempt, run, scheduled)

    def _attempt(self, run: Run, scheduled: Scheduled) -> None:
        if scheduled.resolved:
            return
        if not self.worker.alive:
            self._waiting.append(lambda: self._attempt(run, scheduled))
            return
        scheduled.number += 1
        attempt = Attempt(scheduled, scheduled.number, self.worker)
        task = self.worker.run(self._run(run, attempt))
        self._attempts[task] = attempt
        task.add_done_callback(lambda done: self._attempts.pop(done, None) and None)

    async def _run(self, run: Run, attempt: Attempt) -> None:
        scheduled = attempt.scheduled
        work, request = self._activities[scheduled.name]
        try:
            result = await work(_decoded(scheduled.command.arguments[0], request))
            await self._reach(f"before completion of {scheduled.name}")
            await self._clock.sleep(self._hop())
        except ApplicationError as error:
            self._failed(run, attempt, error)
        except asyncio.CancelledError:
            return
        except OSError:
            self._failed(run, attempt, None)
        except Exception as error:  # noqa: BLE001  whatever it is, Temporal tries again; that it happened at all is what tests look at
            self._complain(
                f"{scheduled.name} raised {type(error).__name__}: {error}\n{''.join(traceback.format_tb(error.__traceback__)[-3:])}"
            )
            self._failed(run, attempt, None)
        else:
            self._resolve(run, attempt, completed(scheduled, result))

    def _failed(self, run: Run, attempt: Attempt, error: ApplicationError | None) -> None:
        if not attempt.counts:
            return
        pause = attempt.scheduled.pause(error)
        if pause is None:
            self._resolve(run, attempt, failed(attempt.scheduled, error or ApplicationError("gave up")))
        else:
            self._offer(run, attempt.scheduled, max(pause, self._hop()))

    def _given_up(self, attempt: Attempt) -> None:
        if not attempt.counts:
            return
        run = next((one for one in self._runs.values() if attempt.scheduled in one.activities.values()), None)
        if run is not None:
            self._failed(run, attempt, None)

    def _resolve(self, run: Run, attempt: Attempt, job: Job) -> None:
        if not attempt.counts or self._is_away(run, attempt, job):
            return
        attempt.scheduled.resolved = True
        run.activities.pop(attempt.scheduled.command.seq, None)
        run.events += EVENTS_PER_TASK
        self._tell(run, job)

    def _is_away(self, run: Run, attempt: Attempt, job: Job) -> bool:
        """While the server is down its clients keep trying to tell it."""
        if self.away:
            self._clock.call_later(1.0, self._resolve, run, attempt, job)
        return self.away

    def _cancel(self, run: Run, seq: int) -> None:
        scheduled = run.activities.pop(seq, None)
        if scheduled is None:
            return
        self._unwanted(scheduled)
        self._tell(run, cancelled(scheduled))

    def _unwanted(self, scheduled: Scheduled) -> None:
        """Its attempt, if one runs, learns of it with a heartbeat."""
        scheduled.resolved = True
        for task, attempt in list(self._attempts.items()):
            if attempt.scheduled is scheduled:
                late = self._chance.uniform(0.0, beat_reaches(scheduled.silence).total_seconds())
                self._clock.call_later(late, task.cancel)

    def _hop(self) -> float:
        return self._chance.uniform(HOP, self._longest_hop)

    def _number(self) -> str:
        self._numbers += 1
        return str(self._numbers)


def _name(work: Activity) -> str:
    return str(getattr(work, "__temporal_activity_definition").name)


def _request(work: Activity) -> type[BaseModel]:
    [hint] = [hint for name, hint in get_type_hints(work).items() if name != "return"]
    return hint


def _decoded(payload: Payload, wanted: type[BaseModel]) -> object:
    return CONVERTER.from_payloads([payload], [wanted])[0]


def _closes(answer: Sequence[Command]) -> bool:
    return any(one.HasField("continue_as_new_workflow_execution") or one.HasField("complete_workflow_execution") for one in answer)


def _kind(answer: Sequence[Command]) -> str:
    if any(one.HasField("continue_as_new_workflow_execution") for one in answer):
        return "continue_as_new"
    return "complete" if _closes(answer) else "task"
