"""One way to break the engine."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """A replacement of one passage. `redundant` argues for one that survives by right: what else keeps the promise."""

    name: str
    path: str
    old: str
    new: str
    redundant: str = ""
