"""Runs an incoming rule with the people of the other side as its own side knows them.

The rule sees users of the replica as people of its own platform, and gets those of its own platform when it asks by a name of the other.
"""

from pydantic import JsonValue

from activities.engine import Engine, Place
from activities.ruling import Ask
from model.errors import Refused
from model.item import Fields
from model.people import UserPair
from rules.interface import Lookup, Outcome, Received
from sync.people import People

QUESTIONS = frozenset({"user", "user_by_email", "user_by_username"})
DELTAS = (
    "added_comments", "changed_comments", "removed_comments", "added_attachments", "removed_attachments", "added_work_logs",
    "changed_work_logs", "removed_work_logs",
)  # fmt: skip


async def incoming(engine: Engine, where: Place, received: Received, ask: Ask, *, first: bool) -> Outcome:
    """What the incoming rule of `where` wants; raises what the rule and the platform raise."""
    users = where.configuration.users
    if not users:
        return await engine.ruling.incoming(where.connection, where.configuration, where.side, received, ask, first=first)
    met = _Acquainted(People(users, where.side), where)
    arrived = await met.localized(received)
    outcome = await engine.ruling.incoming(where.connection, where.configuration, where.side, arrived, met.asking(ask), first=first)
    return outcome.model_copy(update={"fields": met.told(outcome.fields)})


class _Acquainted:
    """The people of a map whom one run of a rule has met, as the platform tells them."""

    def __init__(self, people: People, where: Place) -> None:
        self._people = people
        self._where = where
        self._known: dict[UserPair, Fields] = {}

    async def localized(self, received: Received) -> Received:
        deltas: dict[str, tuple[Fields, ...]] = {name: getattr(received, name) for name in DELTAS}
        children = [child for delta in deltas.values() for child in delta]
        for pair in self._people.met(received.replica, received.previous, *children):
            await self._local(pair)
        changed: dict[str, object] = {name: tuple(map(self._of, delta)) for name, delta in deltas.items()}
        whole = {"replica": self._of(received.replica), "previous": self._of(received.previous)}
        return received.model_copy(update={**changed, **whole})

    def told(self, fields: Fields) -> Fields:
        return self._people.told(fields, self._known)

    def asking(self, ask: Ask) -> Ask:
        async def asked(lookup: Lookup) -> JsonValue:
            name = lookup.arguments[0] if lookup.name in QUESTIONS and lookup.arguments else None
            pair = self._people.called(name, self._known) if name else None
            if pair is None:
                return await ask(lookup)
            local = await self._local(pair)
            return None if local == self._people.unknown(pair) else local

        return asked

    def _of(self, fields: Fields) -> Fields:
        return self._people.localized(fields, self._known)

    async def _local(self, pair: UserPair) -> Fields:
        if pair not in self._known:
            self._known[pair] = await self._found(pair)
        return self._known[pair]

    async def _found(self, pair: UserPair) -> Fields:
        where = self._where
        for question, name in self._people.questions(pair):
            try:
                found = await where.connector.lookup(where.settings, question, (name,))
            except Refused:
                continue
            if isinstance(found, dict):
                return found
        return self._people.unknown(pair)
