"""What goes wrong, when and where: armed by the steps of a case, fired at the first occasion."""

from collections import Counter
from dataclasses import dataclass, field

from model.words import Side
from tests.simulation.clock import Clock
from tests.simulation.steps import CallFault, Crash, Freeze, HookFault, StoreFault

READS = frozenset(
    {
        "read",
        "find",
        "find_by_marker",
        "find_comment",
        "find_attachment",
        "find_work_log",
        "changes",
        "search",
        "download",
        "history",
        "way",
    }
)


def is_write(op: str) -> bool:
    return op not in READS


@dataclass
class Faults:
    """`fired` counts what really happened, by fault and operation."""

    clock: Clock
    calls: list[CallFault] = field(default_factory=list[CallFault])
    hooks: list[HookFault] = field(default_factory=list[HookFault])
    crashes: list[Crash] = field(default_factory=list[Crash])
    freezes: list[Freeze] = field(default_factory=list[Freeze])
    stores: list[StoreFault] = field(default_factory=list[StoreFault])
    locked_until: dict[Side, float] = field(default_factory=dict[Side, float])
    fired: Counter[str] = field(default_factory=Counter[str])
    healed: bool = False

    def call(self, side: Side, op: str) -> CallFault | None:
        """The fault that strikes this call."""
        for fault in self.calls:
            fits = fault.side is side and fault.how != "cut" and fault.op in {op, "any", "write" if is_write(op) else "read"}
            if fits and (is_write(op) or fault.how not in {"lost", "late"}):
                self.calls.remove(fault)
                self.fired[f"{fault.how} {op}"] += 1
                return fault
        return None

    def cut(self, side: Side) -> bool:
        """Whether this download is to end before its end."""
        found = next((one for one in self.calls if one.side is side and one.how == "cut"), None)
        if found is not None:
            self.calls.remove(found)
            self.fired["cut download"] += 1
        return found is not None

    def lock(self, side: Side, seconds: float) -> None:
        self.locked_until[side] = self.clock.elapsed + seconds

    def locked(self, side: Side) -> bool:
        return self.clock.elapsed < self.locked_until.get(side, 0.0)

    def hook(self, side: Side) -> HookFault | None:
        found = next((one for one in self.hooks if one.side is side), None)
        if found is not None:
            self.hooks.remove(found)
            self.fired[f"hook {found.how}"] += 1
        return found

    def crash(self, point: str) -> Crash | None:
        found = next((one for one in self.crashes if one.point in point), None)
        if found is not None:
            self.crashes.remove(found)
            self.fired[f"crash {point}"] += 1
        return found

    def freeze(self, point: str) -> Freeze | None:
        found = next((one for one in self.freezes if one.point in point), None)
        if found is not None:
            self.freezes.remove(found)
            self.fired[f"freeze {point}"] += 1
        return found

    def store(self, point: str) -> bool:
        found = next((one for one in self.stores if one.point in point), None)
        if found is not None:
            self.stores.remove(found)
            self.fired[f"database fails {point}"] += 1
        return found is not None

    def heal(self) -> None:
        """Nothing goes wrong any more."""
        self.healed = True
        for armed in (self.calls, self.hooks, self.crashes, self.freezes, self.stores):
            armed.clear()
        self.locked_until.clear()
