"""What an integration may hold and do, and how much of it is used."""

from model.frozen import Frozen
from model.words import Feature

WARNED_AT = 0.8


class Usage(Frozen):
    """`used` counts the twins of all its connections that are not unlinked. Without `capacity` there is no limit.

    `features` are those of its plan; None, where it has no plan, means all.
    """

    integration: str
    left_system: str
    right_system: str
    capacity: int | None
    plan: str | None
    features: tuple[Feature, ...] | None
    used: int

    @property
    def room(self) -> int | None:
        """How many items may still come under sync; None for any number."""
        return None if self.capacity is None else max(0, self.capacity - self.used)

    def allows(self, feature: Feature) -> bool:
        return self.features is None or feature in self.features

    def warnings(self, new: int = 0) -> tuple[str, ...]:
        """What to tell of it before `new` more items come under sync."""
        if self.capacity is None or self.room is None:
            return ()
        how = f"integration {self.integration} uses {self.used} of {self.capacity} items"
        if new > self.room:
            return (f"{how}: {self.room} of {new} new ones fit; raise its capacity, or unlink what is no longer needed",)
        if not self.room:
            return (f"{how}: no new item comes under sync; raise its capacity, or unlink what is no longer needed",)
        if self.used + new >= WARNED_AT * self.capacity:
            return (f"{how}; once all are used, no new item comes under sync",)
        return ()
