"""Requests that a caller may send again under the same key, with what was answered."""

import hmac
from datetime import timedelta

from sqlalchemy import and_, delete, or_, update
from sqlmodel import col

from model.frozen import Frozen
from store.cipher import Place
from store.database import Database
from store.request_tables import Request
from store.uninterrupted import uninterrupted
from store.upsert import insert_missing

KEPT = timedelta(hours=24)
LONGEST = timedelta(minutes=2)
"""No request takes longer; one that did died with its process, and may be done anew."""


class KeptAnswer(Frozen):
    status: int
    content_type: str
    body: str


class Earlier(Frozen):
    """A request under the same key. `same` tells whether it was this one; `answer` is None while it is under way."""

    same: bool
    answer: KeptAnswer | None


@uninterrupted
class Requests:
    """Keys and requests are known by their digests, and answers are sealed: both can hold secrets."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._digest_key = database.key.subkey("requests")

    async def claim(self, key: bytes, request: bytes) -> Earlier | None:
        """None where the key is free; it is taken until `keep` or `release`. What is too old is forgotten on the way."""
        name, now = self._digest(key), self._database.now()
        row = Request(key=name, fingerprint=self._digest(request), created=now)
        created = col(Request.created)
        old = or_(created < now - KEPT, and_(col(Request.answer) == "", created < now - LONGEST))
        async with self._database.writing() as session:
            await session.exec(delete(Request).where(old))
            if await insert_missing(session, [row]):
                return None
            known = await session.get_one(Request, name)
        return Earlier(same=known.fingerprint == row.fingerprint, answer=self._opened(known))

    async def keep(self, key: bytes, answer: KeptAnswer) -> None:
        name = self._digest(key)
        sealed = self._database.key.seal(answer.model_dump_json(), _place(name))
        async with self._database.writing() as session:
            await session.exec(update(Request).where(col(Request.key) == name).values(answer=sealed))

    async def release(self, key: bytes) -> None:
        """Forget a request that did nothing."""
        async with self._database.writing() as session:
            await session.exec(delete(Request).where(col(Request.key) == self._digest(key)))

    def _digest(self, content: bytes) -> str:
        return hmac.digest(self._digest_key, content, "sha256").hex()

    def _opened(self, row: Request) -> KeptAnswer | None:
        if not row.answer:
            return None
        return KeptAnswer.model_validate_json(self._database.key.unseal(row.answer, _place(row.key)))


def _place(key: str) -> Place:
    return Place("request", "answer", key, "")
