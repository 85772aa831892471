"""The audit log as chains of hashes, one of each workspace: an entry that is changed, taken away or put in does not fit the others."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from model.audit import AuditEntry, Chain, Outcome, digest
from store.audit_tables import Audit, AuditChain
from store.upsert import insert_missing

AT_ONCE = 500


async def append(session: AsyncSession, workspace: str, rows: Sequence[Audit]) -> None:
    """Add the rows to the chain, which is locked until the transaction ends.

    What the transaction changed is written before, so that nobody who has the lock waits for another one.
    """
    await session.flush()
    chain = await _locked(session, workspace)
    for row in rows:
        row.previous = chain.head
        row.hash = chain.head = digest(entry(row))
    session.add_all(rows)


async def shorten(session: AsyncSession, workspace: str, before: datetime, most: int) -> int:
    """Delete the oldest entries of the chain up to the first that is not from before that time; returns how many were deleted."""
    chain = await _locked(session, workspace)
    of_chain = select(Audit.id).where(Audit.workspace == workspace)
    young = (await session.exec(select(func.min(Audit.id)).where(Audit.workspace == workspace, col(Audit.moment) >= before))).one()
    old = of_chain if young is None else of_chain.where(col(Audit.id) < young)
    ids = list(await session.exec(old.order_by(col(Audit.id)).limit(most)))
    await session.exec(delete(Audit).where(col(Audit.id).in_(ids)))
    rest = select(Audit.previous).where(Audit.workspace == workspace).order_by(col(Audit.id)).limit(1)
    first = (await session.exec(rest)).first()
    chain.begin = chain.head if first is None else first
    return len(ids)


async def walked(session: AsyncSession, workspace: str, ends: AuditChain | None) -> Chain:
    """The chain from its oldest entry to where it breaks; `ends` is None where nothing tells where it begins and ends."""
    if ends is None:
        return Chain(workspace=workspace, entries=0, last="", reason="where the entries begin and end is not recorded any more")
    count, number, last = 0, 0, ends.begin
    while rows := await _page(session, workspace, number):
        for one in map(entry, rows):
            if reason := _wrong(one, last):
                return Chain(workspace=workspace, entries=count, last=last, broken=one.id, reason=reason)
            count, number, last = count + 1, one.id, one.hash
    missing = "" if last == ends.head else "entries after it are missing" if count else "all entries are missing"
    return Chain(workspace=workspace, entries=count, last=last, broken=number if missing and count else None, reason=missing)


def entry(row: Audit) -> AuditEntry:
    """The row, also one that has no number yet."""
    return AuditEntry(
        id=row.id or 0,
        workspace=row.workspace,
        moment=row.moment,
        who=row.who,
        address=row.address,
        operation=row.operation,
        subject=row.subject,
        before=json.loads(row.before),
        after=json.loads(row.after),
        outcome=Outcome(row.outcome),
        reason=row.reason,
        previous=row.previous,
        hash=row.hash,
    )


def _wrong(found: AuditEntry, last: str) -> str:
    if digest(found) != found.hash:
        return "it is not as it was recorded"
    if found.previous != last:
        return "it does not follow on the entry before it: one between them is missing, was put in, or is in another place"
    return ""


async def _page(session: AsyncSession, workspace: str, after: int) -> Sequence[Audit]:
    query = select(Audit).where(Audit.workspace == workspace, col(Audit.id) > after)
    return (await session.exec(query.order_by(col(Audit.id)).limit(AT_ONCE))).all()


async def _locked(session: AsyncSession, workspace: str) -> AuditChain:
    """The ends of the chain, for one writer at a time."""
    await insert_missing(session, [AuditChain(workspace=workspace)])
    return await session.get_one(AuditChain, workspace, with_for_update=True)
