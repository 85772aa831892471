"""Many cases, on one core or several, and what came of them."""

import gc
import logging
import multiprocessing
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import structlog

from tests.simulation.case import Case
from tests.simulation.generate import generated
from tests.simulation.shrink import Shrinker
from tests.simulation.simulate import Verdict, judge

REGRESSIONS = Path(__file__).with_name("regressions")
TWICE = 100
SHRUNK_AT_MOST = 3
BATCH = 60


def quiet() -> None:
    """The engine's own log lines are of no interest here."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


@dataclass
class Failure:
    """`name` gives the case again: `generated(name)`."""

    name: str
    findings: list[str]

    @property
    def promise(self) -> str:
        return self.findings[0].split(":", maxsplit=1)[0]


@dataclass
class Report:
    cases: int = 0
    failures: list[Failure] = field(default_factory=list[Failure])
    fired: Counter[str] = field(default_factory=Counter[str])
    unavoidable: int = 0
    on_disk: int = 0
    twice: int = 0
    seconds: float = 0.0

    def add(self, other: "Report") -> None:
        self.cases += other.cases
        self.failures += other.failures
        self.fired += other.fired
        self.unavoidable += other.unavoidable
        self.on_disk += other.on_disk
        self.twice += other.twice

    @property
    def pace(self) -> float:
        """Cases a minute."""
        return self.cases / max(self.seconds, 1e-9) * 60


def judged(case: Case) -> Verdict:
    """What the simulation itself cannot cope with is a failure as well."""
    try:
        return judge(case)
    except Exception:  # noqa: BLE001  a case that breaks the simulator is to be reported with its seed, not to end the campaign
        return Verdict([f"X: the simulation broke\n{traceback.format_exc()}"], "")


def batch(seed: str, first: int, count: int) -> Report:
    """`count` cases. Rubbish is collected once, before them: on its way through a case it takes a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        return _batched(seed, first, count)
    finally:
        gc.enable()


def _batched(seed: str, first: int, count: int) -> Report:
    report = Report()
    for number in range(first, first + count):
        name = f"{seed}/{number}"
        case = generated(name)
        verdict = judged(case)
        report.cases += 1
        report.fired += verdict.fired
        report.unavoidable += verdict.unavoidable
        report.on_disk += case.profile.sqlite
        if verdict.findings:
            report.failures.append(Failure(name, verdict.findings))
        elif number % TWICE == 0:
            report.twice += 1
            if judged(case).trace != verdict.trace:
                report.failures.append(Failure(name, ["X: played twice, the case gave two traces"]))
    return report


def _batch(task: tuple[str, int, int]) -> Report:
    return batch(*task)


def _tasks(seed: str, cases: int | None) -> Iterator[tuple[str, int, int]]:
    first = 0
    while cases is None or first < cases:
        count = BATCH if cases is None else min(BATCH, cases - first)
        yield seed, first, count
        first += count


def run(seed: str, cases: int | None, seconds: float | None, jobs: int, *, stop: bool = False) -> Report:
    """Until `cases` are played or `seconds` are over; `stop` ends it at the first failure."""
    report, begun = Report(), monotonic()
    if jobs == 1:
        for task in _tasks(seed, cases):
            report.add(_batch(task))
            if _over(report, begun, seconds, stop=stop):
                break
    else:
        with multiprocessing.get_context("spawn").Pool(jobs, quiet) as pool:
            for part in pool.imap_unordered(_batch, _tasks(seed, cases)):
                report.add(part)
                if _over(report, begun, seconds, stop=stop):
                    pool.terminate()
                    break
    report.seconds = monotonic() - begun
    return report


def _over(report: Report, begun: float, seconds: float | None, *, stop: bool) -> bool:
    return (stop and bool(report.failures)) or (seconds is not None and monotonic() - begun > seconds)


def shrunk(failure: Failure) -> Case:
    """The least case that breaks the same promise."""

    def fails(case: Case) -> bool:
        return any(finding.split(":", maxsplit=1)[0] == failure.promise for finding in judged(case).findings)

    return Shrinker(fails).shrunk(generated(failure.name))


def kept(failure: Failure, case: Case) -> Path:
    """Written among the regressions, where the tests play it from now on."""
    REGRESSIONS.mkdir(exist_ok=True)
    path = REGRESSIONS / f"{failure.promise.lower()}-{failure.name.replace('/', '-')}.json"
    path.write_text(f"{case.model_dump_json(indent=1)}\n")
    return path
