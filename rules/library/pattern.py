"""Matching of regular expressions with a bound on the work: a backtracking machine with its own stack, which spends steps.

Python's `re` is used for single characters and their repetition only, which take linear time.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from rules.library.pattern_tree import (
    At,
    Atomic,
    Back,
    Choice,
    Flagged,
    Group,
    Literal,
    Look,
    OneOf,
    Parsed,
    Part,
    PatternParser,
    Repeat,
    Sequence,
)
from rules.limits import Fault, LimitReached
from rules.state import Run

MOST_CODE = 4_000
MOST_STACK = 200_000


class Op(IntEnum):
    TEXT = 0
    ONE = 1
    LOOP = 2
    SPLIT = 3
    JUMP = 4
    SAVE = 5
    AT = 6
    BACK = 7
    LOOK = 8
    MARK = 9
    MOVED = 10
    MATCH = 11
    ATOMIC = 12


@dataclass(slots=True)
class Instruction:
    op: Op
    text: str = ""
    regex: re.Pattern[str] | None = None
    a: int = 0
    b: int = 0
    inner: "tuple[Instruction, ...]" = ()


Slots = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A match; `spans` has (start, end) of the whole and of each group, (-1, -1) for one that took no part."""

    text: str
    spans: tuple[tuple[int, int], ...]
    names: dict[str, int]

    @property
    def start(self) -> int:
        return self.spans[0][0]

    @property
    def end(self) -> int:
        return self.spans[0][1]

    def group(self, number: int = 0) -> str | None:
        if not 0 <= number < len(self.spans):
            raise Fault(f"the pattern has {len(self.spans) - 1} groups, there is no group {number}", "IndexOutOfBoundsException")
        start, end = self.spans[number]
        return None if start < 0 else self.text[start:end]


class Compiler:
    def __init__(self, parsed: Parsed) -> None:
        self.ignore_case = "i" in parsed.flags
        self.lines = "m" in parsed.flags
        self.slots = 2 * (parsed.groups + 1)
        self.code: list[Instruction] = []

    def program(self, part: Part) -> tuple[Instruction, ...]:
        outer, self.code = self.code, []
        self.emit(part)
        self.add(Instruction(Op.MATCH))
        outer, self.code = self.code, outer
        return tuple(outer)

    def add(self, instruction: Instruction) -> Instruction:
        if len(self.code) >= MOST_CODE:
            raise Fault("the pattern is too large", "PatternSyntaxException")
        self.code.append(instruction)
        return instruction

    def regex(self, body: str) -> re.Pattern[str]:
        try:
            return re.compile(body, re.IGNORECASE if self.ignore_case else 0)
        except (re.error, OverflowError) as problem:
            raise Fault(f"the pattern cannot be used: {problem}", "PatternSyntaxException") from problem

    def emit(self, part: Part) -> None:
        match part:
            case Literal(text):
                self.add(Instruction(Op.ONE, text, self.regex(re.escape(text))) if self.ignore_case else Instruction(Op.TEXT, text))
            case OneOf(body):
                self.add(Instruction(Op.ONE, "", self.regex(body)))
            case At(kind):
                self.add(Instruction(Op.AT, f"m{kind}" if self.lines and kind in "^$" else kind))
            case Back(group):
                self.add(Instruction(Op.BACK, a=group))
            case Sequence(parts):
                for one in parts:
                    self.emit(one)
            case _:
                self.nested(part)

    def nested(self, part: Part) -> None:
        match part:
            case Group(body, number):
                if number:
                    self.add(Instruction(Op.SAVE, a=2 * number))
                self.emit(body)
                if number:
                    self.add(Instruction(Op.SAVE, a=2 * number + 1))
            case Look(body, ahead, negative):
                self.add(Instruction(Op.LOOK, a=int(ahead), b=int(negative), inner=self.program(body)))
            case Atomic(body):
                self.add(Instruction(Op.ATOMIC, inner=self.program(body)))
            case Flagged(body, ignore_case, lines):
                before = self.ignore_case, self.lines
                self.ignore_case, self.lines = ignore_case, lines
                self.emit(body)
                self.ignore_case, self.lines = before
            case Choice(options):
                self.choice(options)
            case Repeat():
                self.repeat(part)
            case _:
                raise Fault("the pattern cannot be used", "PatternSyntaxException")

    def choice(self, options: tuple[Part, ...]) -> None:
        jumps: list[Instruction] = []
        for option in options[:-1]:
            split = self.add(Instruction(Op.SPLIT))
            split.a = len(self.code)
            self.emit(option)
            jumps.append(self.add(Instruction(Op.JUMP)))
            split.b = len(self.code)
        self.emit(options[-1])
        for jump in jumps:
            jump.a = len(self.code)

    def repeat(self, part: Repeat) -> None:
        body = part.body
        if isinstance(body, OneOf) or (isinstance(body, Literal) and len(body.text) == 1):
            single = body.body if isinstance(body, OneOf) else re.escape(body.text)
            most = "" if part.most is None else str(part.most)
            self.add(Instruction(Op.LOOP, part.how, self.regex(f"{single}{{{part.least},{most}}}"), part.least))
            return
        if part.how == "+":
            self.emit(Atomic(Repeat(body, part.least, part.most, "")))
            return
        for _ in range(part.least):
            self.emit(body)
        if part.most is None:
            self.endless(body, lazy=part.how == "?")
        else:
            self.optional(body, part.most - part.least, lazy=part.how == "?")

    def endless(self, body: Part, *, lazy: bool) -> None:
        slot, self.slots = self.slots, self.slots + 1
        top = len(self.code)
        split = self.add(Instruction(Op.SPLIT))
        self.add(Instruction(Op.MARK, a=slot))
        self.emit(body)
        moved = self.add(Instruction(Op.MOVED, a=slot))
        self.add(Instruction(Op.JUMP, a=top))
        moved.b = len(self.code)
        split.a, split.b = (len(self.code), top + 1) if lazy else (top + 1, len(self.code))

    def optional(self, body: Part, times: int, *, lazy: bool) -> None:
        splits: list[tuple[Instruction, int]] = []
        for _ in range(times):
            split = self.add(Instruction(Op.SPLIT))
            splits.append((split, len(self.code)))
            self.emit(body)
        for split, inside in splits:
            split.a, split.b = (len(self.code), inside) if lazy else (inside, len(self.code))


