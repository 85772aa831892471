"""What a platform still lets an account call, by what its answers tell: of the whole account, so whoever shares it is counted in.

Forms that are known: `X-RateLimit-*` with `Reset` as a time (GitHub, Azure DevOps, ServiceNow, Jira), `RateLimit-*` with the seconds that
are left (draft-ietf-httpapi-ratelimit-headers; Zendesk), and `Sforce-Limit-Info` (Salesforce).
"""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

LONGEST = 900.0
"""Seconds after which we ask again, whatever the platform said."""
YEAR = 365 * 24 * 3600.0
"""No pause is as long: a larger number is a time."""
_USAGE = re.compile(r"api-usage=(\d+)/(\d+)")


@dataclass(frozen=True)
class Quota:
    """`seconds` until the platform counts anew."""

    limit: float
    left: float
    seconds: float


class Budget:
    """One account's calls. `share` is the part of the quota that is ours: the rest is left to whoever else uses the account.

    `clock` counts seconds. A platform with several quotas names them in its answers; which one a path counts for is learned from those.
    """

    def __init__(self, share: float = 1.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._reserved = 1.0 - share
        self._clock = clock
        self._resources: dict[str, str] = {}
        self._until: dict[str, float] = {}
        self._used_up: dict[str, float] = {}

    def wait(self, path: str) -> float:
        """Seconds until a call of that path may be made; 0 if it may now. A path of which nothing is known yet may count for any quota."""
        resource = self._resources.get(_area(path))
        until = max(self._until.values(), default=0.0) if resource is None else self._until.get(resource, 0.0)
        return max(0.0, until - self._clock())

    def note(self, path: str, headers: Mapping[str, str], now: datetime) -> None:
        """What an answer tells; `headers` has lower-case names. How long a pause is to be that it asks for, see `hold`."""
        resource = self._resources[_area(path)] = headers.get("x-ratelimit-resource", "")
        quota = None if "retry-after" in headers else quota_of(headers, now)
        if quota is not None and quota.left <= round(quota.limit * self._reserved, 6):
            self._used_up[resource] = self._clock() + min(quota.seconds, LONGEST)
            self._hold(resource, quota.seconds)

    def is_used_up(self, path: str) -> bool:
        """Whether that path counts for a quota that is used up, which a pause that was asked for does not tell."""
        return self._used_up.get(self._resources.get(_area(path), ""), 0.0) > self._clock()

    def hold(self, path: str, seconds: float) -> None:
        """The platform asked for a pause."""
        self._hold(self._resources.get(_area(path), ""), seconds)

    def _hold(self, resource: str, seconds: float) -> None:
        self._until[resource] = max(self._until.get(resource, 0.0), self._clock() + min(seconds, LONGEST))


def quota_of(headers: Mapping[str, str], now: datetime) -> Quota | None:
    """The quota that an answer's headers tell, None where they tell none that is whole."""
    if usage := _USAGE.search(headers.get("sforce-limit-info", "")):
        used, limit = float(usage[1]), float(usage[2])
        return Quota(limit, limit - used, LONGEST)
    for prefix in ("x-ratelimit", "ratelimit"):
        limit, left = (_number(headers.get(f"{prefix}-{part}", "")) for part in ("limit", "remaining"))
        seconds = _seconds(headers.get(f"{prefix}-reset", ""), now)
        if limit is not None and left is not None and seconds is not None:
            return Quota(limit, left, seconds)
    return None


def _area(path: str) -> str:
    return path.strip("/").partition("/")[0]


def _number(text: str) -> float | None:
    return float(text) if text.replace(".", "", 1).isdigit() else None


def _seconds(text: str, now: datetime) -> float | None:
    """From a number of seconds, from seconds since 1970, or from a time of ISO 8601."""
    number = _number(text)
    if number is None:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return None
        number = moment.replace(tzinfo=moment.tzinfo or UTC).timestamp()
    return max(0.0, number - now.timestamp()) if number > YEAR else number
