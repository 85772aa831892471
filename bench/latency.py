"""How long a person's edit takes to the other side, with webhooks."""

from statistics import quantiles
from time import monotonic

from bench.report import Latency
from bench.stage import Edit, Pair, Stage, until
from model.words import Side


async def latency(stage: Stage, pairs: tuple[Pair, ...], edits: int) -> Latency:
    """Edits titles one after the other, first in Jira, then on GitHub, and looks at the other side until the title is there."""
    found = [await _seconds(stage, edit) for edit in _edits(pairs, edits // 2)]
    cuts = quantiles(found, n=100, method="inclusive")
    return Latency(edits=edits, latency_p50_ms=1000 * cuts[49], latency_p95_ms=1000 * cuts[94])


def _edits(pairs: tuple[Pair, ...], each: int) -> list[Edit]:
    return [Edit(pairs[turn % len(pairs)], side, f"Edit {turn} on the {side} for its latency") for side in Side for turn in range(each)]


async def _seconds(stage: Stage, edit: Edit) -> float:
    """From the moment the person's call is sent to the title's being readable on the other side."""

    async def arrived() -> bool:
        return await stage.title(edit.pair, edit.side.other) == edit.title

    began = monotonic()
    await stage.make(edit)
    await until(arrived, f"{edit.title!r} on the {edit.side.other}")
    seconds = monotonic() - began
    await stage.applied(edit)
    return seconds
