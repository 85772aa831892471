"""A world whose time stands still, and what its triggers find there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from acme_world import World
from pydantic import JsonValue

from activities.cursors import Cursors
from activities.engine import Engine
from activities.routing import Router, evaluated
from activities.ruling import Ruling

QUERY = "project = APP AND labels = sync"


def triggers(*wanted: Mapping[str, JsonValue]) -> tuple[str, JsonValue]:
    return ("connections.app-bugs.triggers", [{"side": "left", "query": QUERY, **one} for one in wanted])


@dataclass
class Searching:
    """A world whose time stands still until it is moved on."""

    world: World
    now: datetime

    async def drain(self) -> int:
        """How many twins a look at the triggers began."""
        engine = Engine(self.world.store, self.world.systems, Ruling(lambda: self.now), b"k" * 32, lambda: self.now)
        connections = await self.world.store.configurations.connections()
        opened, cursors = await self.world.systems.opened("acme-jira"), await Cursors.of(self.world.store.inbox, "acme-jira")
        return (await Router(engine, self.world.signals).drain(opened, connections, cursors)).started

    async def create(self, summary: str) -> None:
        jira = (await self.world.systems.opened("acme-jira")).connector
        await jira.create({"project": "APP", "type": "Bug"}, {"summary": summary, "labels": ["sync"]}, "")

    async def look(self) -> tuple[datetime | None, str]:
        """When the trigger was evaluated with success, and what the platform said."""
        connection = await self.world.store.configurations.connection("app-bugs")
        last = await evaluated(self.world.store, connection, connection.configuration.named_triggers[0])
        return (last.at, last.problem) if last else (None, "")
