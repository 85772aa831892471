"""What people look for among twins and in the sync queue."""

from datetime import datetime, timedelta

from model.frozen import Frozen
from model.twin import Transaction, Twin
from model.words import ConnectionStatus, Side, Stage, TwinStatus


class TwinSearch(Frozen):
    """Every condition that is given holds. `text` is part of a key, an address, the title or the reason, or an item's whole id.

    `system` has an item of the pair, on `side` where that is given too; `since` is the earliest time of the last change of the twin.
    """

    connection: str | None = None
    statuses: tuple[TwinStatus, ...] = ()
    text: str = ""
    system: str | None = None
    side: Side | None = None
    since: datetime | None = None


class QueueSearch(Frozen):
    """`stuck_after` asks for what is in progress for longer than that, and waits for neither its connection nor a person."""

    connection: str | None = None
    stages: tuple[Stage, ...] = ()
    stuck_after: timedelta | None = None


class Waiting(Frozen):
    """An unfinished transaction with what decides why it waits; `in_doubt` where the outcome of a write of the twin is unknown."""

    transaction: Transaction
    twin: Twin
    connection_status: ConnectionStatus
    in_doubt: bool
