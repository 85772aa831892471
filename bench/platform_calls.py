"""What a piece of work costs of each platform's quota, beside the fewest calls that its API allows.

The platforms stand in a ring, so that each is once where something happens (the source) and once where it is to arrive (the target).
Webhooks tell of it where there are any. After each piece of work both sides are polled, and what the polls had read again because of it
counts; the polls' own calls are those of an idle one and do not.

`python -m bench.platform_calls` measures this alone; `--page` then writes docs/vendor-calls.md.
"""

import asyncio
import contextlib
import os
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Annotated

import typer

from bench.calls_table import calls_table, write_page
from bench.crossing import THOROUGH, Calls, Crossing, Pace, opened_crossing
from bench.least import COMMENTS, LEAST, End
from bench.report import PlatformCalls, Work
from cli.running import finish, out
from config.logs import write_logs
from model.words import Side
from tests.e2e.temporal_server import temporal_server
from tests.pairs.platform import Platform, Report
from tests.pairs.platforms import RING

Pair = tuple[type[Platform], type[Platform]]

AGED_SECONDS = 660.0
"""How long ago items changed that no feed reaches back for."""

ENDS: dict[Side, End] = {Side.LEFT: "source", Side.RIGHT: "target"}


@dataclass(frozen=True)
class Extent:
    """`backfill` items, all but one of them at least `aged` seconds old when the connection begins; none for no backfill."""

    pairs: Sequence[Pair]
    backfill: int
    aged: float = AGED_SECONDS
    pace: Pace = THOROUGH


async def platform_calls(extent: Extent, home: Path) -> tuple[PlatformCalls, ...]:
    """All items of backfills are made first, and so grow old while the rest is measured."""
    async with contextlib.AsyncExitStack() as stack:
        fresh = [await stack.enter_async_context(opened_crossing(home, extent.pace, *pair)) for pair in extent.pairs if extent.backfill]
        for crossing in fresh:
            await _reported(crossing, extent.backfill - 1, 0)
        made = monotonic()
        idle = [await _small_work(home, extent.pace, pair) for pair in extent.pairs]
        await asyncio.sleep(max(0.0, made + extent.aged - monotonic()) if fresh else 0)
        found = [one for rows, _ in idle for one in rows]
        for crossing, (_, polls) in zip(fresh, idle, strict=False):
            found += await _backfilled(crossing, extent.backfill, polls)
        return tuple(found)


async def _small_work(home: Path, pace: Pace, pair: Pair) -> tuple[list[PlatformCalls], Calls]:
    """All but the backfill; and what an idle poll of each side costs."""
    async with opened_crossing(home, pace, *pair) as crossing:
        ann, (edited, spoken, warm) = crossing.world.left.people["ann"], await _reported(crossing, 3, 0)
        await crossing.begin()
        await crossing.in_line(3)
        await _done(crossing, 3, lambda: ann.reword(warm, summary="The first edit asks for what is remembered later"))
        polls = await crossing.measure_idle()
        edit = await _spent(crossing, 3, lambda: ann.reword(edited, summary="Anvil, edited"))
        comment = await _spent(crossing, 3, lambda: ann.say(spoken, "It is heavy."))
        [talk] = await _reported(crossing, 1, COMMENTS)
        await asyncio.sleep(pace.settled)
        first = await _spent(crossing, 4, lambda: ann.reword(talk, summary="Anvil, talked about"))
        rows = [_row(crossing, work, side, calls[side]) for work, calls in _named(edit, comment, first) for side in Side]
        return [*rows, _row(crossing, Work.IDLE_POLL, Side.LEFT, polls[Side.LEFT])], polls


def _named(edit: Calls, comment: Calls, first: Calls) -> tuple[tuple[Work, Calls], ...]:
    return (Work.EDIT, edit), (Work.COMMENT, comment), (Work.FIRST_SYNC, first)


async def _backfilled(crossing: Crossing, items: int, polls: Calls) -> list[PlatformCalls]:
    """The last item is new, as some feeds reach back from the newest one and not from now."""
    await _reported(crossing, 1, 0)

    async def begun() -> None:
        await crossing.begin()
        await crossing.in_line(items)

    for side in Side:
        crossing.polls[side].idle = polls[side]
    calls = await _spent(crossing, items, begun)
    await crossing.world.stop_worker()
    return [_row(crossing, Work.BACKFILL, side, calls[side], items) for side in Side]


async def _reported(crossing: Crossing, items: int, comments: int) -> list[str]:
    """New items on the left that nobody is told of."""
    left = crossing.world.left
    await left.control.set(webhooks=False)
    found: list[str] = []
    for number in range(items):
        item = await left.people["ann"].report(Report(summary=f"Anvil {number}", description="It is **heavy**."))
        for remark in range(comments):
            await left.people["bob"].say(item, f"Remark {remark}")
        found.append(item)
    await left.control.set(webhooks=True)
    return found


async def _spent(crossing: Crossing, twins: int, work: Callable[[], Awaitable[None]]) -> Calls:
    """By all that comes of it; so many twins are in line then."""
    return await crossing.spent(lambda: _done(crossing, twins, work))


async def _done(crossing: Crossing, twins: int, work: Callable[[], Awaitable[None]]) -> None:
    await work()
    await crossing.noticed()
    await crossing.in_line(twins)
    await crossing.settled()


def _row(crossing: Crossing, work: Work, side: Side, calls: Counter[str], items: int = 1) -> PlatformCalls:
    own, other = crossing.ends[side].platform.kind, crossing.ends[side.other].platform.kind
    least = LEAST[own][work, ENDS[side]]
    return PlatformCalls(
        platform=own,
        work=work,
        side=ENDS[side],
        other=other,
        items=items,
        made=calls.total(),
        least=least.calls(items),
        why=least.why,
        made_by_kind=dict(sorted(calls.items())),
    )


@contextlib.contextmanager
def temporal() -> Generator[Path]:
    """A server of our own, named by the environment meanwhile, and a folder."""
    before = os.environ.get("TEMPORAL_ADDRESS")
    with tempfile.TemporaryDirectory(prefix="twinline-bench-") as folder, temporal_server(Path(folder)) as address:
        os.environ["TEMPORAL_ADDRESS"] = address
        try:
            yield Path(folder)
        finally:
            if before is None:
                del os.environ["TEMPORAL_ADDRESS"]
            else:
                os.environ["TEMPORAL_ADDRESS"] = before


def measured_calls(extent: Extent) -> tuple[PlatformCalls, ...]:
    """On a server of its own, within this process."""
    if not extent.pairs:
        return ()
    write_logs()
    with temporal() as home:
        return finish(platform_calls(extent, home))


def main(
    platforms: Annotated[list[str] | None, typer.Argument(help="Those that are to be the source; all without any.")] = None,
    *,
    items: Annotated[int, typer.Option(help="How many items a backfill has; 0 for none.")] = 1000,
    aged: Annotated[float, typer.Option(help="How many seconds old they are; younger ones may be read twice.")] = AGED_SECONDS,
    keep: Annotated[bool, typer.Option("--page", help="Write docs/vendor-calls.md.")] = False,
) -> None:
    """Count the vendor calls of each platform."""
    pairs = [pair for pair in RING if not platforms or pair[0].kind in platforms]
    found = measured_calls(Extent(pairs, items, aged))
    out.print(calls_table(found))
    if keep:
        write_page(found)


if __name__ == "__main__":
    typer.run(main)
