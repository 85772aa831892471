"""Who calls too often is refused: whoever was let in is counted by the token, everybody else by the address.

An address with too many calls that had no good token is refused before its next token is looked up, unless that one has let somebody in
here before: so nobody is kept out by others behind the same proxy.
"""

import hashlib
import time
from collections.abc import Callable

from starlette.exceptions import HTTPException

from config.pacing import Buckets, Limits


class TooMany(HTTPException):
    """429, and when to try again."""

    def __init__(self, detail: str, seconds: int) -> None:
        super().__init__(429, f"{detail}; try again in {seconds} s", {"Retry-After": str(seconds)})


class Pace:
    """What one process of the API lets through."""

    def __init__(self, limits: Limits, now: Callable[[], float] = time.monotonic) -> None:
        self._calls, self._wrong = Buckets(limits.calls, now), Buckets(limits.wrong_tokens, now)
        self._limits = limits

    def admit(self, credentials: str, address: str) -> None:
        """TooMany for an address with too many wrong tokens, and `credentials` that nobody has shown to be good."""
        if _key(credentials) not in self._calls and (seconds := self._wrong.wait(address)):
            raise TooMany(f"more than {self._limits.wrong_tokens} calls a minute from {address} had no good token", seconds)

    def refused(self, address: str) -> None:
        """A call had no good token."""
        self._wrong.take(address)

    def proved(self, credentials: str, address: str) -> None:
        """Count the call of somebody who was let in, by the address where that took no token. TooMany for one too many."""
        key = _key(credentials) if credentials else address
        if seconds := self._calls.wait(key):
            raise TooMany(f"these are more than {self._limits.calls} calls a minute; call less often, or ask for longer pages", seconds)
        self._calls.take(key)


def _key(credentials: str) -> str:
    """Nothing that would let anybody in."""
    return hashlib.sha256(credentials.encode()).hexdigest()
