"""How many calls a minute are let through. Each process counts for itself."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

MOST_KEYS = 10_000
SECONDS = 60.0
_ROUNDING = 1e-6


@dataclass(frozen=True)
class Limits:
    """Calls a minute: of one token, from one address without a good one, and of the webhooks of one system."""

    calls: int = 12_000
    wrong_tokens: int = 600
    webhooks: int = 60_000


USUAL = Limits()


class Buckets:
    """A bucket of `per_minute` calls for each key, full at first and filled evenly. Of many keys the longest unused are forgotten."""

    def __init__(self, per_minute: int, now: Callable[[], float] = time.monotonic) -> None:
        self._each, self._now = SECONDS / per_minute, now
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def __contains__(self, key: str) -> bool:
        return key in self._full_at

    def wait(self, key: str) -> int:
        """Whole seconds until there is room for one more; 0 where there is."""
        return max(0, ceil(self._full_at.get(key, 0.0) + self._each - self._now() - SECONDS - _ROUNDING))

    def take(self, key: str) -> None:
        self._full_at[key] = max(self._full_at.get(key, 0.0), self._now()) + self._each
        self._full_at.move_to_end(key)
        if len(self._full_at) > MOST_KEYS:
            self._full_at.popitem(last=False)
