"""The journal of vendor writes: what we are about to send is committed before it is sent."""

from datetime import datetime

from pydantic import TypeAdapter
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from model.journal import Intent
from model.plan import Acknowledgement, Step
from model.words import IntentStatus, Side
from store import tables
from store.database import Database
from store.refusals import unknown_intent
from store.uninterrupted import uninterrupted
from store.upsert import insert_missing

_STEP: TypeAdapter[Step] = TypeAdapter(Step)


@uninterrupted
class Journal:
    """Every method commits before it returns."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self, op: str, twin: str, target: Side, step: Step) -> Intent:
        """Journal the write, or return the intent that `op` has already. A rejected one is opened anew with this step."""
        content = _STEP.dump_json(step).decode()
        async with self._database.writing() as session:
            moment = self._database.now()
            opened = tables.Intent(op=op, twin=twin, target=target, step=content, status=IntentStatus.OPEN, created=moment)
            await insert_missing(session, [opened])
            row = await _locked(session, op)
            if row.status == IntentStatus.REJECTED:
                row.status, row.reason, row.step = IntentStatus.OPEN, "", content
                row.sends, row.recovering_since = 0, None
            return _intent(row)

    async def sent(self, op: str) -> None:
        """Count an attempt. To be called before the request leaves."""
        async with self._database.writing() as session:
            (await _locked(session, op)).sends += 1

    async def doubt(self, op: str, now: datetime) -> Intent:
        """Note that the outcome is unknown. The first doubt counts: the horizon runs from it."""
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
        """The platform refused the write: it certainly did not happen."""
        async with self._database.writing() as session:
            row = await _locked(session, op)
            row.status, row.reason = IntentStatus.REJECTED, reason

    async def open_ones(self, twin: str, target: Side) -> tuple[Intent, ...]:
        """Those that may have happened without our knowing, oldest first."""
        query = select(tables.Intent).where(
            tables.Intent.twin == twin,
            tables.Intent.target == target,
            tables.Intent.status == IntentStatus.OPEN,
            tables.Intent.sends > 0,
        )
        async with self._database.reading() as session:
            rows = await session.exec(query.order_by(col(tables.Intent.created), col(tables.Intent.op)))
            return tuple(_intent(row) for row in rows)

    async def of_twin(self, twin: str) -> tuple[Intent, ...]:
        """Oldest first."""
        query = select(tables.Intent).where(tables.Intent.twin == twin)
        async with self._database.reading() as session:
            rows = await session.exec(query.order_by(col(tables.Intent.created), col(tables.Intent.op)))
            return tuple(_intent(row) for row in rows)


async def _locked(session: AsyncSession, op: str) -> tables.Intent:
    row = await session.get(tables.Intent, op, with_for_update=True)
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
    )
