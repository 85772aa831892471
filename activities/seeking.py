"""The items for whose copies a rule asks."""

from collections.abc import Awaitable, Callable, Collection

from pydantic import JsonValue

from activities.ruling import Ask
from rules.interface import Lookup


class Seeking:
    """`found` are the ids of items that have a copy, `missed` of those that have none, less `own`: what a rule brings over has none yet."""

    def __init__(self, ask: Ask, own: Collection[str]) -> None:
        self._ask = ask
        self._own = own
        self.missed: set[str] = set()
        self.found: set[str] = set()

    async def ask(self, lookup: Lookup) -> JsonValue:
        answer = await self._ask(lookup)
        item = _sought(lookup)
        if item and item not in self._own:
            (self.missed if _is_missing(answer) else self.found).add(item)
        return answer


def as_last_asked(ask: Ask, awaited: Callable[[], Awaitable[Collection[str]]]) -> Ask:
    """The answers that the rule had when it last ran: of items that it still has to be told of there is no copy yet."""

    known: Collection[str] | None = None

    async def answer(lookup: Lookup) -> JsonValue:
        nonlocal known
        item = _sought(lookup)
        if item and known is None:
            known = await awaited()
        return None if known and item in known else await ask(lookup)

    return answer


def _is_missing(answer: JsonValue) -> bool:
    return answer is None or (isinstance(answer, dict) and answer.get("ended") is True)


def _sought(lookup: Lookup) -> str | None:
    return lookup.arguments[0] if lookup.name in {"local_item", "linked_item"} else None
