"""Deleting what is old and of no more use, in transactions so small that they hold up nobody.

Whatever its age, there stays what a twin still needs: its bases and traces, the newest replica of each side with its transaction and plans,
what is unfinished, open conflicts, and as long as it lives what people decided and the additions that must not be made twice.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, not_, or_
from sqlalchemy.orm import Mapped, aliased
from sqlmodel import col, select

from model.plan import AddAttachment, AddComment, CreateItem
from model.words import IntentStatus, TwinStatus
from store import tables
from store.database import Database
from store.transactions import unfinished
from store.uninterrupted import uninterrupted

AT_ONCE = 500

_ADDITIONS = [step.model_fields["kind"].default for step in (CreateItem, AddComment, AddAttachment)]


class Prunable(StrEnum):
    """To be pruned in this order, since later ones are referred to by earlier ones."""

    CONFLICTS = "conflicts"
    OUTCOMES = "outcomes"
    PLANS = "plans"
    REPLICAS = "replicas"
    INTENTS = "intents"
    TRANSACTIONS = "transactions"


@dataclass(frozen=True)
class Pruned:
    """How many rows went, and where to go on; `after` is None at the end."""

    rows: int
    after: int | str | None


@uninterrupted
class Pruning:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def some(self, kind: Prunable, before: datetime, after: int | str | None = None) -> Pruned:
        """Delete a few rows from before that time, the first ones that follow `after`."""
        table, key, old = _old(kind, before)
        found = select(key).where(old) if after is None else select(key).where(old, key > after)
        async with self._database.reading() as session:
            keys = list(await session.exec(found.order_by(key).limit(AT_ONCE)))
        if not keys:
            return Pruned(0, None)
        async with self._database.writing() as session:
            rows = (await session.exec(delete(table).where(key.in_(keys), old))).rowcount
        return Pruned(rows, keys[-1] if len(keys) == AT_ONCE else None)


def _old(kind: Prunable, before: datetime) -> tuple[type[tables.Table], Mapped[Any], ColumnElement[bool]]:
    """The table, its key, and which of its rows may go."""
    match kind:
        case Prunable.CONFLICTS:
            row = tables.Conflict
            return row, col(row.id), and_(_passed(row), col(row.resolved) < before, or_(col(row.who) == "", _ended(row.twin)))
        case Prunable.OUTCOMES:
            row = tables.Outcome
            return row, col(row.id), and_(_passed(row), col(row.written) < before)
        case Prunable.PLANS:
            row = tables.Plan
            of_old_replica = exists().where(col(tables.Replica.id) == row.replica, _followed())
            accounted = not_(exists().where(col(tables.Intent.plan) == row.id, col(tables.Intent.settled).is_(False)))
            return row, col(row.id), and_(_passed(row), col(row.created) < before, not_(_travels(row.transaction)), of_old_replica, accounted)
        case Prunable.REPLICAS:
            row = tables.Replica
            planned = exists().where(col(tables.Plan.replica) == row.id)
            return row, col(row.id), and_(col(row.created) < before, not_(_travels(row.transaction)), _followed(), not_(planned))
        case Prunable.INTENTS:
            row = tables.Intent
            final = or_(and_(col(row.status) == IntentStatus.APPLIED, col(row.settled)), col(row.status) == IntentStatus.REJECTED)
            busy = exists().where(col(tables.Transaction.twin) == row.twin, unfinished())
            return row, col(row.op), and_(col(row.created) < before, final, or_(not_(_protects()), _ended(row.twin)), not_(busy))
        case Prunable.TRANSACTIONS:
            row = tables.Transaction
            return row, col(row.id), and_(_passed(row), col(row.updated) < before, not_(unfinished()), not_(_referred()))


def _passed(row: type[tables.Conflict | tables.Outcome | tables.Plan | tables.Transaction]) -> ColumnElement[bool]:
    """Not the newest row of all: SQLite would give its number, which writes are named by, to the next one."""
    return col(row.id) < select(func.max(aliased(row).id)).scalar_subquery()


def _ended(twin: str) -> ColumnElement[bool]:
    return exists().where(col(tables.Twin.id) == twin, col(tables.Twin.status) == TwinStatus.UNLINKED)


def _travels(transaction: int) -> ColumnElement[bool]:
    return exists().where(col(tables.Transaction.id) == transaction, unfinished())


def _followed() -> ColumnElement[bool]:
    """A replica that is not the newest of its twin and side."""
    newer, replica = aliased(tables.Replica), tables.Replica
    same_side = (col(newer.twin) == replica.twin, col(newer.source) == replica.source)
    return exists().where(*same_side, col(newer.sequence) > replica.sequence)


def _protects() -> ColumnElement[bool]:
    """An addition that was made; it is named by what it copies, so that no later plan makes it again."""
    made = col(tables.Intent.status) == IntentStatus.APPLIED
    return made & or_(*(col(tables.Intent.step).startswith(f'{{"kind":"{kind}"', autoescape=True) for kind in _ADDITIONS))


def _referred() -> ColumnElement[bool]:
    """A transaction on which other rows still hang."""
    hanging = (tables.Conflict.transaction, tables.Outcome.transaction, tables.Plan.transaction, tables.Replica.transaction)
    return or_(*(exists().where(col(column) == tables.Transaction.id) for column in hanging))
