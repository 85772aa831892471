"""From a command to its work: the event loop, signals, and failures as one message each."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine
from typing import TypeVar

from rich.console import Console

from cli.plain import failed
from config.logs import write_logs
from model.errors import TwinlineError
from operations.problems import Rejected

LOCALHOST = "127.0.0.1"

T = TypeVar("T")

WIDE = 200
"""Columns of a table that no terminal shows."""

out = Console(width=None if sys.stdout.isatty() else WIDE, highlight=False, soft_wrap=True, markup=False)


class Stopped(Exception):
    """We were asked to stop before the work was done."""


def finish(work: Coroutine[None, None, T]) -> T:
    """The result; a failure becomes a message on standard error and exit code 1."""
    try:
        return asyncio.run(work)
    except Rejected as error:
        raise failed("\n".join(str(problem) for problem in error.problems)) from None
    except TwinlineError as error:
        raise failed(error.message) from None


async def unless(stop: asyncio.Event, work: Coroutine[None, None, T]) -> T:
    """What the work brings; Stopped if `stop` comes first."""
    working, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not working.done():
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        raise Stopped
    return working.result()


def run_until_stopped(work: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    """Run until the work ends; SIGINT and SIGTERM set the event that it is given."""

    async def running() -> None:
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await work(stop)

    write_logs()
    with contextlib.suppress(Stopped):
        finish(running())
