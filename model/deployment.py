"""A deployment as a file describes it: systems, integrations, connections, rules, triggers."""

from typing import Annotated

from pydantic import Field, JsonValue, SecretStr

from model.frozen import Frozen
from model.people import UserMap
from model.trigger import Trigger
from model.words import ConflictPolicy, Impact
from model.written import Name, Seconds


class SystemDeclaration(Frozen):
    """The durations are those of `model.configuration.System`."""

    kind: str
    url: str
    credentials: dict[str, SecretStr] = {}
    webhook_secret: SecretStr | None = None
    poll: Seconds = 30.0
    late_writes: Seconds = 120.0
    search_lag: Seconds | None = None
    calls_per_second: Annotated[float, Field(gt=0)] = 20.0
    quota_share: Annotated[float, Field(gt=0, le=1)] = 1.0


class IntegrationDeclaration(Frozen):
    left: Name
    right: Name


class SideDeclaration(Frozen):
    """Scripts as text; None means the connector's default."""

    settings: dict[str, JsonValue] = {}
    outgoing: str | None = None
    incoming: str | None = None


class ConnectionDeclaration(Frozen):
    """`conflicts` maps `default` and hub names of properties to policies."""

    integration: Name
    left: SideDeclaration
    right: SideDeclaration
    triggers: tuple[Trigger, ...] = ()
    conflicts: dict[str, ConflictPolicy] = {}
    script_errors: Impact = Impact.ITEM
    users: UserMap = ()
    active: bool = True


class Deployment(Frozen):
    """All of one workspace."""

    workspace: Name = "default"
    systems: dict[Name, SystemDeclaration] = {}
    integrations: dict[Name, IntegrationDeclaration] = {}
    connections: dict[Name, ConnectionDeclaration] = {}