def _word(text: str, at: int) -> bool:
    return 0 <= at < len(text) and (text[at].isalnum() or text[at] == "_")


_POSITIONS: dict[str, Callable[[str, int], bool]] = {
    "^": lambda _text, at: at == 0,
    "A": lambda _text, at: at == 0,
    "m^": lambda text, at: at == 0 or text[at - 1] == "\n",
    "$": lambda text, at: at == len(text) or (at == len(text) - 1 and text[at] == "\n"),
    "Z": lambda text, at: at == len(text) or (at == len(text) - 1 and text[at] == "\n"),
    "m$": lambda text, at: at == len(text) or text[at] == "\n",
    "z": lambda text, at: at == len(text),
    "b": lambda text, at: _word(text, at - 1) != _word(text, at),
    "B": lambda text, at: _word(text, at - 1) == _word(text, at),
}


_GOING = frozenset({Op.JUMP, Op.MOVED})


def _target(one: Instruction, pc: int, at: int, slots: Slots) -> int:
    """Where a jump goes on; a turn of a repetition that took nothing is its last."""
    if one.op is Op.JUMP:
        return one.a
    return pc + 1 if slots[one.a] != at else one.b


class Machine:
    """Runs a program on one text. The stack holds what is left to try: (instruction, position, slots, bound, direction)."""

    def __init__(self, run: Run, text: str) -> None:
        self.run = run
        self.text = text

    def match(self, program: tuple[Instruction, ...], start: int, slots: Slots, whole: bool = False) -> tuple[int, Slots] | None:
        """The end and the slots of the first way to match at `start`, `whole` up to the end of the text."""
        stack: list[tuple[int, int, Slots, int, int]] = [(0, start, slots, 0, 0)]
        steps = 0
        while stack:
            pc, at, slots, bound, direction = stack.pop()
            if direction and at != bound:
                stack.append((pc, at + direction, slots, bound, direction))
            while True:
                steps += 1
                if steps & 63 == 0:
                    self._pay(len(stack))
                one = program[pc]
                if one.op is Op.MATCH and (not whole or at == len(self.text)):
                    return at, slots
                if one.op is Op.SPLIT:
                    stack.append((one.b, at, slots, 0, 0))
                    pc = one.a
                elif one.op is Op.LOOP:
                    end = self._loop(one, pc, at, slots, stack)
                    if end < 0:
                        break
                    pc, at = pc + 1, end
                else:
                    moved = self._step(one, at, slots)
                    if moved is None:
                        break
                    at, slots = moved
                    pc = _target(one, pc, at, slots) if one.op in _GOING else pc + 1
        return None

    def _pay(self, waiting: int) -> None:
        self.run.spend_on_pattern(64)
        if waiting > MOST_STACK:
            raise LimitReached("a pattern has too many ways to match this text; make it more specific")

    def _loop(self, one: Instruction, pc: int, at: int, slots: Slots, stack: list[tuple[int, int, Slots, int, int]]) -> int:
        found = one.regex.match(self.text, at) if one.regex else None
        if found is None:
            return -1
        end, low = found.end(), at + one.a
        self.run.spend(end - at >> 6)
        if one.text == "?":
            if low < end:
                stack.append((pc + 1, low + 1, slots, end, 1))
            return low
        if not one.text and low < end:
            stack.append((pc + 1, end - 1, slots, low, -1))
        return end

    def _step(self, one: Instruction, at: int, slots: Slots) -> tuple[int, Slots] | None:
        match one.op:
            case Op.TEXT:
                return (at + len(one.text), slots) if self.text.startswith(one.text, at) else None
            case Op.ONE:
                found = one.regex.match(self.text, at) if one.regex else None
                return (found.end(), slots) if found else None
            case Op.SAVE | Op.MARK:
                return at, (*slots[: one.a], at, *slots[one.a + 1 :])
            case Op.AT:
                return (at, slots) if _POSITIONS[one.text](self.text, at) else None
            case Op.BACK:
                return self._back(one.a, at, slots)
            case Op.LOOK:
                return self._look(one, at, slots)
            case Op.ATOMIC:
                return self.match(one.inner, at, slots)
            case Op.JUMP | Op.MOVED:
                return at, slots
            case _:
                return None

    def _back(self, group: int, at: int, slots: Slots) -> tuple[int, Slots] | None:
        start, end = slots[2 * group : 2 * group + 2] if 2 * group + 1 < len(slots) else (-1, -1)
        if start < 0 or end < 0 or not self.text.startswith(self.text[start:end], at):
            return None
        self.run.spend(end - start >> 6)
        return at + end - start, slots

    def _look(self, one: Instruction, at: int, slots: Slots) -> tuple[int, Slots] | None:
        if one.a:
            found = self.match(one.inner, at, slots)
        else:
            before = Machine(self.run, self.text[:at])
            self.run.spend(at >> 6)
            tries = (before.match(one.inner, start, slots, whole=True) for start in range(at, max(-1, at - 200), -1))
            found = next((one_try for one_try in tries if one_try is not None), None)
        if (found is None) is not bool(one.b):
            return None
        return at, slots if found is None else found[1]


