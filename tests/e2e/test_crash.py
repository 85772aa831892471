"""`kill -9` of the worker or the Temporal server in the middle of the work: the same final state, nothing twice, nothing lost."""

import asyncio
import contextlib
import json
import os
import random
import signal
from collections import Counter
from pathlib import Path
from typing import cast

import pytest

from cli.demo.scene import Scene, staged
from cli.up import Ports
from config.settings import Settings

EACH_SIDE = 10

# One worker with the real Redmine's tests: the two that need the machine most do not run at once.
pytestmark = pytest.mark.xdist_group("redmine")
MARK = "<!-- twinline:"


async def _kill(home: Path, part: str, seed: int) -> None:
    """End the part without warning at a random moment."""
    chance = random.Random(seed)
    await asyncio.sleep(chance.uniform(0.5, 6.0))
    record = cast("dict[str, int]", json.loads((home / "parts.json").read_text()))
    with contextlib.suppress(ProcessLookupError):
        os.kill(record[part], signal.SIGKILL)


async def _work(scene: Scene) -> None:
    for number in range(EACH_SIDE):
        key = await scene.ann.create("APP", f"From Jira {number}", "one", ("sync",))
        await scene.ann.comment(key, f"Comment of {key}")
        issue = await scene.bob.create(f"From GitHub {number}", "two", ("sync",))
        await scene.bob.comment(issue, f"Comment of {issue}")
        await scene.ann.edit(key, summary=f"From Jira {number}, edited")
        await scene.bob.edit(issue, title=f"From GitHub {number}, edited")


async def _comments_cross(scene: Scene) -> bool:
    for key, number in (await scene.numbers()).items():
        if not await scene.ann.comments(key) or not await scene.bob.comments(number):
            return False
    return True


async def _check(scene: Scene) -> None:
    """Read both platforms themselves: each item has one counterpart, each comment one copy, all edits arrived."""
    names = [f"From {system} {number}, edited" for system in ("Jira", "GitHub") for number in range(EACH_SIDE)]
    issues = [issue for issue in await scene.bob.all() if str(issue["title"]).startswith("From ")]
    assert Counter(str(issue["title"]) for issue in issues) == Counter(names)
    keys = await scene.ann.search("project = APP AND labels = sync")
    seen = [await scene.ann.see(key) for key in keys]
    assert Counter(str(issue["summary"]) for issue in seen) == Counter(names)
    for key, number in (await scene.numbers()).items():
        left, right = await scene.ann.comments(key), await scene.bob.comments(number)
        assert len(left) == len(right) == 1, (key, left, number, right)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(("part", "seed"), [("worker", 1), ("temporal", 4)])
async def test_killed_part_comes_back_and_nothing_is_lost_or_doubled(part: str, seed: int, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    async with staged(settings, Ports(0, 0, 0), asyncio.Event(), "1s") as scene:
        killing = asyncio.create_task(_kill(tmp_path, part, seed))
        await _work(scene)
        await killing
        await scene.in_line(2 * EACH_SIDE, "after the kill", 120)
        deadline = asyncio.get_running_loop().time() + 60
        while not await _comments_cross(scene) and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(0.2)
        await scene.in_line(2 * EACH_SIDE, "comments after the kill", 60)
        await _check(scene)
