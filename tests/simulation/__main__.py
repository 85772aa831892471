"""`python -m tests.simulation --seed S --cases N`: play random cases; exit 1 if one breaks a promise.

The last line is `N cases, N failed, seed S, N cases/min`.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import cast

from tests.simulation.campaign import SHRUNK_AT_MOST, Failure, Report, kept, quiet, run, shrunk
from tests.simulation.sometimes import ENOUGH, missing


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--cases", type=int)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--stop", action="store_true", help="at the first failure")
    parser.add_argument("--no-shrink", action="store_true")
    parser.add_argument("--report", type=Path, help="add the figures to this JSON file")
    return parser.parse_args()


def _tell(failure: Failure, *, small: bool) -> None:
    print(f"case {failure.name}")
    for finding in failure.findings[:5]:
        print(f"  {finding}")
    if small:
        case = shrunk(failure)
        path = kept(failure, case)
        print(f"  shrunk to {len(case.steps)} steps, kept as {path}")
        for step in case.steps:
            print(f"    {step.model_dump_json()}")


def _keep(path: Path, seed: str, report: Report) -> None:
    known = cast("list[object]", json.loads(path.read_text())) if path.exists() else []
    figures = {
        "seed": seed,
        "cases": report.cases,
        "failed": len(report.failures),
        "on_disk": report.on_disk,
        "played_twice": report.twice,
        "faults": report.fired.total(),
        "unavoidable": report.unavoidable,
        "pace": round(report.pace),
        "fired": dict(sorted(report.fired.items())),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("[\n" + ",\n".join(json.dumps(one) for one in [*known, figures]) + "\n]\n")


def main() -> int:
    quiet()
    given = _arguments()
    cases = given.cases or (None if given.minutes else 1000)
    report = run(given.seed, cases, given.minutes * 60 if given.minutes else None, given.jobs, stop=given.stop)
    for number, failure in enumerate(report.failures[:20]):
        _tell(failure, small=not given.no_shrink and number < SHRUNK_AT_MOST)
    print(
        f"{report.fired.total()} faults of {len(report.fired)} kinds struck; {report.on_disk} cases on SQLite; {report.twice} played twice"
    )
    lacking = missing(report.fired) if report.cases >= ENOUGH else []
    if lacking:
        print(f"never happened: {', '.join(lacking)}")
    if given.report:
        _keep(given.report, given.seed, report)
    print(f"{report.cases} cases, {len(report.failures)} failed, seed {given.seed}, {report.pace:.0f} cases/min")
    return 1 if report.failures or lacking else 0


if __name__ == "__main__":
    sys.exit(main())
