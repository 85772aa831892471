"""`python -m tests.figures`: writes the figures of the last runs, which are kept in docs/runs, into docs/guarantees.md."""

import sys
from pathlib import Path

from pydantic import BaseModel, TypeAdapter

from tests.crash.campaign import Counts

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "guarantees.md"
TABLE = ROOT / "docs" / "mutations.md"
RUNS = ROOT / "docs" / "runs"
HEADING = "## What was run\n"


class Simulated(BaseModel):
    """A campaign of the simulator, as its `--report` has it."""

    seed: str
    cases: int
    failed: int
    on_disk: int
    played_twice: int
    faults: int
    fired: dict[str, int]
    pace: int


def _simulation(runs: list[Simulated]) -> str:
    cases, faults = sum(one.cases for one in runs), sum(one.faults for one in runs)
    kinds = {name for one in runs for name in one.fired}
    rows = [f"| `{one.seed}` | {one.cases:,} | {one.failed} | {one.faults:,} | {one.on_disk:,} | {one.played_twice} |" for one in runs]
    failed = sum(one.failed for one in runs)
    return "\n".join(
        (
            f"`make simulate`: {cases:,} cases, {failed} failed; {faults:,} faults of {len(kinds)} kinds struck.",
            "",
            "| seed | cases | failed | faults that struck | on SQLite | played twice, with the same trace |",
            "|---|---|---|---|---|---|",
            *rows,
        )
    )


def _crashes(counts: Counts) -> str:
    hit = sum(1 for times in counts.points.values() if times)
    cuts = sum(counts.cuts.values())
    command = f"make crash KILLS={counts.kills} DATABASE={counts.database} SEED={counts.seed}"
    return (
        f"`{command}`: {counts.kills} kills at {hit} of {len(counts.points)} named points in {counts.worlds} worlds, "
        f"{counts.changes:,} changes by people, {cuts} connections cut; {counts.failed} promises broken, {counts.parked} twins parked."
    )


def section() -> str:
    """The text below the heading."""
    runs = TypeAdapter(list[Simulated]).validate_json((RUNS / "simulation.json").read_text())
    crashes = [Counts.model_validate_json(path.read_text()) for path in sorted(RUNS.glob("crash-*.json"))]
    parts = [_simulation(runs), *map(_crashes, crashes)]
    if TABLE.exists():
        parts.append(f"`make mutate`: see the [kill table]({TABLE.name}).")
    return "\n\n".join(parts) + "\n"


def page() -> str:
    """The page with the figures of the last runs."""
    return PAGE.read_text().split(HEADING)[0] + HEADING + "\n" + section()


def main() -> int:
    PAGE.write_text(page())
    return 0


if __name__ == "__main__":
    sys.exit(main())
