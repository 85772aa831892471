"""One round of housekeeping: what is older than it has to be kept goes, a few rows at a time."""

from dataclasses import dataclass
from datetime import timedelta

import structlog
from temporalio import activity

from activities.engine import Engine
from activities.heartbeat import beating
from activities.interface import HousekeepingActivities, PruneResult
from store.pruning import Prunable

EVENTS = timedelta(days=7)

log = structlog.get_logger("twinline")


@dataclass(frozen=True)
class Pruner(HousekeepingActivities):
    """`keep` is how long transactions, plans, older replicas, writes and settled conflicts are kept. Events that were routed go sooner."""

    engine: Engine
    keep: timedelta
    keep_audit: timedelta = timedelta(days=400)
    keep_operations: timedelta = timedelta(days=90)

    @activity.defn(name="prune")
    async def prune(self) -> PruneResult:
        now, store = self.engine.now(), self.engine.store
        async with beating():
            rows = await store.inbox.prune(now - min(EVENTS, self.keep)) + await store.audit.prune(now - self.keep_audit)
            rows += await store.operations.prune(now - self.keep_operations)
            for kind in Prunable:
                page = await store.pruning.some(kind, now - self.keep)
                rows += page.rows
                while page.after is not None:
                    page = await store.pruning.some(kind, now - self.keep, page.after)
                    rows += page.rows
        log.info("pruned", rows=rows, keep_days=self.keep.days)
        return PruneResult(rows=rows)
