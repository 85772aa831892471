import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import pytest

from config.parts import Part, Parts

SLEEPER = (sys.executable, "-c", "import signal; signal.pause()")


async def until(met: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while True:
            if met():
                return
            await asyncio.sleep(0.01)


def _part(name: str, command: tuple[str, ...] = SLEEPER, output: Path | None = None) -> Part:
    return Part(name, command, dict(os.environ), output)


def _alive(pid: int) -> bool:
    """Whether the process runs; one that ended and was not waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


class Recorded:
    """What the record file says."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def pids(self) -> dict[str, int]:
        return json.loads(self.file.read_text()) if self.file.exists() else {}


@pytest.fixture
def recorded(tmp_path: Path) -> Recorded:
    return Recorded(tmp_path / "parts.json")


@pytest.fixture
async def parts(recorded: Recorded) -> AsyncGenerator[Parts]:
    running = Parts(recorded.file)
    yield running
    await running.stop()


async def test_a_part_that_is_killed_is_started_again(parts: Parts, recorded: Recorded):
    parts.start(_part("worker"))
    await until(lambda: "worker" in recorded.pids())
    first = recorded.pids()["worker"]
    os.kill(first, signal.SIGKILL)
    await until(lambda: recorded.pids()["worker"] != first)

    assert _alive(recorded.pids()["worker"])


async def test_a_part_that_keeps_ending_is_tried_at_growing_intervals(parts: Parts, tmp_path: Path):
    output = tmp_path / "starts.txt"
    parts.start(_part("broken", (sys.executable, "-c", "import time; print(time.time())"), output))
    await until(lambda: output.exists() and len(output.read_text().split()) >= 3)
    first, second, third = (float(moment) for moment in output.read_text().split()[:3])

    assert second - first >= 0.5
    assert third - second >= 1.0


async def test_stopping_ends_all_and_removes_the_record(recorded: Recorded):
    parts = Parts(recorded.file)
    for name in ("one", "two"):
        parts.start(_part(name))
    await until(lambda: len(recorded.pids()) == 2)
    pids = recorded.pids()
    await parts.stop()

    assert not any(_alive(pid) for pid in pids.values())
    assert not recorded.file.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process of its parent's end")
async def test_parts_end_when_we_are_killed(recorded: Recorded):
    program = f"""
import asyncio, os
from pathlib import Path
from config.parts import Part, Parts
async def main():
    Parts(Path({str(recorded.file)!r})).start(Part("worker", {SLEEPER!r}, dict(os.environ)))
    await asyncio.Event().wait()
asyncio.run(main())
"""
    root = str(Path(__file__).parents[2])
    supervisor = await asyncio.create_subprocess_exec(sys.executable, "-c", program, env={**os.environ, "PYTHONPATH": root})
    await until(lambda: "worker" in recorded.pids())
    pid = recorded.pids()["worker"]
    await until(lambda: any(b"signal.pause" in part for part in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[2:3]))
    supervisor.kill()
    await supervisor.wait()

    await until(lambda: not _alive(pid))
