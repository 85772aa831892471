"""The processes of a world: each is killed without warning, and started again as it was."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from config import lifeline

ROOT = Path(__file__).parents[2]
GRACE_SECONDS = 5.0


@dataclass
class Part:
    """One program. It ends when we do, and says what it has to say into `output`."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    output: Path
    process: asyncio.subprocess.Process | None = field(default=None, init=False)

    async def start(self) -> None:
        command = (sys.executable, "-I", lifeline.__file__, str(os.getpid()), *self.command)
        with self.output.open("ab") as output:
            self.process = await asyncio.create_subprocess_exec(
                *command,
                env={**os.environ, **self.environment, "PYTHONPATH": str(ROOT)},
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    @property
    def gone(self) -> bool:
        return self.process is None or self.process.returncode is not None

    async def kill(self) -> None:
        if self.process is not None and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()

    async def stop(self) -> None:
        if self.process is None or self.process.returncode is not None:
            return
        self.process.terminate()
        try:
            async with asyncio.timeout(GRACE_SECONDS):
                await self.process.wait()
        except TimeoutError:
            await self.kill()


@dataclass
class Workers:
    """The crash worker: one at a time, each a fork of a process that has everything loaded."""

    folder: Path
    environment: Mapping[str, str]
    output: Path
    nursery: asyncio.subprocess.Process | None = field(default=None, init=False)
    pid: int = field(default=0, init=False)
    _ended: asyncio.Task[None] | None = field(default=None, init=False)

    async def open(self) -> None:
        command = (sys.executable, "-I", lifeline.__file__, str(os.getpid()), sys.executable, "-m", "tests.crash.worker", str(self.folder))
        with self.output.open("ab") as output:
            self.nursery = await asyncio.create_subprocess_exec(
                *command,
                env={**os.environ, **self.environment, "PYTHONPATH": str(ROOT)},
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                start_new_session=True,
            )

    async def start(self) -> None:
        assert self.nursery is not None, "the nursery is not open"
        orders, told = _pipes(self.nursery)
        orders.write(b"start\n")
        self.pid = int(await told.readline())
        self._ended = asyncio.create_task(self._until_ended(told))

    @staticmethod
    async def _until_ended(told: asyncio.StreamReader) -> None:
        await told.readline()

    @property
    def gone(self) -> bool:
        return self._ended is None or self._ended.done()

    async def ended(self, seconds: float) -> bool:
        """Wait that long for the worker to be gone."""
        if self._ended is not None:
            await asyncio.wait([self._ended], timeout=seconds)
        return self.gone

    async def kill(self) -> None:
        if not self.gone:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            assert await self.ended(10), "a killed worker does not end"

    async def close(self) -> None:
        await self.kill()
        if self.nursery is not None:
            orders, _ = _pipes(self.nursery)
            orders.close()
            await self.nursery.wait()


def _pipes(process: asyncio.subprocess.Process) -> tuple[asyncio.StreamWriter, asyncio.StreamReader]:
    return cast("asyncio.StreamWriter", process.stdin), cast("asyncio.StreamReader", process.stdout)
