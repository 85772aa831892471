"""Activities as Temporal runs them: at least once, tried again as told, given up on when they fall silent, and never stopped by force."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from temporalio.api.failure.v1 import Failure
from temporalio.bridge.proto.activity_result import activity_result_pb2 as results
from temporalio.bridge.proto.workflow_activation import workflow_activation_pb2 as activations
from temporalio.bridge.proto.workflow_commands.workflow_commands_pb2 import ScheduleActivity
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.exceptions import ActivityError, ApplicationError, CancelledError, RetryState

from tests.simulation.instances import CONVERTER, Job
from tests.simulation.process import Process

Activity = Callable[..., Awaitable[object]]
DEFAULT_FIRST = 1.0
DEFAULT_MAXIMUM = 100.0


@dataclass(eq=False)
class Scheduled:
    """One activity of one workflow run until it is resolved. `number` is the attempt that counts; answers of earlier ones are refused."""

    command: ScheduleActivity
    number: int = 0
    resolved: bool = False
    cancelled: bool = False

    @property
    def name(self) -> str:
        return self.command.activity_type

    @property
    def silence(self) -> float:
        """Seconds after which an attempt that no longer beats is given up."""
        told = self.command.heartbeat_timeout.ToTimedelta() or self.command.start_to_close_timeout.ToTimedelta()
        return told.total_seconds()

    def pause(self, error: ApplicationError | None) -> float | None:
        """Seconds until the next attempt; None if there is none."""
        policy = self.command.retry_policy
        if error is not None and error.non_retryable:
            return None
        if policy.maximum_attempts and self.number >= policy.maximum_attempts:
            return None
        if error is not None and error.next_retry_delay is not None:
            return error.next_retry_delay.total_seconds()
        first = policy.initial_interval.ToTimedelta().total_seconds() or DEFAULT_FIRST
        most = policy.maximum_interval.ToTimedelta().total_seconds() or DEFAULT_MAXIMUM
        return min(first * (policy.backoff_coefficient or 2.0) ** (self.number - 1), most)


@dataclass(eq=False)
class Attempt:
    """One attempt, in the worker process that it was handed to."""

    scheduled: Scheduled
    number: int
    process: Process

    @property
    def counts(self) -> bool:
        return not self.scheduled.resolved and self.scheduled.number == self.number


def completed(scheduled: Scheduled, result: object) -> Job:
    payload = CONVERTER.to_payloads([result])[0]
    return _resolved(scheduled, results.ActivityResolution(completed=results.Success(result=payload)))


def failed(scheduled: Scheduled, error: BaseException) -> Job:
    return _resolved(scheduled, results.ActivityResolution(failed=results.Failure(failure=_failure(scheduled, error))))


def cancelled(scheduled: Scheduled) -> Job:
    failure = _failure(scheduled, CancelledError("cancelled"))
    return _resolved(scheduled, results.ActivityResolution(cancelled=results.Cancellation(failure=failure)))


def _resolved(scheduled: Scheduled, resolution: results.ActivityResolution) -> Job:
    return Job(resolve_activity=activations.ResolveActivity(seq=scheduled.command.seq, result=resolution))


def _failure(scheduled: Scheduled, cause: BaseException) -> Failure:
    error = ActivityError(
        "Activity task failed",
        scheduled_event_id=1,
        started_event_id=2,
        identity="worker",
        activity_type=scheduled.name,
        activity_id=scheduled.command.activity_id,
        retry_state=RetryState.NON_RETRYABLE_FAILURE,
    )
    error.__cause__ = cause
    failure = Failure()
    pydantic_data_converter.failure_converter.to_failure(error, CONVERTER, failure)
    return failure


def beat_reaches(seconds: float) -> timedelta:
    """How long until an attempt learns from its heartbeat that it is no longer wanted: the SDK sends at 80 % of the time-out."""
    return timedelta(seconds=seconds * 0.8)
