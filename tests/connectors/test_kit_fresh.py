"""Answers that are kept for a while are asked for once, however many wait for them."""

import asyncio

from connectors.kit.fresh import Fresh
from model.errors import Unavailable


async def test_who_asks_while_an_answer_is_on_its_way_waits_for_it() -> None:
    fresh, asked = Fresh[int](), 0
    on_its_way = asyncio.Event()

    async def ask() -> int:
        nonlocal asked
        asked += 1
        await on_its_way.wait()
        return asked

    waiting = [asyncio.create_task(fresh.get("key", ask)) for _ in range(5)]
    await asyncio.sleep(0)
    on_its_way.set()
    assert await asyncio.gather(*waiting, fresh.get("key", ask)) == [1] * 6
    assert await fresh.get("other", ask) == 2


async def test_a_failure_is_that_of_who_asked_first() -> None:
    fresh, asked = Fresh[int](), 0

    async def ask() -> int:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0)
        if asked == 1:
            raise Unavailable("down")
        return asked

    first, second = await asyncio.gather(fresh.get("key", ask), fresh.get("key", ask), return_exceptions=True)
    assert isinstance(first, Unavailable)
    assert second == 2


async def test_an_answer_that_was_forgotten_on_its_way_is_not_kept() -> None:
    fresh, told = Fresh[str](), "before"
    on_its_way = asyncio.Event()

    async def ask() -> str:
        answer = told
        await on_its_way.wait()
        return answer

    early = asyncio.create_task(fresh.get("key", ask))
    await asyncio.sleep(0)
    told = "after"
    fresh.forget("key")
    late = asyncio.create_task(fresh.get("key", ask))
    await asyncio.sleep(0)
    on_its_way.set()
    assert await asyncio.gather(early, late) == ["before", "after"]
    assert await fresh.get("key", ask) == "after"
