"""How many syncs a second, and how that compares with Temporal alone doing three activities that do nothing."""

import asyncio
from time import monotonic

from temporalio.client import Client
from temporalio.common import SearchAttributePair, TypedSearchAttributes, WorkflowIDConflictPolicy

from activities.attributes import CONNECTION, LEFT, RIGHT, STATUS
from activities.interface import Hint
from bench.noop import QUEUE, NoopInput
from bench.noop_worker import NoopWorker, noop_worker
from bench.process import cpu
from bench.report import Throughput
from bench.stage import PATIENCE_SECONDS, Edit, Pair, Stage
from cli.demo.scene import CONNECTION as NAME
from cli.running import LOCALHOST
from model.words import Side


class _Spent:
    """Seconds on the clock and of processors, summed over rounds."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.cpu = 0.0

    def add(self, seconds: float, cpu_seconds: float) -> None:
        self.seconds += seconds
        self.cpu += cpu_seconds


async def throughput(stage: Stage, pairs: tuple[Pair, ...], rounds: int) -> Throughput:
    """Each round edits one item of every pair at once, then signals as many no-op workflows, in turn, so that both meet the same load.

    The first round of both warms up and does not count.
    """
    engine, noop = _Spent(), _Spent()
    async with noop_worker(f"{LOCALHOST}:{stage.scene.ports.temporal}") as baseline:
        for number in range(rounds + 1):
            spent_engine = await _edits(stage, pairs, number)
            spent_noop = await _signals(stage, baseline, len(pairs))
            if number:
                engine.add(*spent_engine)
                noop.add(*spent_noop)
    syncs = len(pairs) * rounds
    return Throughput(
        syncs=syncs,
        syncs_per_second=syncs / engine.seconds,
        noop_per_second=syncs / noop.seconds,
        ratio_to_noop=noop.seconds / engine.seconds,
        cpu_ms_per_sync=1000 * engine.cpu / syncs,
        cpu_ms_per_noop=1000 * noop.cpu / syncs,
    )


async def _edits(stage: Stage, pairs: tuple[Pair, ...], number: int) -> tuple[float, float]:
    """Seconds until all are applied, and processor seconds of Temporal, worker and API, echoes included."""
    sides = tuple(Side)
    edits = [Edit(pair, sides[index % 2], f"{pair.key} in round {number}") for index, pair in enumerate(pairs)]
    parts = ("temporal", "worker", "api")
    before, began = stage.processes.cpu(*parts), monotonic()
    await asyncio.gather(*(stage.make(edit) for edit in edits))
    await stage.applied(*edits)
    seconds = monotonic() - began
    await stage.rest()
    return seconds, stage.processes.cpu(*parts) - before


async def _signals(stage: Stage, baseline: NoopWorker, count: int) -> tuple[float, float]:
    """Seconds until the last activity of all has ended, and processor seconds of Temporal and the no-op worker."""
    before, began = stage.processes.cpu("temporal") + cpu(baseline.pid), monotonic()
    await asyncio.gather(*(_signal(stage.client, number) for number in range(count)))
    async with asyncio.timeout(PATIENCE_SECONDS):
        for _ in range(count):
            await baseline.ended.readline()
    seconds = monotonic() - began
    return seconds, stage.processes.cpu("temporal") + cpu(baseline.pid) - before


async def _signal(client: Client, number: int) -> None:
    """As a twin is told of a change: a signal that starts the workflow where it does not run."""
    name = str(number)
    attributes = [
        SearchAttributePair(CONNECTION, NAME),
        SearchAttributePair(STATUS, "syncing"),
        SearchAttributePair(LEFT, name),
        SearchAttributePair(RIGHT, name),
    ]
    await client.start_workflow(
        "NoopWorkflow",
        NoopInput(twin=name),
        id=f"noop/{name}",
        task_queue=QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        start_signal="item_changed",
        start_signal_args=[Hint(side=Side.LEFT)],
        static_summary=name,
        search_attributes=TypedSearchAttributes(attributes),
    )
