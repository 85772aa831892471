"""Tokens that end: another one is asked for before that, once for all the calls that need it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from time import monotonic

EARLY_SECONDS = 60.0


@dataclass(frozen=True)
class Token:
    """What signs calls in for so many `seconds` from now on."""

    value: str = field(repr=False)
    seconds: float = float("inf")


class Tokens:
    """The token of one account, kept until `early` seconds before its end."""

    def __init__(self, ask: Callable[[], Awaitable[Token]], early: float = EARLY_SECONDS) -> None:
        self._ask = ask
        self._early = early
        self._asking = asyncio.Lock()
        self._value = ""
        self._until = 0.0

    async def current(self) -> str:
        """Raises what asking for one raises."""
        async with self._asking:
            if not self._value or monotonic() >= self._until:
                token = await self._ask()
                self._value, self._until = token.value, monotonic() + token.seconds - self._early
            return self._value

    def refuse(self, value: str) -> None:
        """The platform does not take it any more. Calls that failed with it together get the same other one."""
        if self._value == value:
            self._value = ""
