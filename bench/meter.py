"""A platform with a meter: Twinline goes through it, people do not."""

import contextlib
import re
from collections import Counter
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connectors.kit.fake import serving
from tests.pairs.platform import Platform

_OWN = re.compile(r"^(?:[A-Z]+-\d+|\d+|[0-9a-f-]{32,36}|(?=\w*\d)[0-9a-zA-Z]{15,18})(?=\.json$|$)")
_VERSIONED = {"api", "data", "v2"}


class Meter:
    """ASGI middleware that counts calls by what they do: the method and the general path."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.calls: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.calls[f"{scope['method']} {general(scope['path'])}"] += 1
            await send(message)

        await self._app(scope, receive, counted)


def general(path: str) -> str:
    """The path with `{id}` where an item's own key, number or id stands."""
    parts = path.split("/")
    return "/".join(part if before in _VERSIONED else _OWN.sub("{id}", part) for before, part in zip(["", *parts], parts, strict=False))


@dataclass(frozen=True)
class Metered:
    """`url` leads to the platform through the meter."""

    platform: Platform
    meter: Meter
    url: str


@contextlib.asynccontextmanager
async def metered(make: type[Platform], hooks: str) -> AsyncGenerator[Metered]:
    """One fake at two addresses."""
    fake = make.fake(hooks)
    meter = Meter(fake)
    async with serving(fake) as open_url, serving(meter) as url, contextlib.AsyncExitStack() as stack:
        platform = make(open_url)
        stack.push_async_callback(platform.aclose)
        await platform.connect()
        yield Metered(platform, meter, url)
