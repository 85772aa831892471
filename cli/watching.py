"""Watching a bulk operation until it is over."""

import asyncio
from datetime import datetime

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from cli.client import Api
from cli.running import out
from model.words import ItemState, OperationStatus
from operations.bulk_views import OperationView

LOOK_SECONDS = 0.5


async def watched(api: Api, operation: str, *, quiet: bool = False) -> OperationView:
    """How it ended. Shows a bar meanwhile, unless `quiet`; where it pauses, that is the end of watching."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rest]}"))
    with Progress(*columns, console=out, transient=True, disable=quiet) as bar:
        task = bar.add_task("looking for the items", total=None, rest="")
        while True:
            view = await api.get(OperationView, f"/operations/{operation}")
            _show(bar, task, view)
            if view.status is not OperationStatus.RUNNING:
                return view
            await asyncio.sleep(LOOK_SECONDS)


def _show(bar: Progress, task: TaskID, view: OperationView) -> None:
    if view.collected:
        failed = view.items[ItemState.FAILED]
        rest = f"{failed} failed" if failed else ""
        over = f"ends about {moment(view.ends)}" if view.ends and view.total > view.finished else ""
        bar.update(task, description=f"bulk {view.kind}", total=view.total, completed=view.finished, rest=f"{rest} {over}".strip())
    else:
        bar.update(task, rest=f"{view.total} so far")


def moment(at: datetime | None) -> str:
    """In this machine's time zone; empty where there is none."""
    return f"{at.astimezone():%Y-%m-%d %H:%M}" if at else ""


def summed(view: OperationView) -> str:
    counts = ", ".join(f"{count} {state}" for state, count in view.items.items() if count)
    return f"bulk {view.kind} of {view.connection} is {view.status}: {counts or 'no items'}"
