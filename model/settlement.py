"""All that one applied (or unchanged) transaction changes in our own records; stored in one database transaction or not at all."""

from model.agreement import Base, Trace
from model.frozen import Frozen
from model.item import ItemRef
from model.plan import Conflict
from model.words import Side, Stage, TwinStatus


class Confirmed(Frozen):
    """A version of an item that is settled, as our own write or as a change that has travelled: an event that carries it brings nothing.

    `certain` says that the whole state of that version is settled. A version that our write made may hold a person's earlier edit as
    well, of which another event tells, or no event if that was lost: a listing that shows such a version is no proof.
    """

    system: str
    item: str
    version: str
    certain: bool = False


class Settlement(Frozen):
    """`bases` has the sides whose base moves, `kept` the traces to insert or replace (by kind and ids), `dropped` those to delete.

    `revision` is the twin's, as it was when all this was worked out. Without a `stage` the transaction stays where it is. `ops` are the
    intents that are part of the bases now; `all_ops` says that every acknowledged one of that side is. `restored` and `overtaken` are
    conflicts of which it is known now whether their loser is back; what is restored is to travel on, as an edit of its side.
    """

    twin: str
    transaction: int
    revision: int
    stage: Stage | None
    status: TwinStatus
    summary: str
    reason: str = ""
    written: tuple[str, ...] = ()
    refs: dict[Side, ItemRef] = {}
    title: str = ""
    bases: dict[Side, Base] = {}
    kept: tuple[Trace, ...] = ()
    dropped: tuple[Trace, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    ledger: tuple[Confirmed, ...] = ()
    ops: tuple[str, ...] = ()
    all_ops: Side | None = None
    restored: tuple[int, ...] = ()
    overtaken: tuple[int, ...] = ()
