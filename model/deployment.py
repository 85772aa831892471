"""A deployment as a file describes it: systems, integrations, connections, rules, triggers."""

import re
from typing import Annotated

from pydantic import BeforeValidator, Field, JsonValue, SecretStr

from model.configuration import Trigger
from model.frozen import Frozen
from model.people import UserMap
from model.words import ConflictPolicy, Impact

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h)?")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, None: 1.0}

Name = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$")]


def seconds(value: object) -> object:
    """`5s`, `250ms`, `2m`, `1h` or a bare number of seconds, as seconds."""
    if not isinstance(value, str):
        return value
    found = _DURATION.fullmatch(value.strip())
    if found is None:
        raise ValueError(f"{value!r} is not a duration; write for instance 5s, 2m or 1h")
    return float(found[1]) * _UNITS[found[2]]


Seconds = Annotated[float, BeforeValidator(seconds), Field(gt=0)]


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
