"""Arming a point: whoever passes it for the n-th time since then dies there by SIGKILL.

The armed point is a file, so that it can be changed while the process runs, and so that the next process does not die of it again.
"""

import json
import os
import signal
from collections import Counter
from pathlib import Path

from model.frozen import Frozen

_Stamp = tuple[int, int]


class Arm(Frozen):
    """`passage` counts from 1, from the moment at which the process sees the arm."""

    number: int
    point: str
    passage: int = 1


class Armory:
    """The arms of one world, as the one who arms sees them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def arm(self, arm: Arm) -> None:
        draft = self._folder / "draft"
        draft.write_text(arm.model_dump_json())
        draft.replace(self._folder / "armed")

    def disarm(self) -> None:
        (self._folder / "armed").unlink(missing_ok=True)

    def fired(self, arm: Arm) -> bool:
        return (self._folder / f"fired-{arm.number}").exists()

    def passages(self) -> Counter[str]:
        """How often the processes that died of an arm had passed each point."""
        counts: Counter[str] = Counter()
        for told in self._folder.glob("passed-*"):
            counts.update(json.loads(told.read_text()))
        return counts


class Points:
    """The points as the process passes them that may die there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._armed = folder / "armed"
        self._stamp: _Stamp | None = None
        self._arm: Arm | None = None
        self._left = 0
        self._passed: Counter[str] = Counter()

    async def reach(self, point: str) -> None:
        self.passed(point)

    def passed(self, point: str) -> None:
        self._passed[point] += 1
        self._look()
        if self._arm and self._arm.point == point:
            self._left -= 1
            if self._left == 0:
                self._die(self._arm)

    def _look(self) -> None:
        try:
            found = self._armed.stat()
        except FileNotFoundError:
            self._arm = self._stamp = None
            return
        stamp = (found.st_ino, found.st_mtime_ns)
        if stamp != self._stamp:
            self._arm, self._stamp = Arm.model_validate_json(self._armed.read_text()), stamp
            self._left = self._arm.passage

    def _die(self, arm: Arm) -> None:
        (self._folder / f"passed-{os.getpid()}").write_text(json.dumps(self._passed))
        self._armed.rename(self._folder / f"fired-{arm.number}")
        os.kill(os.getpid(), signal.SIGKILL)
