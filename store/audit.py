"""The audit log: who did what, from where, and what it changed. Rows are added and read; only age takes them away."""

import json
from datetime import datetime

from pydantic import JsonValue
from sqlalchemy import delete
from sqlmodel import col, select

from model.audit import AuditEntry, AuditFilter, Change, Outcome
from store.audit_tables import Audit
from store.columns import row_id
from store.database import Database
from store.uninterrupted import uninterrupted

AT_ONCE = 500


@uninterrupted
class AuditLog:
    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, subject: str, *, before: JsonValue = None, after: JsonValue = None) -> None:
        """What the call is about to change; recorded with the next transaction that writes. Nothing where nobody calls."""
        if self._database.act:
            self._database.act.note(Change(subject=subject, before=before, after=after))

    def leave_out(self) -> None:
        """This call changes nothing that is worth an entry."""
        if self._database.act:
            self._database.act.settled = True

    async def record(self) -> None:
        """Record the call now, unless it is: for what changes nothing in the store."""
        if self._database.act and not self._database.act.settled:
            async with self._database.writing():
                pass

    async def record_failure(self, outcome: Outcome, reason: str) -> None:
        """What the call came to instead; an entry more if it was recorded already."""
        if act := self._database.act:
            act.settled = True
            async with self._database.writing() as session:
                session.add_all(act.entries(self._database.now(), outcome, reason))

    async def page(self, wanted: AuditFilter, limit: int, after: int | None = None) -> tuple[AuditEntry, ...]:
        """Newest first; `after` is the number of the last entry of the page before."""
        query = select(Audit)
        if self._database.workspace is not None:
            query = query.where(col(Audit.workspace).in_((self._database.workspace, "")))
        for column, value in ((Audit.who, wanted.who), (Audit.operation, wanted.operation), (Audit.subject, wanted.subject)):
            query = query if value is None else query.where(col(column) == value)
        if wanted.since is not None:
            query = query.where(col(Audit.moment) >= wanted.since)
        if wanted.until is not None:
            query = query.where(col(Audit.moment) < wanted.until)
        if after is not None:
            query = query.where(col(Audit.id) < after)
        async with self._database.reading() as session:
            rows = await session.exec(query.order_by(col(Audit.id).desc()).limit(limit))
            return tuple(_entry(row) for row in rows)

    async def prune(self, before: datetime) -> int:
        """Delete the entries from before that time, a few at a time; the database refuses it for those of the last thirty days."""
        gone = 0
        while True:
            async with self._database.writing() as session:
                old = select(Audit.id).where(col(Audit.moment) < before).order_by(col(Audit.id)).limit(AT_ONCE)
                rows = (await session.exec(delete(Audit).where(col(Audit.id).in_(old)))).rowcount
            gone += rows
            if rows < AT_ONCE:
                return gone


def _entry(row: Audit) -> AuditEntry:
    return AuditEntry(
        id=row_id(row.id),
        moment=row.moment,
        who=row.who,
        address=row.address,
        operation=row.operation,
        subject=row.subject,
        before=json.loads(row.before),
        after=json.loads(row.after),
        outcome=Outcome(row.outcome),
        reason=row.reason,
    )
