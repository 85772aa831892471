"""Plans in memory."""

from model.plan import Plan
from model.twin import StoredPlan
from model.words import Stage
from store.columns import prose
from store.plans import Plans
from store.refusals import unknown_plan
from tests.memory_store.rows import MemoryDatabase, dangling, through_json


class MemoryPlans(Plans):
    def __init__(self, database: MemoryDatabase) -> None:
        super().__init__(database)
        self._rows = database

    async def add(self, twin: str, transaction: int, replica: int, plan: Plan) -> int:
        rows = self._rows
        rows.twin(twin)
        rows.refer_to_transaction(twin, transaction)
        if replica not in rows.replicas:
            raise dangling(f"replica {replica!r}")
        id = len(rows.plans) + 1  # noqa: A001
        rows.plans[id] = StoredPlan(id=id, twin=twin, transaction=transaction, replica=replica, plan=through_json(plan), created=rows.now())
        rows.change_transaction(transaction, stage=Stage.TRANSFORMED, summary=prose(plan.summary), reason="")
        return id

    async def get(self, id: int) -> StoredPlan:  # noqa: A002
        found = self._rows.plans.get(id)
        if found is None:
            raise unknown_plan(id)
        return found
