"""What people did, and what they changed."""

from datetime import datetime
from enum import StrEnum

from pydantic import JsonValue

from model.frozen import Frozen


class Outcome(StrEnum):
    """`refused` changed nothing; `failed` may have got some way."""

    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


class Change(Frozen):
    """One thing that an operation changes. What is there before it or after it is without secrets, and None where there is nothing."""

    subject: str
    before: JsonValue = None
    after: JsonValue = None


class AuditEntry(Change):
    """`who` is a member, or empty for somebody at this machine while there was none; `address` is where the call came from.

    `reason` says why an operation that was refused or failed was.
    """

    id: int
    moment: datetime
    who: str
    address: str
    operation: str
    outcome: Outcome
    reason: str = ""


class AuditFilter(Frozen):
    """`subject` is a whole name; `since` is included and `until` is not."""

    who: str | None = None
    operation: str | None = None
    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None
