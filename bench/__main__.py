"""`python -m bench [--quick]`: run every scenario and print a table, and as the last line one JSON object."""

import os
from dataclasses import dataclass, replace
from time import monotonic
from typing import Annotated

import typer

from bench.calls_table import calls_table
from bench.idle_memory import idle_memory
from bench.latency import latency
from bench.platform_calls import Extent, measured_calls
from bench.process import require_linux
from bench.report import Machine, PlatformCalls, Report, table
from bench.rules import rule_speed
from bench.stage import opened_stage
from bench.temporal_actions import temporal_actions
from bench.throughput import throughput
from bench.vendor_calls import vendor_calls
from cli.running import finish, out
from tests.pairs.platforms import RING


@dataclass(frozen=True)
class Size:
    """How much each scenario does."""

    pairs: int
    rounds: int
    latency_edits: int
    single_edits: int
    idle_twins: int
    warm_up_twins: int
    rule_rounds: int
    platforms: Extent


FULL = Size(
    pairs=60,
    rounds=4,
    latency_edits=100,
    single_edits=20,
    idle_twins=2000,
    warm_up_twins=50,
    rule_rounds=300,
    platforms=Extent(RING, backfill=200),
)
QUICK = Size(
    pairs=2,
    rounds=1,
    latency_edits=4,
    single_edits=1,
    idle_twins=30,
    warm_up_twins=5,
    rule_rounds=3,
    platforms=Extent((), backfill=0),
)


async def measured(size: Size, platforms: tuple[PlatformCalls, ...]) -> Report:
    """Single edits come first: the bursts leave long histories behind. Idle twins get a deployment of their own, with an empty worker."""
    began, load = monotonic(), os.getloadavg()[0]
    async with opened_stage() as stage:
        pairs = await stage.pairs(size.pairs)
        few = pairs[: size.single_edits]
        pace = await latency(stage, pairs, size.latency_edits)
        calls = await vendor_calls(stage, few)
        actions = await temporal_actions(stage, few)
        rate = await throughput(stage, pairs, size.rounds)
    async with opened_stage() as stage:
        idle = await idle_memory(stage, size.idle_twins, size.warm_up_twins)
    speed = rule_speed(size.rule_rounds)
    machine = Machine(cores=os.cpu_count() or 1, load_before=load, load_after=os.getloadavg()[0], seconds=monotonic() - began)
    return Report(
        machine=machine,
        throughput=rate,
        vendor_calls=calls,
        platform_calls=platforms,
        temporal_actions=actions,
        latency=pace,
        idle_memory=idle,
        rules=speed,
    )


def main(
    *,
    items: Annotated[int | None, typer.Option(help="How many items the backfill of each platform has.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Everything but platforms' calls, once: with figures that mean little.")] = False,
) -> None:
    """Measure throughput, cost, latency and memory of Twinline on this machine, and what it costs of each platform's quota."""
    size = QUICK if quick else FULL
    extent = size.platforms if items is None else replace(size.platforms, backfill=items)
    require_linux()
    report = finish(measured(size, measured_calls(extent)))
    out.print(table(report))
    if report.platform_calls:
        out.print(calls_table(report.platform_calls))
    out.print(report.model_dump_json())


if __name__ == "__main__":
    typer.run(main)
