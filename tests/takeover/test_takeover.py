"""A worker with new code takes over open twins. `TWINLINE_TAKEOVER` says how many; `make takeover` does it with a thousand."""

import asyncio
import contextlib
import os
import sys
import uuid
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from temporalio.api.enums.v1 import EventType, WorkflowTaskFailedCause
from temporalio.client import Client, WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RPCError

from activities.interface import TWIN_QUEUE, Hint, TwinInput, TwinView
from model.words import Side, TwinStatus
from tests.e2e.stage import eventually
from workflows.twin import TwinWorkflow

COUNT = int(os.environ.get("TWINLINE_TAKEOVER", "80"))
FEW = 12
AT_ONCE = 20
PATIENCE = 60 + COUNT / 10

T = TypeVar("T")


@dataclass
class Crowd:
    """Many twins of one system."""

    client: Client
    address: str
    names: list[str]
    system: str = field(default_factory=lambda: uuid.uuid4().hex[:8])

    def id(self, name: str) -> str:
        return f"twin/{self.system}/{name}"

    async def begin(self) -> None:
        async def one(name: str) -> None:
            start = TwinInput(twin=name, connection="app-bugs", left_system=self.system, right_system=self.system)
            hint = Hint(side=Side.LEFT)
            await self.client.start_workflow(
                TwinWorkflow.run,
                start,
                id=self.id(name),
                task_queue=TWIN_QUEUE,
                start_signal="item_changed",
                start_signal_args=[hint],
            )

        await self.each(one)

    async def nudge(self) -> None:
        """Each as its state calls for: an edit, a retry, an activation, an edit."""

        async def one(name: str) -> None:
            twin = self.client.get_workflow_handle_for(TwinWorkflow.run, self.id(name))
            match int(name) % 4:
                case 1:
                    await twin.signal(TwinWorkflow.retry)
                case 2:
                    await twin.signal(TwinWorkflow.resume)
                case _:
                    await twin.signal(TwinWorkflow.item_changed, Hint(side=Side.RIGHT))

        await self.each(one)

    async def unlink(self) -> None:
        async def one(name: str) -> None:
            twin = self.client.get_workflow_handle_for(TwinWorkflow.run, self.id(name))
            await twin.signal(TwinWorkflow.unlink)
            await asyncio.wait_for(twin.result(), PATIENCE)

        await self.each(one)

    async def views(self) -> list[TwinView]:
        return await self.each(lambda name: self.client.get_workflow_handle(self.id(name)).query(TwinWorkflow.state))

    async def histories(self) -> list[WorkflowHistory]:
        return await self.each(lambda name: self.client.get_workflow_handle(self.id(name)).fetch_history())

    async def count(self, condition: str) -> int:
        """What Temporal's list says of them, which lags behind."""
        return (await self.client.count_workflows(f"WorkflowId STARTS_WITH 'twin/{self.system}/' AND {condition}")).count

    async def end(self) -> None:
        async def one(name: str) -> None:
            with contextlib.suppress(RPCError):
                await self.client.get_workflow_handle(self.id(name)).terminate()

        await self.each(one)

    async def each(self, act: Callable[[str], Awaitable[T]]) -> list[T]:
        turn = asyncio.Semaphore(AT_ONCE)

        async def one(name: str) -> T:
            async with turn:
                return await act(name)

        return list(await asyncio.gather(*(one(name) for name in self.names)))

    @contextlib.asynccontextmanager
    async def worker(self, code: str) -> AsyncGenerator[set[str]]:
        """A worker in a process of its own, and the twins whose items it began to fetch."""
        command = [sys.executable, "-m", "tests.takeover.worker_process", self.address, self.system, code]
        process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL)
        fetched: set[str] = set()
        listening = asyncio.create_task(_listen(process, fetched))
        try:
            yield fetched
        finally:
            process.terminate()
            await process.wait()
            await listening


async def _listen(process: asyncio.subprocess.Process, fetched: set[str]) -> None:
    assert process.stdout
    async for line in process.stdout:
        fetched.add(line.decode().strip())


@contextlib.asynccontextmanager
async def crowd(address: str, count: int) -> AsyncGenerator[Crowd]:
    """So many twins which an old worker left behind: idle, parked, held, and amid a fetch, a quarter each."""
    client = await Client.connect(address, data_converter=pydantic_data_converter)
    twins = Crowd(client, address, [str(number) for number in range(count)])
    await twins.begin()
    async with twins.worker("old") as fetched:
        await reached(fetched, twins.names)
        for status in (TwinStatus.SYNCHRONIZED, TwinStatus.ERROR, TwinStatus.HELD):
            condition = f"TwinlineStatus = '{status}'"
            await eventually(lambda condition=condition: twins.count(condition), lambda seen: seen == count / 4, condition, PATIENCE)
    try:
        yield twins
    finally:
        await twins.end()


async def reached(fetched: set[str], names: Iterable[str]) -> None:
    async def missing() -> int:
        return len(set(names) - fetched)

    await eventually(missing, lambda count: count == 0, "twins whose item was not fetched", PATIENCE)


def failures(histories: list[WorkflowHistory]) -> list[WorkflowTaskFailedCause.ValueType]:
    return [
        event.workflow_task_failed_event_attributes.cause
        for history in histories
        for event in history.events
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED
    ]


async def test_new_code_takes_over_open_twins(temporal_address: str) -> None:
    """All were synced before, so in this run their syncs go the old way; to unlink them is new to them and goes the new one."""
    async with crowd(temporal_address, COUNT) as twins, twins.worker("patched") as fetched:
        await twins.nudge()
        await reached(fetched, twins.names)

        async def late() -> int:
            return sum(bool(view.queue) or view.status is not TwinStatus.SYNCHRONIZED for view in await twins.views())

        await eventually(late, lambda count: count == 0, "twins that are not in line", PATIENCE)
        await twins.unlink()
        histories = await twins.histories()
        assert failures(histories) == []
        marks = [sum(event.event_type == EventType.EVENT_TYPE_MARKER_RECORDED for event in one.events) for one in histories]
        assert marks == [1] * COUNT
        assert await twins.count("TemporalReportedProblems IS NOT NULL") == 0


async def test_without_the_patch_each_of_them_fails(temporal_address: str) -> None:
    """So that the test above is known to notice."""
    async with crowd(temporal_address, FEW) as twins, twins.worker("careless"):
        await twins.nudge()

        async def failed() -> list[WorkflowTaskFailedCause.ValueType]:
            return failures(await twins.histories())

        causes = await eventually(failed, lambda seen: len(seen) >= FEW, "a failed task of each twin", PATIENCE)
        assert set(causes) == {WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR}
        await eventually(lambda: twins.count("TemporalReportedProblems IS NOT NULL"), bool, "problems that Temporal reports", PATIENCE)
