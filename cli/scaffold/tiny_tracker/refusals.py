"""Which answers become which errors."""

from connectors.kit.http import Answer
from model.errors import Gone, LoginRejected, NotFound, Refused, TwinlineError


def explain(system: str, answer: Answer) -> TwinlineError:
    """Tiny Tracker's answer from 400 up as one of our errors; 429 and 5xx never come here."""
    subject = answer.url.partition("/api/")[2].partition("?")[0]
    match answer.status:
        case 401:
            return LoginRejected(f"{system} does not accept the token; enter a new one")
        case 404:
            return NotFound(f"{system}: {subject!r} does not exist, or Twinline's account may not see it")
        case 410:
            return Gone(f"{system}: {subject!r} was deleted")
        case _:
            said = answer.body[:200].decode("utf-8", "replace")
            return Refused(f"{system} refused {subject!r} with status {answer.status}: {said}")
