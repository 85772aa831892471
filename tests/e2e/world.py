"""The world that most end-to-end tests act in: project APP of a fake Jira, in which Ann works, and acme/app on a fake GitHub, in which Bob
does."""

import contextlib
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from cli.demo.people import FakeControl, GitHubPerson, JiraPerson
from model.item import Fields
from tests.e2e.stage import PATIENCE_SECONDS, eventually
from tests.pairs.github_platform import BOT as GITHUB_BOT
from tests.pairs.github_platform import GitHubPlatform
from tests.pairs.jira_platform import BOT, JiraApp
from tests.pairs.platform import HOOK_SECRET, SECRET
from tests.pairs.world import PairWorld, opened_pair

__all__ = ["BOT", "GITHUB_BOT", "HOOK_SECRET", "SECRET", "World", "eventually", "opened_world"]


@dataclass
class World(PairWorld[JiraApp, GitHubPlatform]):
    @property
    def ann(self) -> JiraPerson:
        return self.left.ann

    @property
    def bob(self) -> GitHubPerson:
        return self.right.bob

    @property
    def jira(self) -> FakeControl:
        return self.left.control

    @property
    def github(self) -> FakeControl:
        return self.right.control

    @property
    def jira_url(self) -> str:
        return self.left.url

    @property
    def jira_system(self) -> str:
        return self.system_name("jira")

    @property
    def github_system(self) -> str:
        return self.system_name("github")

    async def number_of(self, key: str) -> int:
        """The GitHub issue that is the twin of a Jira issue."""
        return int(await self.right_of(key))

    async def key_of(self, number: int) -> str:
        """The Jira issue that is the twin of a GitHub issue, once there is one."""
        return await self.left_of(str(number))

    async def one_pair(self, summary: str, description: str = "", **deployment: Any) -> tuple[str, int]:
        """A running world with one pair that Ann began: her issue's key and its number on GitHub."""
        key = await self.ann.create("APP", summary, description, labels=("sync",))
        await self.begin(self.deployment(**deployment))
        await self.quiet(1)
        return key, await self.number_of(key)

    async def on_github(self, number: int, wanted: Callable[[Fields], bool], what: str, seconds: float = PATIENCE_SECONDS) -> Fields:
        return await eventually(lambda: self.bob.see(number), wanted, what, seconds)

    async def in_jira(self, key: str, wanted: Callable[[Fields], bool], what: str, seconds: float = PATIENCE_SECONDS) -> Fields:
        return await eventually(lambda: self.ann.see(key), wanted, what, seconds)

    async def comment_id(self, number: int, words: str = "") -> int:
        """The only comment of a GitHub issue with these words."""
        items = cast("list[Fields]", (await self.github.state())["items"])
        [issue] = [one for one in items if one["number"] == number and one["repository"] == "acme/app"]
        [comment] = [one for one in cast("list[Fields]", issue["comments"]) if words in str(one["body"])]
        return cast("int", comment["id"])

    async def bot_writes(self) -> int:
        """How many writes Twinline has made on both platforms."""
        return sum(await self.writes())


@contextlib.asynccontextmanager
async def opened_world(home: Path, suffix: str) -> AsyncGenerator[World]:
    async with opened_pair(World, home, suffix, JiraApp.opened, GitHubPlatform.opened) as world:
        yield world
