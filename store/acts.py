"""One call of a person: whoever carries it out notes what changes, and the first transaction that writes records it."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import JsonValue
from sqlmodel.ext.asyncio.session import AsyncSession

from model.audit import Change, Outcome
from store.audit_tables import Audit
from store.chaining import append
from store.cipher import MasterKey
from store.columns import prose

Condition = Callable[[AsyncSession], Awaitable[None]]


@dataclass
class Act:
    """`workspace` is that of the member who calls, None while there are no members. `subject` stands where no change is noted.

    The first transaction that changes something begins by the `condition`, which raises where it may not.
    """

    who: str
    address: str
    workspace: str | None
    operation: str = ""
    subject: str = ""
    changes: list[Change] = field(default_factory=list[Change])
    settled: bool = False
    condition: Condition | None = None

    async def require(self, session: AsyncSession) -> None:
        """Once: what comes after the first change does not make up for it any more."""
        condition, self.condition = self.condition, None
        if condition is not None:
            await condition(session)

    def note(self, change: Change) -> None:
        self.changes.append(change)

    async def record(self, session: AsyncSession, key: MasterKey, now: Callable[[], datetime]) -> None:
        """Add what was done to the transaction, once."""
        if not self.settled:
            await self.record_outcome(session, key, now(), Outcome.DONE)

    async def record_outcome(self, session: AsyncSession, key: MasterKey, moment: datetime, outcome: Outcome, reason: str = "") -> None:
        """Add what it came to. Takes the lock of the log, which is the last of a transaction."""
        self.settled = True
        await append(session, key, self.workspace or "", self._entries(moment, outcome, reason))

    def _entries(self, moment: datetime, outcome: Outcome, reason: str) -> list[Audit]:
        return [self._entry(one, moment, outcome, reason) for one in self.changes or [Change(subject=self.subject)]]

    def _entry(self, change: Change, moment: datetime, outcome: Outcome, reason: str) -> Audit:
        return Audit(
            workspace=self.workspace or "",
            moment=moment,
            who=prose(self.who),
            address=prose(self.address),
            operation=self.operation,
            subject=prose(change.subject),
            before=_json(change.before),
            after=_json(change.after),
            outcome=outcome,
            reason=prose(reason),
        )


def _json(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\\u0000", "")
