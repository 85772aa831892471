"""`python -m tests.crash --kills 200 --database sqlite --seed 1`, which is `make crash`."""

import argparse
import asyncio
import secrets
import signal
import sys
from pathlib import Path

from tests.crash.campaign import Campaign, Counts
from tests.crash.parts import ROOT
from tests.crash.world import Told

RUN = ROOT / ".run"


def say(line: str = "") -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def tell(world: Told) -> None:
    met = ", ".join(f"{point} ×{times}" if times > 1 else point for point, times in world.kills.items())
    say(f"world {world.seed}: {world.kills.total()} kills, {world.changes} changes by people, {world.seconds:.0f} s: {met}")
    for title, lines in (
        ("FOUND", world.verdict.findings),
        ("limit", world.verdict.limits),
        ("alarm", world.verdict.alarms),
        ("parked", world.parked),
        ("missed", world.missed),
    ):
        for line in lines:
            say(f"  {title}: {line}")


def tell_counts(counts: Counts) -> None:
    say()
    for point, times in sorted(counts.points.items()):
        say(f"{times:6} × {point}")
    cuts = ", ".join(f"{times} {cut}" for cut, times in sorted(counts.cuts.items()))
    say(f"\n{counts.worlds} worlds in {counts.seconds:.0f} s, {counts.changes} changes by people; connections cut: {cuts or 'none'}")
    say(f"{counts.limits} limits of the platforms met, {counts.alarms} false conflicts, {counts.parked} parked twins told to go on")
    hit = sum(1 for times in counts.points.values() if times)
    say(f"{counts.kills} kills, {counts.failed} failed, seed {counts.seed}, points hit {hit} of {len(counts.points)}")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.crash")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--seed", default="")
    asked = parser.parse_args()
    seed = asked.seed or secrets.token_hex(4)
    RUN.mkdir(exist_ok=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    counts = asyncio.run(Campaign(asked.database, seed, RUN / "crash", tell).run(asked.kills))
    Path(RUN / f"crash-{asked.database}.json").write_text(counts.model_dump_json(indent=2) + "\n")
    tell_counts(counts)
    return 1 if counts.failed else 0


if __name__ == "__main__":
    sys.exit(main())
