"""What a person removes between our look and our write is no failure that someone has to see to."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

from activities.access import Systems
from config.opening import master_key
from tests.e2e.one_jira import one_jira
from tests.e2e.world import World, eventually
from tests.points import pointed_store
from worker import Workers, engine_of

Removal = Callable[[], Awaitable[None]]


@dataclass
class Removals:
    """What is done, once, just before the next write of ours is sent."""

    waiting: list[Removal] = field(default_factory=list[Removal])

    async def reach(self, point: str) -> None:
        if point == "before journal.sent" and self.waiting:
            await self.waiting.pop()()


@contextlib.asynccontextmanager
async def _working(world: World) -> AsyncGenerator[Removals]:
    removals, stop = Removals(), asyncio.Event()
    store = pointed_store(world.store, removals.reach)
    systems = Systems(store)
    engine = engine_of(store, systems, master_key(world.settings).subkey("op"))
    running = asyncio.create_task(Workers(world.client, engine, world.signals, timedelta(days=90)).run(stop))
    try:
        yield removals
    finally:
        stop.set()
        await running
        await systems.aclose()


async def test_a_file_that_is_removed_before_it_is_copied(world: World) -> None:
    key = await world.ann.create("APP", "Fuse is short", labels=("sync",))
    await world.configure(one_jira(world))
    async with _working(world) as removals:
        await world.quiet(1)
        file = await world.ann.attach(key, "fuse.txt", b"short")
        removals.waiting = [lambda: world.ann.detach(file)]
        await eventually(lambda: _left(removals), lambda left: left == 0, "the removal")
        await world.quiet(1)


async def test_a_copied_comment_that_is_removed_before_it_is_edited(world: World) -> None:
    key = await world.ann.create("APP", "Rope is long", labels=("sync",))
    await world.configure(world.deployment())
    async with _working(world) as removals:
        await world.quiet(1)
        comment = await world.ann.comment(key, "By a yard.")
        number = await world.number_of(key)
        await world.on_github(number, lambda issue: issue["comments"] == 1, "the comment on GitHub")
        await world.quiet(1)
        copy = await world.comment_id(number)
        removals.waiting = [lambda: world.bob.delete_comment(copy)]
        await world.ann.edit_comment(key, comment, "By two yards.")
        await eventually(lambda: _left(removals), lambda left: left == 0, "the removal")
        await world.quiet(1)
        assert await world.ann.comments(key) == ["By two yards."]
        assert await world.bob.comments(number) == []


async def _left(removals: Removals) -> int:
    return len(removals.waiting)
