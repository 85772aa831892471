"""The contract between workflows and activities: requests, results, names. No I/O, and no item content in any of them.

Messages are read by older and newer code alike: fields are only ever added, and always optional.
"""

from abc import ABC, abstractmethod
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict
from temporalio import activity

from model.words import OperationKind, OperationStatus, Side, TwinStatus

TWIN_QUEUE = "twinline"


def system_queue(system: str) -> str:
    """The task queue of everything that calls that system."""
    return f"system/{system}"


class Message(BaseModel):
    """Ignores what it does not know, so that a signal from newer code is not lost."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Hint(Message):
    """Something may have changed on `side`.

    `force` syncs even where the replica is what was sent before; `deleted` says that the platform itself told of the item's deletion.
    `twin` is whom it is for, since an item's twins share a workflow id; empty for the one that runs.
    """

    side: Side
    version: str = ""
    force: bool = False
    deleted: bool = False
    twin: str = ""

    def joined(self, later: "Hint") -> "Hint":
        """One hint for both: whatever either asked for. Hints come in any order, so two versions are as good as none."""
        version = self.version if self.version == later.version else ""
        force, deleted = self.force or later.force, self.deleted or later.deleted
        return Hint(side=self.side, version=version, force=force, deleted=deleted, twin=self.twin)


class Outcome(StrEnum):
    FETCHED = "fetched"
    UNCHANGED = "unchanged"
    PLANNED = "planned"
    NOTHING = "nothing"
    APPLIED = "applied"
    STALE = "stale"
    HELD = "held"
    LATER = "later"
    GONE = "gone"
    UNLINKED = "unlinked"


class FetchRequest(Message):
    twin: str
    source: Side
    force: bool = False
    deleted: bool = False
    version: str = ""


class FetchResult(Message):
    """Outcome `later`: the other side goes first, then this one is to be fetched again.

    `recovered` says that a write which nobody had acknowledged turned out to have happened: what the other side has became of interest.
    """

    outcome: Outcome
    replica: int = 0
    transaction: int = 0
    summary: str = ""
    recovered: bool = False


class TransformRequest(Message):
    twin: str
    replica: int


class TransformResult(Message):
    outcome: Outcome
    plan: int = 0
    summary: str = ""
    status: TwinStatus = TwinStatus.SYNCHRONIZED
    send_back: bool = False


class ApplyRequest(Message):
    twin: str
    plan: int


class ApplyResult(Message):
    outcome: Outcome
    summary: str = ""
    status: TwinStatus = TwinStatus.SYNCHRONIZED
    target_key: str = ""
    send_back: bool = False
    goes_on: bool = False


class UnlinkRequest(Message):
    twin: str
    reason: str


class PollRequest(Message):
    system: str
    drain_only: bool = False


class PollResult(Message):
    """`events` were routed to twins; `started` twins are new; the next poll is due in `next_in` seconds (0: no live connection uses it).

    `rejected` says that the platform did not let us in; `unready` that there are events which can be routed within seconds; in `hidden`
    seconds the platform's index shows all that we know of.
    """

    events: int = 0
    started: int = 0
    next_in: float = 0.0
    rejected: bool = False
    unready: bool = False
    hidden: float = 0.0


class TriggerRun(Message):
    """A run of a trigger's whole query, on its system's queue."""

    connection: str
    side: Side
    trigger: str
    system: str


class TriggerRunResult(Message):
    """`found` items match: `started` came under sync, `hinted` are and are looked at again, for `full` there was no room.

    `skipped` says why nothing was run.
    """

    found: int = 0
    started: int = 0
    hinted: int = 0
    full: int = 0
    skipped: str = ""


class ResumeRequest(Message):
    connection: str
    after: str = ""


class ResumeResult(Message):
    """`after` continues the drain; it is empty once no held twin is left."""

    resumed: int = 0
    after: str = ""


class PruneResult(Message):
    """How many rows were deleted."""

    rows: int = 0


class BulkRequest(Message):
    """`limit` is how many items may be begun. `again` has twins told once more of what is queued: whoever queued it may be gone."""

    operation: str
    limit: int = 0
    again: bool = False


class BulkProgress(Message):
    """How an operation stands: how many of its items have each state. `reason` is why it failed or pauses, where it did so by itself."""

    status: OperationStatus = OperationStatus.RUNNING
    reason: str = ""
    waiting: int = 0
    queued: int = 0
    done: int = 0
    skipped: int = 0
    failed: int = 0


class TwinActivities(ABC):
    """One transaction: each method is repeatable, a second attempt changes nothing."""

    @activity.defn(name="fetch")
    @abstractmethod
    async def fetch(self, request: FetchRequest) -> FetchResult: ...

    @activity.defn(name="transform")
    @abstractmethod
    async def transform(self, request: TransformRequest) -> TransformResult: ...

    @activity.defn(name="apply")
    @abstractmethod
    async def apply(self, request: ApplyRequest) -> ApplyResult: ...

    @activity.defn(name="unlink")
    @abstractmethod
    async def unlink(self, request: UnlinkRequest) -> None: ...


class FeedActivities(ABC):
    @activity.defn(name="poll")
    @abstractmethod
    async def poll(self, request: PollRequest) -> PollResult: ...


class TriggerActivities(ABC):
    @activity.defn(name="run_trigger")
    @abstractmethod
    async def run_trigger(self, request: TriggerRun) -> TriggerRunResult: ...


class ConnectionActivities(ABC):
    @activity.defn(name="resume_held")
    @abstractmethod
    async def resume_held(self, request: ResumeRequest) -> ResumeResult: ...


class HousekeepingActivities(ABC):
    @activity.defn(name="prune")
    @abstractmethod
    async def prune(self) -> PruneResult: ...


class BulkActivities(ABC):
    @activity.defn(name="collect_items")
    @abstractmethod
    async def collect(self, request: BulkRequest) -> BulkProgress: ...

    @activity.defn(name="work_on_items")
    @abstractmethod
    async def work(self, request: BulkRequest) -> BulkProgress: ...


class TwinInput(Message):
    """Everything a twin workflow carries: from its start, and from run to run."""

    twin: str
    connection: str
    left_system: str
    right_system: str
    left_key: str = ""
    right_key: str = ""
    origin: Side = Side.LEFT
    pending: tuple[Hint, ...] = ()
    for_others: tuple[Hint, ...] = ()
    status: TwinStatus = TwinStatus.SYNCING
    last_error: str = ""
    recent: tuple[str, ...] = ()
    waiting: bool = False
    unlinking: bool = False
    events_per_run: int = 1000


class FeedInput(Message):
    """`next_poll` is when the next poll is due: from run to run."""

    system: str
    next_poll: datetime | None = None
    events_per_run: int = 2000


class ConnectionInput(Message):
    """`draining` asks for a drain; `after` is where one that has begun goes on."""

    connection: str
    active: bool = True
    draining: bool = False
    after: str = ""
    events_per_run: int = 1000


class TwinView(Message):
    """Answer of the `state` query."""

    twin: str
    status: TwinStatus
    queue: tuple[str, ...]
    recent: tuple[str, ...]
    last_error: str


class HousekeepingInput(Message):
    """`pruned` tells how many rows the last round deleted."""

    every_seconds: float = 86400.0
    pruned: int = 0


class BulkInput(Message):
    """An operation on many items, of which at most `per_minute` are begun. `progress` is how it stood: from run to run."""

    operation: str
    kind: OperationKind
    connection: str
    per_minute: int
    collected: bool = False
    progress: BulkProgress = BulkProgress()
    events_per_run: int = 1000
