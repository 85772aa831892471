"""Runs sync rules, fetching from the platform what they ask for: the activity hands values from the connector to the rule."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import lru_cache
from time import monotonic
from typing import TypeVar

from pydantic import JsonValue

from model.configuration import Configuration, Connection
from model.errors import ScriptFailed
from model.item import Fields, Item
from model.words import Side
from rules import Program, compile_rule, run_incoming, run_outgoing
from rules.interface import Lookup, Lookups, Needed, Outcome, Received, Sent, Surroundings

ROUNDS = 50

T = TypeVar("T")
Ask = Callable[[Lookup], Awaitable[JsonValue]]


@lru_cache(maxsize=512)
def _compiled(source: str, name: str) -> Program:
    return compile_rule(source, name)


class Ruling:
    """`now` is what rules see as the present."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    async def outgoing(
        self, connection: Connection, configuration: Configuration, side: Side, item: Item, previous: Fields, ask: Ask, *, first: bool
    ) -> Fields:
        """The replica of `item` that the side's outgoing rule fills; ScriptFailed with the place in the rule."""
        return (await self.sending(connection, configuration, side, item, previous, ask, first=first)).fields

    async def sending(
        self, connection: Connection, configuration: Configuration, side: Side, item: Item, previous: Fields, ask: Ask, *, first: bool
    ) -> Sent:
        """The same with the further items that the rule brings under sync."""
        program = _compiled(configuration.side(side).outgoing, f"{connection.id}: {side} outgoing rule")
        surroundings = self._surroundings(connection, side, first=first)
        return await _answered(ask, lambda lookups: run_outgoing(program, item, surroundings, previous, lookups, clock=monotonic))

    async def incoming(
        self, connection: Connection, configuration: Configuration, side: Side, received: Received, ask: Ask, *, first: bool
    ) -> Outcome:
        """What the side's incoming rule wants; ScriptFailed with the place in the rule."""
        program = _compiled(configuration.side(side).incoming, f"{connection.id}: {side} incoming rule")
        surroundings = self._surroundings(connection, side, first=first)
        return await _answered(ask, lambda lookups: run_incoming(program, received, surroundings, lookups, clock=monotonic))

    def _surroundings(self, connection: Connection, side: Side, *, first: bool) -> Surroundings:
        return Surroundings(
            connection=connection.id,
            local_system=connection.system(side),
            remote_system=connection.system(side.other),
            first_sync=first,
            now=self._now(),
        )


async def _answered(ask: Ask, run: Callable[[Lookups], T]) -> T:
    answers: dict[Lookup, JsonValue] = {}
    for _ in range(ROUNDS):
        try:
            return run(answers)
        except Needed as needed:
            for lookup in needed.lookups:
                answers[lookup] = await ask(lookup)
    raise ScriptFailed(f"the rule asked the platform more than {ROUNDS} different questions for one item; ask for less")
