"""A twin and the transactions that travel through it, as store, engine and API see them."""

from datetime import datetime

from model.agreement import Base, Trace
from model.frozen import Frozen
from model.item import Fields, Item, ItemRef
from model.plan import Conflict, Plan
from model.words import Restoration, Side, Stage, TwinStatus


class Twin(Frozen):
    """`id` is an opaque token, and the marker that created items carry. `origin` is the side whose item started the twin.

    `revision` rises whenever what the two sides agreed on is stored.
    """

    id: str
    connection: str
    origin: Side
    left: ItemRef | None
    right: ItemRef | None
    status: TwinStatus
    reason: str = ""
    held: bool = False
    title: str = ""
    updated: datetime
    revision: int = 0

    def item(self, side: Side) -> ItemRef | None:
        return self.left if side is Side.LEFT else self.right

    @property
    def workflow_id(self) -> str:
        """`twin/<connection>/<side>/<item id>` of the item that started it."""
        started_by = self.item(self.origin)
        return f"twin/{self.connection}/{self.origin}/{started_by.id if started_by else self.id}"


class TwinState(Frozen):
    """A twin with all that its two sides agreed on."""

    twin: Twin
    left: Base = Base()
    right: Base = Base()
    traces: tuple[Trace, ...] = ()

    def base(self, side: Side) -> Base:
        return self.left if side is Side.LEFT else self.right


class Transaction(Frozen):
    """One change travelling from `source`. `version` is the configuration version that it began with.

    A `forced` one is carried out also where the item brings nothing new.
    """

    id: int
    twin: str
    source: Side
    stage: Stage
    version: int = 0
    summary: str = ""
    reason: str = ""
    forced: bool = False
    attempts: int = 0
    created: datetime
    updated: datetime


class StoredReplica(Frozen):
    """A replica with the item that it was made of; `sequence` rises per twin and side."""

    id: int
    twin: str
    source: Side
    sequence: int
    transaction: int
    version: int
    payload: Fields
    item: Item


class Recorded(Frozen):
    """What a transaction sent: the replica, the one before it, empty where there is none any more, and the last plan, if one was kept."""

    replica: StoredReplica
    previous: Fields = {}
    plan: Plan | None = None


class StoredPlan(Frozen):
    """The plan that a transaction made for one replica."""

    id: int
    twin: str
    transaction: int
    replica: int
    plan: Plan
    created: datetime


class StoredConflict(Frozen):
    """A recorded conflict with both values.

    Open until `resolved` is set. `who` is empty where the connection's policy decided; one that is resolved without a winner was
    overtaken by later edits. With a `restoration`, `who` wants the value back that had lost, which `winner` names from then on.
    """

    id: int
    twin: str
    transaction: int
    conflict: Conflict
    winner: Side | None = None
    who: str = ""
    created: datetime
    resolved: datetime | None = None
    restoration: Restoration | None = None

    @property
    def state(self) -> str:
        """How it stands, for people: `won by left`."""
        match self.restoration:
            case None:
                return f"won by {self.winner}" if self.winner else ("overtaken" if self.resolved else "open")
            case Restoration.WANTED:
                return f"being restored by {self.who}"
            case Restoration.DONE:
                return f"restored by {self.who}"
            case Restoration.OVERTAKEN:
                return f"edited before {self.who} had it restored"
            case Restoration.REFUSED:
                return f"restoring by {self.who} was refused"
