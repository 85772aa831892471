"""The audit log: who did what, from where, and what it changed. Rows are added and read; only age takes them away."""

from datetime import datetime

from pydantic import JsonValue
from sqlalchemy import ColumnElement, true
from sqlmodel import col, select

from model.audit import AuditEntry, AuditFilter, Change, Outcome, Verification
from store.audit_tables import Audit, AuditChain
from store.chaining import entry, shorten, walked
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
            self._database.act.condition = None
            async with self._database.writing():
                pass

    async def record_failure(self, outcome: Outcome, reason: str) -> None:
        """What the call came to instead; an entry more if it was recorded already."""
        if act := self._database.act:
            act.condition = None
            async with self._database.writing() as session:
                await act.record_outcome(session, self._database.key, self._database.now(), outcome, reason)

    async def page(self, wanted: AuditFilter, limit: int, after: int | None = None) -> tuple[AuditEntry, ...]:
        """Newest first; `after` is the number of the last entry of the page before."""
        query = select(Audit).where(self._seen(Audit.workspace))
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
            return tuple(entry(row) for row in rows)

    async def verify(self) -> Verification:
        """Whether every entry is there as it was recorded, as of one moment."""
        async with self._database.reading() as session:
            ends = select(AuditChain).where(self._seen(AuditChain.workspace))
            kept = {row.workspace: row for row in await session.exec(ends)}
            written = await session.exec(select(Audit.workspace).where(self._seen(Audit.workspace)).distinct())
            chains = tuple([await walked(session, self._database.key, one, kept.get(one)) for one in sorted({*kept, *written})])
        return Verification(intact=not any(one.reason for one in chains), chains=chains)

    async def prune(self, before: datetime) -> int:
        """Delete the oldest entries up to the first that is not from before that time, a few at a time.

        The database refuses it for those of the last thirty days. An entry that does not hold stays, and so do those after it.
        """
        async with self._database.reading() as session:
            workspaces = list(await session.exec(select(AuditChain.workspace)))
        return sum([await self._prune(one, before) for one in workspaces])

    async def _prune(self, workspace: str, before: datetime) -> int:
        gone = 0
        while True:
            async with self._database.writing() as session:
                rows = await shorten(session, self._database.key, workspace, before, AT_ONCE)
            gone += rows
            if rows < AT_ONCE:
                return gone

    def _seen(self, workspace: str) -> ColumnElement[bool]:
        """What the caller may see: the entries of his workspace, and those from before there were members."""
        own = self._database.workspace
        return true() if own is None else col(workspace).in_((own, ""))
