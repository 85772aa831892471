"""How much of a worker's memory one idle twin takes."""

import asyncio

from activities.interface import Hint
from bench.process import memory
from bench.report import IdleMemory
from bench.stage import PATIENCE_SECONDS, Stage, until
from cli.demo.scene import CONNECTION
from model.configuration import Connection
from model.errors import Unavailable
from model.item import ItemRef
from model.words import Side

AT_ONCE = 20
STEADY_LOOKS = 4
STEADY_SECONDS = 0.5
STEADY_BYTES = 512 * 1024


async def idle_memory(stage: Stage, twins: int, warm_up: int) -> IdleMemory:
    """Starts twins of items that exist only here, each told of a change on the side where it has no item yet.

    So each workflow runs its first activity, `fetch`, against the store, concludes that there is nothing to do, and waits, cached, as
    twins do. The first few fill the worker's caches and do not count.
    """
    worker = stage.processes.id_of("worker")
    connection = await stage.store.configurations.connection(CONNECTION)
    await start_idle(stage, connection, range(warm_up))
    before = await _steady(worker)
    await start_idle(stage, connection, range(warm_up, warm_up + twins))
    after = await _steady(worker)
    if stage.processes.id_of("worker") != worker:
        raise Unavailable("the worker ended during the measurement and was started again; see its lines above")
    return IdleMemory(
        idle_twins=twins,
        kib_per_idle_twin=(after - before) / 1024 / twins,
        worker_mib_before=before / 1024**2,
        worker_mib_after=after / 1024**2,
    )


async def start_idle(stage: Stage, connection: Connection, numbers: range) -> None:
    """Twins of items that exist only here, each at rest after its first activity."""
    gate = asyncio.Semaphore(AT_ONCE)
    await asyncio.gather(*(_start_one(stage, connection, number, gate) for number in numbers))
    await until(stage.idle, f"{len(numbers)} twins to become idle")


async def _start_one(stage: Stage, connection: Connection, number: int, gate: asyncio.Semaphore) -> None:
    ref = ItemRef(id=f"idle-{number}", key=f"APP-{100_000 + number}", url="")
    async with gate:
        twin = await stage.store.twins.start(connection.id, Side.LEFT, ref, f"Anvil {number}")
        if twin is None:
            raise Unavailable(f"{ref.key} has a twin already")
        await stage.store.transactions.queue(twin.id, Side.RIGHT)
        await stage.signals.item_changed(twin, connection, Hint(side=Side.RIGHT))


async def _steady(worker: int) -> int:
    """The memory once it stays the same."""
    looks: list[int] = []
    async with asyncio.timeout(PATIENCE_SECONDS):
        while len(looks) < STEADY_LOOKS or max(looks[-STEADY_LOOKS:]) - min(looks[-STEADY_LOOKS:]) > STEADY_BYTES:
            await asyncio.sleep(STEADY_SECONDS)
            looks.append(memory(worker))
    return looks[-1]
