"""The journal of vendor writes: what we are about to send is committed before it is sent."""

from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import and_, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from model.journal import Intent
from model.plan import Acknowledgement, Step
from model.words import ConnectionStatus, IntentStatus, Side, Stage, TwinStatus
from store import tables
from store.database import Database
from store.fencing import require_own_turn
from store.locks import locked_twin, steady_status
from store.refusals import unknown_intent
from store.uninterrupted import uninterrupted
from store.upsert import insert_missing

_STEP: TypeAdapter[Step] = TypeAdapter(Step)


@uninterrupted
class Journal:
    """Every method commits before it returns."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self, op: str, twin: str, target: Side, step: Step, plan: int = 0) -> Intent:
        """Journal the write, or return the intent that `op` has already.

        One that was rejected, or never sent for an earlier plan, is opened anew with this step and plan.
        """
        content = _STEP.dump_json(step).decode()
        async with self._database.writing() as session:
            moment = self._database.now()
            opened = tables.Intent(op=op, twin=twin, target=target, step=content, status=IntentStatus.OPEN, created=moment, plan=plan)
            await insert_missing(session, [opened])
            row = await _locked(session, op)
            if row.status == IntentStatus.REJECTED or (row.status == IntentStatus.OPEN and row.sends == 0 and plan > row.plan):
                row.status, row.reason, row.step, row.plan = IntentStatus.OPEN, "", content, plan
                row.sends, row.recovering_since, row.settled = 0, None, False
            return _intent(row)

    async def sent(self, op: str, seen: int, transaction: int | None = None) -> ConnectionStatus | None:
        """Count an attempt, just before the request leaves: None where it may.

        Else the status of the connection, which is not active. Looking and counting are one transaction, which a deactivation waits
        for. A doubt is over: it was about the attempts before. Raises Overtaken where there are other than the `seen` attempts, the
        outcome is known, or the twin is unlinked; Stale where the `transaction` that the write belongs to is applied.
        """
        async with self._database.writing() as session:
            twin = await locked_twin(session, (await _known(session, op)).twin)
            row = await _locked(session, op)
            stage = await _stage(session, transaction) if transaction is not None else None
            require_own_turn(IntentStatus(row.status), row.sends, seen, TwinStatus(twin.status), stage)
            status = await steady_status(session, twin.connection)
            if status is not ConnectionStatus.ACTIVE:
                return status
            row.sends += 1
            row.recovering_since = None
            return None

    async def doubt(self, op: str, now: datetime) -> Intent:
        """Note that the outcome is unknown. The first doubt after the last attempt counts: the horizon runs from it."""
        async with self._database.writing() as session:
            row = await _locked(session, op)
            if row.recovering_since is None:
                row.recovering_since = now
            return _intent(row)

    async def acknowledge(self, op: str, acknowledgement: Acknowledgement) -> None:
        async with self._database.writing() as session:
            row = await _locked(session, op)
            row.status, row.acknowledgement = IntentStatus.APPLIED, acknowledgement.model_dump_json()

    async def reject(self, op: str, reason: str) -> None:
        """The platform refused the write: it certainly did not happen. What is known to have happened stays so."""
        async with self._database.writing() as session:
            row = await _locked(session, op)
            if row.status == IntentStatus.OPEN:
                row.status, row.reason = IntentStatus.REJECTED, reason

    async def settle(self, op: str) -> None:
        """No base will account for what the write did."""
        async with self._database.writing() as session:
            (await _locked(session, op)).settled = True

    async def unsettled(self, twin: str, target: Side) -> tuple[Intent, ...]:
        """Those that happened, or may have, and that no base accounts for yet; oldest first."""
        of_side = (tables.Intent.twin == twin, tables.Intent.target == target, col(tables.Intent.settled).is_(False))
        sent = and_(col(tables.Intent.status) == IntentStatus.OPEN, col(tables.Intent.sends) > 0)
        query = select(tables.Intent).where(*of_side, or_(sent, col(tables.Intent.status) == IntentStatus.APPLIED))
        async with self._database.reading() as session:
            rows = await session.exec(query.order_by(col(tables.Intent.created), col(tables.Intent.op)))
            return tuple(_intent(row) for row in rows)

    async def of_twin(self, twin: str) -> tuple[Intent, ...]:
        """Oldest first."""
        query = select(tables.Intent).where(tables.Intent.twin == twin)
        async with self._database.reading() as session:
            rows = await session.exec(query.order_by(col(tables.Intent.created), col(tables.Intent.op)))
            return tuple(_intent(row) for row in rows)


async def _stage(session: AsyncSession, transaction: int) -> Stage | None:
    found = (await session.exec(select(tables.Transaction.stage).where(tables.Transaction.id == transaction))).first()
    return Stage(found) if found else None


async def _locked(session: AsyncSession, op: str) -> tables.Intent:
    return await _known(session, op, lock=True)


async def _known(session: AsyncSession, op: str, *, lock: bool = False) -> tables.Intent:
    row = await session.get(tables.Intent, op, with_for_update=lock or None, populate_existing=lock)
    if row is None:
        raise unknown_intent(op)
    return row


def _intent(row: tables.Intent) -> Intent:
    return Intent(
        op=row.op,
        twin=row.twin,
        target=Side(row.target),
        step=_STEP.validate_json(row.step),
        status=IntentStatus(row.status),
        sends=row.sends,
        created=row.created,
        recovering_since=row.recovering_since,
        acknowledgement=Acknowledgement.model_validate_json(row.acknowledgement) if row.acknowledgement else None,
        plan=row.plan,
        settled=row.settled,
    )
