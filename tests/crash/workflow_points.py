"""Points around continue-as-new, and shorter waits for a worker that died: what the product sets for minutes, tests cannot wait for."""

from collections.abc import Sequence
from datetime import timedelta

from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.converter import SerializationContext, StorageDriverStoreContext
from temporalio.plugin import SimplePlugin
from temporalio.worker import WorkerConfig, WorkflowInstance, WorkflowInstanceDetails, WorkflowRunner
from temporalio.worker._command_aware_visitor import CommandInfo
from temporalio.workflow import Info, _Definition  # pyright: ignore[reportPrivateUsage]

from tests.crash.arming import Points

SILENCE = timedelta(seconds=6)
STICKY = timedelta(seconds=1)


class CrashPlugin(SimplePlugin):
    """Wraps the workflow runner of every worker of a client."""

    def __init__(self, points: Points) -> None:
        super().__init__("twinline.crash")  # pyright: ignore[reportUnknownMemberType]  the SDK's own type is open
        self._points = points

    def configure_worker(self, config: WorkerConfig) -> WorkerConfig:
        config["sticky_queue_schedule_to_start_timeout"] = STICKY
        if "workflow_runner" in config:
            config["workflow_runner"] = PointedRunner(config["workflow_runner"], self._points)
        return config


class PointedRunner(WorkflowRunner):
    def __init__(self, runner: WorkflowRunner, points: Points) -> None:
        self._runner = runner
        self._points = points

    def prepare_workflow(self, defn: _Definition) -> None:
        self._runner.prepare_workflow(defn)

    def set_worker_level_failure_exception_types(self, types: Sequence[type[BaseException]]) -> None:
        self._runner.set_worker_level_failure_exception_types(types)

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        return PointedInstance(self._runner.create_instance(det), det.info, self._points)


class PointedInstance(WorkflowInstance):
    """Passes `before <workflow> continue-as-new` once the workflow decided, and `after` when the next run begins."""

    def __init__(self, instance: WorkflowInstance, info: Info, points: Points) -> None:
        self._instance = instance
        self._name = info.workflow_type.removesuffix("Workflow").lower()
        self._continues = info.continued_run_id is not None
        self._points = points

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        if self._continues and not act.is_replaying:
            self._continues = False
            self._points.passed(f"after {self._name} continue-as-new")
        completion = self._instance.activate(act)
        for command in completion.successful.commands:
            if command.HasField("continue_as_new_workflow_execution"):
                self._points.passed(f"before {self._name} continue-as-new")
            if command.HasField("schedule_activity") and command.schedule_activity.heartbeat_timeout.seconds > SILENCE.seconds:
                command.schedule_activity.heartbeat_timeout.FromTimedelta(SILENCE)
        return completion

    def get_serialization_context(self, command_info: CommandInfo | None) -> SerializationContext | None:
        return self._instance.get_serialization_context(command_info)

    def get_external_store_context(self, command_info: CommandInfo | None) -> StorageDriverStoreContext:
        return self._instance.get_external_store_context(command_info)

    def get_info(self) -> Info:
        return self._instance.get_info()

    def get_thread_id(self) -> int | None:
        return self._instance.get_thread_id()
