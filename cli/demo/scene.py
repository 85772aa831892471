"""The demo's stage: two fakes, the product on this machine, and the people who act."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from time import monotonic
from typing import TypeVar

from cli.client import Api
from cli.demo.people import FakeControl, GitHubPerson, JiraPerson
from cli.demo.texts import GITHUB_IN, JIRA_IN, TYPES_OUT
from cli.running import LOCALHOST
from cli.up import Ports, address, running
from config.settings import Settings
from connectors import declaration
from connectors.kit.fake import serving
from connectors.kit.interface import FakeOptions
from model.errors import Unavailable
from model.item import Fields
from model.twin import Transaction, Twin
from model.words import TwinStatus
from operations.deployment import Application
from operations.twins import TwinPage

BOT = "bot@acme.test"
GITHUB_BOT = "acme-bot"
SECRET = "demo-secret"  # noqa: S105
HOOK_SECRET = "demo-hook-secret"  # noqa: S105
CONNECTION = "app-bugs"
REPOSITORY = "acme/app"
LOOK_SECONDS = 0.2

T = TypeVar("T")


@dataclass(frozen=True)
class Scene:
    api: Api
    ports: Ports
    ann: JiraPerson
    bob: GitHubPerson
    jira: FakeControl
    github: FakeControl
    jira_url: str
    github_url: str

    async def twins(self) -> tuple[Twin, ...]:
        return (await self.api.get(TwinPage, "/twins", {"connection": CONNECTION, "limit": 200})).twins

    async def queue(self) -> tuple[Transaction, ...]:
        return await self.api.get(tuple[Transaction, ...], "/queue", {"connection": CONNECTION})

    async def numbers(self) -> dict[str, int]:
        """The GitHub issue's number for each Jira key."""
        return {twin.left.key: int(twin.right.key.rpartition("#")[2]) for twin in await self.twins() if twin.left and twin.right}

    async def in_line(self, count: int, what: str, seconds: float = 90) -> tuple[Twin, ...]:
        """Wait until `count` twins are synchronized and nothing is under way."""

        async def settled() -> bool:
            twins = await self.twins()
            if len(twins) < count or any(twin.status is not TwinStatus.SYNCHRONIZED for twin in twins):
                return False
            return not await self.queue()

        await until(settled, f"{what}: {count} twins in line", seconds)
        return await self.twins()

    async def bot_writes(self) -> int:
        return await self.jira.writes(BOT) + await self.github.writes(GITHUB_BOT)

    async def switch(self, *, active: bool) -> None:
        await self.api.post(Fields, f"/connections/{CONNECTION}/{'activate' if active else 'deactivate'}")


async def until(look: Callable[[], Awaitable[bool]], what: str, seconds: float = 60, told: Callable[[], str] = lambda: "") -> None:
    """Look until it is so; Unavailable, with what was waited for and what was seen last, if it takes too long."""
    deadline = monotonic() + seconds
    while not await look():
        if monotonic() > deadline:
            raise Unavailable(f"waited {seconds:.0f} s in vain for {what} {told()}".rstrip())
        await asyncio.sleep(LOOK_SECONDS)


def free_ports(wanted: Ports) -> Ports:
    """The wanted ports, each replaced by a free one where it is taken."""
    return Ports(_free(wanted.api), _free(wanted.temporal), _free(wanted.ui))


def _free(port: int) -> int:
    for candidate in (port, 0):
        with contextlib.suppress(OSError), socket.create_server((LOCALHOST, candidate)) as taken:
            return taken.getsockname()[1]
    raise Unavailable("this machine has no free port")


@contextlib.asynccontextmanager
async def staged(settings: Settings, wanted: Ports, stop: asyncio.Event, poll: str) -> AsyncGenerator[Scene]:
    """Everything running; nothing configured yet."""
    async with contextlib.AsyncExitStack() as stack:
        ports = free_ports(wanted)
        await stack.enter_async_context(running(settings, ports, stop))
        hooks = f"{address(ports)}/webhooks"
        jira_url = await _fake(stack, "jira", BOT, f"{hooks}/acme-jira")
        github_url = await _fake(stack, "github", GITHUB_BOT, f"{hooks}/acme-github")
        scene = Scene(
            api=Api(address(ports)),
            ports=ports,
            ann=JiraPerson(jira_url, "ann@acme.test", "ann-token"),
            bob=GitHubPerson(github_url, "bob-token", REPOSITORY),
            jira=FakeControl(jira_url),
            github=FakeControl(github_url),
            jira_url=jira_url,
            github_url=github_url,
        )
        for part in (scene.ann, scene.bob, scene.jira, scene.github):
            stack.push_async_callback(part.aclose)
        await scene.api.post(Application, "/deployment", deployment(scene, poll))
        yield scene


async def _fake(stack: contextlib.AsyncExitStack, kind: str, user: str, webhook: str) -> str:
    options = FakeOptions(user, SECRET, None, webhook, HOOK_SECRET)
    return await stack.enter_async_context(serving(declaration(kind).fake(options)))


def deployment(scene: Scene, poll: str) -> Fields:
    """The demo's deployment, as a file would say it."""
    pace: Fields = {"poll": poll, "late_writes": "2s", "search_lag": "2s", "calls_per_second": 200}
    return {
        "workspace": "acme",
        "systems": {
            "acme-jira": {
                "kind": "jira",
                "url": scene.jira_url,
                "credentials": {"user": BOT, "token": SECRET},
                "webhook_secret": HOOK_SECRET,
                **pace,
            },
            "acme-github": {
                "kind": "github",
                "url": scene.github_url,
                "credentials": {"token": SECRET},
                "webhook_secret": HOOK_SECRET,
                **pace,
            },
        },
        "integrations": {"jira-github": {"left": "acme-jira", "right": "acme-github"}},
        "connections": {
            CONNECTION: {
                "integration": "jira-github",
                "left": {"settings": {"project": "APP", "type": "Task"}, "outgoing": TYPES_OUT, "incoming": JIRA_IN},
                "right": {"settings": {"repository": REPOSITORY}, "outgoing": TYPES_OUT, "incoming": GITHUB_IN},
                "triggers": [
                    {"side": "left", "query": "project = APP AND labels = sync"},
                    {"side": "right", "query": f"repo:{REPOSITORY} is:issue label:sync"},
                ],
                "conflicts": {"default": "latest", "description": "left", "type": "right", "labels": "hold"},
                "active": True,
            }
        },
    }
