"""What compiling makes of a script: Python closures over frames of numbered variables."""

from collections.abc import Callable
from dataclasses import dataclass, field

from rules.limits import Fault
from rules.state import Run
from rules.values import Value


class Frame:
    """The variables of one call; `parent` is the frame the closure was made in."""

    __slots__ = ("parent", "result", "run", "slots")

    def __init__(self, run: Run, parent: "Frame | None", slots: list[Value]) -> None:
        self.run = run
        self.parent = parent
        self.slots = slots
        self.result: Value = None


NEXT, BREAK, CONTINUE, RETURN, LABELS = range(5)
"""How a statement ended. From LABELS on, two numbers for each label of the script: break and continue."""
Flow = int
_NOTHING: Value = None
_BLANK: list[Value] = [_NOTHING]
Evaluate = Callable[[Frame], Value]
Execute = Callable[[Frame], Flow]
Store = Callable[[Frame, Value], None]


@dataclass(slots=True, eq=False)
class Code:
    """The body of a function, closure or script. Filled in two moves, because functions may call each other.

    `value` is set in place of `body` where the body is one expression. `types` are the declared ones, for choosing among functions of one
    name. `cost` is what a call costs in steps: the size of the body. `rest`: the last parameter takes all further arguments.
    """

    name: str
    cost: int = 1
    least: int = 0
    most: int = 0
    size: int = 0
    rest: bool = False
    types: tuple[str, ...] = ()
    defaults: dict[int, Evaluate] = field(default_factory=dict[int, Evaluate])
    coercions: dict[int, Callable[[Value], Value]] = field(default_factory=dict[int, Callable[[Value], Value]])
    result: Callable[[Value], Value] | None = None
    body: Execute = lambda _frame: NEXT
    value: Evaluate | None = None
    plain: bool = True

    def call(self, run: Run, parent: Frame | None, arguments: list[Value]) -> Value:
        run.budget -= self.cost
        run.depth += 1
        if run.budget < run.look_at or run.depth > run.deepest:
            run.look()
        if self.plain and len(arguments) == self.most:
            frame = Frame(run, parent, arguments + _BLANK * (self.size - self.most))
        else:
            frame = Frame(run, parent, _BLANK * self.size)
            self._fill(frame, arguments)
        if self.value is not None:
            found = self.value(frame)
        else:
            self.body(frame)
            found = frame.result
        run.depth -= 1
        return self.result(found) if self.result else found

    def takes(self, count: int) -> bool:
        return self.least <= count and (count <= self.most or self.rest)

    def _fill(self, frame: Frame, arguments: list[Value]) -> None:
        count = len(arguments)
        if not self.takes(count):
            if count or self.least != 1:
                raise Fault(self.mismatch(count), "MissingMethodException")
            arguments, count = list(_BLANK), 1
        if self.rest:
            arguments = self._packed(arguments)
            count = len(arguments)
        missing = set(list(self.defaults)[len(self.defaults) - (self.most - count) :]) if count < self.most else set[int]()
        given = iter(arguments)
        for index in range(self.most):
            value = self.defaults[index](frame) if index in missing else next(given, None)
            frame.slots[index] = self.coercions[index](value) if index in self.coercions else value

    def _packed(self, arguments: list[Value]) -> list[Value]:
        """With the further arguments as one list; a single list is taken as it is."""
        fixed = self.most - 1
        further = arguments[fixed:]
        single = len(further) == 1 and isinstance(further[0], list)
        return [*arguments[:fixed], further[0] if single else further]

    def mismatch(self, count: int) -> str:
        """What to tell about a call with the wrong number of arguments."""
        wanted = str(self.most) if self.least == self.most else f"{self.least} to {self.most}"
        return f"{self.name} takes {wanted} argument{'' if wanted == '1' else 's'}, not {count}"
