"""The world that most end-to-end tests act in: project APP of a fake Jira, and acme/app on a fake GitHub."""

import contextlib
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from pydantic import SecretStr

from cli.demo.people import FakeControl, GitHubPerson, JiraPerson
from connectors import declaration
from connectors.kit.fake import serving
from connectors.kit.interface import FakeOptions
from model.configuration import Trigger
from model.deployment import ConnectionDeclaration, Deployment, IntegrationDeclaration, SideDeclaration, SystemDeclaration
from model.item import Fields
from model.words import ConflictPolicy, Side
from tests.e2e.stage import BOT, HOOK_SECRET, SECRET, Stage, eventually, opened_stage

__all__ = ["BOT", "GITHUB_BOT", "HOOK_SECRET", "SECRET", "World", "eventually", "opened_world"]

GITHUB_BOT = "acme-bot"


@dataclass
class World(Stage):
    github_url: str
    ann: JiraPerson
    bob: GitHubPerson
    github: FakeControl

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
                self.jira_system: self.jira_declaration(poll),
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


@contextlib.asynccontextmanager
async def opened_world(home: Path, suffix: str) -> AsyncGenerator[World]:
    async with opened_stage(home, suffix, "github") as stage:
        options = FakeOptions(GITHUB_BOT, SECRET, None, f"{stage.hooks}/github", HOOK_SECRET)
        async with serving(declaration("github").fake(options)) as github_url:
            world = World(
                **vars(stage),
                github_url=github_url,
                ann=JiraPerson(stage.jira_url, "ann@acme.test", "ann-token"),
                bob=GitHubPerson(github_url, "bob-token", "acme/app"),
                github=FakeControl(github_url),
            )
            try:
                yield world
            finally:
                await world.stop_worker()
                for part in (world.ann, world.bob, world.github):
                    await part.aclose()
