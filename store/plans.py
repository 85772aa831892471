"""Plans as they were made, for apply to carry out and for people to look at."""

from sqlalchemy import update
from sqlmodel import col

from model.plan import Plan
from model.twin import StoredPlan
from model.words import Stage
from store import tables
from store.columns import row_id
from store.database import Database
from store.locks import locked_twin
from store.refusals import unknown_plan
from store.transactions import unfinished
from store.uninterrupted import uninterrupted


@uninterrupted
class Plans:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, twin: str, transaction: int, replica: int, plan: Plan) -> int:
        """Store the plan; its transaction is then transformed."""
        async with self._database.writing() as session:
            await locked_twin(session, twin)
            moment = self._database.now()
            moved = update(tables.Transaction).where(col(tables.Transaction.id) == transaction, unfinished())
            await session.exec(moved.values(stage=Stage.TRANSFORMED, summary=plan.summary, reason="", updated=moment))
            row = tables.Plan(twin=twin, transaction=transaction, replica=replica, content=plan.model_dump_json(), created=moment)
            session.add(row)
            await session.flush()
            return row_id(row.id)

    async def get(self, id: int) -> StoredPlan:  # noqa: A002
        async with self._database.reading() as session:
            row = await session.get(tables.Plan, id)
        if row is None:
            raise unknown_plan(id)
        return stored_plan(row)


def stored_plan(row: tables.Plan) -> StoredPlan:
    return StoredPlan(
        id=row_id(row.id),
        twin=row.twin,
        transaction=row.transaction,
        replica=row.replica,
        plan=Plan.model_validate_json(row.content),
        created=row.created,
    )
