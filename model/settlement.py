"""All that one applied (or unchanged) transaction changes in our own records; stored in one database transaction or not at all."""

from model.agreement import Base, Trace
from model.frozen import Frozen
from model.item import ItemRef
from model.plan import Conflict
from model.words import Side, Stage, TwinStatus


class Confirmed(Frozen):
    """A version of an item that is settled, as our own write or as a change that has travelled: an event that carries it brings nothing."""

    system: str
    item: str
    version: str


class Settlement(Frozen):
    """`bases` has the sides whose base moves, `kept` the traces to insert or replace (by kind and ids), `dropped` those to delete."""

    twin: str
    transaction: int
    stage: Stage
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
