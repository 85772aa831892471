"""The fake's primary rate limits: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue

ALLOWED = {"core": 5000, "search": 30, "graphql": 5000}
SECONDS = {"core": 3600, "search": 60, "graphql": 3600}
ANONYMOUS = 60


@dataclass
class Window:
    until: int
    used: int = 0


@dataclass
class Limits:
    """Counts the calls of each account. Only limits that the seed names are enforced; Enterprise Server has them off at first, too."""

    named: Mapping[str, int]
    windows: dict[tuple[str, str], Window] = field(default_factory=dict[tuple[str, str], Window])

    def take(self, login: str, resource: str, points: int = 1) -> bool:
        """Count a call, which in GraphQL may cost several points; False where it is one too many."""
        window = self._window(login, resource)
        window.used += points
        return resource not in self.named or window.used <= self.named[resource]

    def give_back(self, login: str, resource: str) -> None:
        """An answer of 304 costs nothing."""
        self._window(login, resource).used -= 1

    def shown(self, login: str, resource: str) -> dict[str, JsonValue]:
        window, limit = self._window(login, resource), self._limit(resource)
        return {"limit": limit, "used": window.used, "remaining": max(0, limit - window.used), "reset": window.until, "resource": resource}

    def headers(self, login: str, resource: str) -> dict[str, str]:
        return {f"X-RateLimit-{name.title()}": str(value) for name, value in self.shown(login, resource).items()}

    def _limit(self, resource: str) -> int:
        return self.named.get(resource, ALLOWED[resource])

    def _window(self, login: str, resource: str) -> Window:
        now = int(time.time())
        found = self.windows.get((login, resource))
        if found is None or found.until <= now:
            found = self.windows[login, resource] = Window(now + SECONDS[resource])
        return found


def resource_of(path: str) -> str:
    """Which limit a call counts against."""
    return "search" if "/search/" in path else "graphql" if path.endswith("/graphql") else "core"
