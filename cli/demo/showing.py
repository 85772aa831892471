"""What a demo shows on the terminal: its chapters, and its pairs as a table that keeps itself up to date."""

import asyncio
import contextlib
from collections.abc import Awaitable, Sequence
from time import monotonic

from rich.live import Live
from rich.table import Table

from cli.demo.stage import Stage
from cli.running import out
from model.errors import Unavailable
from model.twin import Twin

REFRESH_SECONDS = 1.0


async def chapter(title: str, telling: Awaitable[None], began: float) -> None:
    """Tell a part of a story that `began` then, and say how long it took."""
    here = monotonic()
    await telling
    out.print(f"{monotonic() - began:6.1f} s  {title} ({monotonic() - here:.1f} s)")


def pairs_table(other: str, twins: Sequence[Twin]) -> Table:
    table = Table("Jira", other, "status", "title", "reason", box=None)
    for twin in sorted(twins, key=lambda one: one.left.key if one.left else ""):
        left, right = (twin.left.key if twin.left else "…"), (twin.right.key if twin.right else "…")
        table.add_row(left, right, str(twin.status), twin.title[:48], twin.reason[:60])
    return table


async def watch(stage: Stage, stop: asyncio.Event) -> None:
    """Show the pairs until `stop`; as they were, while the API is being started again."""
    with Live(pairs_table(stage.other, ()), console=out, refresh_per_second=4) as live:
        while not stop.is_set():
            with contextlib.suppress(Unavailable):
                live.update(pairs_table(stage.other, await stage.twins()))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), REFRESH_SECONDS)
