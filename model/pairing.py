"""All that is recorded when two items that are there already become a twin; stored in one database transaction or not at all."""

from model.agreement import Base, Trace
from model.frozen import Frozen
from model.item import ItemRef
from model.words import Side


class Pairing(Frozen):
    """Where the items differ, `source` has the values that count: it has no base yet, so that its first sync sends all it has.

    `base` is of the other side, as it was read. Nothing is agreed in it: what differs is written, and only what is edited later
    than that reading is a conflict.
    """

    connection: str
    source: Side
    left: ItemRef
    right: ItemRef
    title: str
    base: Base
    traces: tuple[Trace, ...]
