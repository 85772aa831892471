"""`python -m bench [--quick]`: run every scenario and print a table, and as the last line one JSON object."""

import os
from dataclasses import dataclass
from time import monotonic
from typing import Annotated

import typer

from bench.idle_memory import idle_memory
from bench.latency import latency
from bench.process import require_linux
from bench.report import Machine, Report, table
from bench.rules import rule_speed
from bench.stage import opened_stage
from bench.temporal_actions import temporal_actions
from bench.throughput import throughput
from bench.vendor_calls import vendor_calls
from cli.running import finish, out


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


FULL = Size(pairs=60, rounds=4, latency_edits=100, single_edits=20, idle_twins=2000, warm_up_twins=50, rule_rounds=300)
QUICK = Size(pairs=2, rounds=1, latency_edits=4, single_edits=1, idle_twins=30, warm_up_twins=5, rule_rounds=3)


async def measured(size: Size) -> Report:
    """Single edits come first: the bursts leave long histories behind. Idle twins get a deployment of their own, with an empty worker."""
    require_linux()
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
        machine=machine, throughput=rate, vendor_calls=calls, temporal_actions=actions, latency=pace, idle_memory=idle, rules=speed
    )


def main(*, quick: Annotated[bool, typer.Option("--quick", help="Everything once, too little for figures to mean much.")] = False) -> None:
    """Measure throughput, cost, latency and memory of Twinline on this machine."""
    report = finish(measured(QUICK if quick else FULL))
    out.print(table(report))
    out.print(report.model_dump_json())


if __name__ == "__main__":
    typer.run(main)
