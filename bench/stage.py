"""What scenarios act on: the demo's stage with pairs in line, edits by people, and a way to see that all is applied."""

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from temporalio.client import Client

from activities.signals import Signals
from bench.process import Processes
from cli.demo.scene import CONNECTION, Scene, staged
from cli.options import settings
from cli.up import Ports
from config.opening import open_store, open_temporal
from model.errors import Unavailable
from model.item import Fields
from model.words import Side
from store import Store

NO_POLL = "1h"
LOOK_SECONDS = 0.02
PATIENCE_SECONDS = 180.0
SEARCH_LAG_SECONDS = 3.0
REST_SECONDS = 1.0


@dataclass(frozen=True)
class Pair:
    """A Jira issue (left) and a GitHub issue (right)."""

    key: str
    number: int


@dataclass(frozen=True)
class Edit:
    """Someone gives the item on `side` a new title."""

    pair: Pair
    side: Side
    title: str


@dataclass(frozen=True)
class Stage:
    scene: Scene
    store: Store
    client: Client
    signals: Signals
    processes: Processes

    @property
    def systems(self) -> tuple[str, str]:
        return "acme-jira", "acme-github"

    async def pairs(self, count: int) -> tuple[Pair, ...]:
        """Pairs in line, half of them begun on each side, after all that their creation entails."""
        for number in range(count):
            if number % 2:
                await self.scene.bob.create(f"Anvil {number}", "- **heavy**", ("sync",))
            else:
                await self.scene.ann.create("APP", f"Anvil {number}", "- **heavy**", ("sync",))
        await self.scene.in_line(count, "creation", PATIENCE_SECONDS)
        await asyncio.sleep(SEARCH_LAG_SECONDS)
        return tuple(Pair(key, number) for key, number in sorted((await self.scene.numbers()).items()))

    async def make(self, edit: Edit) -> None:
        """One call by a person, answered when this returns."""
        match edit.side:
            case Side.LEFT:
                await self.scene.ann.edit(edit.pair.key, summary=edit.title)
            case Side.RIGHT:
                await self.scene.bob.edit(edit.pair.number, title=edit.title)

    async def title(self, pair: Pair, side: Side) -> str:
        """As a person sees it: one call."""
        match side:
            case Side.LEFT:
                return str((await self.scene.ann.see(pair.key))["summary"])
            case Side.RIGHT:
                return str((await self.scene.bob.see(pair.number))["title"])

    async def applied(self, *edits: Edit) -> None:
        """Wait until each edit is on its other side and nothing is under way. Makes no vendor call."""
        await until(lambda: self._applied(edits), f"{len(edits)} edits on the other side")

    async def rest(self) -> None:
        """Wait until nothing is under way and no more vendor calls are made, so that echoes are over too."""

        async def resting() -> bool:
            before = await self.calls()
            await asyncio.sleep(REST_SECONDS)
            return await self.idle() and before == await self.calls()

        await until(resting, "the end of all calls")

    async def calls(self) -> dict[str, int]:
        """Vendor calls so far, people's among them, by system and method."""
        fakes = {"jira": self.scene.jira, "github": self.scene.github}
        counts = {name: cast("dict[str, int]", (await fake.state())["calls"]) for name, fake in fakes.items()}
        return {f"{name} {method}": count for name, methods in counts.items() for method, count in methods.items()}

    async def idle(self) -> bool:
        """No change waits to be routed or is under way."""
        if await self.store.transactions.waiting(CONNECTION, 1):
            return False
        return not any([await self.store.inbox.pending(system, 1) for system in self.systems])

    async def _applied(self, edits: tuple[Edit, ...]) -> bool:
        if not await self.idle():
            return False
        here = {str(item["key"]): cast("Fields", item["fields"])["summary"] for item in _items(await self.scene.jira.state())}
        there = {cast("int", item["number"]): item["title"] for item in _items(await self.scene.github.state())}
        return all(here[edit.pair.key] == there[edit.pair.number] == edit.title for edit in edits)


def _items(state: Fields) -> list[Fields]:
    return cast("list[Fields]", state["items"])


async def until(look: Callable[[], Awaitable[bool]], what: str, seconds: float = PATIENCE_SECONDS) -> None:
    """Look every few milliseconds; Unavailable if it takes minutes."""
    try:
        async with asyncio.timeout(seconds):
            while not await look():  # noqa: ASYNC110
                await asyncio.sleep(LOOK_SECONDS)
    except TimeoutError:
        raise Unavailable(f"waited {seconds:.0f} s in vain for {what}; see the lines of the worker above") from None


@contextlib.asynccontextmanager
async def opened_stage() -> AsyncGenerator[Stage]:
    """A Temporal server, a worker, the API and two fakes of their own. Webhooks bring the changes: polls are an hour apart."""
    async with contextlib.AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="twinline-bench-"))
        chosen = settings().model_copy(update={"data": Path(folder), "database_url": None, "public_url": ""})
        scene = await stack.enter_async_context(staged(chosen, Ports(0, 0, 0), asyncio.Event(), NO_POLL))
        client = await open_temporal(chosen)
        store = await open_store(chosen)
        stack.push_async_callback(store.aclose)
        yield Stage(scene, store, client, Signals(client), Processes(chosen.home / "parts.json"))
