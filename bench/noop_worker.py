"""`python -m bench.noop_worker ADDRESS`: a worker for the no-op workflow, set up as the product's worker is."""

import asyncio
import contextlib
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import PollerBehaviorAutoscaling, Worker

from bench.noop import QUEUE, SOURCE_QUEUE, TARGET_QUEUE, NoopWorkflow, last_step, step
from config import lifeline
from worker import CACHED_WORKFLOWS, PER_SYSTEM, runner

_ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class NoopWorker:
    """A running worker; `ended` has a line for each run that is over."""

    pid: int
    ended: asyncio.StreamReader


async def work(address: str) -> None:
    client = await Client.connect(address, data_converter=pydantic_data_converter)
    async with contextlib.AsyncExitStack() as stack:
        workflows = Worker(
            client,
            task_queue=QUEUE,
            workflows=[NoopWorkflow],
            workflow_runner=runner(),
            max_cached_workflows=CACHED_WORKFLOWS,
            max_concurrent_workflow_tasks=50,
            workflow_task_poller_behavior=PollerBehaviorAutoscaling(),
        )
        await stack.enter_async_context(workflows)
        for queue in (SOURCE_QUEUE, TARGET_QUEUE):
            system = Worker(
                client,
                task_queue=queue,
                activities=[step, last_step],
                max_concurrent_activities=PER_SYSTEM,
                activity_task_poller_behavior=PollerBehaviorAutoscaling(initial=2),
            )
            await stack.enter_async_context(system)
        await asyncio.Event().wait()


@contextlib.asynccontextmanager
async def noop_worker(address: str) -> AsyncGenerator[NoopWorker]:
    """A process of its own, as the product's worker is; it ends with us."""
    command = (sys.executable, "-I", lifeline.__file__, str(os.getpid()), sys.executable, "-P", "-m", "bench.noop_worker", address)
    process = await asyncio.create_subprocess_exec(*command, env={**os.environ, "PYTHONPATH": str(_ROOT)}, stdout=PIPE)
    try:
        yield NoopWorker(process.pid, cast("asyncio.StreamReader", process.stdout))
    finally:
        process.terminate()
        await process.wait()


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1]))
