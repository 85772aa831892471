"""The workflows with one more command: as somebody who did not think of running ones would add it, and behind a patch."""

from datetime import timedelta

from temporalio import workflow

from activities.interface import (
    BulkInput,
    BulkProgress,
    ConnectionInput,
    FeedInput,
    Hint,
    HousekeepingInput,
    PollResult,
    TriggerRun,
    TriggerRunResult,
    TwinInput,
)
from workflows.bulk import BulkWorkflow
from workflows.connection import ConnectionWorkflow
from workflows.feed import FeedWorkflow
from workflows.housekeeping import HousekeepingWorkflow
from workflows.triggering import TriggerRunWorkflow
from workflows.twin import TwinWorkflow

MOMENT = timedelta(milliseconds=1)


async def _new_step() -> None:
    await workflow.sleep(MOMENT, summary="a new step")


async def _patched_step(name: str) -> None:
    if workflow.patched(name):
        await _new_step()


@workflow.defn(name="TwinWorkflow")
class CarelessTwin(TwinWorkflow):
    @workflow.init
    def __init__(self, start: TwinInput) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: TwinInput) -> None:
        await super().run(start)

    async def _sync(self, hint: Hint) -> None:
        await _new_step()
        await super()._sync(hint)


@workflow.defn(name="FeedWorkflow")
class CarelessFeed(FeedWorkflow):
    @workflow.init
    def __init__(self, start: FeedInput) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: FeedInput) -> None:
        await super().run(start)

    async def _poll(self, *, drain_only: bool) -> PollResult | None:
        await _new_step()
        return await super()._poll(drain_only=drain_only)


@workflow.defn(name="ConnectionWorkflow")
class CarelessConnection(ConnectionWorkflow):
    @workflow.init
    def __init__(self, start: ConnectionInput) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: ConnectionInput) -> None:
        await super().run(start)

    async def _drain(self) -> None:
        await _new_step()
        await super()._drain()


@workflow.defn(name="HousekeepingWorkflow")
class CarelessHousekeeping(HousekeepingWorkflow):
    @workflow.run
    async def run(self, start: HousekeepingInput) -> None:
        await _new_step()
        await super().run(start)


@workflow.defn(name="BulkWorkflow")
class CarelessBulk(BulkWorkflow):
    @workflow.init
    def __init__(self, start: BulkInput) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: BulkInput) -> None:
        await super().run(start)

    async def _work(self) -> BulkProgress:
        await _new_step()
        return await super()._work()


@workflow.defn(name="TriggerRunWorkflow")
class CarelessTriggerRun(TriggerRunWorkflow):
    @workflow.run
    async def run(self, start: TriggerRun) -> TriggerRunResult:
        await _new_step()
        return await super().run(start)


@workflow.defn(name="TwinWorkflow")
class PatchedTwin(TwinWorkflow):
    @workflow.init
    def __init__(self, start: TwinInput) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: TwinInput) -> None:
        await super().run(start)

    async def _sync(self, hint: Hint) -> None:
        await _patched_step("before-a-sync")
        await super()._sync(hint)

    async def _unlink(self) -> None:
        await _patched_step("before-unlink")
        await super()._unlink()


CARELESS = (CarelessTwin, CarelessFeed, CarelessConnection, CarelessHousekeeping, CarelessBulk, CarelessTriggerRun)
