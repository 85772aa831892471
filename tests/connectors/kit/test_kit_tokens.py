"""A token is asked for once, however many calls need it, and again before it ends or when it is refused."""

import asyncio

import pytest

from connectors.kit.tokens import Token, Tokens
from model.errors import Unavailable


class Counter:
    """Gives tokens that are numbers."""

    def __init__(self, seconds: float = 3600.0) -> None:
        self.asked = 0
        self._seconds = seconds

    async def ask(self) -> Token:
        self.asked += 1
        number = self.asked
        await asyncio.sleep(0)
        return Token(f"t{number}", self._seconds)


async def test_many_calls_ask_once() -> None:
    counter = Counter()
    tokens = Tokens(counter.ask)
    assert set(await asyncio.gather(*(tokens.current() for _ in range(20)))) == {"t1"}
    assert counter.asked == 1


async def test_one_that_is_about_to_end_is_not_used_again() -> None:
    tokens = Tokens(Counter(60.0).ask, early=60.0)
    assert [await tokens.current(), await tokens.current()] == ["t1", "t2"]


async def test_calls_that_were_refused_together_get_the_same_other_one() -> None:
    tokens = Tokens(Counter().ask)
    first = await tokens.current()

    async def refused() -> str:
        tokens.refuse(first)
        return await tokens.current()

    assert set(await asyncio.gather(*(refused() for _ in range(20)))) == {"t2"}


async def test_a_failure_is_not_kept() -> None:
    answers = [Unavailable("down"), Token("t")]

    async def ask() -> Token:
        answer = answers.pop(0)
        if isinstance(answer, Unavailable):
            raise answer
        return answer

    tokens = Tokens(ask)
    with pytest.raises(Unavailable):
        await tokens.current()
    assert await tokens.current() == "t"


def test_it_is_not_shown() -> None:
    assert "secret" not in repr(Token("secret", 5))
