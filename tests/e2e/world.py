"""The world that end-to-end tests act in."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar, cast

from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from temporalio.client import Client, WorkflowHistory

from activities.interface import Hint
from activities.signals import Signals, feed_id
from cli.demo.people import FakeControl, GitHubPerson, JiraPerson
from config.opening import open_store, open_temporal
from config.settings import Settings
from connectors import declaration
from connectors.kit.fake import serving
from connectors.kit.interface import FakeOptions
from model.configuration import Trigger
from model.deployment import ConnectionDeclaration, Deployment, IntegrationDeclaration, SideDeclaration, SystemDeclaration
from model.inbox import InboxChange
from model.item import Fields
from model.twin import Twin
from model.words import ConflictPolicy, ConnectionStatus, Side, TwinStatus
from store import Store
from worker import run_worker

BOT = "bot@acme.test"
GITHUB_BOT = "acme-bot"
SECRET = "bot-secret"
HOOK_SECRET = "hook-secret"

T = TypeVar("T")


async def eventually(look: Callable[[], Awaitable[T]], wanted: Callable[[T], bool], what: str, seconds: float = 30) -> T:
    """Look until the value is as wanted; AssertionError with the last value otherwise."""
    deadline = monotonic() + seconds
    while True:
        value = await look()
        if wanted(value):
            return value
        assert monotonic() < deadline, f"{what}: still {value!r} after {seconds} s"
        await asyncio.sleep(0.05)


@dataclass
class World:
    settings: Settings
    store: Store
    client: Client
    signals: Signals
    suffix: str
    jira_url: str
    github_url: str
    ann: JiraPerson
    bob: GitHubPerson
    jira: FakeControl
    github: FakeControl
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    worker: asyncio.Task[None] | None = None

    @property
    def connection(self) -> str:
        return f"app-bugs-{self.suffix}"

    @property
    def jira_system(self) -> str:
        return f"acme-jira-{self.suffix}"

    @property
    def github_system(self) -> str:
        return f"acme-github-{self.suffix}"

    def deployment(
        self,
        poll: float = 1.0,
        conflicts: dict[str, ConflictPolicy] | None = None,
        left: SideDeclaration | None = None,
        right: SideDeclaration | None = None,
    ) -> Deployment:
        jira, github = declaration("jira"), declaration("github")
        return Deployment(
            workspace="acme",
            systems={
                self.jira_system: SystemDeclaration(
                    kind="jira",
                    url=self.jira_url,
                    credentials={"user": SecretStr(BOT), "token": SecretStr(SECRET)},
                    webhook_secret=SecretStr(HOOK_SECRET),
                    poll=poll,
                    late_writes=1,
                    search_lag=1,
                    calls_per_second=500,
                ),
                self.github_system: SystemDeclaration(
                    kind="github",
                    url=self.github_url,
                    credentials={"token": SecretStr(SECRET)},
                    webhook_secret=SecretStr(HOOK_SECRET),
                    poll=poll,
                    late_writes=1,
                    search_lag=1,
                    calls_per_second=500,
                ),
            },
            integrations={"jira-github": IntegrationDeclaration(left=self.jira_system, right=self.github_system)},
            connections={
                self.connection: ConnectionDeclaration(
                    integration="jira-github",
                    left=left or SideDeclaration(settings={"project": "APP"}, outgoing=jira.outgoing, incoming=jira.incoming),
                    right=right or SideDeclaration(settings={"repository": "acme/app"}, outgoing=github.outgoing, incoming=github.incoming),
                    triggers=(
                        Trigger(side=Side.LEFT, query="project = APP AND labels = sync"),
                        Trigger(side=Side.RIGHT, query="repo:acme/app is:issue label:sync"),
                    ),
                    conflicts=conflicts or {"default": ConflictPolicy.LATEST},
                )
            },
        )

    async def configure(self, deployment: Deployment) -> None:
        await self.store.configurations.match(deployment)
        for system in await self.store.configurations.systems():
            await self.signals.wake_feed(system)

    async def start_worker(self) -> None:
        self.stop = asyncio.Event()
        self.worker = asyncio.create_task(run_worker(self.settings, self.stop))

    async def stop_worker(self) -> None:
        if self.worker is not None:
            self.stop.set()
            await self.worker
            self.worker = None

    async def twins(self) -> tuple[Twin, ...]:
        return await self.store.twins.listing(self.connection, None)

    async def quiet(self, count: int, seconds: float = 30) -> tuple[Twin, ...]:
        """Wait until `count` twins are synchronized and nothing waits."""

        async def look() -> list[str]:
            twins = await self.twins()
            waiting = await self.store.transactions.waiting(self.connection, 100)
            late = [f"{twin.status} {twin.reason}" for twin in twins if twin.status is not TwinStatus.SYNCHRONIZED]
            few = [] if len(twins) >= count else [f"{len(twins)} twins"]
            return late + few + [f"waiting {one.stage} {one.reason}" for one in waiting]

        await eventually(look, lambda problems: not problems, f"{count} quiet twins", seconds)
        return await self.twins()

    async def number_of(self, key: str) -> int:
        """The GitHub issue that is the twin of a Jira issue."""
        for twin in await self.twins():
            if twin.left and twin.left.key == key and twin.right:
                return int(twin.right.key.rpartition("#")[2])
        raise AssertionError(f"{key} has no twin")

    async def key_of(self, number: int) -> str:
        """The Jira issue that is the twin of a GitHub issue, once there is one."""

        async def look() -> str:
            found = [twin.left.key for twin in await self.twins() if twin.left and twin.right and twin.right.id == f"acme/app#{number}"]
            return found[0] if found else ""

        return await eventually(look, bool, f"a Jira issue for #{number}")

    async def one_pair(self, summary: str, description: str = "", **deployment: Any) -> tuple[str, int]:
        """A running world with one pair that Ann began: her issue's key and its number on GitHub."""
        key = await self.ann.create("APP", summary, description, labels=("sync",))
        await self.configure(self.deployment(**deployment))
        await self.start_worker()
        await self.quiet(1)
        return key, await self.number_of(key)

    async def on_github(self, number: int, wanted: Callable[[Fields], bool], what: str, seconds: float = 30) -> Fields:
        return await eventually(lambda: self.bob.see(number), wanted, what, seconds)

    async def in_jira(self, key: str, wanted: Callable[[Fields], bool], what: str, seconds: float = 30) -> Fields:
        return await eventually(lambda: self.ann.see(key), wanted, what, seconds)

    async def comment_id(self, number: int) -> int:
        """The only comment of a GitHub issue."""
        items = cast("list[Fields]", (await self.github.state())["items"])
        [issue] = [one for one in items if one["number"] == number and one["repository"] == "acme/app"]
        [comment] = cast("list[Fields]", issue["comments"])
        return cast("int", comment["id"])

    async def bot_writes(self) -> int:
        """How many writes Twinline has made on both platforms."""
        return await self.jira.writes(BOT) + await self.github.writes(GITHUB_BOT)

    async def polled(self, times: int) -> None:
        """Wait until each platform was asked that many times more."""
        before = (await self.jira.calls(), await self.github.calls())

        async def look() -> int:
            return min(await self.jira.calls() - before[0], await self.github.calls() - before[1])

        await eventually(look, lambda asked: asked >= times, f"{times} more calls of each platform")

    async def histories(self) -> dict[str, WorkflowHistory]:
        """What Temporal keeps of each of our workflows, by workflow id."""
        connection = await self.store.configurations.connection(self.connection)
        ids = [twin.workflow_id for twin in await self.twins()]
        ids += [feed_id(connection.left_system), feed_id(connection.right_system)]
        return {one: await self.client.get_workflow_handle(one).fetch_history() for one in ids}

    async def set_active(self, *, active: bool) -> None:
        status = ConnectionStatus.ACTIVE if active else ConnectionStatus.DEACTIVATED
        await self.store.configurations.set_status(self.connection, status)
        await self.signals.connection_changed(self.connection, active=active)

    async def sync(self, twin: Twin, side: Side) -> None:
        connection = await self.store.configurations.connection(twin.connection)
        await self.store.transactions.queue(twin.id, side)
        await self.signals.item_changed(twin, connection, Hint(side=side, force=True))


