"""Heartbeats while an activity works, so that Temporal notices within seconds when its worker died."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator

from temporalio import activity

EVERY_SECONDS = 3.0


@contextlib.asynccontextmanager
async def beating() -> AsyncGenerator[None]:
    """Beat in the background for as long as the body runs."""
    task = asyncio.create_task(_beat())
    try:
        yield
    finally:
        task.cancel()


async def _beat() -> None:
    while True:
        activity.heartbeat()
        await asyncio.sleep(EVERY_SECONDS)
