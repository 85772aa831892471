"""Transactions that a cancelled caller does not cut short."""

import asyncio
import functools
import inspect
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


def uninterrupted(cls: type[T]) -> type[T]:
    """Let every public method of the class run to its end; a cancelled caller is cancelled after that.

    A driver that is cancelled amid a statement can leave its connection behind with the write lock held.
    """
    for name, method in list(vars(cls).items()):
        if inspect.iscoroutinefunction(method) and not name.startswith("_"):
            setattr(cls, name, finishing(method))
    return cls


def finishing(method: Callable[..., Awaitable[object]]) -> Callable[..., Awaitable[object]]:
    """The method, run to its end in a task of its own."""

    @functools.wraps(method)
    async def finish(*values: object, **named: object) -> object:
        task = asyncio.ensure_future(method(*values, **named))
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            await asyncio.wait([task])
            raise

    return finish