def _intake(store: Store, signals: Signals, systems: dict[str, str]) -> Starlette:
    """The webhook address, as the API serves it."""

    async def receive(request: Request) -> Response:
        kind = request.path_params["kind"]
        headers = {name.lower(): value for name, value in request.headers.items()}
        delivery = declaration(kind).parse_webhook(headers, await request.body(), HOOK_SECRET)
        rows = [InboxChange(item_id=one.id, key=one.key, version=one.version, deleted=one.deleted) for one in delivery.changes]
        await store.inbox.add(systems[kind], delivery.id, rows)
        known = {system.id: system for system in await store.configurations.systems()}
        if systems[kind] in known:
            await signals.wake_feed(known[systems[kind]])
        return Response(status_code=202)

    return Starlette(routes=[Route("/webhooks/{kind}", receive, methods=["POST"])])


@contextlib.asynccontextmanager
async def opened_world(home: Path, suffix: str) -> AsyncGenerator[World]:
    settings = Settings(data=home)
    client = await open_temporal(settings)
    store = await open_store(settings)
    signals = Signals(client)
    systems = {"jira": f"acme-jira-{suffix}", "github": f"acme-github-{suffix}"}
    async with contextlib.AsyncExitStack() as stack:
        hooks = await stack.enter_async_context(serving(_intake(store, signals, systems)))
        jira_url = await stack.enter_async_context(
            serving(declaration("jira").fake(FakeOptions(BOT, SECRET, None, f"{hooks}/webhooks/jira", HOOK_SECRET)))
        )
        github_url = await stack.enter_async_context(
            serving(declaration("github").fake(FakeOptions(GITHUB_BOT, SECRET, None, f"{hooks}/webhooks/github", HOOK_SECRET)))
        )
        world = World(
            settings,
            store,
            client,
            signals,
            suffix,
            jira_url,
            github_url,
            JiraPerson(jira_url, "ann@acme.test", "ann-token"),
            GitHubPerson(github_url, "bob-token", "acme/app"),
            FakeControl(jira_url),
            FakeControl(github_url),
        )
        try:
            yield world
        finally:
            await world.stop_worker()
            async for workflow in client.list_workflows("ExecutionStatus = 'Running'"):
                if suffix in workflow.id:
                    await client.get_workflow_handle(workflow.id).terminate()
            for part in (world.ann, world.bob, world.jira, world.github):
                await part.aclose()
            await store.aclose()
