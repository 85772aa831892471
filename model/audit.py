"""What people did, and what they changed."""

import hashlib
import json
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

    `reason` says why an operation that was refused or failed was. `hash` is of the entry with `previous`, that of the
    entry before.
    """

    id: int
    workspace: str
    moment: datetime
    who: str
    address: str
    operation: str
    outcome: Outcome
    reason: str = ""
    previous: str
    hash: str


def digest(entry: AuditEntry) -> str:
    """SHA-256 of the entry as JSON in UTF-8, without `id` and `hash`, its names in order and no spaces between."""
    content = json.dumps(entry.model_dump(mode="json", include=_HASHED), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(content.encode()).hexdigest()


_HASHED = {"workspace", "moment", "who", "address", "operation", "subject", "before", "after", "outcome", "reason", "previous"}


class Chain(Frozen):
    """The entries of a workspace, or of the time before it had members where that is empty, each following on the one before.

    `entries` is how many do from the oldest one on, and `last` the hash of the last of these. `broken` is the number of the first one that
    does not, or after which some are missing; `reason` says what is wrong and is empty where nothing is.
    """

    workspace: str
    entries: int
    last: str
    broken: int | None = None
    reason: str = ""


class Verification(Frozen):
    """`intact` unless a chain is broken."""

    intact: bool
    chains: tuple[Chain, ...]


class AuditFilter(Frozen):
    """`subject` is a whole name; `since` is included and `until` is not."""

    who: str | None = None
    operation: str | None = None
    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None
