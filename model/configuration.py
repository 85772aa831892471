"""What an administrator configures, as the engine reads it."""

from datetime import datetime

from pydantic import Field, JsonValue

from model.frozen import Frozen
from model.people import UserMap
from model.trigger import Trigger, named
from model.words import ConflictPolicy, ConnectionStatus, Deleted, Impact, Moved, Side


class System(Frozen):
    """A reachable account. Its credentials are not here: only the store hands them to the connector.

    `late_write_seconds` is the longest time after which the platform may still carry out a request that we gave up on;
    `quota_share` is the part of the platform's quota that is ours, above 0 and at most 1;
    `search_lag_seconds` overrides the connector's own figure for how long its search may not see a write.
    """

    id: str
    kind: str
    url: str
    poll_seconds: float = 30.0
    late_write_seconds: float = 120.0
    search_lag_seconds: float | None = None
    calls_per_second: float = 20.0
    quota_share: float = 1.0
    has_webhook_secret: bool = False


class SideConfiguration(Frozen):
    """One side's part of a version."""

    settings: dict[str, JsonValue] = {}
    outgoing: str
    incoming: str


class Conflicts(Frozen):
    """Who wins: `properties` overrides `default` by hub name."""

    default: ConflictPolicy = ConflictPolicy.LATEST
    properties: dict[str, ConflictPolicy] = {}

    def policy(self, subject: str) -> ConflictPolicy:
        return self.properties.get(subject, self.default)


class Configuration(Frozen):
    """The content of a version: immutable once active.

    `script_errors` is what an exception of a script stops that is no IssueTrackerException; such a one always stops its item.
    """

    left: SideConfiguration
    right: SideConfiguration
    conflicts: Conflicts = Conflicts()
    triggers: tuple[Trigger, ...] = ()
    script_errors: Impact = Impact.ITEM
    users: UserMap = ()
    on_deleted: Deleted = Deleted.UNLINK
    on_moved: Moved = Moved.FOLLOW

    @property
    def named_triggers(self) -> tuple[Trigger, ...]:
        return named(self.triggers)

    def side(self, side: Side) -> SideConfiguration:
        return self.left if side is Side.LEFT else self.right


class Connection(Frozen):
    """`version` is the number of the active version and `configuration` its content.

    `name` is what people call it, which may change; `id` stays. `left_active` and `right_active` are how its ends are switched, and it
    is Active with both; `since` is when it went into Error, where it is in Error. `halted` says that it was found in a copied database and
    waits for a person, whatever the switches.
    """

    id: str
    name: str = ""
    integration: str
    left_system: str
    right_system: str
    status: ConnectionStatus
    reason: str = ""
    since: datetime | None = None
    left_active: bool = False
    right_active: bool = False
    halted: bool = False
    version: int
    configuration: Configuration = Field(repr=False)

    def system(self, side: Side) -> str:
        return self.left_system if side is Side.LEFT else self.right_system
