"""How our errors become Temporal's: what is tried again, when, and what ends in a person's hands.

Temporal keeps what we tell it for long and shows it to whoever may look: values of items, which a refusal or a rule may
quote, stay in our own store.
"""

from datetime import timedelta

from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from model.errors import Ambiguous, Overtaken, RateLimited, Refused, ScriptFailed, TwinlineError, Unavailable

FIRST_LOOK = timedelta(seconds=1)
PASSING = (Unavailable, RateLimited, Ambiguous, Overtaken)


def passing(error: Unavailable | RateLimited | Ambiguous | Overtaken, wait: timedelta | None = None) -> ApplicationError:
    """A failure that heals by itself: tried again after `wait`, or when the platform said so, or by the retry policy."""
    if wait is None and isinstance(error, RateLimited):
        wait = timedelta(seconds=error.retry_after)
    if wait is None and isinstance(error, Ambiguous):
        wait = FIRST_LOOK
    return ApplicationError(error.message, type=type(error).__name__, next_retry_delay=wait, category=ApplicationErrorCategory.BENIGN)


def lasting(error: TwinlineError) -> ApplicationError:
    """A failure that needs a person: not tried again by itself."""
    return ApplicationError(without_content(error), type=type(error).__name__, non_retryable=True, category=ApplicationErrorCategory.BENIGN)


def without_content(error: TwinlineError) -> str:
    """What went wrong and where, without values of the item; where the rest is to be found."""
    match error:
        case ScriptFailed():
            place = f" at line {error.line}, column {error.column}" if error.line else ""
            return f"a sync rule failed{place}; `twinline twin show` has its words"
        case Refused():
            what = f"a value of {error.field!r}" if error.field else "the change"
            return f"{what} was refused; `twinline twin show` has the reason"
        case _:
            return error.message
