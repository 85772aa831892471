"""One execution of a script: its variables, what it may still use, and the answers it was given."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from pydantic import JsonValue

from rules.effects import Effects
from rules.interface import Answers, Lookup, Lookups, Needed, Surroundings
from rules.limits import CLOCK_EVERY, Fault, LimitReached, Limits, item_count, text_size
from rules.values import Host, Value, short

if TYPE_CHECKING:
    from rules.code import Code, Frame

Clock = Callable[[], float]


class Run:
    """The state of one execution. `binding` has the variables that functions see, too; `answers` stand in for a platform."""

    __slots__ = ("allocated", "answer_bytes", "answers", "binding", "budget", "calls", "classes", "clock", "counter", "deadline",
                 "deepest", "depth", "effects", "incoming", "limits", "look_at", "lookups", "pattern_budget", "stored", "surroundings",
                 "writes")  # fmt: skip

    def __init__(
        self,
        surroundings: Surroundings,
        lookups: Lookups,
        limits: Limits,
        clock: Clock | None,
        answers: Answers | None = None,
    ) -> None:
        self.binding: dict[str, Value] = {}
        self.surroundings = surroundings
        self.lookups = lookups
        self.limits = limits
        self.budget = limits.steps
        self.look_at = limits.steps - CLOCK_EVERY
        self.allocated = limits.allocated
        self.pattern_budget = limits.pattern_steps
        self.calls = 0
        self.answer_bytes = 0
        self.counter = 0
        self.classes: dict[str, Host] = {}
        self.depth = 0
        self.deepest = limits.depth
        self.clock = clock
        self.deadline = clock() + limits.seconds if clock else 0.0
        self.incoming = False
        self.stored = False
        self.writes = 0
        self.answers = answers
        self.effects = Effects()

    def spend(self, steps: int = 1) -> None:
        """Counts work; raises LimitReached when steps or time are used up."""
        self.budget -= steps
        if self.budget < self.look_at:
            self.look()

    def look(self) -> None:
        """Compares what was used with the limits on steps, depth and time."""
        if self.depth > self.deepest:
            raise LimitReached(f"calls are nested more than {self.deepest} deep; look for a function that calls itself")
        if self.budget < 0:
            raise LimitReached(f"the script takes more than {self.limits.steps} steps; look for a loop that does not end")
        self.look_at = self.budget - CLOCK_EVERY
        if self.clock and self.clock() > self.deadline:
            raise LimitReached(f"the script takes longer than {self.limits.seconds:g} seconds")

    def text(self, length: int) -> None:
        """Counts a text that is about to be built; raises LimitReached where it, or all together, would be too long."""
        if length > 64:
            text_size(length, self.limits.text)
            self._allocate(length)

    def items(self, count: int) -> None:
        """Counts a list or map of that many elements."""
        if count > 8:
            item_count(count, self.limits.items)
            self._allocate(count << 3)

    def _allocate(self, size: int) -> None:
        self.spend(size >> 6)
        self.allocated -= size
        if self.allocated < 0:
            raise LimitReached(f"the script made more than {self.limits.allocated} characters and elements; make fewer or shorter texts")

    def spend_on_pattern(self, steps: int) -> None:
        self.spend(steps >> 2)
        self.pattern_budget -= steps
        if self.pattern_budget < 0:
            raise LimitReached(f"patterns take more than {self.limits.pattern_steps} steps; make them more specific")

    def enter(self) -> None:
        self.budget -= 1
        self.depth += 1
        if self.budget < self.look_at or self.depth > self.deepest:
            self.look()

    def missing(self, name: str, at: int) -> Value:
        """What a name means that no variable has: the script itself, or a Fault."""
        if name in ("this", "binding", "owner", "delegate"):
            return ScriptValue()
        raise Fault(f"there is no variable {name!r}, or it has no value yet", "MissingPropertyException").placed(at)

    def call(self, function: Value, arguments: list[Value]) -> Value:
        """The result of a closure, or of the method `call` of an object that has one."""
        if isinstance(function, Invocable):
            return function.call(self, arguments)
        method = function.listed().get("call") if isinstance(function, Host) else None
        if method is None or not method.least <= len(arguments) <= method.most:
            raise Fault(f"{short(function)!r} is no closure and cannot be called", "MissingMethodException")
        return method.call(self, function, arguments)

    def ask(self, name: str, *arguments: str | None) -> JsonValue:
        """The platform's answer; `Needed` where it is not known yet."""
        lookup = Lookup(name=name, arguments=arguments)
        if lookup not in self.lookups:
            raise Needed((lookup,))
        self._answered(answer := self.lookups[lookup])
        return answer

    def _answered(self, answer: JsonValue) -> None:
        self.calls += 1
        if self.calls > self.limits.calls:
            raise LimitReached(f"the script asks the platform more than {self.limits.calls} times")
        self.answer_bytes += _weight(answer)
        if self.answer_bytes > self.limits.answer_bytes:
            raise LimitReached(f"the platform's answers have more than {self.limits.answer_bytes} bytes; ask for fewer fields")


def _weight(answer: JsonValue) -> int:
    """About how many bytes the answer takes as JSON."""
    weight, pending = 0, [answer]
    while pending:
        one = pending.pop()
        if isinstance(one, dict):
            weight += sum(map(len, one)) + 4 * len(one)
            pending.extend(one.values())
        elif isinstance(one, list):
            weight += len(one)
            pending.extend(one)
        else:
            weight += len(one) if isinstance(one, str) else 6
    return weight


class ScriptValue(Host):
    """`this` in a script, and `binding`: the variables that functions see."""

    kind = "the script"

    def read(self, run: Run, name: str) -> Value:
        if name == "variables":
            return {**run.binding}
        return run.binding[name] if name in run.binding else super().read(run, name)

    def write(self, run: Run, name: str, value: Value) -> None:
        if isinstance(run.binding.get(name), Host):
            super().write(run, name, value)
        run.binding[name] = value


class Invocable(Host):
    """What can be called like a function; `wants` is how many arguments it takes."""

    kind = "a closure"
    types = frozenset({"Closure", "Runnable", "Callable"})

    @property
    def wants(self) -> int:
        return 1

    def call(self, run: Run, arguments: list[Value]) -> Value:
        """The result for the arguments."""
        raise NotImplementedError


class Closure(Invocable):
    """A closure with the variables around it."""

    __slots__ = ("code", "frame")

    def __init__(self, code: "Code", frame: "Frame") -> None:
        self.code = code
        self.frame = frame

    @property
    def wants(self) -> int:
        return self.code.most

    def call(self, run: Run, arguments: list[Value]) -> Value:
        wanted = self.code.most
        if len(arguments) == 1 and wanted > 1 and isinstance(arguments[0], list):
            arguments = list(arguments[0])
        return self.code.call(run, self.frame, arguments)
