"""What becomes of a call that may change something: an entry of the audit log, whatever it comes to."""

from collections.abc import Awaitable, Callable

from fastapi import Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from model.audit import Outcome
from model.errors import BadInput, NotFound, TwinlineError
from operations.problems import joined
from store import Store

REFUSALS = (BadInput, NotFound)
REASON_LIMIT = 1000


async def audited(store: Store, call: Callable[[], Awaitable[Response]]) -> Response:
    """The answer to `call`, which the log has: with its first change, else after it."""
    try:
        answer = await call()
    except HTTPException as error:
        await store.audit.record_failure(Outcome.REFUSED, str(error.detail))
        raise
    except RequestValidationError as error:
        places = ", ".join(joined(*one["loc"]) for one in error.errors())
        await store.audit.record_failure(Outcome.REFUSED, f"the request has not the right form: {places}"[:REASON_LIMIT])
        raise
    except TwinlineError as error:
        await store.audit.record_failure(Outcome.REFUSED if isinstance(error, REFUSALS) else Outcome.FAILED, error.message)
        raise
    except Exception as error:
        await store.audit.record_failure(Outcome.FAILED, type(error).__name__)
        raise
    await store.audit.record()
    return answer
