"""What a demo shows while its parts come and go."""

import asyncio
from typing import cast

from cli.demo.showing import watch
from cli.demo.stage import Stage
from model.errors import Unavailable
from model.twin import Twin


class _Stage:
    """Its API is away at first; it is stopped once it was asked again."""

    other = "GitHub"

    def __init__(self, stop: asyncio.Event) -> None:
        self.asked = 0
        self._stop = stop

    async def twins(self) -> tuple[Twin, ...]:
        self.asked += 1
        if self.asked == 1:
            raise Unavailable("the API is away")
        self._stop.set()
        return ()


async def test_the_pairs_are_shown_again_once_the_api_is_back() -> None:
    stop = asyncio.Event()
    stage = _Stage(stop)
    await watch(cast("Stage", stage), stop)
    assert stage.asked == 2
