"""The sync queue as people see it: what is under way, for how long, and what it waits for."""

from datetime import datetime, timedelta
from enum import StrEnum

from model.frozen import Frozen
from model.item import ItemRef
from model.monitor import QueueSearch, Waiting
from model.twin import Transaction
from model.words import ConnectionStatus, Stage, TwinStatus
from operations.twins import PAGE
from store import Store
from store.searching import IN_PROGRESS


class Cause(StrEnum):
    """Why a change is not through yet."""

    CONNECTION = "connection"
    PARKED = "parked"
    BEHIND = "behind"
    OUTCOME = "outcome"
    PLATFORM = "platform"
    WORKING = "working"
    TURN = "turn"


class QueueEntry(Frozen):
    """`age_seconds` counts from when the change was queued. `why` says in words what it waits for and what ends that.

    `stuck` is one that is in progress for too long, and waits for neither its connection nor a person.
    """

    transaction: Transaction
    connection: str
    left: ItemRef | None
    right: ItemRef | None
    title: str
    age_seconds: int
    stuck: bool
    cause: Cause
    why: str


class QueuePage(Frozen):
    """Oldest first. `after` asks for the next page; it is empty on the last one."""

    entries: tuple[QueueEntry, ...]
    after: str = ""


async def listed(
    store: Store,
    stuck_after: timedelta,
    *,
    connection: str | None = None,
    stages: tuple[Stage, ...] = (),
    stuck: bool = False,
    limit: int = PAGE,
    after: int = 0,
) -> QueuePage:
    """Changes under way; with `stuck` only those longer in progress than `stuck_after`. BadInput if there is no such connection."""
    if connection is not None:
        await store.configurations.connection(connection)
    wanted = QueueSearch(connection=connection, stages=stages, stuck_after=stuck_after if stuck else None)
    page = await store.searching.queue(wanted, limit, after)
    now = store.database.now()
    entries = tuple(_entry(one, now, stuck_after) for one in page)
    return QueuePage(entries=entries, after=str(page[-1].transaction.id) if len(page) == limit else "")


def _entry(waiting: Waiting, now: datetime, stuck_after: timedelta) -> QueueEntry:
    age, (cause, why) = now - waiting.transaction.created, _cause(waiting)
    on_its_way = waiting.transaction.stage in IN_PROGRESS and cause not in {Cause.CONNECTION, Cause.PARKED, Cause.BEHIND}
    return QueueEntry(
        transaction=waiting.transaction,
        connection=waiting.twin.connection,
        left=waiting.twin.left,
        right=waiting.twin.right,
        title=waiting.twin.title,
        age_seconds=int(age.total_seconds()),
        stuck=on_its_way and age > stuck_after,
        cause=cause,
        why=why,
    )


def _cause(waiting: Waiting) -> tuple[Cause, str]:
    change, twin = waiting.transaction, waiting.twin
    if waiting.connection_status is not ConnectionStatus.ACTIVE:
        return Cause.CONNECTION, f"{twin.connection} is {waiting.connection_status}; it goes on once that is activated"
    if twin.status is TwinStatus.HELD:
        return Cause.CONNECTION, f"{twin.connection} was activated again; it goes on by itself in a moment"
    if change.stage is Stage.ERROR:
        return Cause.PARKED, f"{change.reason}\ncorrect the cause, then retry the twin"
    if twin.status is TwinStatus.ERROR:
        return Cause.BEHIND, "an earlier change of the pair is parked; retry the twin once its cause is corrected"
    if waiting.in_doubt:
        return Cause.OUTCOME, "a write went unanswered; it is looked for on the platform before anything is sent again"
    if change.reason:
        return Cause.PLATFORM, f"{change.reason}; it is tried again by itself"
    if change.attempts:
        return Cause.WORKING, "it is being worked on"
    return Cause.TURN, "it waits for its turn"
