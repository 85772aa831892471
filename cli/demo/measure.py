"""What a deployment costs in Temporal actions, read from the histories of its twins."""

from collections.abc import Iterable

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client

from model.twin import Twin

BILLED = frozenset(
    {
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED,
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
        EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED,
        EventType.EVENT_TYPE_TIMER_STARTED,
        EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES,
    }
)


async def actions(client: Client, twins: Iterable[Twin]) -> int:
    """Starts, signals, activities, timers and search attribute updates in the current runs of the twins' workflows."""
    total = 0
    for twin in twins:
        history = await client.get_workflow_handle(twin.workflow_id).fetch_history()
        total += sum(1 for event in history.events if event.event_type in BILLED)
    return total
