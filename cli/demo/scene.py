"""The demo's stage: two fakes, the product on this machine, and the people who act."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from cli.demo.people import FakeControl, GitHubPerson, JiraPerson
from cli.demo.stage import BOT, HOOK_SECRET, SECRET, Stage, fake, jira_system, opened
from cli.demo.texts import GITHUB_IN, JIRA_IN, TYPES_OUT
from cli.up import Ports, address
from config.settings import Settings
from model.item import Fields
from operations.deployment import Application

GITHUB_BOT = "acme-bot"
CONNECTION = "app-bugs"
REPOSITORY = "acme/app"


@dataclass(frozen=True)
class Scene(Stage):
    ann: JiraPerson
    bob: GitHubPerson
    github: FakeControl
    github_url: str

    async def numbers(self) -> dict[str, int]:
        """The GitHub issue's number for each Jira key."""
        return {twin.left.key: int(twin.right.key.rpartition("#")[2]) for twin in await self.twins() if twin.left and twin.right}

    async def bot_writes(self) -> int:
        return await self.jira.writes(BOT) + await self.github.writes(GITHUB_BOT)


@contextlib.asynccontextmanager
async def staged(settings: Settings, wanted: Ports, stop: asyncio.Event, poll: str) -> AsyncGenerator[Scene]:
    """Everything running and configured."""
    async with opened(settings, wanted, stop, CONNECTION, "GitHub") as stage, contextlib.AsyncExitStack() as stack:
        github_url = await stack.enter_async_context(fake("github", GITHUB_BOT, f"{address(stage.ports)}/webhooks/acme-github"))
        scene = Scene(
            **vars(stage),
            ann=JiraPerson(stage.jira_url, "ann@acme.test", "ann-token"),
            bob=GitHubPerson(github_url, "bob-token", REPOSITORY),
            github=FakeControl(github_url),
            github_url=github_url,
        )
        for part in (scene.ann, scene.bob, scene.github):
            stack.push_async_callback(part.aclose)
        await scene.api.post(Application, "/deployment", deployment(scene, poll))
        yield scene


def deployment(scene: Scene, poll: str) -> Fields:
    """The demo's deployment, as a file would say it."""
    pace: Fields = {"poll": poll, "late_writes": "2s", "search_lag": "2s", "calls_per_second": 200}
    return {
        "workspace": "acme",
        "systems": {
            "acme-jira": jira_system(scene, pace),
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
