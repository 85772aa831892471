"""A deployment as a file describes it: systems, integrations, connections, rules, triggers."""

from typing import Annotated

from pydantic import Field, JsonValue, SecretStr

from model.frozen import Frozen
from model.people import UserMap
from model.trigger import Trigger
from model.words import ConflictPolicy, Deleted, Feature, Impact
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


class PlanDeclaration(Frozen):
    features: tuple[Feature, ...] = ()


class IntegrationDeclaration(Frozen):
    """`capacity` is how many items may be under sync, over all its connections; without one any number. Without `plan` all is allowed."""

    left: Name
    right: Name
    capacity: Annotated[int, Field(ge=1)] | None = None
    plan: Name | None = None


class SideDeclaration(Frozen):
    """Scripts as text; None means the connector's default."""

    settings: dict[str, JsonValue] = {}
    outgoing: str | None = None
    incoming: str | None = None


class ConnectionDeclaration(Frozen):
    """`conflicts` maps `default` and hub names of properties to policies. `active` None leaves the connection's status as it is."""

    integration: Name
    left: SideDeclaration
    right: SideDeclaration
    triggers: tuple[Trigger, ...] = ()
    conflicts: dict[str, ConflictPolicy] = {}
    script_errors: Impact = Impact.ITEM
    users: UserMap = ()
    on_deleted: Deleted = Deleted.UNLINK
    active: bool | None = True


class Deployment(Frozen):
    """All of one workspace."""

    workspace: Name = "default"
    systems: dict[Name, SystemDeclaration] = {}
    plans: dict[Name, PlanDeclaration] = {}
    integrations: dict[Name, IntegrationDeclaration] = {}
    connections: dict[Name, ConnectionDeclaration] = {}
