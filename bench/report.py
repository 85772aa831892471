"""What the bench found: a table for people and one line of JSON for programs."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import PlainSerializer
from rich.table import Table

from model.frozen import Frozen

Figure = Annotated[float, PlainSerializer(lambda value: round(value, 2), return_type=float)]


class Throughput(Frozen):
    """Processor time is that of Temporal's server and of our processes, without the fakes."""

    syncs: int
    syncs_per_second: Figure
    noop_per_second: Figure
    ratio_to_noop: Figure
    cpu_ms_per_sync: Figure
    cpu_ms_per_noop: Figure


class VendorCalls(Frozen):
    edits: int
    vendor_calls_per_edit: Figure
    for_edit_in_jira: dict[str, Figure]
    for_edit_on_github: dict[str, Figure]


class Work(StrEnum):
    """What a platform's calls are counted for."""

    EDIT = "edit"
    COMMENT = "comment"
    FIRST_SYNC = "first sync"
    BACKFILL = "backfill"
    IDLE_POLL = "idle poll"


class PlatformCalls(Frozen):
    """Twinline's calls of one platform, as the source of that work or as its target, and the fewest that its API allows.

    `made_by_kind` tells them apart by method and path. `items` is how many items the work was for; all calls for them are counted.
    """

    platform: str
    work: Work
    side: Literal["source", "target"]
    other: str
    items: int
    made: Figure
    least: Figure
    why: str
    made_by_kind: dict[str, Figure]


class TemporalActions(Frozen):
    edits: int
    temporal_actions_per_edit: Figure
    twin_actions_per_edit: Figure
    feed_actions_per_edit: Figure


class Latency(Frozen):
    edits: int
    latency_p50_ms: Figure
    latency_p95_ms: Figure


class IdleMemory(Frozen):
    idle_twins: int
    kib_per_idle_twin: Figure
    worker_mib_before: Figure
    worker_mib_after: Figure


class RuleSpeed(Frozen):
    """Medians of one incoming rule, and the steps of a loop with all limits on; Python's figures are for the same work."""

    lines: int
    compile_ms: Figure
    python_compile_ms: Figure
    run_ms: Figure
    python_exec_us: Figure
    million_steps_per_second: Figure


class Machine(Frozen):
    """Load averages of one minute, when the measuring of time began, after all platforms' calls, and when it ended."""

    cores: int
    load_before: Figure
    load_after: Figure
    seconds: Figure


class Report(Frozen):
    machine: Machine
    throughput: Throughput
    vendor_calls: VendorCalls
    platform_calls: tuple[PlatformCalls, ...]
    temporal_actions: TemporalActions
    latency: Latency
    idle_memory: IdleMemory
    rules: RuleSpeed


def rules_rows(speed: RuleSpeed) -> list[tuple[str, str, str]]:
    compiling, running = speed.compile_ms / speed.python_compile_ms, 1000 * speed.run_ms / speed.python_exec_us
    return [
        ("rule compiled", f"{speed.compile_ms:.2f} ms", f"{speed.lines} lines; {compiling:.1f} times Python's compile of the same"),
        ("rule run", f"{speed.run_ms:.2f} ms", f"incoming; {running:.1f} times Python's exec of the same, without copies and checks"),
        ("rule steps", f"{speed.million_steps_per_second:.1f} million/s", "a loop, all limits on"),
    ]


def rules_table(rows: list[tuple[str, str, str]]) -> Table:
    shown = Table("what", "figure", "how it was measured", box=None)
    for row in rows:
        shown.add_row(*row)
    return shown


def table(report: Report) -> Table:
    rate, calls, actions = report.throughput, report.vendor_calls, report.temporal_actions
    pace, idle, machine = report.latency, report.idle_memory, report.machine
    shown = Table("what", "figure", "how it was measured", box=None)
    shown.add_row("syncs", f"{rate.syncs_per_second:.1f}/s", f"{rate.syncs} field edits in bursts, on either side, webhooks only")
    shown.add_row("no-op workflow", f"{rate.noop_per_second:.1f}/s", "as many signals on the same server, three activities that do nothing")
    shown.add_row("ratio", f"{rate.ratio_to_noop:.2f}", "bursts of both in turn")
    shown.add_row("processor per sync", f"{rate.cpu_ms_per_sync:.0f} ms", "Temporal, worker and API, echoes included, fakes not")
    shown.add_row("processor per no-op", f"{rate.cpu_ms_per_noop:.0f} ms", "Temporal and worker")
    shown.add_row("vendor calls per edit", f"{calls.vendor_calls_per_edit:.2f}", f"{calls.edits} single edits; people's own calls left out")
    shown.add_row("  edit in Jira", _total(calls.for_edit_in_jira), _split(calls.for_edit_in_jira))
    shown.add_row("  edit on GitHub", _total(calls.for_edit_on_github), _split(calls.for_edit_on_github))
    shown.add_row(
        "Temporal actions per edit", f"{actions.temporal_actions_per_edit:.2f}", f"{actions.edits} single edits, read from histories"
    )
    shown.add_row("  in the twin", f"{actions.twin_actions_per_edit:.2f}", "signals, activities, search attributes")
    shown.add_row("  in the feeds", f"{actions.feed_actions_per_edit:.2f}", "wake-ups by webhooks, of the edit and of its echo")
    shown.add_row("latency p50", f"{pace.latency_p50_ms:.0f} ms", f"{pace.edits} single edits, until seen on the other side")
    shown.add_row("latency p95", f"{pace.latency_p95_ms:.0f} ms", "")
    growth = f"worker {idle.worker_mib_before:.0f} MiB, with {idle.idle_twins} twins more {idle.worker_mib_after:.0f} MiB"
    shown.add_row("memory per idle twin", f"{idle.kib_per_idle_twin:.0f} KiB", f"{growth}; cached after one fetch")
    for row in rules_rows(report.rules):
        shown.add_row(*row)
    shown.add_row("machine", f"{machine.cores} cores", f"load {machine.load_before:.1f} before, {machine.load_after:.1f} after")
    return shown


def _total(calls: dict[str, float]) -> str:
    return f"{sum(calls.values()):.2f}"


def _split(calls: dict[str, float]) -> str:
    return ", ".join(f"{what} {count:.2f}" for what, count in calls.items())
