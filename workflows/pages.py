"""What the Temporal UI shows of a workflow, in Markdown: enough to tell what it does and why, without item content."""

from collections.abc import Mapping, Sequence

from activities.interface import BulkInput, BulkProgress
from model.words import OperationStatus, Side, TwinStatus

NEXT_STEP = {
    TwinStatus.ERROR: "Correct the cause, then retry the twin: `twinline twin retry` or signal `retry`.",
    TwinStatus.HELD: "It goes on by itself when the connection is activated.",
    TwinStatus.CONFLICT: "Choose a side: `twinline conflict list`, then `twinline conflict resolve`.",
}


def twin_page(
    keys: Mapping[Side, str], connection: str, status: TwinStatus, queue: Sequence[str], recent: Sequence[str], last_error: str
) -> str:
    lines = [
        f"## {keys[Side.LEFT] or '(to be created)'} ⇄ {keys[Side.RIGHT] or '(to be created)'}",
        "",
        f"Connection **{connection}** · status **{status}** · {len(queue)} waiting",
    ]
    if status in NEXT_STEP:
        lines += ["", f"*{NEXT_STEP[status]}*"]
    if last_error:
        lines += ["", "### Last error", "", "```", last_error[:800], "```"]
    lines += ["", "### Queue", "", *([f"- {entry}" for entry in queue] or ["nothing waits"])]
    lines += ["", "### Last transactions", "", *([f"- {entry}" for entry in recent] or ["none yet"])]
    return "\n".join(lines)


def feed_page(system: str, rounds: int, events: int, started: int, last_error: str) -> str:
    lines = [f"## Changes of {system}", "", f"{rounds} polls in this run, {events} events routed, {started} twins started"]
    if last_error:
        lines += ["", "### Last error", "", "```", last_error[:800], "```"]
    return "\n".join(lines)


def bulk_page(start: BulkInput, progress: BulkProgress, *, collecting: bool) -> str:
    left = progress.waiting + progress.queued
    ended = progress.done + progress.skipped + progress.failed
    lines = [
        f"## Bulk {start.kind} of {start.connection}",
        "",
        f"status **{progress.status}** · {ended} of {left + ended} items have a result · at most {start.per_minute} begin per minute",
    ]
    if collecting:
        lines += ["", "*The items are being looked for.*"]
    if progress.reason:
        lines += ["", "### Reason", "", "```", progress.reason[:800], "```"]
    if progress.status is OperationStatus.PAUSED:
        lines += ["", f"*Resume it: `twinline operations resume {start.operation}`.*"]
    counts = progress.model_dump(include={"waiting", "queued", "done", "skipped", "failed"})
    lines += ["", *(f"- {state}: {count}" for state, count in counts.items())]
    lines += ["", f"Each item with its reason: `twinline operations show {start.operation}`."]
    return "\n".join(lines)
