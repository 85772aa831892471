"""Workflow code under the SDK's own interpreter of it, without a server: activations in, commands out."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from temporalio.api.common.v1 import Payload, Payloads
from temporalio.bridge.proto.workflow_activation import workflow_activation_pb2 as activations
from temporalio.bridge.proto.workflow_commands import workflow_commands_pb2 as commands
from temporalio.common import Priority, TypedSearchAttributes
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import UnsandboxedWorkflowRunner, WorkflowInstance, WorkflowInstanceDetails
from temporalio.workflow import Info, _Definition  # pyright: ignore[reportPrivateUsage]

CONVERTER = pydantic_data_converter.payload_converter

Job = activations.WorkflowActivationJob
Command = commands.WorkflowCommand


def payloads(values: Sequence[object]) -> list[Payload]:
    return list(CONVERTER.to_payloads(values))


@dataclass(frozen=True)
class Identity:
    """One run of one workflow."""

    type: str
    id: str
    run: str
    input: tuple[Payload, ...]

    def begin(self) -> Job:
        return Job(
            initialize_workflow=activations.InitializeWorkflow(
                workflow_type=self.type, workflow_id=self.id, arguments=self.input, randomness_seed=1, first_execution_run_id=self.run
            )
        )


@dataclass
class Task:
    """One workflow task that was completed: what was told, and what the code answered."""

    jobs: tuple[Job, ...]
    at: datetime
    length: int
    answer: tuple[Command, ...]


class Failed(Exception):
    """The workflow's code failed its task: on a real server it would be tried again for ever."""


@dataclass
class Instance:
    """A workflow in a worker's cache."""

    identity: Identity
    code: WorkflowInstance = field(init=False)
    classes: Mapping[str, type]

    def __post_init__(self) -> None:
        details = WorkflowInstanceDetails(
            payload_converter_factory=lambda: CONVERTER,
            failure_converter_class=pydantic_data_converter.failure_converter_class,
            interceptor_classes=(),
            defn=_Definition.must_from_class(self.classes[self.identity.type]),
            info=_info(self.identity),
            randomness_seed=1,
            extern_functions={},
            disable_eager_activity_execution=True,
            worker_level_failure_exception_types=(),
            patch_activation_callback=None,
            last_completion_result=Payloads(),
            last_failure=None,
        )
        self.code = _RUNNER.create_instance(details)

    def answer(self, jobs: Sequence[Job], at: datetime, length: int, *, replaying: bool = False) -> tuple[Command, ...]:
        """The commands with which the code answers."""
        told = activations.WorkflowActivation(run_id=self.identity.run, is_replaying=replaying, history_length=length)
        told.timestamp.FromDatetime(at.replace(tzinfo=None))
        told.jobs.extend(jobs)
        outer = asyncio.get_running_loop()
        asyncio._set_running_loop(None)  # pyright: ignore[reportAttributeAccessIssue]
        try:
            completion = self.code.activate(told)
        finally:
            asyncio._set_running_loop(outer)  # pyright: ignore[reportAttributeAccessIssue]
        if completion.HasField("failed"):
            raise Failed(f"{self.identity.id}: {completion.failed.failure.message}")
        return tuple(completion.successful.commands)

    def evict(self) -> None:
        """Out of the cache, and freed at once, as it holds itself in many circles."""
        self.answer((Job(remove_from_cache=activations.RemoveFromCache()),), datetime.now(UTC), 0)
        self.code.__dict__ = {"_deleting": True}  # pyright: ignore[reportAttributeAccessIssue]


def replayed(identity: Identity, classes: Mapping[str, type], history: Sequence[Task]) -> Instance:
    """The instance as the history makes it. Raises Failed where the code answers differently from the first time."""
    instance = Instance(identity, classes)
    for number, task in enumerate(history):
        if _bytes(instance.answer(task.jobs, task.at, task.length, replaying=True)) != _bytes(task.answer):
            raise Failed(f"{identity.id}: task {number} of a replay has other commands than the first time")
    return instance


def _bytes(answer: Sequence[Command]) -> tuple[bytes, ...]:
    return tuple(one.SerializeToString(deterministic=True) for one in answer)


_RUNNER = UnsandboxedWorkflowRunner()
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


def _info(identity: Identity) -> Info:
    return Info(
        attempt=1,
        continued_run_id=None,
        cron_schedule=None,
        execution_timeout=None,
        first_execution_run_id=identity.run,
        headers={},
        namespace="simulation",
        original_execution_run_id=identity.run,
        parent=None,
        root=None,
        raw_memo={},
        retry_policy=None,
        run_id=identity.run,
        run_timeout=None,
        search_attributes={},
        start_time=_EPOCH,
        workflow_start_time=_EPOCH,
        task_queue="simulation",
        task_timeout=timedelta(seconds=10),
        typed_search_attributes=TypedSearchAttributes.empty,
        workflow_id=identity.id,
        workflow_type=identity.type,
        priority=Priority.default,
    )
