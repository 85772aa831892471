"""Answers that are kept for a while."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Generic, TypeVar

FRESH_SECONDS = 300.0
MOST = 10_000

Value = TypeVar("Value")


class Fresh(Generic[Value]):
    """Answers kept by key until they are `seconds` old by that clock, `MOST` of them.

    Who asks while the answer is on its way waits for it, unless it was forgotten since: that answer may be of before.
    """

    def __init__(self, seconds: float = FRESH_SECONDS, clock: Callable[[], float] = monotonic) -> None:
        self._seconds, self._clock = seconds, clock
        self._kept: dict[str, tuple[float, Value]] = {}
        self._asking: dict[str, asyncio.Lock] = {}

    async def get(self, key: str, ask: Callable[[], Awaitable[Value]]) -> Value:
        if self._is_fresh(key):
            return self._kept[key][1]
        turn = self._asking.setdefault(key, asyncio.Lock())
        try:
            async with turn:
                if self._is_fresh(key):
                    return self._kept[key][1]
                answer = await ask()
                if self._asking.get(key) is turn:
                    self._keep(key, answer)
                return answer
        finally:
            if self._asking.get(key) is turn and not turn.locked():
                del self._asking[key]

    def _keep(self, key: str, answer: Value) -> None:
        if len(self._kept) >= MOST:
            self._kept.clear()
        self._kept[key] = (self._clock(), answer)

    def _is_fresh(self, key: str) -> bool:
        return key in self._kept and self._clock() - self._kept[key][0] < self._seconds

    def forget(self, key: str) -> None:
        self._kept.pop(key, None)
        self._asking.pop(key, None)
