"""What operations answer: values that the API sends and its clients read."""

from datetime import datetime
from typing import Literal

from connectors.kit.interface import Permission
from model.audit import AuditEntry
from model.configuration import Configuration
from model.frozen import Frozen
from model.hooks import HookCheck
from model.members import Member, Token
from model.trigger import Schedule
from model.twin import StoredConflict, Transaction, Twin
from model.version import VersionRecord
from model.words import ConnectionStatus, Feature, Side, TwinStatus

What = Literal["system", "plan", "integration", "connection"]


class Difference(Frozen):
    """One thing that is added or changed. `details` are lines for people; no secret is in them."""

    what: What
    name: str
    action: Literal["add", "change"]
    details: tuple[str, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        sign = "+" if self.action == "add" else "~"
        return (f"{sign} {self.what} {self.name}", *(f"    {line}" for line in self.details))


class Application(Frozen):
    """What changes, or has changed where `applied`. `warnings` tell what is recorded and not in effect yet."""

    differences: tuple[Difference, ...]
    applied: bool
    warnings: tuple[str, ...] = ()


class ConnectionView(Frozen):
    """`twins` counts by status; `queue` is the number of changes under way, counted up to a thousand.

    `id` stays, `name` is what people call it. It is Active with both ends active, unless it is `halted`. `waiting` items
    were found by its triggers and had no room. `since` is when it went into Error, where it is in Error.
    """

    id: str
    name: str
    integration: str
    left_system: str
    right_system: str
    status: ConnectionStatus
    reason: str
    since: datetime | None = None
    left_active: bool
    right_active: bool
    halted: bool
    version: int
    twins: dict[TwinStatus, int]
    queue: int
    waiting: int = 0


class Standstill(Frozen):
    """Why a connection does not sync, what that holds up, and what to do."""

    cause: str
    impact: str
    remedy: str


class ConnectionDetail(ConnectionView):
    """`standstill` is empty while the connection is Active."""

    configuration: Configuration
    standstill: Standstill | None = None


class Switched(Frozen):
    """`changed` is false where all was so already. `warnings` tell what is recorded and not in effect yet."""

    connection: str
    status: ConnectionStatus
    left_active: bool
    right_active: bool
    changed: bool
    warnings: tuple[str, ...] = ()


class Deleted(Frozen):
    connection: str


class Adopted(Frozen):
    """The connections that go on."""

    connections: tuple[str, ...]
    warnings: tuple[str, ...] = ()


class IntegrationView(Frozen):
    """`used` and `capacity` count items under sync, `room` those that may still come; None means any number.

    `features` are those of its plan, None for all; `waiting` items were found by triggers and had no room.
    """

    integration: str
    left_system: str
    right_system: str
    capacity: int | None
    plan: str | None
    features: tuple[Feature, ...] | None
    used: int
    room: int | None
    connections: tuple[str, ...]
    waiting: int
    warnings: tuple[str, ...]


class TwinPage(Frozen):
    """Newest first. `after` asks for the next page; it is empty on the last one."""

    twins: tuple[Twin, ...]
    after: str = ""


class TwinDetail(Frozen):
    """`workflow` is the twin's workflow id in Temporal and `link` its page in the Temporal UI, empty where its address is not known.

    Transactions and conflicts are newest first.
    """

    twin: Twin
    workflow: str
    link: str = ""
    transactions: tuple[Transaction, ...]
    conflicts: tuple[StoredConflict, ...]


class Started(Frozen):
    """A sync under way. `new` tells whether the item came under sync by it."""

    twin: Twin
    side: Side
    new: bool
    warnings: tuple[str, ...] = ()


class ConflictPage(Frozen):
    """Newest first. `after` asks for the next page; it is empty on the last one."""

    conflicts: tuple[StoredConflict, ...]
    after: str = ""


class Decided(Frozen):
    conflict: StoredConflict
    warnings: tuple[str, ...] = ()


class TriggerView(Frozen):
    """`entity` is what the query finds.

    `evaluated` is when the platform last took the query, `problem` what it says since it does not.
    """

    connection: str
    side: Side
    name: str
    system: str
    entity: str
    query: str
    notes: str
    active: bool
    schedule: Schedule | None
    evaluated: datetime | None = None
    problem: str = ""


class FoundItem(Frozen):
    """`under` tells whether the item is free and would come under sync, is in sync, or was unlinked and stays alone."""

    id: str
    key: str
    under: Literal["free", "synced", "unlinked"]


class DryRun(Frozen):
    """What a trigger would do with all that matches its query now. `items` begin with those that would start; `left_out` are not listed."""

    connection: str
    side: Side
    query: str
    starts: int
    synced: int
    unlinked: int
    items: tuple[FoundItem, ...]
    left_out: int = 0


class TriggerSwitched(Frozen):
    """`changed` is false where it was switched so already; `version` is the connection's active one."""

    connection: str
    side: Side
    trigger: str
    active: bool
    changed: bool
    version: int
    warnings: tuple[str, ...] = ()


class Relinked(Frozen):
    """The new twin. `matched` counts the comments and files that both sides have already."""

    twin: Twin
    source: Side
    matched: int
    warnings: tuple[str, ...] = ()


class Steered(Frozen):
    """The twin as it was when it was told."""

    twin: Twin
    warnings: tuple[str, ...] = ()


class SideCheck(Frozen):
    """What of a connection's side can be done."""

    connection: str
    side: Side
    permissions: tuple[Permission, ...]


class SystemHooks(Frozen):
    """`registrable` tells whether the platform has an API for that; `checks` are the last looks, by part of the system."""

    system: str
    kind: str
    registrable: bool
    checks: tuple[HookCheck, ...]


class SystemCheck(Frozen):
    """`permissions` are those of the account everywhere; `sides` those where connections use it."""

    system: str
    kind: str
    url: str
    account: str
    platform: str
    permissions: tuple[Permission, ...]
    sides: tuple[SideCheck, ...]

    @property
    def missing(self) -> tuple[Permission, ...]:
        """What has to be given before everything works; what only some connections need is left out."""
        everywhere = (*self.permissions, *(one for side in self.sides for one in side.permissions))
        return tuple(one for one in everywhere if one.given is False and not one.optional)


class VersionDifference(Frozen):
    """What leads from version `old` to version `new`, in lines for people; scripts as unified differences."""

    connection: str
    old: int
    new: int
    lines: tuple[str, ...]


class VersionPage(Frozen):
    """Newest first. `after` asks for the next page; it is empty on the last one."""

    versions: tuple[VersionRecord, ...]
    after: str = ""


class Published(Frozen):
    """The version that is active now, and the one that was."""

    version: VersionRecord
    former: int
    warnings: tuple[str, ...] = ()


class Issued(Frozen):
    """A new token. `text` lets its holder in; it is shown this once."""

    token: Token
    text: str


class MemberAdded(Frozen):
    """`issued` is there for the first member, whom nobody else could give a token."""

    member: Member
    issued: Issued | None = None


class AuditPage(Frozen):
    """Newest first. `after` asks for the next page; it is empty on the last one."""

    entries: tuple[AuditEntry, ...]
    after: str = ""
