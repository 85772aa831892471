"""Servers that stay up from test to test, so that none waits for one to start or stop: a fake is put behind one of them and taken away."""

import asyncio
import contextlib
import threading
from collections.abc import Generator
from contextlib import AsyncExitStack, contextmanager
from functools import cache

from starlette.types import ASGIApp, Receive, Scope, Send

from connectors.kit.fake import serving

COUNT = 4


class Slot:
    """One server; without an app nobody is there."""

    def __init__(self) -> None:
        self.app: ASGIApp | None = None
        self.url = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app is not None, "a call after its test was over"
        await self.app(scope, receive, send)


class Ports:
    def __init__(self) -> None:
        self._slots = [Slot() for _ in range(COUNT)]
        self._ready = threading.Event()
        threading.Thread(target=asyncio.run, args=(self._serve(),), daemon=True).start()
        assert self._ready.wait(10)

    @contextmanager
    def lease(self, app: ASGIApp) -> Generator[str]:
        """The address of a server with that app behind it."""
        slot = next(one for one in self._slots if one.app is None)
        slot.app = app
        try:
            yield slot.url
        finally:
            slot.app = None

    async def _serve(self) -> None:
        async with AsyncExitStack() as stack:
            for slot in self._slots:
                slot.url = await stack.enter_async_context(serving(slot))
            self._ready.set()
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.Event().wait()


@cache
def ports() -> Ports:
    return Ports()
