"""A deployment as a file describes it: systems, integrations, connections, rules, triggers."""

from typing import Annotated

from pydantic import Field, JsonValue, SecretStr, field_serializer

from model.frozen import Frozen
from model.people import UserMap
from model.trigger import Trigger
from model.words import ConflictPolicy, Deleted, Feature, Impact, Moved
from model.written import Name, Seconds

MASK = "***"
"""What is shown in the place of a secret. Declared, it means the one that is there."""


class SystemDeclaration(Frozen):
    """The durations are those of `model.configuration.System`. As JSON every secret is masked."""

    kind: str
    url: str
    credentials: dict[str, SecretStr] = {}
    webhook_secret: SecretStr | None = None
    poll: Seconds = 30.0
    late_writes: Seconds = 120.0
    search_lag: Seconds | None = None
    calls_per_second: Annotated[float, Field(gt=0)] = 20.0
    quota_share: Annotated[float, Field(gt=0, le=1)] = 1.0

    @field_serializer("credentials", when_used="json")
    def _masked_credentials(self, credentials: dict[str, SecretStr]) -> dict[str, str]:
        return dict.fromkeys(credentials, MASK)

    @field_serializer("webhook_secret", when_used="json")
    def _masked_secret(self, secret: SecretStr | None) -> str | None:
        return MASK if secret else None


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
    on_moved: Moved = Moved.FOLLOW
    active: bool | None = True


class Deployment(Frozen):
    """All of one workspace."""

    workspace: Name = "default"
    systems: dict[Name, SystemDeclaration] = {}
    plans: dict[Name, PlanDeclaration] = {}
    integrations: dict[Name, IntegrationDeclaration] = {}
    connections: dict[Name, ConnectionDeclaration] = {}
