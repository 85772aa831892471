"""What people did, and what they changed."""

import hmac
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
    entry before, under the key that `key_id` names; all three are empty in an entry from before there were hashes.
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
    key_id: str
    hash: str


class ChainEnds(Frozen):
    """Where the entries of a workspace begin and end: the hash that the oldest one follows on, and that of the newest."""

    workspace: str
    begin: str
    head: str
    entries: int
    key_id: str


def digest(of: AuditEntry | ChainEnds, secret: bytes) -> str:
    """HMAC-SHA256 of it as JSON in UTF-8, of an entry without `id` and `hash`, its names in order and no spaces between."""
    values = of.model_dump(mode="json", exclude={"id", "hash"})
    content = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.digest(secret, content.encode(), "sha256").hex()


class Chain(Frozen):
    """The entries of a workspace, or of the time before it had members where that is empty, each following on the one before.

    `entries` is how many do from the oldest one on, and `last` the hash of the last of these. `before_chain` of them have none, as they
    are from before there were hashes, and `other_key` of them one under another key than today's, which cannot be verified. `broken` is
    the number of the first one that does not follow, or after which some are missing; `reason` says what is wrong or cannot be verified,
    and is empty where nothing is.
    """

    workspace: str
    entries: int
    before_chain: int = 0
    other_key: int = 0
    last: str
    broken: int | None = None
    reason: str = ""


class Verification(Frozen):
    """`intact` unless a chain is broken or cannot be verified."""

    intact: bool
    chains: tuple[Chain, ...]


class AuditFilter(Frozen):
    """`subject` is a whole name; `since` is included and `until` is not."""

    who: str | None = None
    operation: str | None = None
    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None
