"""Answers that are kept for a while."""

from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Generic, TypeVar

FRESH_SECONDS = 300.0

Value = TypeVar("Value")


class Fresh(Generic[Value]):
    """Answers kept by key until they are `FRESH_SECONDS` old."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, Value]] = {}

    async def get(self, key: str, ask: Callable[[], Awaitable[Value]]) -> Value:
        kept = self._kept.get(key)
        if kept and monotonic() - kept[0] < FRESH_SECONDS:
            return kept[1]
        value = await ask()
        self._kept[key] = (monotonic(), value)
        return value

    def forget(self, key: str) -> None:
        self._kept.pop(key, None)
