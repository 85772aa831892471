"""All rows of the store in memory, and the constraints that its tables have."""

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, TypeVar

from pydantic import BaseModel
from sqlalchemy.exc import IntegrityError

from model.agreement import Base, Trace
from model.configuration import Configuration, Connection, System
from model.deployment import IntegrationDeclaration, PlanDeclaration
from model.hooks import HookCheck
from model.inbox import InboxRow
from model.journal import Intent
from model.settlement import Confirmed
from model.twin import StoredConflict, StoredPlan, StoredReplica, Transaction, Twin
from model.words import Side, Stage, TwinStatus
from store.cipher import MasterKey
from store.database import Database
from store.refusals import item_taken, unknown_twin
from store.transactions import UNFINISHED, WAITING

M = TypeVar("M", bound=BaseModel)


class KeptSystem(NamedTuple):
    system: System
    credentials: dict[str, str]
    webhook_secret: str


@dataclass(frozen=True)
class Configured:
    workspace: str | None = None
    systems: dict[str, KeptSystem] = field(default_factory=dict)
    plans: dict[str, PlanDeclaration] = field(default_factory=dict)
    integrations: dict[str, IntegrationDeclaration] = field(default_factory=dict)
    connections: dict[str, Connection] = field(default_factory=dict)
    versions: dict[tuple[str, int], Configuration] = field(default_factory=dict)


class Outcome(NamedTuple):
    twin: str
    source: Side
    written: datetime


class Place(NamedTuple):
    """One side of a connection that has the item."""

    connection: str
    side: Side
    item: str


class MemoryDatabase(Database):
    """No engine stands behind it: `reading` and `writing` do not work."""

    def __init__(self, key: MasterKey, now: Callable[[], datetime], token: Callable[[int], str]) -> None:
        self.key, self.now, self.token = key, now, token
        self.dialect = "memory"
        self.configured = Configured()
        self.script_failures: list[tuple[str, int, int | None]] = []
        self.twins: dict[str, Twin] = {}
        self.live: dict[Place, str] = {}
        self.bases: dict[tuple[str, Side], Base] = {}
        self.traces: dict[str, tuple[Trace, ...]] = {}
        self.transactions: dict[int, Transaction] = {}
        self.transactions_of: defaultdict[str, list[int]] = defaultdict(list)
        self.outcomes: dict[tuple[int, str], Outcome] = {}
        self.replicas: dict[int, StoredReplica] = {}
        self.latest: dict[tuple[str, Side], StoredReplica] = {}
        self.plans: dict[int, StoredPlan] = {}
        self.intents: dict[str, Intent] = {}
        self.conflicts: dict[int, StoredConflict] = {}
        self.ledger: dict[Confirmed, datetime] = {}
        self.cursors: dict[tuple[str, str], str] = {}
        self.hooks: dict[tuple[str, str], HookCheck] = {}
        self.awaited: dict[tuple[str, Side, str], bool] = {}
        self.deliveries: dict[tuple[object, ...], int] = {}
        self.unrouted: dict[int, InboxRow] = {}
        self.routed: dict[int, datetime] = {}

    async def aclose(self) -> None:
        """Nothing is open."""

    def twin(self, id: str) -> Twin:  # noqa: A002
        twin = self.twins.get(id)
        if twin is None:
            raise unknown_twin(id)
        return twin

    def change_twin(self, twin: Twin, **changes: object) -> None:
        """For changes that neither give nor take an item."""
        self.twins[twin.id] = twin.model_copy(update={**changes, "updated": self.now()})

    def replace_twin(self, twin: Twin) -> None:
        """Raises BadInput where another live twin has one of its items."""
        self.refuse_taken(twin)
        for place in places(self.twins[twin.id]):
            del self.live[place]
        self.write_twin(twin)

    def refuse_taken(self, twin: Twin) -> None:
        if any(self.live.get(place, twin.id) != twin.id for place in places(twin)):
            raise item_taken(twin.connection, twin.id, twin.left.key if twin.left else "", twin.right.key if twin.right else "")

    def write_twin(self, twin: Twin) -> None:
        self.twins[twin.id] = twin
        self.live.update((place, twin.id) for place in places(twin))

    def change_transaction(self, id: int, **changes: object) -> bool:  # noqa: A002
        """False where there is none, or it is finished."""
        transaction = self.transactions.get(id)
        if transaction is None or transaction.stage not in UNFINISHED:
            return False
        self.transactions[id] = transaction.model_copy(update={**changes, "updated": self.now()})
        return True

    def discard_queue(self, twin: str) -> None:
        for id in self.transactions_of.get(twin, ()):  # noqa: A001
            self.change_transaction(id, stage=Stage.DISCARDED)

    def transactions_of_twin(self, twin: str) -> list[Transaction]:
        """Oldest first."""
        return [self.transactions[id] for id in self.transactions_of.get(twin, ())]  # noqa: A001

    def oldest_first(self, twin: str, source: Side, stages: Collection[Stage]) -> list[Transaction]:
        return [one for one in self.transactions_of_twin(twin) if one.source is source and one.stage in stages]

    def queued(self, twin: str, source: Side, *, forced: bool = False) -> int:
        waiting = [one for one in self.oldest_first(twin, source, WAITING) if not (forced and one.attempts)]
        taken = waiting[0] if waiting else self.new_transaction(twin, source)
        if forced and not taken.forced:
            self.transactions[taken.id] = taken.model_copy(update={"forced": True})
        return taken.id

    def new_transaction(self, twin: str, source: Side) -> Transaction:
        id, moment = len(self.transactions) + 1, self.now()  # noqa: A001
        made = Transaction(id=id, twin=twin, source=source, stage=Stage.QUEUED, created=moment, updated=moment)
        self.transactions[id] = made
        self.transactions_of[twin].append(id)
        return made

    def enter(self, own: Confirmed) -> None:
        """Note a version in the ledger; what is certain of it stays so."""
        sure = own.model_copy(update={"certain": True})
        if own.certain:
            self.ledger.pop(own.model_copy(update={"certain": False}), None)
            self.ledger[own] = self.now()
        elif sure not in self.ledger:
            self.ledger.setdefault(own, self.now())

    def refer(self, *, system: str | None = None, connection: str | None = None, twin: str | None = None) -> None:
        """Raises IntegrityError, as a foreign key does, for what is not there."""
        if system is not None and system not in self.configured.systems:
            raise dangling(f"system {system!r}")
        if connection is not None and connection not in self.configured.connections:
            raise dangling(f"connection {connection!r}")
        if twin is not None and twin not in self.twins:
            raise dangling(f"twin {twin!r}")

    def refer_to_transaction(self, twin: str, transaction: int) -> None:
        self.refer(twin=twin)
        if transaction not in self.transactions:
            raise dangling(f"transaction {transaction!r}")


def dangling(what: str) -> IntegrityError:
    return IntegrityError(None, None, ValueError(f"there is no {what}"))


def places(twin: Twin) -> list[Place]:
    if twin.status is TwinStatus.UNLINKED:
        return []
    return [Place(twin.connection, side, ref.id) for side, ref in ((Side.LEFT, twin.left), (Side.RIGHT, twin.right)) if ref is not None]


def through_json(value: M) -> M:
    """The value as a column of JSON gives it back: normalised, and nothing of it shared with the one who stored it."""
    return type(value).model_validate_json(value.model_dump_json())
