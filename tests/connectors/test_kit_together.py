"""Reads that are asked for at the same time are made in one call, each after it was asked for."""

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from connectors.kit.together import Together
from model.errors import NotFound, Refused, Unavailable


class Shelf:
    """What there is to read, and the calls that read it. While `closed`, calls wait."""

    def __init__(self, *ids: str) -> None:
        self.content = {id: f"{id} as it was" for id in ids}  # noqa: A001
        self.calls: list[tuple[str, ...]] = []
        self.closed = asyncio.Event()
        self.closed.set()
        self.fails: Exception | None = None
        self.others: dict[str, str] = {}
        self.together = Together(self._one, self._many, 3)

    async def _one(self, id: str) -> str:  # noqa: A002
        self.calls.append((id,))
        await self.closed.wait()
        if id not in self.content:
            raise NotFound(f"no {id}")
        return self.content[id]

    async def _many(self, ids: Sequence[str]) -> Mapping[str, str]:
        self.calls.append(tuple(ids))
        await self.closed.wait()
        if self.fails:
            raise self.fails
        return {**{id: self.content[id] for id in ids if id in self.content}, **self.others}  # noqa: A001

    async def asked(self, *ids: str) -> list[asyncio.Task[str]]:
        tasks = [asyncio.create_task(self.together.get(id)) for id in ids]  # noqa: A001
        await asyncio.sleep(0)
        return tasks


async def test_who_asks_alone_is_answered_at_once() -> None:
    shelf = Shelf("a", "b")
    assert [await shelf.together.get("a"), await shelf.together.get("b")] == ["a as it was", "b as it was"]
    assert shelf.calls == [("a",), ("b",)]


async def test_what_is_asked_for_during_a_read_is_read_together_after_it() -> None:
    shelf = Shelf("a", "b", "c", "d", "e")
    shelf.closed.clear()
    tasks = await shelf.asked("a", "b", "c", "d", "b", "e")
    shelf.content["b"] = "b as it is"
    shelf.closed.set()
    assert await asyncio.gather(*tasks) == ["a as it was", "b as it is", "c as it was", "d as it was", "b as it is", "e as it was"]
    assert shelf.calls == [("a",), ("b", "c", "d"), ("e",)]


async def test_a_read_that_takes_long_holds_up_nobody() -> None:
    shelf = Shelf("a", "b", "c")
    shelf.closed.clear()
    slow, *others = await shelf.asked("a", "b", "c")
    while len(shelf.calls) == 1:
        await asyncio.sleep(0.01)
    assert shelf.calls == [("a",), ("b", "c")]
    shelf.closed.set()
    await asyncio.gather(slow, *others)


@pytest.mark.parametrize("fails", [None, Refused("too many")])
async def test_what_the_one_call_lacks_or_refuses_is_read_by_itself(fails: Exception | None) -> None:
    shelf = Shelf("a", "b")
    shelf.fails = fails
    shelf.closed.clear()
    first, there, absent = await shelf.asked("a", "b", "none")
    shelf.closed.set()
    assert await asyncio.gather(first, there) == ["a as it was", "b as it was"]
    with pytest.raises(NotFound, match="no none"):
        await absent
    assert ("b", "none") in shelf.calls


async def test_a_failure_is_told_to_all_who_asked() -> None:
    shelf = Shelf("a", "b", "c")
    shelf.fails = Unavailable("down")
    shelf.closed.clear()
    _, *others = await shelf.asked("a", "b", "c")
    shelf.closed.set()
    for one in others:
        with pytest.raises(Unavailable):
            await one
    assert await shelf.together.get("a") == "a as it was"


async def test_an_answer_to_no_question_is_passed_over() -> None:
    shelf = Shelf("a", "b", "c")
    shelf.others = {"d": "nobody asked"}
    shelf.closed.clear()
    tasks = await shelf.asked("a", "b", "c")
    shelf.closed.set()
    assert await asyncio.gather(*tasks) == ["a as it was", "b as it was", "c as it was"]


async def test_who_gives_up_takes_nothing_from_others() -> None:
    shelf = Shelf("a", "b", "c")
    shelf.closed.clear()
    first, second, third, again = await shelf.asked("a", "b", "c", "b")
    first.cancel()
    second.cancel()
    shelf.closed.set()
    assert await asyncio.gather(third, again) == ["c as it was", "b as it was"]
