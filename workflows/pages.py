"""What the Temporal UI shows of a workflow, in Markdown: enough to tell what it does and why, without item content."""

from collections.abc import Mapping, Sequence

from model.words import Side, TwinStatus

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
