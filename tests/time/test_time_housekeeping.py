"""Ninety days of housekeeping: the tables do not grow, and what twins need is still there."""

from datetime import datetime, timedelta

import pytest
from temporalio import activity
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.access import Systems
from activities.engine import Engine
from activities.housekeeping import EVENTS, Pruner
from activities.interface import TWIN_QUEUE
from activities.ruling import Ruling
from activities.signals import HOUSEKEEPING, Signals
from model.inbox import InboxChange
from model.item import ItemRef
from model.words import Side
from store import Store
from tests.store.old_rows import COMMENT, CREATE, UPDATE, age, applied, conflict, sizes, unchanged
from tests.workflows.stand_ins import lengths
from worker import runner
from workflows.housekeeping import HousekeepingWorkflow

DAY = timedelta(days=1)
KEEP = 20 * DAY


def server_time() -> datetime:
    return activity.info().started_time


async def one_day(store: Store, twin: str, number: int) -> None:
    """An edit each way, a conflict, a look that found nothing, an event: at noon, while rounds are at midnight."""
    await applied(store, twin, Side.LEFT, conflicts=(conflict(Side.LEFT),))
    await applied(store, twin, Side.RIGHT)
    await unchanged(store, twin, Side.LEFT)
    await store.inbox.add("acme-jira", f"{twin} {number}", [InboxChange(item_id="1", version=str(number))])
    await store.inbox.routed([row.id for row in await store.inbox.pending("acme-jira", 9)])


@pytest.mark.databases
async def test_tables_do_not_grow_over_ninety_days(skipping: WorkflowEnvironment, store: Store) -> None:
    busy = await store.twins.start("support", Side.LEFT, ItemRef(id="1", key="ACME-1", url=""))
    idle = await store.twins.start("support", Side.LEFT, ItemRef(id="2", key="ACME-2", url=""))
    assert busy
    assert idle
    await applied(store, idle.id, Side.LEFT, (CREATE, COMMENT, UPDATE))
    began = await skipping.get_current_time()
    engine = Engine(store=store, systems=Systems(store), ruling=Ruling(server_time), op_key=b"", now=server_time)
    pruner = Pruner(engine, KEEP)
    seen: list[dict[str, int]] = []
    async with Worker(
        skipping.client, task_queue=TWIN_QUEUE, workflows=[HousekeepingWorkflow], activities=[pruner.prune], workflow_runner=runner()
    ):
        for number in range(90):
            await skipping.sleep(DAY / 2)
            await one_day(store, busy.id, number)
            await age(store, await skipping.get_current_time(), until=began + DAY / 4)
            seen.append(await sizes(store))
            await skipping.sleep(DAY / 2)
            await Signals(skipping.client).keep_house()
        events = await lengths(skipping.client, HOUSEKEEPING)

    full, late = seen[KEEP.days + 2 : 50], seen[-1]
    assert {name: rows for name, rows in late.items() if rows > max(day[name] for day in full)} == {}
    assert late["inbox"] in range(EVENTS.days, EVENTS.days + 3)
    assert late["sync_transaction"] in range(3 * KEEP.days, 3 * KEEP.days + 10)
    assert sorted(one.step.kind for one in await store.journal.of_twin(idle.id)) == [COMMENT.kind, CREATE.kind]
    assert await store.replicas.latest(idle.id, Side.LEFT)
    assert len(events) in range(88, 93)
    assert max(events) < 20
