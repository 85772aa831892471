"""Reads of single things that many ask for at the same time, made in one call."""

import asyncio
from collections.abc import Awaitable, Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Generic, TypeVar

from model.errors import NotFound, Refused

PATIENCE = 0.25

Value = TypeVar("Value")


class Together(Generic[Value]):
    """Reads one thing by `one`, and up to `most` of them by one call of `many`, which leaves out what it does not find.

    Who asks while nothing is being read has the answer at once. What is asked for while something is gathers until that has ended, or for
    `PATIENCE` seconds, and is read together: each thing is read after it was asked for. What `many` leaves out or refuses, `one` tells
    about. Belongs to one event loop.
    """

    def __init__(
        self, one: Callable[[str], Awaitable[Value]], many: Callable[[Sequence[str]], Awaitable[Mapping[str, Value]]], most: int
    ) -> None:
        self._one, self._many, self._most = one, many, most
        self._gathered: dict[str, asyncio.Future[Value]] = {}
        self._under_way = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def get(self, id: str) -> Value:  # noqa: A002
        """Raises what `one` does, and what `many` does but for refusals."""
        if not self._under_way:
            with self._reading():
                return await self._one(id)
        loop = asyncio.get_running_loop()
        if not self._gathered:
            loop.call_later(PATIENCE, self._read_gathered)
        answer = self._gathered.get(id)
        if answer is None:
            answer = self._gathered[id] = loop.create_future()
            answer.add_done_callback(_seen)
        return await asyncio.shield(answer)

    @contextmanager
    def _reading(self) -> Generator[None]:
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._read_gathered()

    def _read_gathered(self) -> None:
        gathered, self._gathered = list(self._gathered.items()), {}
        for start in range(0, len(gathered), self._most):
            task = asyncio.get_running_loop().create_task(self._read(dict(gathered[start : start + self._most])))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _read(self, asked: Mapping[str, asyncio.Future[Value]]) -> None:
        with self._reading():
            try:
                found = await self._found(list(asked))
            except Exception as error:  # noqa: BLE001  whoever asked is told
                for answer in asked.values():
                    answer.set_exception(error)
                return
            for id in found.keys() & asked.keys():  # noqa: A001
                asked[id].set_result(found[id])
            left = [(id, answer) for id, answer in asked.items() if not answer.done()]  # noqa: A001
            await asyncio.gather(*(self._read_one(*one) for one in left))

    async def _found(self, ids: Sequence[str]) -> Mapping[str, Value]:
        try:
            return await self._many(ids) if len(ids) > 1 else {}
        except (Refused, NotFound):
            return {}

    async def _read_one(self, id: str, answer: asyncio.Future[Value]) -> None:  # noqa: A002
        try:
            answer.set_result(await self._one(id))
        except Exception as error:  # noqa: BLE001  whoever asked is told
            answer.set_exception(error)


def _seen(answer: asyncio.Future[Value]) -> None:
    """Nobody may be left to look at an error, which asyncio would then complain about."""
    if not answer.cancelled():
        answer.exception()
