"""Transactions under way, so that a database is closed after them."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager


class UnderWay:
    """Counts them. A connection that comes back to a closed pool would be left open, and with it what it holds of the database."""

    def __init__(self) -> None:
        self._count = 0
        self._closed = False
        self._none = asyncio.Event()
        self._none.set()

    @contextmanager
    def one(self) -> Generator[None]:
        """RuntimeError where the database is closed."""
        if self._closed:
            raise RuntimeError("the database is closed")
        self._count += 1
        self._none.clear()
        try:
            yield
        finally:
            self._count -= 1
            if not self._count:
                self._none.set()

    async def over(self) -> None:
        """Wait for those under way; none begins any more."""
        self._closed = True
        await self._none.wait()
