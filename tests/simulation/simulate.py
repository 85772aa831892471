"""Plays cases and judges them."""

import hashlib
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.simulation.case import Case, Played, play
from tests.simulation.clock import Clock
from tests.simulation.facts import gather
from tests.simulation.oracle import Oracle

ON_DISK = Path("/dev/shm")


@dataclass
class Verdict:
    """`trace` is a digest of everything that happened, `fired` counts the faults that struck, `unavoidable` what no engine could prevent."""

    findings: list[str]
    trace: str
    fired: Counter[str] = field(default_factory=Counter[str])
    unavoidable: int = 0
    seconds: float = 0.0


async def _judged(played: Played) -> Verdict:
    facts = await gather(played)
    oracle = Oracle(facts)
    findings = oracle.findings()
    digest = hashlib.sha256()
    for truth in facts.truths.values():
        for entry in truth.entries:
            digest.update(repr(entry).encode())
    digest.update(repr((facts.pairs, facts.conflicts, played.ended_at, played.quiet_at)).encode())
    return Verdict(findings, digest.hexdigest()[:16], played.world.faults.fired, oracle.unavoidable, played.world.clock.elapsed)


def judge(case: Case) -> Verdict:
    """Play the case, and say which promises were broken."""
    clock = Clock()
    if not case.profile.sqlite:
        return clock.run(lambda: play(case, clock, None, _judged))
    with tempfile.TemporaryDirectory(dir=ON_DISK if ON_DISK.exists() else None) as folder:
        return clock.run(lambda: play(case, clock, Path(folder), _judged))
