"""How far the scopes of one system were looked at."""

from collections.abc import Iterable, Mapping
from typing import Self

from model.inbox import InboxChange
from store.inbox import Inbox


class Cursors:
    """Read together when a poll begins, and moved on by it alone; empty where a scope never was looked at."""

    def __init__(self, inbox: Inbox, system: str, known: Mapping[str, str]) -> None:
        self._inbox = inbox
        self._system = system
        self._known = dict(known)

    @classmethod
    async def of(cls, inbox: Inbox, system: str) -> Self:
        return cls(inbox, system, {scope: cursor for (_, scope), cursor in (await inbox.cursors([system])).items()})

    def __getitem__(self, scope: str) -> str:
        return self._known.get(scope, "")

    async def save(self, scope: str, cursor: str) -> None:
        await self._inbox.save_cursor(self._system, scope, cursor)
        self._known[scope] = cursor

    async def add_polled(self, scope: str, changes: Iterable[InboxChange], cursor: str) -> int:
        """See `Inbox.add_polled`."""
        added = await self._inbox.add_polled(self._system, scope, changes, cursor)
        self._known[scope] = cursor
        return added
