"""What compiling makes of a script: Python closures over frames of numbered variables."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum

from rules.limits import Fault
from rules.state import Run
from rules.values import Value


class Frame:
    """The variables of one call; `parent` is the frame the closure was made in."""

    __slots__ = ("parent", "result", "run", "slots")

    def __init__(self, run: Run, parent: "Frame | None", size: int) -> None:
        self.run = run
        self.parent = parent
        self.slots: list[Value] = [None] * size
        self.result: Value = None


class Flow(IntEnum):
    """How a statement ended; NEXT is false, so that loops can test it cheaply."""

    NEXT = 0
    BREAK = 1
    CONTINUE = 2
    RETURN = 3


Evaluate = Callable[[Frame], Value]
Execute = Callable[[Frame], Flow]
Store = Callable[[Frame, Value], None]


@dataclass(slots=True)
class Code:
    """The body of a function, closure or script. Filled in two moves, because functions may call each other."""

    name: str
    least: int = 0
    most: int = 0
    size: int = 0
    implicit: bool = False
    defaults: dict[int, Evaluate] = field(default_factory=dict[int, Evaluate])
    coercions: dict[int, Callable[[Value], Value]] = field(default_factory=dict[int, Callable[[Value], Value]])
    body: Execute = lambda _frame: Flow.NEXT

    def call(self, run: Run, parent: Frame | None, arguments: list[Value]) -> Value:
        count = len(arguments)
        frame = Frame(run, parent, self.size)
        if count > self.most or (count < self.least and not (count == 0 and self.least == 1)):
            raise Fault(self.mismatch(count), "MissingMethodException")
        run.enter()
        frame.slots[:count] = arguments
        for index, default in self.defaults.items():
            if index >= count:
                frame.slots[index] = default(frame)
        for index, coerce in self.coercions.items():
            frame.slots[index] = coerce(frame.slots[index])
        self.body(frame)
        run.depth -= 1
        return frame.result

    def mismatch(self, count: int) -> str:
        """What to tell about a call with the wrong number of arguments."""
        wanted = str(self.most) if self.least == self.most else f"{self.least} to {self.most}"
        return f"{self.name} takes {wanted} argument{'' if wanted == '1' else 's'}, not {count}"
