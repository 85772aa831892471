"""One execution of a script: its variables, what it may still use, and the answers it was given."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from pydantic import JsonValue

from rules.effects import Effects
from rules.interface import Answers, Lookup, Lookups, Needed, Surroundings
from rules.limits import CLOCK_EVERY, Fault, LimitReached, Limits
from rules.values import Host, Value, text_of

if TYPE_CHECKING:
    from rules.code import Code, Frame

Clock = Callable[[], float]


class Run:
    """The state of one execution. `binding` has the variables that functions see, too; `answers` stand in for a platform."""

    __slots__ = ("answers", "binding", "budget", "clock", "deadline", "depth", "effects", "incoming", "limits", "look_at", "lookups",
                 "surroundings")  # fmt: skip

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
        self.depth = 0
        self.clock = clock
        self.deadline = clock() + limits.seconds if clock else 0.0
        self.incoming = False
        self.answers = answers
        self.effects = Effects()

    def spend(self, steps: int = 1) -> None:
        """Counts work; raises LimitReached when steps or time are used up."""
        self.budget -= steps
        if self.budget < self.look_at:
            self._look()

    def _look(self) -> None:
        if self.budget < 0:
            raise LimitReached(f"the script takes more than {self.limits.steps} steps; look for a loop that does not end")
        self.look_at = self.budget - CLOCK_EVERY
        if self.clock and self.clock() > self.deadline:
            raise LimitReached(f"the script takes longer than {self.limits.seconds:g} seconds")

    def enter(self) -> None:
        self.spend()
        self.depth += 1
        if self.depth > self.limits.depth:
            raise LimitReached(f"calls are nested more than {self.limits.depth} deep; look for a function that calls itself")

    def call(self, function: Value, arguments: list[Value]) -> Value:
        """The result of a closure."""
        if not isinstance(function, Closure):
            raise Fault(f"{text_of(function)[:60]!r} is no closure and cannot be called")
        return function.call(self, arguments)

    def ask(self, name: str, *arguments: str | None) -> JsonValue:
        """The platform's answer; `Needed` where it is not known yet."""
        lookup = Lookup(name=name, arguments=arguments)
        if lookup not in self.lookups:
            raise Needed((lookup,))
        return self.lookups[lookup]


class Closure(Host):
    """A closure with the variables around it."""

    kind = "a closure"
    __slots__ = ("code", "frame")

    def __init__(self, code: "Code", frame: "Frame") -> None:
        self.code = code
        self.frame = frame

    def call(self, run: Run, arguments: list[Value]) -> Value:
        wanted = self.code.most
        if len(arguments) == 1 and wanted > 1 and isinstance(arguments[0], list):
            arguments = arguments[0][:wanted]
        return self.code.call(run, self.frame, arguments)
