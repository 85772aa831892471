"""What every demo has: the product on this machine over a folder of its own, a fake Jira, and a connection to look at."""

import asyncio
import contextlib
import random
import socket
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from cli.client import Api
from cli.demo.people import FakeControl
from cli.options import settings
from cli.running import LOCALHOST
from cli.up import Ports, address, running
from config.settings import Settings
from connectors import declaration
from connectors.kit.fake import serving
from connectors.kit.interface import FakeOptions
from model.errors import Unavailable
from model.item import Fields
from model.twin import Twin
from model.words import TwinStatus
from operations.queue import QueueEntry, QueuePage
from operations.twins import TwinPage

BOT = "bot@acme.test"
SECRET = "demo-secret"  # noqa: S105
HOOK_SECRET = "demo-hook-secret"  # noqa: S105
LOOK_SECONDS = 0.2
NEVER_LENT = range(20_000, 32_000)


@dataclass(frozen=True)
class Stage:
    """`other` is the title of the platform beside Jira."""

    api: Api
    ports: Ports
    connection: str
    other: str
    jira: FakeControl
    jira_url: str

    async def twins(self) -> tuple[Twin, ...]:
        return (await self.api.get(TwinPage, "/twins", {"connection": self.connection, "limit": 200})).twins

    async def queue(self) -> tuple[QueueEntry, ...]:
        return (await self.api.get(QueuePage, "/queue", {"connection": self.connection})).entries

    async def in_line(self, count: int, what: str, seconds: float = 90) -> tuple[Twin, ...]:
        """Wait until `count` twins are synchronized and nothing is under way."""

        async def settled() -> bool:
            twins = await self.twins()
            if len(twins) < count or any(twin.status is not TwinStatus.SYNCHRONIZED for twin in twins):
                return False
            return not await self.queue()

        await until(settled, f"{what}: {count} twins in line", seconds)
        return await self.twins()

    async def switch(self, *, active: bool) -> None:
        await self.api.post(Fields, f"/connections/{self.connection}/{'activate' if active else 'deactivate'}")


async def until(look: Callable[[], Awaitable[bool]], what: str, seconds: float = 60, told: Callable[[], str] = lambda: "") -> None:
    """Look until it is so; Unavailable, with what was waited for and what was seen last, if it takes too long.

    A part that does not answer in time, as one that was just started again, is asked once more.
    """
    deadline = monotonic() + seconds
    while not await _answered(look):
        if monotonic() > deadline:
            raise Unavailable(f"waited {seconds:.0f} s in vain for {what} {told()}".rstrip())
        await asyncio.sleep(LOOK_SECONDS)


async def _answered(look: Callable[[], Awaitable[bool]]) -> bool:
    try:
        return await look()
    except Unavailable:
        return False


@contextlib.contextmanager
def passing_settings() -> Generator[Settings]:
    """Settings over a folder that is gone in the end."""
    with tempfile.TemporaryDirectory(prefix="twinline-demo-") as folder:
        yield settings().model_copy(update={"data": Path(folder), "database_url": None, "public_url": "", "temporal_ui": ""})


@contextlib.asynccontextmanager
async def opened(settings: Settings, wanted: Ports, stop: asyncio.Event, connection: str, other: str) -> AsyncGenerator[Stage]:
    """The product and a fake Jira running; nothing configured yet."""
    async with contextlib.AsyncExitStack() as stack:
        ports = free_ports(wanted)
        api = await stack.enter_async_context(running(settings, ports, stop))
        jira_url = await stack.enter_async_context(fake("jira", BOT, f"{address(ports)}/webhooks/acme-jira"))
        jira = FakeControl(jira_url)
        stack.push_async_callback(jira.aclose)
        yield Stage(api, ports, connection, other, jira, jira_url)


def fake(kind: str, user: str, webhook: str) -> contextlib.AbstractAsyncContextManager[str]:
    """A running fake's URL."""
    return serving(declaration(kind).fake(FakeOptions(user, SECRET, None, webhook, HOOK_SECRET)))


def jira_system(stage: Stage, pace: Fields) -> Fields:
    credentials: Fields = {"user": BOT, "token": SECRET}
    return {"kind": "jira", "url": stage.jira_url, "credentials": credentials, "webhook_secret": HOOK_SECRET, **pace}


def free_ports(wanted: Ports) -> Ports:
    """The wanted ports, each replaced by a free one where it is taken or 0; no two are the same."""
    with contextlib.ExitStack() as held:
        return Ports(*(_held(held, port) for port in (wanted.api, wanted.temporal, wanted.ui)))


def _held(held: contextlib.ExitStack, port: int) -> int:
    """Not one of those that the system lends to outgoing connections, which would be taken again before anybody listens on it."""
    for candidate in (*([port] if port else []), *random.sample(NEVER_LENT, 50)):
        with contextlib.suppress(OSError):
            return held.enter_context(socket.create_server((LOCALHOST, candidate))).getsockname()[1]
    raise Unavailable("this machine has no free port")
