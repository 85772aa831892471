"""Runs an incoming rule with the people of the other side as its own side knows them.

The rule sees users of the replica as people of its own platform, and gets those of its own platform when it asks by a name of the other.
Mentions in texts are of its own people, too, or plain names.
"""

from collections.abc import Callable

from pydantic import JsonValue

from activities.engine import Engine, Place
from activities.ruling import Ask
from model.errors import Refused
from model.item import Fields
from model.mentions import Mention, spelled
from model.people import UserPair
from rules.interface import Lookup, Outcome, Received
from sync.mentions import localized, mentioned
from sync.people import People

QUESTIONS = frozenset({"user", "user_by_email", "user_by_username"})
DELTAS = (
    "added_comments", "changed_comments", "removed_comments", "added_attachments", "removed_attachments", "added_work_logs",
    "changed_work_logs", "removed_work_logs",
)  # fmt: skip


async def incoming(engine: Engine, source: Place, target: Place, received: Received, ask: Ask, *, first: bool) -> Outcome:
    """What the incoming rule of `target` wants; raises what the rule and the platforms raise."""
    connection, configuration, side = target.connection, target.configuration, target.side
    if not configuration.users:
        arrived = _rewritten(received, lambda fields: localized(fields, "none", {}))
        return await engine.ruling.incoming(connection, configuration, side, arrived, ask, first=first)
    met = _Acquainted(People(configuration.users, side), source, target)
    arrived = await met.localized(received)
    outcome = await engine.ruling.incoming(connection, configuration, side, arrived, met.asking(ask), first=first)
    return outcome.model_copy(update={"fields": met.told(outcome.fields)})


def _parts(received: Received) -> dict[str, tuple[Fields, ...]]:
    return {name: getattr(received, name) for name in DELTAS}


def _rewritten(received: Received, change: Callable[[Fields], Fields]) -> Received:
    deltas: dict[str, object] = {name: tuple(map(change, delta)) for name, delta in _parts(received).items()}
    whole = {"replica": change(received.replica), "previous": change(received.previous)}
    return received.model_copy(update={**deltas, **whole})


class _Acquainted:
    """The people of a map whom one run of a rule has met, as the platform of `target` tells them."""

    def __init__(self, people: People, source: Place, target: Place) -> None:
        self._people = people
        self._source = source
        self._target = target
        self._known: dict[UserPair, Fields] = {}

    async def localized(self, received: Received) -> Received:
        values = (received.replica, received.previous, *(child for delta in _parts(received).values() for child in delta))
        for pair in self._people.met(*values):
            await self._local(pair)
        can = self._target.declared.capabilities.mentions != "none"
        form = self._source.declared.capabilities.mentions if can else "none"
        mentions = (
            {name: mention for name in mentioned(values, form) if (mention := await self._mention(name, form == "login"))} if can else {}
        )
        return _rewritten(received, lambda fields: self._people.localized(localized(fields, form, mentions), self._known))

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

    async def _mention(self, name: str, login: bool) -> Mention | None:
        """Of the person whom a text of the source names; None where that is nobody of the map, or the target does not know whom."""
        pair = self._people.there(name) or (None if login else await self._mapped(name))
        local = await self._local(pair) if pair else None
        if pair is None or local is None or local == self._people.unknown(pair):
            return None
        shown = spelled(str(local.get("displayName") or local.get("username") or ""))
        return Mention(shown, str(local.get("key") or ""), str(local.get("username") or ""))

    async def _mapped(self, name: str) -> UserPair | None:
        for question in ("user", "user_by_username"):
            found = await _answer(self._source, question, name)
            if found is not None and (pair := self._people.pair(found)):
                return pair
        return None

    async def _local(self, pair: UserPair) -> Fields:
        if pair not in self._known:
            self._known[pair] = await self._found(pair)
        return self._known[pair]

    async def _found(self, pair: UserPair) -> Fields:
        for question, name in self._people.questions(pair):
            found = await _answer(self._target, question, name)
            if found is not None:
                return found
        return self._people.unknown(pair)


async def _answer(where: Place, question: str, name: str) -> Fields | None:
    try:
        found = await where.connector.lookup(where.settings, question, (name,))
    except Refused:
        return None
    return found if isinstance(found, dict) else None
