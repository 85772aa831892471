"""Acme's two systems, and a store that may be configured with them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue

from activities.access import Systems
from activities.interface import Hint
from activities.signals import Signals
from connectors import declaration
from connectors.kit.interface import Fake, FakeOptions
from model.agreement import Base
from model.configuration import Connection, System
from model.deployment import Deployment
from model.errors import Unavailable
from model.plan import Conflict
from model.settlement import Settlement
from model.trigger import Trigger
from model.twin import Twin
from model.words import Side, Stage, TwinStatus
from operations import twins
from store import Store

JIRA_USER = "bot@acme.test"
SECRET = "acme-token-4711"
HOOK_SECRET = "acme-hook-secret-4711"


class Heard(Signals):
    """Writes down what workflows would be told, unless Temporal is `down`."""

    def __init__(self) -> None:
        self.messages: list[str] = []
        self.down = False

    def _hear(self, message: str) -> None:
        if self.down:
            raise Unavailable("Temporal cannot take the message now")
        self.messages.append(message)

    async def item_changed(self, twin: Twin, connection: Connection, hint: Hint) -> None:
        self._hear(f"item_changed {twin.id} {hint.side} {'forced' if hint.force else ''}".strip())

    async def connection_changed(self, connection: str, *, active: bool) -> None:
        self._hear(f"connection_changed {connection} {active}")

    async def retry(self, twin: Twin, connection: Connection) -> None:
        self._hear(f"retry {twin.id}")

    async def schedule(self, connection: Connection, former: Iterable[Trigger] = ()) -> None:
        names = [one.name for one in connection.configuration.named_triggers if one.schedule and one.active]
        before = [one.name for one in former if one.schedule and one.active]
        if names or before:
            self._hear(f"schedule {connection.id} {' '.join(names)} after {' '.join(before)}".strip())

    async def end_connection(self, connection: str) -> None:
        self._hear(f"end_connection {connection}")

    async def wake_feed(self, system: System) -> None:
        self._hear(f"wake_feed {system.id}")


@dataclass
class World:
    store: Store
    systems: Systems
    jira: str
    github: str
    signals: Heard = field(default_factory=Heard)

    def content(self) -> dict[str, JsonValue]:
        """A deployment file's content."""
        return {
            "workspace": "acme",
            "systems": {
                "acme-jira": {
                    "kind": "jira",
                    "url": self.jira,
                    "credentials": {"user": JIRA_USER, "token": SECRET},
                    "webhook_secret": HOOK_SECRET,
                    "poll": "5s",
                },
                "acme-github": {"kind": "github", "url": self.github, "credentials": {"token": SECRET}},
            },
            "integrations": {"jira-github": {"left": "acme-jira", "right": "acme-github"}},
            "connections": {
                "app-bugs": {
                    "integration": "jira-github",
                    "left": {"settings": {"project": "APP", "type": "Bug"}},
                    "right": {"settings": {"repository": "acme/app"}},
                    "triggers": [{"side": "left", "query": "project = APP AND labels = sync"}],
                    "conflicts": {"status": "left"},
                }
            },
        }

    def declared(self, *changes: tuple[str, JsonValue]) -> Deployment:
        """The deployment with values replaced at dotted places; None removes one."""
        content = self.content()
        for place, value in changes:
            *parents, last = place.split(".")
            inner: JsonValue = content
            for name in parents:
                assert isinstance(inner, dict)
                inner = inner[name]
            assert isinstance(inner, dict)
            if value is None:
                del inner[last]
            else:
                inner[last] = value
        return Deployment.model_validate(content)


def fake(kind: str) -> Fake:
    return declaration(kind).fake(FakeOptions(user=JIRA_USER if kind == "jira" else "acme-bot", secret=SECRET))


async def conflicted(live: World, conflict: Conflict, status: TwinStatus, bases: Mapping[Side, Base]) -> tuple[str, int]:
    """A twin of APP-1 whose sync from the left ended in that status with the conflict on record; with the number of the conflict."""
    started = await twins.sync(live.store, live.signals, live.systems, "app-bugs", item="APP-1", side=Side.LEFT)
    begun = await live.store.transactions.begin(started.twin.id, Side.LEFT)
    await live.store.twins.settle(
        Settlement(
            twin=started.twin.id,
            transaction=begun.id,
            revision=started.twin.revision,
            stage=Stage.APPLIED,
            status=status,
            summary="",
            bases=dict(bases),
            conflicts=(conflict,),
        )
    )
    (recorded,) = await live.store.conflicts.of_twin(started.twin.id)
    live.signals.messages.clear()
    return started.twin.id, recorded.id
