"""Virtual time: an event loop that jumps to the next timer instead of waiting, and never touches a socket or a thread."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator
from contextvars import Context
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import Any, TypeVar

T = TypeVar("T")
START = datetime(2026, 1, 1, tzinfo=UTC)


class Stuck(Exception):
    """Everything waits for something that nothing will bring about."""


class Clock(asyncio.BaseEventLoop):
    """`elapsed` seconds since `START`."""

    def __init__(self) -> None:
        super().__init__()
        self.elapsed = 0.0
        self._timers: list[tuple[float, int, asyncio.TimerHandle | asyncio.Future[None]]] = []
        self._numbers = count()
        self._tasks: list[asyncio.Task[Any]] = []
        self._owners: list[object] = []
        self._ready: deque[asyncio.Handle]
        self._stopping: bool

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
            left = [task for task in self._tasks if not task.done()]
            for task in left:
                task.cancel()
            if left:
                self.run_until_complete(asyncio.wait(left, timeout=60))
            self.close()
            self._tasks.clear()
            self._timers.clear()

    def create_task(
        self, coro: Generator[Any, None, T] | Coroutine[Any, Any, T], *, name: object = None, context: Context | None = None
    ) -> asyncio.Task[T]:
        """Kept here as well, since `asyncio.all_tasks` looks through those of every case before this one."""
        task = super().create_task(coro, name=name, context=context)
        self._tasks.append(task)
        return task

    def call_soon(self, callback: Callable[..., object], *args: object, context: Context | None = None) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self, context)
        self._ready.append(handle)
        return handle

    def call_later(
        self, delay: float, callback: Callable[..., object], *args: object, context: Context | None = None
    ) -> asyncio.TimerHandle:
        return self.call_at(self.elapsed + delay, callback, *args, context=context)

    def call_at(self, when: float, callback: Callable[..., object], *args: object, context: Context | None = None) -> asyncio.TimerHandle:
        timer = asyncio.TimerHandle(when, callback, args, self, context)
        heappush(self._timers, (when, next(self._numbers), timer))
        return timer

    def outlives(self, owner: object) -> None:
        self._owners.append(owner)

    def let_go(self) -> None:
        """Whom the clock outlives loses what it holds: what holds itself in a circle is freed at once, and not searched for."""
        for owner in self._owners:
            vars(owner).clear()
        self._owners.clear()

    async def sleep(self, seconds: float) -> None:
        """What `asyncio.sleep` does, without a timer that could be cancelled."""
        future: asyncio.Future[None] = self.create_future()
        heappush(self._timers, (self.elapsed + seconds, next(self._numbers), future))
        await future

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        pass

    def _run_once(self) -> None:
        """One turn of asyncio's own loop, less what only sockets and threads need."""
        ready, timers = self._ready, self._timers
        while not ready and not self._stopping:
            if not timers:
                raise Stuck("no task is ready and no timer is set")
            self.elapsed = max(self.elapsed, timers[0][0])
            self._wake()
        if timers and timers[0][0] <= self.elapsed:
            self._wake()
        for _ in range(len(ready)):
            handle = ready.popleft()
            if not handle._cancelled:
                handle._context.run(handle._callback, *handle._args)

    def _wake(self) -> None:
        timers = self._timers
        while timers and timers[0][0] <= self.elapsed:
            timer = heappop(timers)[2]
            if timer.cancelled():
                continue
            if isinstance(timer, asyncio.Future):
                timer.set_result(None)
            else:
                self._ready.append(timer)

    def _write_to_self(self) -> None:
        pass
