"""The vocabulary: every closed set of names that code, store, CLI and Temporal UI share."""

from enum import StrEnum
from typing import assert_never


class Side(StrEnum):
    """One end of a connection."""

    LEFT = "left"
    RIGHT = "right"

    @property
    def other(self) -> "Side":
        match self:
            case Side.LEFT:
                return Side.RIGHT
            case Side.RIGHT:
                return Side.LEFT
            case _:
                assert_never(self)


class ConnectionStatus(StrEnum):
    PENDING = "Pending"
    ACTIVE = "Active"
    DEACTIVATED = "Deactivated"
    ERROR = "Error"


class VersionStatus(StrEnum):
    DRAFT = "Draft"
    ACTIVE = "Active"
    ARCHIVED = "Archived"


class TwinStatus(StrEnum):
    SYNCING = "syncing"
    SYNCHRONIZED = "synchronized"
    ERROR = "error"
    CONFLICT = "conflict"
    HELD = "held"
    UNLINKED = "unlinked"


class Stage(StrEnum):
    """How far a transaction has come."""

    QUEUED = "queued"
    FETCHED = "fetched"
    TRANSFORMED = "transformed"
    APPLIED = "applied"
    UNCHANGED = "unchanged"
    HELD = "held"
    ERROR = "error"
    DISCARDED = "discarded"


class Impact(StrEnum):
    """What an error stops."""

    ITEM = "item"
    CONNECTION = "connection"


class Deleted(StrEnum):
    """What becomes of a pair once one of its items is proven to be deleted."""

    UNLINK = "unlink"
    KEEP = "keep"


class Moved(StrEnum):
    """What becomes of a pair once one of its items has left what its side names, or was merged into another one."""

    FOLLOW = "follow"
    UNLINK = "unlink"
    KEEP = "keep"


class ConflictPolicy(StrEnum):
    """Who wins when both sides changed one property since they last agreed."""

    LATEST = "latest"
    LEFT = "left"
    RIGHT = "right"
    HOLD = "hold"


class Restoration(StrEnum):
    """What became of a person's wish to have the value back that lost a conflict: `wanted` is under way, the others are final."""

    WANTED = "wanted"
    DONE = "done"
    OVERTAKEN = "overtaken"
    REFUSED = "refused"


class Feature(StrEnum):
    """What the plan of an integration switches on."""

    BULK = "bulk"
    CONNECT = "connect"
    TEST_RUN = "test_run"


class ChildKind(StrEnum):
    COMMENT = "comment"
    ATTACHMENT = "attachment"
    WORK_LOG = "work_log"

    @property
    def hub_name(self) -> str:
        """The property of an item and a replica that lists them."""
        return "workLogs" if self is ChildKind.WORK_LOG else f"{self}s"


class IntentStatus(StrEnum):
    """What is known of one vendor write: `open` is journalled and possibly sent, the others are final."""

    OPEN = "open"
    APPLIED = "applied"
    REJECTED = "rejected"


class OperationKind(StrEnum):
    """What is done to many items at once."""

    EXALATE = "exalate"
    SYNC = "sync"
    CONNECT = "connect"
    UNLINK = "unlink"
    RETRY = "retry"
    CLEANUP = "cleanup"


class OperationStatus(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    DONE = "done"
    FAILED = "failed"

    @property
    def over(self) -> bool:
        return self in {OperationStatus.CANCELLED, OperationStatus.DONE, OperationStatus.FAILED}


class ItemState(StrEnum):
    """How far an operation has come with one of its items: `queued` is what its twin works on, the last three are results."""

    WAITING = "waiting"
    QUEUED = "queued"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"
