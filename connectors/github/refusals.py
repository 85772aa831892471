"""What GitHub's refusals mean: https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api."""

import re
import time
from collections.abc import Iterable

from pydantic import ValidationError

from connectors.github.payloads import Payload
from connectors.kit.http import Answer, retry_after
from model.errors import Gone, LoginRejected, Misconfigured, NotFound, RateLimited, Refused, TwinlineError

SECONDARY_LIMIT_SECONDS = 60.0
_HUB_NAMES = {"title": "summary", "body": "description", "assignees": "assignee", "state": "status", "state_reason": "resolution"}
_ITEM = re.compile(r"/(?:repos/([^/]+/[^/]+)|repositories/\d+)/(?:issues|pulls)/(comments/)?(\d+)")
_REPOSITORY = re.compile(r"/repos/([^/?]+/[^/?]+)")


class Forbidden(Refused):
    """403 that no waiting ends: the token may not do this."""


class Fault(Payload):
    """One entry of `errors` in a 422."""

    field: str | None = None
    code: str | None = None
    message: str | None = None
    value: object = None

    def __str__(self) -> str:
        said = self.message or f"{self.field}: {self.code}"
        return said if self.value is None else f"{said} {self.value!r}"


class Refusal(Payload):
    message: str = ""
    errors: tuple[Fault | str, ...] = ()

    def __str__(self) -> str:
        return "; ".join([self.message, *map(str, self.errors)])


def explain(system: str, answer: Answer) -> TwinlineError:
    """GitHub's answer from 400 up as one of our errors."""
    refusal = _refusal(answer)
    match answer.status:
        case 401:
            return LoginRejected(f"{system}: GitHub does not accept the token ({refusal}); make a new one and enter it in the system")
        case 403:
            return _forbidden(system, answer, refusal)
        case 404:
            return _absent(system, answer)
        case 410 if "deleted" in refusal.message.lower():
            return Gone(f"{system}: {_subject(answer)} was deleted")
        case 410:
            return Misconfigured(f"{system}: {_subject(answer)}: {refusal}; switch issues on in the repository's settings")
        case _:
            return Refused(f"{system} refused {_subject(answer)}: {refusal}", _field(refusal))


def explain_app(system: str, answer: Answer) -> TwinlineError:
    """GitHub's answer from 400 up to what an app asks in its own name."""
    refusal = _refusal(answer)
    match answer.status:
        case 403 if (wait := _wait(answer, refusal)) is not None:
            return RateLimited(f"{system} asks to wait {wait:.0f} s ({refusal})", wait)
        case 404 if "/installations/" in answer.url:
            return LoginRejected(f"{system}: the app has no such installation; check installation_id, or leave it out")
        case _:
            return LoginRejected(
                f"{system}: GitHub does not accept the app ({refusal}); check app_id and private_key, and that it is not suspended"
            )


def require_pace(system: str, answer: Answer, messages: Iterable[str]) -> None:
    """RateLimited if GraphQL says that it is asked too fast, which it may do in an answer of 200.

    https://docs.github.com/en/graphql/overview/rate-limits-and-node-limits-for-the-graphql-api#exceeding-the-rate-limit
    """
    if any("secondary rate limit" in one.lower() for one in messages):
        wait = retry_after(answer, SECONDARY_LIMIT_SECONDS)
        raise RateLimited(f"{system} asks to wait {wait:.0f} s (secondary rate limit)", wait)


def _refusal(answer: Answer) -> Refusal:
    try:
        return Refusal.model_validate_json(answer.body)
    except ValidationError:
        return Refusal(message=f"status {answer.status} without GitHub's error body; check the URL")


def _forbidden(system: str, answer: Answer, refusal: Refusal) -> TwinlineError:
    wait = _wait(answer, refusal)
    if wait is not None:
        return RateLimited(f"{system} asks to wait {wait:.0f} s ({refusal})", wait)
    if "x-github-sso" in answer.headers:
        return LoginRejected(f"{system}: the token is not authorised for the organisation's single sign-on; authorise it on GitHub")
    needed = "Pull requests: read" if "/pulls/" in answer.url else "Issues: read and write"
    return Forbidden(f"{system} does not let this token do that to {_subject(answer)}: {refusal}; give it {needed!r}")


def _wait(answer: Answer, refusal: Refusal) -> float | None:
    """Seconds to wait if a 403 is a rate limit: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api."""
    if "retry-after" in answer.headers:
        return retry_after(answer)
    if answer.headers.get("x-ratelimit-remaining") == "0":
        return max(1.0, float(answer.headers.get("x-ratelimit-reset", "0")) - time.time())
    return SECONDARY_LIMIT_SECONDS if "rate limit" in refusal.message.lower() else None


def _absent(system: str, answer: Answer) -> TwinlineError:
    repository = _REPOSITORY.search(answer.url)
    if _ITEM.search(answer.url):
        return NotFound(f"{system}: {_subject(answer)} does not exist, or the token may not see it")
    if "/users/" in answer.url or re.search(r"/user/\d+$", answer.url) or "/assignees/" in answer.url:
        return NotFound(f"{system}: no such user")
    if repository:
        return Misconfigured(f"{system}: repository {repository[1]!r} does not exist, or the token may not see it; check the name")
    return Misconfigured(f"{system}: {answer.url} is no address of GitHub's API; use https://api.github.com or https://HOST/api/v3")


def _subject(answer: Answer) -> str:
    item = _ITEM.search(answer.url)
    if item:
        repository, comment, number = item.groups()
        return f"comment {number} in {repository or 'the repository'}" if comment else f"{repository or 'the repository'}#{number}"
    repository = _REPOSITORY.search(answer.url)
    return repository[1] if repository else "the call"


def _field(refusal: Refusal) -> str:
    named = [one.field for one in refusal.errors if isinstance(one, Fault) and one.field]
    return _HUB_NAMES.get(named[0], named[0]) if named else ""
