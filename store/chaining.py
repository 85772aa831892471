"""The audit log as chains of hashes, one of each workspace: an entry that is changed, taken away or put in does not fit the others.

The hashes are under a key that is not in the database.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hmac import compare_digest

from sqlalchemy import delete, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from model.audit import AuditEntry, Chain, ChainEnds, Outcome, digest
from store.audit_tables import Audit, AuditChain
from store.cipher import MasterKey
from store.upsert import insert_missing

AT_ONCE = 500

_PURPOSE = "audit"
_LOST = "where the entries begin and end is not recorded any more"


async def append(session: AsyncSession, key: MasterKey, workspace: str, rows: Sequence[Audit]) -> None:
    """Add the rows to the chain, which is locked until the transaction ends.

    What the transaction changed is written before, so that nobody who has the lock waits for another one.
    """
    await session.flush()
    chain = await _locked(session, key, workspace)
    sound, secret = await _sound(session, key, chain), key.subkey(_PURPOSE)
    for row in rows:
        row.previous, row.key_id = chain.head, key.id
        row.hash = chain.head = digest(entry(row), secret)
    chain.entries += len(rows)
    if sound:
        _sign(chain, key)
    session.add_all(rows)


async def shorten(session: AsyncSession, key: MasterKey, workspace: str, before: datetime, most: int) -> int:
    """Delete the oldest entries of the chain up to the first that is not from before that time, or does not hold; returns how many.

    None under another key than that of the newest entry: only an entry moves the chain on to another key.
    """
    chain = await _locked(session, key, workspace)
    if chain.key_id != key.id:
        return 0
    sound, walk = _is_signed(chain, key), _Walk(key, chain.begin)
    young = (await session.exec(select(func.min(Audit.id)).where(Audit.workspace == workspace, col(Audit.moment) >= before))).one()
    of_chain = select(Audit).where(Audit.workspace == workspace)
    old = of_chain if young is None else of_chain.where(col(Audit.id) < young)
    ids: list[int] = []
    for one in map(entry, await session.exec(old.order_by(col(Audit.id)).limit(most))):
        if walk.wrong(one):
            break
        walk.take(one)
        ids.append(one.id)
    await session.exec(delete(Audit).where(col(Audit.id).in_(ids)))
    chain.begin, chain.entries = walk.last, chain.entries - len(ids)
    if sound:
        _sign(chain, key)
    return len(ids)


async def walked(session: AsyncSession, key: MasterKey, workspace: str, ends: AuditChain | None) -> Chain:
    """The chain from its oldest entry to where it breaks; `ends` is None where nothing tells where it begins and ends."""
    if ends is None and await _chained(session, workspace):
        return Chain(workspace=workspace, entries=0, last="", reason=_LOST)
    walk, number = _Walk(key, ends.begin if ends else ""), 0
    while rows := await _page(session, workspace, number):
        for one in map(entry, rows):
            if reason := walk.wrong(one):
                return walk.told(workspace, one.id, reason)
            walk.take(one)
            number = one.id
    if ends and walk.last != ends.head:
        return walk.told(workspace, number or None, "entries after it are missing" if walk.entries else "all entries are missing")
    return walk.told(workspace, None, _amiss(ends, walk, key) if ends else "")


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
        key_id=row.key_id,
        hash=row.hash,
    )


@dataclass
class _Walk:
    """Entries from the oldest one on, each following on `last`."""

    key: MasterKey
    last: str
    entries: int = 0
    before_chain: int = 0
    other_key: int = 0
    others: set[str] = field(default_factory=set[str])

    def __post_init__(self) -> None:
        self._secret = self.key.subkey(_PURPOSE)

    def wrong(self, found: AuditEntry) -> str:
        """Why it cannot be the next one; empty where it can."""
        if not found.hash:
            return "it has no hash, and there was a chain already" if self.last else ""
        if found.key_id == self.key.id and not compare_digest(digest(found, self._secret), found.hash):
            return "it is not as it was recorded"
        if found.previous != self.last:
            return "it does not follow on the entry before it: one between them is missing, was put in, or is in another place"
        return ""

    def take(self, found: AuditEntry) -> None:
        self.entries, self.last = self.entries + 1, found.hash
        if not found.hash:
            self.before_chain += 1
        elif found.key_id != self.key.id:
            self.other_key += 1
            self.others.add(found.key_id)

    def told(self, workspace: str, broken: int | None, reason: str) -> Chain:
        return Chain(
            workspace=workspace,
            entries=self.entries,
            before_chain=self.before_chain,
            other_key=self.other_key,
            last=self.last,
            broken=broken,
            reason=reason,
        )


def _amiss(ends: AuditChain, walk: _Walk, key: MasterKey) -> str:
    """What is wrong with the ends of a chain whose entries all follow on each other, or cannot be told under this key."""
    if ends.entries != walk.entries:
        return f"there are {walk.entries} entries where {ends.entries} were recorded"
    if ends.key_id == key.id and not _is_signed(ends, key):
        return "where the entries begin and end is not as it was recorded"
    others = sorted(walk.others | ({ends.key_id} - {key.id}))
    if others:
        what = "entries were" if walk.other_key else "where the entries begin and end was"
        return f"{what} recorded under another key ({', '.join(others)}) and cannot be verified with this one ({key.id})"
    return ""


async def _sound(session: AsyncSession, key: MasterKey, chain: AuditChain) -> bool:
    """Whether its ends may be signed anew. Those under another key may where the newest entry is, which tells of that key from then on."""
    if chain.key_id == key.id:
        return _is_signed(chain, key)
    newest = select(Audit.key_id).where(Audit.workspace == chain.workspace).order_by(col(Audit.id).desc()).limit(1)
    return (await session.exec(newest)).first() != key.id


def _is_signed(chain: AuditChain, key: MasterKey) -> bool:
    return compare_digest(_signature(chain, key), chain.hash)


def _sign(chain: AuditChain, key: MasterKey) -> None:
    chain.key_id = key.id
    chain.hash = _signature(chain, key)


def _signature(chain: AuditChain, key: MasterKey) -> str:
    return digest(ChainEnds.model_validate(chain.model_dump(exclude={"hash"})), key.subkey(_PURPOSE))


async def _chained(session: AsyncSession, workspace: str) -> bool:
    query = select(Audit.id).where(Audit.workspace == workspace, Audit.hash != "")
    return (await session.exec(query.limit(1))).first() is not None


async def _page(session: AsyncSession, workspace: str, after: int) -> Sequence[Audit]:
    query = select(Audit).where(Audit.workspace == workspace, col(Audit.id) > after)
    return (await session.exec(query.order_by(col(Audit.id)).limit(AT_ONCE))).all()


async def _locked(session: AsyncSession, key: MasterKey, workspace: str) -> AuditChain:
    """The ends of the chain, for one writer at a time; what was there before it counts as its first entries."""
    if found := await session.get(AuditChain, workspace, with_for_update=True):
        return found
    before = (await session.exec(select(func.count()).where(Audit.workspace == workspace))).one()
    made = AuditChain(workspace=workspace, entries=before, key_id=key.id, hash="")
    _sign(made, key)
    await insert_missing(session, [made])
    return await session.get_one(AuditChain, workspace, with_for_update=True)
