"""`python -m tests.mutation`: break the engine in every listed way, one at a time, and see that simulation or property tests notice.

A mutant that passes the cases and the tests meets four times as many further cases. Prints a line per mutant, and as last line
`N mutants, N caught, N survived`; exit 1 if one survives that is not argued for. What was tried is kept in `.run/mutations.jsonl`, so
that `--resume` goes on where a run was broken off.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from pathlib import Path

from pydantic import BaseModel

from tests.mutation.mutant import Mutant
from tests.mutation.mutants import MUTANTS
from tests.simulation.campaign import BATCH

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = shutil.ignore_patterns(".venv", ".git", ".run", ".*_cache", "__pycache__", ".hypothesis")
ONCE_FAILED = "tests/simulation/test_simulation.py::test_what_once_failed_keeps_every_promise"
SCRIPTED = sorted(f"tests/simulation/{one.name}" for one in (ROOT / "tests/simulation").glob("test_*.py") if one.stem != "test_simulation")
PROPERTY_TESTS = (
    ONCE_FAILED,
    "tests/sync",
    "tests/activities",
    *SCRIPTED,
    "tests/operations",
    "tests/e2e/test_rule_writes.py",
    "tests/e2e/test_deletion.py",
    "tests/workflows",
)
MORE = 4
TRIED = ROOT / ".run" / "mutations.jsonl"
PATIENCE = 1500
LAST = re.compile(r"(\d+) cases, (\d+) failed")
FINDING = re.compile(r"^  (\w+): (.*)$", re.MULTILINE)


class Outcome(BaseModel, frozen=True):
    """`caught` is empty for a survivor, else what noticed: `simulation` or `tests`."""

    name: str
    caught: str
    cases: int = 0
    finding: str = ""
    redundant: str = ""


def broken(mutant: Mutant, folder: Path) -> None:
    path = folder / mutant.path
    text = path.read_text()
    if mutant.old not in text:
        raise SystemExit(f"{mutant.name!r}: {mutant.path} no longer has {mutant.old!r}; bring tests/mutation up to date")
    path.write_text(text.replace(mutant.old, mutant.new))


def _run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    python = str(ROOT / ".venv" / "bin" / "python")
    quiet = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run([python, "-m", *words], cwd=folder, env=quiet, capture_output=True, text=True, timeout=PATIENCE, check=False)


def tried(mutant: Mutant, seed: str, cases: int) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="twinline-mutant-") as name:
        folder = Path(name) / "tree"
        shutil.copytree(ROOT, folder, ignore=LEFT_OUT)
        broken(mutant, folder)
        if caught := _played(mutant, folder, seed, cases):
            return caught
        if _tested(folder, *PROPERTY_TESTS, *(["tests/store"] if mutant.path.startswith("store/") else [])).returncode:
            return Outcome(name=mutant.name, caught="tests", cases=cases)
        if caught := _played(mutant, folder, f"{seed}-more", MORE * cases):
            return caught
    return Outcome(name=mutant.name, caught="", cases=(1 + MORE) * cases, redundant=mutant.redundant)


def _tested(folder: Path, *tests: str) -> subprocess.CompletedProcess[str]:
    return _run(folder, "pytest", *tests, "-x", "-q", "-n", "0", "-p", "no:cacheprovider")


def _played(mutant: Mutant, folder: Path, seed: str, cases: int) -> Outcome | None:
    """None if the simulation notices nothing."""
    try:
        played = _run(folder, "tests.simulation", "--seed", seed, "--cases", str(cases), "--stop", "--no-shrink")
    except subprocess.TimeoutExpired:
        return Outcome(name=mutant.name, caught="simulation", finding="it never comes to an end")
    if not played.returncode:
        return None
    found, figures = FINDING.search(played.stdout), LAST.search(played.stdout)
    what = f"{found[1]}: {found[2][:110]}" if found else "it does not run"
    return Outcome(name=mutant.name, caught="simulation", cases=int(figures[1]) if figures else 0, finding=what)


def table(outcomes: list[Outcome], seed: str, cases: int) -> str:
    """The kill table."""
    caught = sum(1 for one in outcomes if one.caught)
    lines = [
        "# Mutations",
        "",
        "Written by `make mutate`: the engine is broken in one way after the other, and simulation or property tests have to notice.",
        f"Seed `{seed}`, at most {cases} simulated cases each, {BATCH} at a time; {MORE * cases} more where the tests notice nothing.",
        f"{len(outcomes)} mutants, {caught} caught.",
        "",
        "| broken so | noticed by | cases | first finding |",
        "|---|---|---|---|",
    ]
    for one in outcomes:
        finding = one.finding.replace("|", "\\|") or one.redundant
        lines.append(f"| {one.name} | {one.caught or 'nobody'} | {one.cases or ''} | {finding} |")
    return "\n".join(lines) + "\n"


def _tried_before() -> list[Outcome]:
    return [Outcome.model_validate_json(line) for line in TRIED.read_text().splitlines()] if TRIED.exists() else []


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--seed", default="mutation")
    parser.add_argument("--cases", type=int, default=800)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", default="", help="mutants whose name has this")
    parser.add_argument("--resume", action="store_true", help="leave out what a run that was broken off has tried")
    parser.add_argument("--report", type=Path, help="write the kill table as Markdown")
    given = parser.parse_args()
    chosen = [one for one in MUTANTS if given.only in one.name]
    played = _run(ROOT, "tests.simulation", "--seed", str(given.seed), "--cases", str(given.cases), "--stop", "--no-shrink")
    for unbroken in (played, _tested(ROOT, *PROPERTY_TESTS, "tests/store")):
        if unbroken.returncode:
            raise SystemExit(f"the engine as it is fails already, so nothing can be told:\n{unbroken.stdout}")
    outcomes = _tried_before() if given.resume else []
    known = {one.name for one in outcomes}
    rest = [one for one in chosen if one.name not in known]
    TRIED.parent.mkdir(exist_ok=True)
    with ThreadPoolExecutor(given.jobs) as pool, TRIED.open("a" if given.resume else "w") as kept:
        for outcome in pool.map(tried, rest, repeat(str(given.seed)), repeat(int(given.cases))):
            outcomes.append(outcome)
            kept.write(outcome.model_dump_json() + "\n")
            kept.flush()
            print(f"{outcome.caught or 'SURVIVED':10}  {outcome.cases:5}  {outcome.name}  {outcome.finding}", flush=True)
    if given.report:
        given.report.write_text(table(outcomes, given.seed, given.cases))
    caught = sum(1 for one in outcomes if one.caught)
    unexplained = [one.name for one in outcomes if not one.caught and not one.redundant]
    print(f"{len(outcomes)} mutants, {caught} caught, {len(outcomes) - caught} survived")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
