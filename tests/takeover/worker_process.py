"""A worker in a process of its own that writes down what it fetches: `python -m tests.takeover.worker_process ADDRESS SYSTEM CODE`."""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Worker

from activities.interface import TWIN_QUEUE, FetchRequest, FetchResult, system_queue
from tests.takeover.changed import CarelessTwin, PatchedTwin
from tests.workflows.stand_ins import StandIns, held, refused, unchanged
from worker import HEARTBEATS, runner
from workflows.twin import TwinWorkflow


async def _for_ever(request: FetchRequest) -> FetchResult:
    del request
    await asyncio.Event().wait()
    raise AssertionError


OLD: tuple[Callable[[FetchRequest], Awaitable[FetchResult]], ...] = (unchanged, refused, held, _for_ever)
CODE = {"old": TwinWorkflow, "careless": CarelessTwin, "patched": PatchedTwin}


async def main(address: str, system: str, code: str) -> None:
    """The old code leaves twins in different states, by their number; the new one brings all of them in line."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)

    async def fetching(request: FetchRequest) -> FetchResult:
        sys.stdout.write(f"{request.twin}\n")
        sys.stdout.flush()
        return await (OLD[int(request.twin) % len(OLD)] if code == "old" else unchanged)(request)

    acts = StandIns(fetching=fetching)
    client = await Client.connect(address, data_converter=pydantic_data_converter)
    workflows = Worker(client, task_queue=TWIN_QUEUE, workflows=[CODE[code]], workflow_runner=runner(), max_cached_workflows=5000)
    fetches = Worker(
        client,
        task_queue=system_queue(system),
        activities=[acts.fetch, acts.unlink],
        max_concurrent_activities=2000,
        max_heartbeat_throttle_interval=HEARTBEATS,
    )
    async with workflows, fetches:
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
