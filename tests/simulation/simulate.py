"""Plays cases and judges them."""

import hashlib
from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from tests.inline_sqlite import scratch
from tests.simulation.case import Case, Played, play
from tests.simulation.clock import Clock
from tests.simulation.facts import gather
from tests.simulation.oracle import Oracle
from tests.simulation.world import World


@dataclass
class Verdict:
    """`trace` is a digest of everything that happened. `fired` counts faults that struck, `unavoidable` what no engine could prevent."""

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


def judge(case: Case, alter: Callable[[World], None] | None = None) -> Verdict:
    """Play the case, and say which promises were broken. `alter` may break the world before it begins, and keep it."""
    clock = Clock()
    with scratch() if case.profile.sqlite else nullcontext() as folder:
        verdict = clock.run(lambda: play(case, clock, Path(folder) if folder else None, _judged, alter))
    if alter is None:
        clock.let_go()
    return verdict
