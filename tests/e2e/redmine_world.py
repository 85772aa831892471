"""The world with a real Redmine in it: its project `ops`, and the service desk HELP of a fake Jira."""

import contextlib
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from cli.demo.redmine_people import DeskAgent, RedminePerson
from connectors import declaration
from model.configuration import Trigger
from model.deployment import ConnectionDeclaration, Deployment, IntegrationDeclaration, SideDeclaration, SystemDeclaration
from model.item import Fields
from model.twin import Twin
from model.words import ConflictPolicy, Side
from tests.e2e.stage import BOT, Stage, eventually, opened_stage
from tests.redmine_server import RedmineServer

PROJECT = "ops"
EXTERNAL_ID = 1
PATIENCE_SECONDS = 60


@dataclass
class RedmineWorld(Stage):
    """With the rules that are used where none are given. `bob` works in Jira, `ann` in Redmine."""

    server: RedmineServer
    bob: DeskAgent
    ann: RedminePerson

    @property
    def redmine_system(self) -> str:
        return f"acme-redmine-{self.suffix}"

    def deployment(self) -> Deployment:
        jira, redmine = declaration("jira"), declaration("redmine")
        connection = ConnectionDeclaration(
            integration="jira-redmine",
            left=SideDeclaration(settings={"project": "HELP"}, outgoing=jira.outgoing, incoming=jira.incoming),
            right=SideDeclaration(settings={"project": PROJECT}, outgoing=redmine.outgoing, incoming=redmine.incoming),
            triggers=(
                Trigger(side=Side.LEFT, query="project = HELP AND labels = sync"),
                Trigger(side=Side.RIGHT, query=f"cf_{EXTERNAL_ID}={self.suffix}&status_id=*"),
            ),
            conflicts={"default": ConflictPolicy.LATEST},
        )
        system = SystemDeclaration(
            kind="redmine",
            url=self.server.url,
            credentials={"key": SecretStr(self.server.keys["agent"])},
            poll=1.0,
            late_writes=1,
            calls_per_second=200,
        )
        return Deployment(
            workspace="acme",
            systems={self.jira_system: self.jira_declaration(1.0), self.redmine_system: system},
            integrations={"jira-redmine": IntegrationDeclaration(left=self.jira_system, right=self.redmine_system)},
            connections={self.connection: connection},
        )

    async def reported_in_redmine(self, subject: str, description: str = "") -> int:
        """The number of a new issue of Ann's that is to come under sync."""
        return await self.ann.create(subject, description, custom_fields=[{"id": EXTERNAL_ID, "value": self.suffix}])

    async def one_pair(self, summary: str, description: str = "") -> tuple[str, int]:
        """A running world with one pair that Bob began: his issue's key and its number in Redmine."""
        key = await self.bob.create("HELP", summary, description, labels=("sync",))
        await self.configure(self.deployment())
        await self.start_worker()
        await self.quiet(1)
        return key, await self.number_of(key)

    async def number_of(self, key: str) -> int:
        """The Redmine issue that is the twin of a Jira issue."""
        [found] = [twin.right.id for twin in await self.twins() if twin.left and twin.left.key == key and twin.right]
        return int(found)

    async def key_of(self, number: int) -> str:
        """The Jira issue that is the twin of a Redmine issue, once there is one."""

        async def look() -> str:
            found = [twin.left.key for twin in await self.twins() if twin.left and twin.right and twin.right.id == str(number)]
            return found[0] if found else ""

        return await eventually(look, bool, f"a Jira issue for #{number}", PATIENCE_SECONDS)

    async def quiet(self, count: int, seconds: float = PATIENCE_SECONDS) -> tuple[Twin, ...]:
        return await super().quiet(count, seconds)

    async def in_redmine(self, number: int, wanted: Callable[[Fields], bool], what: str) -> Fields:
        return await eventually(lambda: self.ann.see(number), wanted, what, PATIENCE_SECONDS)

    async def in_jira(self, key: str, wanted: Callable[[Fields], bool], what: str) -> Fields:
        return await eventually(lambda: self.bob.see(key), wanted, what, PATIENCE_SECONDS)

    async def polled(self, times: int) -> None:
        """Wait until both platforms were asked what changed that many times more."""
        jira, redmine = await self.jira.calls(), self.server.asked("/issues.json")

        async def look() -> int:
            return min(await self.jira.calls() - jira, self.server.asked("/issues.json") - redmine)

        await eventually(look, lambda asked: asked >= times, f"{times} more polls of each platform", PATIENCE_SECONDS)

    async def writes(self) -> tuple[int, int]:
        """How many writes Twinline has made in Jira, and how many there were in Redmine at all."""
        return await self.jira.writes(BOT), self.server.written()


@contextlib.asynccontextmanager
async def opened_redmine_world(home: Path, suffix: str, server: RedmineServer) -> AsyncGenerator[RedmineWorld]:
    async with opened_stage(home, suffix) as stage:
        world = RedmineWorld(
            **vars(stage),
            server=server,
            bob=DeskAgent(stage.jira_url, "bob@acme.test", "bob-token"),
            ann=RedminePerson(server.url, server.keys["ann"], PROJECT),
        )
        try:
            yield world
        finally:
            await world.stop_worker()
            for part in (world.bob, world.ann):
                await part.aclose()
