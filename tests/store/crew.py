"""Processes that use one database at the same time."""

import asyncio
import multiprocessing
import random
import traceback
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from typing import TypeVar, cast

import pytest

from store import MasterKey, Store

SIZE = 8
KEY = "q0Zr8cV1yNw5pXk3sT7uJ2mB9hLd4fGa6eRiOoPzQxY="
PATIENCE_SECONDS = 60

T = TypeVar("T")
Work = Callable[[Store, int], Awaitable[object]]
Done = tuple[object, str]


class Crew:
    """Each member has a process, an event loop and a store of its own, and is known by its number."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["pytest", "tests.store.crew"])
        self._start = context.Barrier(SIZE)
        pipes = cast("list[tuple[Connection, Connection]]", [context.Pipe() for _ in range(SIZE)])
        self._pipes = [ours for ours, _ in pipes]
        self._members = [
            context.Process(target=_member, args=(number, theirs, self._start), daemon=True) for number, (_, theirs) in enumerate(pipes)
        ]
        for member in self._members:
            member.start()
        for _, theirs in pipes:
            theirs.close()

    async def open(self, url: str) -> None:
        """Let each member open the database."""
        await self._all(url)

    async def work(self, work: Callable[[Store, int], Awaitable[T]]) -> list[T]:
        """What each member's `work` returns, in the order of their numbers. They begin together. AssertionError where one raises.

        `work` is a function of a module, or a `functools.partial` of one.
        """
        return [cast("T", result) for result in await self._all(work)]

    async def close(self) -> None:
        await self._all("")

    def end(self) -> None:
        for pipe in self._pipes:
            pipe.send(None)
            pipe.close()
        for member in self._members:
            member.join(PATIENCE_SECONDS)

    async def _all(self, job: str | Work) -> list[object]:
        for pipe in self._pipes:
            pipe.send(job)
        done = await asyncio.to_thread(lambda: [_answer(number, pipe) for number, pipe in enumerate(self._pipes)])
        failures = [f"member {number}: {failure}" for number, (_, failure) in enumerate(done) if failure]
        assert failures == [], "\n".join(failures)
        return [result for result, _ in done]


def _answer(number: int, pipe: Connection) -> Done:
    assert pipe.poll(PATIENCE_SECONDS), f"member {number} does not answer"
    return cast("Done", pipe.recv())


def _member(number: int, pipe: Connection, start: Barrier) -> None:
    asyncio.run(_serve(number, pipe, start))


async def _serve(number: int, pipe: Connection, start: Barrier) -> None:
    store: Store | None = None
    while (job := cast("str | Work | None", pipe.recv())) is not None:
        if callable(job):
            assert store
            start.wait(PATIENCE_SECONDS)
            pipe.send(await _done(job(store, number)))
            continue
        if store:
            await store.aclose()
        store = await Store.open(job, MasterKey(KEY)) if job else None
        pipe.send((None, ""))


async def _done(work: Awaitable[object]) -> Done:
    task = asyncio.ensure_future(work)
    await asyncio.wait([task])
    error = task.exception()
    return (None, "".join(traceback.format_exception(error, limit=-1, chain=False))) if error else (task.result(), "")


@pytest.fixture(scope="session")
def idle_crew() -> Iterator[Crew]:
    crew = Crew()
    yield crew
    crew.end()


@pytest.fixture
async def crew(idle_crew: Crew, url: str) -> AsyncGenerator[Crew]:
    """The members have the test's database open. Tests that use it are marked with the group `crew`, so that there is one crew."""
    await idle_crew.open(url)
    yield idle_crew
    await idle_crew.close()


def shuffled(member: int, count: int) -> list[int]:
    """The numbers below `count` in an order of the member's own."""
    return random.Random(member).sample(range(count), count)
