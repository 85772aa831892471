"""Processes that die. Whatever runs for one is dead the moment it is killed: no clean-up of it has an effect any more."""

import asyncio
from collections.abc import Coroutine
from contextvars import ContextVar
from dataclasses import dataclass, field


class Killed(asyncio.CancelledError):
    """The process died here, as with `kill -9`."""


@dataclass(eq=False)
class Process:
    """`tasks` run in it, in the order in which they began: a set would have another order each time."""

    name: str
    alive: bool = True
    tasks: dict[asyncio.Task[None], None] = field(default_factory=dict[asyncio.Task[None], None])

    def run(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        """Start `work` in this process. What it raises is its own affair: it must report for itself."""
        token = _RUNNING.set(self)
        try:
            task = asyncio.get_running_loop().create_task(work)
        finally:
            _RUNNING.reset(token)
        self.tasks[task] = None
        task.add_done_callback(self.tasks.pop)
        return task

    def kill(self) -> None:
        self.alive = False
        for task in list(self.tasks):
            task.cancel()

    def require_alive(self) -> None:
        if not self.alive:
            raise Killed(self.name)


_RUNNING: ContextVar[Process | None] = ContextVar("running_process", default=None)


def running() -> Process | None:
    """The process that the calling code runs in; None outside of all."""
    return _RUNNING.get()
