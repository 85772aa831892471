"""Messages to workflows: the one place that knows their names, ids and how they start."""

from collections.abc import Iterable
from datetime import timedelta

from temporalio.client import Client
from temporalio.common import SearchAttributePair, TypedSearchAttributes, WorkflowIDConflictPolicy
from temporalio.service import RPCError, RPCStatusCode

from activities import scheduling
from activities.attributes import CONNECTION, LEFT, RIGHT, STATUS
from activities.interface import TWIN_QUEUE, BulkInput, ConnectionInput, FeedInput, Hint, HousekeepingInput, TriggerRun, TwinInput
from model.configuration import Connection, System
from model.errors import Unavailable
from model.operation import Operation
from model.trigger import Trigger
from model.twin import Twin
from model.words import OperationStatus, Side

HOUSEKEEPING = "housekeeping"
PATIENCE = timedelta(seconds=10)


def feed_id(system: str) -> str:
    return f"feed/{system}"


def connection_id(connection: str) -> str:
    return f"connection/{connection}"


class Signals:
    """Every message starts its workflow where it does not run, so nobody needs to know; Unavailable if Temporal cannot be reached."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def item_changed(self, twin: Twin, connection: Connection, hint: Hint) -> None:
        await self._to_twin(twin, connection, "item_changed", hint.model_copy(update={"twin": twin.id}))

    async def resume(self, twin: Twin, connection: Connection) -> None:
        await self._to_twin(twin, connection, "resume", None)

    async def retry(self, twin: Twin, connection: Connection) -> None:
        await self._to_twin(twin, connection, "retry", None)

    async def _to_twin(self, twin: Twin, connection: Connection, signal: str, argument: Hint | None) -> None:
        left, right = (twin.left.key if twin.left else ""), (twin.right.key if twin.right else "")
        start = TwinInput(
            twin=twin.id,
            connection=connection.id,
            left_system=connection.left_system,
            right_system=connection.right_system,
            left_key=left,
            right_key=right,
            origin=twin.origin,
        )
        attributes = TypedSearchAttributes(
            [
                SearchAttributePair(CONNECTION, connection.id),
                SearchAttributePair(STATUS, str(twin.status)),
                SearchAttributePair(LEFT, left),
                SearchAttributePair(RIGHT, right),
            ]
        )
        summary = f"{left or '…'} ⇄ {right or '…'}"
        await self._send("TwinWorkflow", twin.workflow_id, start, signal, argument, summary, attributes)

    async def unlink(self, twin: Twin, connection: Connection, *, force: bool) -> None:
        await self._to_twin(twin, connection, "force_unlink" if force else "unlink", None)

    async def connection_changed(self, connection: str, *, active: bool) -> None:
        start = ConnectionInput(connection=connection, active=active)
        signal = "activate" if active else "deactivate"
        await self._send("ConnectionWorkflow", connection_id(connection), start, signal, None, f"connection {connection}", None)

    async def end_connection(self, connection: str) -> None:
        """End the workflow of a connection that is deleted, where one runs."""
        try:
            await self._client.get_workflow_handle(connection_id(connection)).terminate(reason="deleted", rpc_timeout=PATIENCE)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise _unreachable(error) from error
        except RuntimeError as error:  # what a lazy client raises at its first use
            raise Unavailable("Temporal cannot be reached; start its server or set TEMPORAL_ADDRESS") from error

    async def wake_feed(self, system: System) -> None:
        start = FeedInput(system=system.id)
        await self._send("FeedWorkflow", feed_id(system.id), start, "wake", None, f"changes of {system.id}", None)

    async def operation_changed(self, operation: Operation) -> None:
        """It began, or was paused, resumed or cancelled."""
        start = BulkInput(
            operation=operation.id,
            kind=operation.kind,
            connection=operation.connection,
            per_minute=operation.parameters.per_minute,
            collected=operation.collected,
        )
        signal = {OperationStatus.PAUSED: "pause", OperationStatus.CANCELLED: "cancel"}.get(operation.status, "resume")
        attributes = TypedSearchAttributes([SearchAttributePair(CONNECTION, operation.connection)])
        summary = f"bulk {operation.kind} of {operation.connection}"
        await self._send("BulkWorkflow", operation.workflow_id, start, signal, None, summary, attributes)

    async def schedule(self, connection: Connection, former: Iterable[Trigger] = ()) -> None:
        """Have the connection's triggers run by their schedules from now on, and no more those of `former` that have none now."""
        wanted = {(one.side, one.name): one for one in connection.configuration.named_triggers if one.active and one.schedule}
        for side, name in sorted({(one.side, one.name) for one in former if one.schedule} - set(wanted)):
            await self.unschedule(connection.id, side, name)
        for trigger in wanted.values():
            run = TriggerRun(connection=connection.id, side=trigger.side, trigger=trigger.name, system=connection.system(trigger.side))
            if trigger.schedule is not None:
                try:
                    await scheduling.keep(self._client, run, trigger.schedule)
                except RPCError as error:
                    raise _unreachable(error) from error

    async def unschedule(self, connection: str, side: Side, trigger: str) -> None:
        try:
            await scheduling.drop(self._client, connection, side, trigger)
        except RPCError as error:
            raise _unreachable(error) from error

    async def keep_house(self) -> None:
        """See that old records are pruned from now on."""
        await self._send("HousekeepingWorkflow", HOUSEKEEPING, HousekeepingInput(), None, None, "deletes what is old", None)

    async def _send(
        self,
        workflow: str,
        workflow_id: str,
        start: object,
        signal: str | None,
        argument: object | None,
        summary: str,
        attributes: TypedSearchAttributes | None,
    ) -> None:
        try:
            await self._client.start_workflow(
                workflow,
                start,
                id=workflow_id,
                task_queue=TWIN_QUEUE,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                start_signal=signal,
                start_signal_args=[] if argument is None else [argument],
                static_summary=summary,
                search_attributes=attributes,
                rpc_timeout=PATIENCE,
            )
        except RPCError as error:
            raise _unreachable(error) from error


def _unreachable(error: RPCError) -> Unavailable:
    return Unavailable(f"Temporal cannot take the message now ({error.status.name}): {error.message}; is the server running?")
