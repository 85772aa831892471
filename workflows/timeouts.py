"""How long each kind of activity may take, and how it is tried again.

Activities beat every few seconds: `SILENCE` is how long a dead worker goes unnoticed. Gates and error classes end retries, never a count.
"""

from datetime import timedelta
from typing import NotRequired, TypedDict

from temporalio.common import Priority, RetryPolicy
from temporalio.workflow import ActivityCancellationType

NORMAL = 3
LAST = 5
SILENCE = timedelta(seconds=15)


class Options(TypedDict):
    start_to_close_timeout: timedelta
    heartbeat_timeout: timedelta | None
    retry_policy: RetryPolicy
    cancellation_type: NotRequired[ActivityCancellationType]


_PATIENT = RetryPolicy(initial_interval=timedelta(seconds=1), backoff_coefficient=2.0, maximum_interval=timedelta(minutes=5))

# Whoever interrupts an attempt waits until it has ended, since nothing else may work on the twin before.
_TO_ITS_END = ActivityCancellationType.WAIT_CANCELLATION_COMPLETED

READING = Options(
    start_to_close_timeout=timedelta(minutes=3), heartbeat_timeout=SILENCE, retry_policy=_PATIENT, cancellation_type=_TO_ITS_END
)
WRITING = Options(
    start_to_close_timeout=timedelta(minutes=30), heartbeat_timeout=SILENCE, retry_policy=_PATIENT, cancellation_type=_TO_ITS_END
)
POLLING = Options(
    start_to_close_timeout=timedelta(minutes=5),
    heartbeat_timeout=SILENCE,
    retry_policy=RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=30), maximum_attempts=3),
)
RECORDING = Options(start_to_close_timeout=timedelta(seconds=30), heartbeat_timeout=None, retry_policy=_PATIENT)
PRUNING = Options(start_to_close_timeout=timedelta(hours=2), heartbeat_timeout=SILENCE, retry_policy=_PATIENT)
SEARCHING = Options(start_to_close_timeout=timedelta(hours=2), heartbeat_timeout=SILENCE, retry_policy=_PATIENT)
DRAINING = Options(start_to_close_timeout=timedelta(minutes=10), heartbeat_timeout=timedelta(minutes=1), retry_policy=_PATIENT)
COLLECTING = Options(start_to_close_timeout=timedelta(hours=6), heartbeat_timeout=SILENCE, retry_policy=_PATIENT)
WORKING = Options(start_to_close_timeout=timedelta(hours=1), heartbeat_timeout=SILENCE, retry_policy=_PATIENT)


def fair(connection: str) -> Priority:
    """One connection's backlog does not starve the others."""
    return Priority(priority_key=NORMAL, fairness_key=connection)


def behind(connection: str) -> Priority:
    """Operations on many items come after what people and platforms ask for now."""
    return Priority(priority_key=LAST, fairness_key=connection)
