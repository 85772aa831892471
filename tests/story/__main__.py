"""`python -m tests.story --items 2000`, which is `make story`."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path
from time import monotonic

from tests.story.hands import Hands
from tests.story.rest import RestHands
from tests.story.stage import opened_stage
from tests.story.story import Size, Story
from tests.story.terminal import TerminalHands

MINUTES = 20


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def tell(step: str, seconds: float) -> None:
    say(f"{seconds:8.1f} s  {step}")


async def play(by: str, size: Size) -> None:
    with tempfile.TemporaryDirectory(prefix="twinline-story-") as home:
        async with opened_stage(Path(home)) as stage:
            hands: Hands = RestHands(stage.url) if by == "rest" else TerminalHands(stage.environment)
            say(f"by {by}: {size.items} items, {size.edits} edits on both sides, {size.unlinks} unlinked")
            began = monotonic()
            await Story(stage, hands, size, tell).play()
            tell("all of it", monotonic() - began)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.story")
    parser.add_argument("--items", type=int, default=2000)
    parser.add_argument("--by", choices=["rest", "cli"], action="append")
    asked = parser.parse_args()
    for by in asked.by or ["rest", "cli"]:
        asyncio.run(play(by, Size(asked.items, MINUTES * 60)))


if __name__ == "__main__":
    main()
