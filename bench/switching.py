"""`python -m bench.switching [--twins 5000]`: what it costs to deactivate and activate a connection, by how many twins it has."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from time import perf_counter
from typing import Annotated, TypeVar

import typer
from rich.table import Table

from activities.interface import Hint
from activities.signals import connection_id, feed_id
from bench.idle_memory import AT_ONCE, start_idle
from bench.process import require_linux
from bench.report import Figure
from bench.stage import PATIENCE_SECONDS, REST_SECONDS, Stage, opened_stage, until
from bench.temporal_actions import billed_of
from cli.demo.scene import CONNECTION
from cli.running import finish, out
from model.frozen import Frozen
from model.twin import Twin
from model.words import Side, TwinStatus
from operations import connections

FEWEST = 100
CHUNK = 500
SLOWEST_PER_SECOND = 5

T = TypeVar("T")


class Switch(Frozen):
    """`answered_ms` is until the operation answers, `done_ms` until nothing waits any more. The rest are Temporal actions.

    `in_connection` are those of the connection's workflow and of both feeds, `in_twins` those of all twins' workflows.
    """

    what: str
    twins: int
    answered_ms: Figure
    done_ms: Figure
    in_connection: int
    in_twins: int

    @property
    def actions(self) -> int:
        return self.in_connection + self.in_twins


async def switching(stage: Stage, count: int) -> tuple[Switch, ...]:
    """First with nothing that changes while the connection is not active, then with one change of every twin."""
    connection = await stage.store.configurations.connection(CONNECTION)
    for start in range(0, count, CHUNK):
        await start_idle(stage, connection, range(start, min(start + CHUNK, count)))
    twins = await stage.store.twins.listing(CONNECTION, None, limit=count)
    measuring = _Measuring(stage, twins)
    await until(measuring.steady, "the end of all that the start of twins entails", measuring.patience)
    quiet = (
        await measuring.switched("deactivate", measuring.deactivate, measuring.rests),
        await measuring.switched("activate, nothing changed", measuring.activate, measuring.rests),
    )
    await measuring.deactivate()
    held = await measuring.switched("a change of every twin meanwhile", measuring.change, measuring.all_held)
    resumed = await measuring.switched("activate, every twin held", measuring.activate, measuring.none_held)
    return (*quiet, held, resumed)


class _Measuring:
    def __init__(self, stage: Stage, twins: tuple[Twin, ...]) -> None:
        self._stage = stage
        self._twins = twins
        self.patience = PATIENCE_SECONDS + len(twins) / SLOWEST_PER_SECOND

    async def deactivate(self) -> None:
        await connections.deactivate(self._stage.store, self._stage.signals, CONNECTION)

    async def activate(self) -> None:
        await connections.activate(self._stage.store, self._stage.signals, CONNECTION)

    async def change(self) -> None:
        """As webhooks would have it: a row for each, and a message."""
        connection = await self._stage.store.configurations.connection(CONNECTION)

        async def one(twin: Twin) -> None:
            await self._stage.store.transactions.queue(twin.id, Side.RIGHT)
            await self._stage.signals.item_changed(twin, connection, Hint(side=Side.RIGHT))

        await at_once(self._twins, one)

    async def all_held(self) -> bool:
        return await self._held() == len(self._twins)

    async def none_held(self) -> bool:
        return await self._held() == 0 and await self._stage.idle()

    async def steady(self) -> bool:
        before = await self._actions()
        await asyncio.sleep(REST_SECONDS)
        return before == await self._actions()

    async def rests(self) -> bool:
        return await self._stage.idle()

    async def _held(self) -> int:
        return (await self._stage.store.twins.counts(CONNECTION))[TwinStatus.HELD]

    async def switched(self, what: str, act: Callable[[], Awaitable[None]], done: Callable[[], Awaitable[bool]]) -> Switch:
        before = await self._actions()
        began = perf_counter()
        await act()
        answered = perf_counter()
        await until(done, what, self.patience)
        over = perf_counter()
        await asyncio.sleep(REST_SECONDS)
        after = await self._actions()
        return Switch(
            what=what,
            twins=len(self._twins),
            answered_ms=(answered - began) * 1000,
            done_ms=(over - began) * 1000,
            in_connection=after[0] - before[0],
            in_twins=after[1] - before[1],
        )

    async def _actions(self) -> tuple[int, int]:
        own = [connection_id(CONNECTION), *map(feed_id, self._stage.systems)]

        async def of_twin(twin: Twin) -> int:
            return await billed_of(self._stage.client, twin.workflow_id)

        return sum([await billed_of(self._stage.client, one) for one in own]), sum(await at_once(self._twins, of_twin))


async def at_once(twins: Sequence[Twin], work: Callable[[Twin], Awaitable[T]]) -> list[T]:
    """What came of each; some at a time."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(twin: Twin) -> T:
        async with gate:
            return await work(twin)

    return await asyncio.gather(*map(one, twins))


async def measured(sizes: Sequence[int]) -> tuple[Switch, ...]:
    """Each number of twins has a deployment of its own."""
    found: list[Switch] = []
    for size in sizes:
        async with opened_stage() as stage:
            found += await switching(stage, size)
    return tuple(found)


def table(found: Sequence[Switch]) -> Table:
    """Ratios are against the fewest twins."""
    columns = ("what", "twins", "answered", "done", "actions of the connection", "actions of twins", "against the fewest twins")
    shown = Table(*columns, box=None)
    fewest: dict[str, Switch] = {}
    for one in found:
        fewest.setdefault(one.what, one)
    for one in sorted(found, key=lambda one: tuple(fewest).index(one.what)):
        least = fewest[one.what].actions
        ratio = f"{one.actions / least:.2f} times" if least else "-"
        shown.add_row(
            one.what, str(one.twins), f"{one.answered_ms:.0f} ms", f"{one.done_ms:.0f} ms", str(one.in_connection), str(one.in_twins), ratio
        )
    return shown


def main(*, twins: Annotated[int, typer.Option(min=FEWEST + 1, help="How many twins, besides the first hundred.")] = 5000) -> None:
    """Measure how long deactivation and activation take, and how many Temporal actions they cost, by the number of twins."""
    require_linux()
    found = finish(measured((FEWEST, twins)))
    out.print(table(found))
    out.print(f"[{','.join(one.model_dump_json() for one in found)}]")


if __name__ == "__main__":
    typer.run(main)
