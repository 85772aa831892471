"""Storing a settlement: everything that one transaction changes in our own records."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, or_, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from model.agreement import Base, Trace
from model.item import ItemRef
from model.plan import Conflict
from model.settlement import Confirmed, Settlement
from model.words import IntentStatus, Restoration, Side, Stage, TwinStatus
from store import tables
from store.columns import prose
from store.conflicting import agreed_anew, overtaken, settled_subjects, unrecorded
from store.fencing import is_repeated
from store.refusals import item_taken
from store.transactions import discard_queue, queued
from store.upsert import insert_missing, put


async def settle(session: AsyncSession, twin: tables.Twin, settlement: Settlement, now: datetime) -> None:
    """Change the locked `twin` and all that hangs on it, within the caller's transaction. Raises as `store.fencing.is_repeated` does."""
    transaction = await session.get_one(tables.Transaction, settlement.transaction)
    if is_repeated(settlement, Stage(transaction.stage), twin.revision):
        return
    _settle_twin(twin, settlement, now)
    _settle_transaction(transaction, settlement, now)
    await flush_twin(session, twin)
    agreed = await _move_bases(session, settlement)
    await _pair(session, settlement)
    await _record_conflicts(session, settlement, settled_subjects(settlement, agreed), now)
    await insert_missing(
        session,
        [
            tables.Outcome(twin=twin.id, transaction=settlement.transaction, source=transaction.source, property=name, written=now)
            for name in settlement.written
        ],
    )
    for own in settlement.ledger:
        await enter(session, own, now)
    await _settle_intents(session, settlement)
    await end_restoring(session, twin.id, settlement.restored, Restoration.DONE, now)
    await end_restoring(session, twin.id, settlement.overtaken, Restoration.OVERTAKEN, now)
    if settlement.status is TwinStatus.UNLINKED and settlement.stage is not None:
        await discard_queue(session, twin.id, now)


async def end_restoring(session: AsyncSession, twin: str, conflicts: Collection[int], restoration: Restoration, now: datetime) -> None:
    """Record what became of the conflicts of the locked twin that are to be restored. What is restored is queued, to travel on."""
    if not conflicts:
        return
    wanted = and_(col(tables.Conflict.twin) == twin, col(tables.Conflict.restoration) == Restoration.WANTED)
    key = col(tables.Conflict.id)
    rows = await session.exec(select(tables.Conflict).where(wanted, key.in_(conflicts)).order_by(key))
    for row in rows:
        row.restoration = restoration
        if restoration is Restoration.DONE:
            await queued(session, twin, Conflict.model_validate_json(row.content).target, now, forced=True)


async def enter(session: AsyncSession, own: Confirmed, now: datetime) -> None:
    """Note a version in the ledger; what is certain of it stays so."""
    row = ledger_row(own, now)
    await (put(session, row) if own.certain else insert_missing(session, [row]))


async def _settle_intents(session: AsyncSession, settlement: Settlement) -> None:
    of_twin = and_(col(tables.Intent.twin) == settlement.twin, col(tables.Intent.status) == IntentStatus.APPLIED)
    done = col(tables.Intent.op).in_(settlement.ops)
    if settlement.all_ops is not None:
        done = or_(done, col(tables.Intent.target) == settlement.all_ops)
    await session.exec(update(tables.Intent).where(of_twin, done).values(settled=True))


def put_item(twin: tables.Twin, side: Side, ref: ItemRef) -> None:
    match side:
        case Side.LEFT:
            twin.left_item_id, twin.left_key, twin.left_url = ref.id, prose(ref.key), prose(ref.url)
        case Side.RIGHT:
            twin.right_item_id, twin.right_key, twin.right_url = ref.id, prose(ref.key), prose(ref.url)


async def flush_twin(session: AsyncSession, twin: tables.Twin) -> None:
    """Write the twin's row. Raises BadInput where another live twin has one of its items."""
    refusal = item_taken(twin.connection, twin.id, twin.left_key, twin.right_key)
    try:
        await session.flush()
    except IntegrityError as error:
        raise refusal from error


def _settle_twin(twin: tables.Twin, settlement: Settlement, now: datetime) -> None:
    for side, ref in settlement.refs.items():
        put_item(twin, side, ref)
    twin.title = settlement.title or twin.title
    twin.updated = now
    twin.revision += 1
    if twin.status != TwinStatus.UNLINKED:
        twin.status, twin.reason = settlement.status, settlement.reason


def _settle_transaction(transaction: tables.Transaction, settlement: Settlement, now: datetime) -> None:
    if settlement.stage is None:
        return
    transaction.summary, transaction.updated = settlement.summary, now
    if transaction.stage != Stage.DISCARDED:
        transaction.stage, transaction.reason = settlement.stage, settlement.reason


async def _move_bases(session: AsyncSession, settlement: Settlement) -> set[str]:
    """Store the new bases; returns the properties on which the sides came to agree anew."""
    agreed: set[str] = set()
    for side, base in settlement.bases.items():
        row = await session.get(tables.Base, (settlement.twin, side))
        agreed |= agreed_anew(Base.model_validate_json(row.content) if row else Base(), base)
        await put(session, tables.Base(twin=settlement.twin, side=side, content=base.model_dump_json()))
    return agreed


async def _pair(session: AsyncSession, settlement: Settlement) -> None:
    """A kept trace takes the place of whatever paired either of its two children."""
    gone = [_paired(trace, both=True) for trace in settlement.dropped] + [_paired(trace, both=False) for trace in settlement.kept]
    if gone:
        await session.exec(delete(tables.Trace).where(col(tables.Trace.twin) == settlement.twin, or_(*gone)))
    traces = [trace_row(settlement.twin, trace) for trace in settlement.kept]
    await insert_missing(session, traces)


def _paired(trace: Trace, *, both: bool) -> ColumnElement[bool]:
    left, right = col(tables.Trace.left_id) == trace.left_id, col(tables.Trace.right_id) == trace.right_id
    return and_(col(tables.Trace.kind) == trace.kind, and_(left, right) if both else or_(left, right))


def trace_row(twin: str, trace: Trace) -> tables.Trace:
    return tables.Trace(twin=twin, kind=trace.kind, left_id=trace.left_id, right_id=trace.right_id, content=trace.model_dump_json())


async def _record_conflicts(session: AsyncSession, settlement: Settlement, settled: set[str], now: datetime) -> None:
    of_twin = select(tables.Conflict).where(tables.Conflict.twin == settlement.twin)
    open_rows = list(await session.exec(of_twin.where(col(tables.Conflict.resolved).is_(None))))
    still_open: list[Conflict] = []
    for row in open_rows:
        before = Conflict.model_validate_json(row.content)
        if overtaken(before, settlement, settled):
            row.resolved = now
        else:
            still_open.append(before)
    rows = await session.exec(
        of_twin.where(tables.Conflict.transaction == settlement.transaction, col(tables.Conflict.winner).is_not(None))
    )
    decided = {row.content for row in rows}
    for conflict in unrecorded(settlement, still_open, decided):
        session.add(conflict_row(settlement.twin, settlement.transaction, conflict, now))


def conflict_row(twin: str, transaction: int, conflict: Conflict, now: datetime) -> tables.Conflict:
    return tables.Conflict(
        twin=twin,
        transaction=transaction,
        subject=conflict.subject,
        content=conflict.model_dump_json(),
        winner=conflict.winner,
        created=now,
        resolved=now if conflict.winner else None,
    )


def ledger_row(own: Confirmed, now: datetime) -> tables.Ledger:
    return tables.Ledger(system=own.system, item=own.item, version=own.version, certain=own.certain, created=now)
