"""`python -m tests.crash.worker FOLDER`: the real worker, put together from wrapped parts, that dies at the point that is armed in FOLDER.

It starts a worker for every line on its standard input, one at a time, by a fork of itself, which has everything loaded. It prints the
worker's process id, and `ended` when it is gone.
"""

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from activities.access import OpenSystem, Systems
from activities.signals import Signals
from config.attributes import register_attributes
from config.logs import write_logs
from config.opening import master_key, open_store, temporal_target
from config.settings import Settings, load_settings
from store import Store
from tests.crash.arming import Points
from tests.crash.workflow_points import CrashPlugin
from tests.points import pointed, pointed_store
from worker import Workers, engine_of

_PR_SET_PDEATHSIG = 1


class PointedSystems(Systems):
    """Connectors with points named after the kind of platform: `before jira.create`."""

    def __init__(self, store: Store, points: Points) -> None:
        super().__init__(store)
        self._points = points
        self._pointed: dict[int, OpenSystem] = {}

    async def opened(self, system_id: str) -> OpenSystem:
        system = await super().opened(system_id)
        if id(system) not in self._pointed:
            connector = pointed(system.connector, system.system.kind, self._points.reach)
            self._pointed[id(system)] = replace(system, connector=connector)
        return self._pointed[id(system)]


async def work(settings: Settings, points: Points) -> None:
    target = temporal_target(settings)
    client = await Client.connect(**target, data_converter=pydantic_data_converter, plugins=[CrashPlugin(points)])
    await register_attributes(client)
    store = pointed_store(await open_store(settings), points.reach)
    systems = PointedSystems(store, points)
    signals = pointed(Signals(client), "signals", points.reach)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await Workers(client, engine_of(store, systems, master_key(settings).subkey("op")), signals, timedelta(days=90)).run(stop)
    await systems.aclose()
    await store.aclose()


def _forked(folder: Path) -> int:
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    code = 1
    with contextlib.suppress(SystemExit):
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(2, 1)
        if os.getppid() == parent:
            write_logs()
            asyncio.run(work(load_settings(), Points(folder)))
            code = 0
    os._exit(code)


def main() -> None:
    for _ in sys.stdin:
        pid = _forked(Path(sys.argv[1]))
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()
        os.waitpid(pid, 0)
        sys.stdout.write("ended\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
