"""The parts of a one-machine deployment as child processes: started, started again when they die, and ended with us."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import structlog

from config import lifeline

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 15.0
STEADY_SECONDS = 30.0
GRACE_SECONDS = 10.0

log = structlog.get_logger("twinline")


@dataclass(frozen=True)
class Part:
    """`output` takes what the program prints; without it, it goes where ours goes."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    output: Path | None = None


class Parts:
    """Running parts. `record` is a JSON file of their process ids by name, kept up to date."""

    def __init__(self, record: Path) -> None:
        self._record = record
        self._running: dict[str, asyncio.subprocess.Process] = {}
        self._keepers: dict[str, asyncio.Task[None]] = {}
        self._stopping = False

    def start(self, part: Part) -> None:
        """Keep the part running from now on."""
        self._keepers[part.name] = asyncio.create_task(self._keep(part))

    async def stop(self) -> None:
        """End the parts, and the first one after the others, which lean on it: SIGTERM, and SIGKILL to those that take long."""
        self._stopping = True
        processes = [self._running[name] for name in self._keepers if name in self._running]
        for together in (processes[1:], processes[:1]):
            await asyncio.gather(*(_end(process) for process in together))
        for keeper in self._keepers.values():
            keeper.cancel()
        await asyncio.gather(*self._keepers.values(), return_exceptions=True)
        await asyncio.gather(*(_end(process) for process in self._running.values()))
        self._record.unlink(missing_ok=True)

    async def _keep(self, part: Part) -> None:
        pause = FIRST_PAUSE
        while not self._stopping:
            process = await _spawn(part)
            self._running[part.name] = process
            self._write_record()
            born = monotonic()
            code = await process.wait()
            if self._stopping:
                return
            if monotonic() - born > STEADY_SECONDS:
                pause = FIRST_PAUSE
            log.warning("part ended and is started again", part=part.name, exit_code=code, in_seconds=pause, output=_shown(part))
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    def _write_record(self) -> None:
        draft = self._record.with_suffix(".draft")
        draft.write_text(json.dumps({name: process.pid for name, process in self._running.items()}) + "\n")
        draft.replace(self._record)


async def _spawn(part: Part) -> asyncio.subprocess.Process:
    """In a session of its own, so that an interrupt from the terminal reaches only us."""
    command = (sys.executable, "-I", lifeline.__file__, str(os.getpid()), *part.command)
    output = part.output.open("ab") if part.output else None
    try:
        return await asyncio.create_subprocess_exec(
            *command,
            env=dict(part.environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            start_new_session=True,
        )
    finally:
        if output:
            output.close()


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(GRACE_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def _shown(part: Part) -> str:
    return str(part.output or "")
