"""The world with a real Redmine in it: its project `ops`, in which Ann works, and the service desk of a fake Jira, in which Bob does."""

import contextlib
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from model.deployment import SystemDeclaration
from model.item import Fields
from tests.e2e.jira_world import JiraWorld
from tests.e2e.stage import eventually
from tests.pairs.jira_platform import JiraPlatform
from tests.pairs.redmine_platform import EXTERNAL_ID, RedmineColleague, RedminePlatform
from tests.pairs.world import opened_pair
from tests.redmine_server import RedmineServer


class RealRedmine(RedminePlatform):
    """What has the external ID `under_sync` comes under sync, since all tests share the project; writes are those of anyone."""

    def __init__(self, server: RedmineServer, under_sync: str) -> None:
        super().__init__(server.url)
        self.server = server
        self.under_sync = under_sync
        self.trigger = f"cf_{EXTERNAL_ID}={under_sync}&status_id=*"
        self.ann = RedmineColleague(server.url, server.keys["ann"], str(self.settings["project"]))

    def system(self, poll: float = 0.5) -> SystemDeclaration:
        key = {"key": SecretStr(self.server.keys["agent"])}
        return super().system(poll).model_copy(update={"credentials": key, "webhook_secret": None, "calls_per_second": 200})

    async def writes(self) -> int:
        return self.server.written()

    async def calls(self) -> int:
        return self.server.asked("/issues.json")


@dataclass
class RedmineWorld(JiraWorld[RealRedmine]):
    async def reported_in_redmine(self, subject: str, description: str = "") -> str:
        """The number of a new issue of Ann's that is to come under sync."""
        own: Fields = {"id": EXTERNAL_ID, "value": self.right.under_sync}
        return str(await self.right.ann.create(subject, description, custom_fields=[own]))

    async def in_redmine(self, number: str, wanted: Callable[[Fields], bool], what: str) -> Fields:
        return await eventually(lambda: self.right.ann.see(int(number)), wanted, what)


@contextlib.asynccontextmanager
async def opened_redmine_world(home: Path, suffix: str, server: RedmineServer) -> AsyncGenerator[RedmineWorld]:
    @contextlib.asynccontextmanager
    async def redmine(hooks: str) -> AsyncGenerator[RealRedmine]:
        del hooks
        platform = RealRedmine(server, suffix)
        try:
            yield platform
        finally:
            await platform.aclose()

    async with opened_pair(RedmineWorld, home, suffix, JiraPlatform.opened, redmine) as world:
        yield world
