"""Virtual time: an event loop that jumps to the next timer instead of waiting, and never touches a socket or a thread."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

T = TypeVar("T")
START = datetime(2026, 1, 1, tzinfo=UTC)


class Stuck(Exception):
    """Everything waits for something that nothing will bring about."""


class _Timers:
    """What the loop takes for its selector: waiting is moving the clock."""

    def __init__(self, clock: "Clock") -> None:
        self._clock = clock

    def select(self, timeout: float | None) -> list[object]:
        if timeout is None:
            raise Stuck("no task is ready and no timer is set")
        self._clock.elapsed += timeout
        return []

    def close(self) -> None:
        pass


class Clock(asyncio.BaseEventLoop):
    """`elapsed` seconds since `START`."""

    def __init__(self) -> None:
        super().__init__()
        self.elapsed = 0.0
        self._selector = _Timers(self)
        self._clock_resolution = 1e-9

    def time(self) -> float:
        return self.elapsed

    def now(self) -> datetime:
        """Whole microseconds, as databases keep them."""
        return START + timedelta(seconds=round(self.elapsed, 6))

    def run(self, case: Callable[[], Awaitable[T]]) -> T:
        """Run to the end in virtual time, and leave nothing behind."""
        try:
            return self.run_until_complete(asyncio.ensure_future(case(), loop=self))
        finally:
            left = [task for task in asyncio.all_tasks(self) if not task.done()]
            for task in left:
                task.cancel()
            if left:
                self.run_until_complete(asyncio.wait(left, timeout=60))
            self.close()

    def _process_events(self, event_list: list[object]) -> None:
        pass

    def _write_to_self(self) -> None:
        pass
