"""The items for whose copies a rule asked in vain."""

from collections.abc import Collection

from pydantic import JsonValue

from activities.ruling import Ask
from rules.interface import Lookup


class Seeking:
    """`missed` are the ids of those, less `own`: an item that a rule brings over has no copy yet."""

    def __init__(self, ask: Ask, own: Collection[str]) -> None:
        self._ask = ask
        self._own = own
        self.missed: set[str] = set()

    async def ask(self, lookup: Lookup) -> JsonValue:
        answer = await self._ask(lookup)
        item = lookup.arguments[0] if lookup.name == "local_item" else None
        if answer is None and item and item not in self._own:
            self.missed.add(item)
        return answer