class Pattern:
    """A compiled pattern; matching spends steps of the run."""

    def __init__(self, source: str) -> None:
        parsed = PatternParser(source).parse()
        compiler = Compiler(parsed)
        self.source = source
        self.names = parsed.names
        self.groups = parsed.groups
        self.program = compiler.program(parsed.body)
        self.blank: Slots = (-1,) * compiler.slots
        first = self.program[0]
        self.prefix = first.text if first.op is Op.TEXT else ""
        self.first = first.regex if first.op is Op.ONE else None

    def search(self, run: Run, text: str, start: int = 0) -> Found | None:
        """The first match at or after `start`."""
        machine = Machine(run, text)
        at = self._candidate(text, start)
        while 0 <= at <= len(text):
            run.spend()
            found = machine.match(self.program, at, self.blank)
            if found:
                return self._found(text, at, found)
            at = self._candidate(text, at + 1)
        return None

    def _candidate(self, text: str, start: int) -> int:
        if self.prefix:
            return text.find(self.prefix, start)
        if self.first:
            found = self.first.search(text, start)
            return found.start() if found else -1
        return start

    def whole(self, run: Run, text: str) -> Found | None:
        """The match of the whole text."""
        found = Machine(run, text).match(self.program, 0, self.blank, whole=True)
        return self._found(text, 0, found) if found else None

    def all(self, run: Run, text: str) -> Iterator[Found]:
        at = 0
        while at <= len(text):
            found = self.search(run, text, at)
            if found is None:
                return
            yield found
            at = found.end if found.end > found.start else found.end + 1

    def _found(self, text: str, start: int, found: tuple[int, Slots]) -> Found:
        end, slots = found
        spans = tuple((slots[2 * one], slots[2 * one + 1]) for one in range(1, self.groups + 1))
        return Found(text, ((start, end), *spans), self.names)


@lru_cache(maxsize=256)
def pattern(source: str) -> Pattern:
    """The compiled pattern; raises a Fault that says what is wrong with it."""
    return Pattern(source)
