"""How our errors become Temporal's: what is tried again, when, and what ends in a person's hands."""

from datetime import timedelta

from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from model.errors import Ambiguous, RateLimited, TwinlineError, Unavailable

FIRST_LOOK = timedelta(seconds=1)


def passing(error: Unavailable | RateLimited | Ambiguous, wait: timedelta | None = None) -> ApplicationError:
    """A failure that heals by itself: tried again after `wait`, or when the platform said so, or by the retry policy."""
    if wait is None and isinstance(error, RateLimited):
        wait = timedelta(seconds=error.retry_after)
    if wait is None and isinstance(error, Ambiguous):
        wait = FIRST_LOOK
    return ApplicationError(error.message, type=type(error).__name__, next_retry_delay=wait, category=ApplicationErrorCategory.BENIGN)


def lasting(error: TwinlineError) -> ApplicationError:
    """A failure that needs a person: not tried again by itself."""
    return ApplicationError(error.message, type=type(error).__name__, non_retryable=True, category=ApplicationErrorCategory.BENIGN)
