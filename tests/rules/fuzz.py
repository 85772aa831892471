"""Throws programs at the language: `python -m tests.rules.fuzz --inputs 200000 --seed 1`.

Half of the inputs are programs of the grammar, broken in half of the cases; the rest are the cases and attempts to break out, mixed and
mutated token by token and byte by byte. Nothing but the language's own errors may come out, within the time a run has, and no value may be
anything but the language's.
"""

import argparse
import faulthandler
import random
import re
import string
import sys
from collections import Counter
from decimal import Decimal
from time import monotonic

from rules import Limits, RuleErrors, compile_rule
from rules.limits import Raised
from rules.state import Run
from rules.values import Host, Value
from tests.rules.chunks import chunks
from tests.rules.conftest import surroundings
from tests.rules.escapes import ESCAPES
from tests.rules.grammar import Grammar
from tests.rules.play import BARE

LIMITS = Limits(steps=30_000, text=20_000, items=5_000, allocated=500_000, pattern_steps=60_000, seconds=5)
LONGEST = 10.0
_TOKENS = re.compile(r"\w+|\s+|[^\w\s]")
_NASTY = (
    "__class__", "__globals__", "${", "}", "'''", '"""', "/*", "$/", "\\", "\0", "\ud7ff", "1e999", "9" * 40, "-1", "0x", "..<", "?.", "*.",
    ".&", "->", "<<", ">>>", "it", "this", "super", "new ", "as ", "in ", "[:]", "(((", "]]]", "{{{", "é", "\u2028", "==~ /(a+)+$/",
)  # fmt: skip


class Broken(Exception):
    """Something came out that may not."""


def values_of(value: Value) -> None:
    """Raises where a value is not one of the language's."""
    pending: list[object] = [value]
    seen = 0
    while pending and seen < 10_000:
        one = pending.pop()
        seen += 1
        if isinstance(one, dict):
            pending.extend(one)  # pyright: ignore[reportUnknownArgumentType]
            pending.extend(one.values())  # pyright: ignore[reportUnknownArgumentType]
        elif isinstance(one, list):
            pending.extend(one)  # pyright: ignore[reportUnknownArgumentType]
        elif one is not None and not isinstance(one, bool | int | float | Decimal | str | Host):
            raise Broken(f"{type(one)} came out")


def run_one(source: str) -> str:
    """What became of the program: `value`, or the kind of error. Anything else raises."""
    began = monotonic()
    try:
        program = compile_rule(source, "fuzz", BARE)
    except RuleErrors:
        return "refused"
    run = Run(surroundings(), {}, LIMITS, monotonic)
    run.binding["printed"] = ""
    try:
        values_of(program.main.call(run, None, []))
    except Raised as raised:
        return type(raised).__name__
    except RecursionError:
        return "RecursionError"
    finally:
        if monotonic() - began > LONGEST:
            raise Broken(f"took {monotonic() - began:.1f} s")
    return "value"


class Inputs:
    """Programs, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.known = [one.program for one in chunks()] + list(ESCAPES)

    def next(self) -> str:
        chosen = self.random.randrange(8)
        if chosen < 4:
            program = Grammar(self.random.randrange, 3).program()
            return program if chosen < 2 else self.mutated(program)
        if chosen < 6:
            return self.mutated(self.random.choice(self.known))
        if chosen < 7:
            return self.crossed(self.random.choice(self.known), self.random.choice(self.known))
        return self.bytes()

    def mutated(self, program: str) -> str:
        tokens = _TOKENS.findall(program)
        for _ in range(1 + self.random.randrange(4)):
            at = self.random.randrange(len(tokens) + 1)
            match self.random.randrange(5):
                case 0:
                    tokens.insert(at, self.random.choice(_NASTY))
                case 1:
                    del tokens[at : at + 1]
                case 2:
                    tokens.insert(at, self.random.choice(tokens or [""]))
                case 3:
                    tokens[at : at + 1] = [self.random.choice(_TOKENS.findall(self.random.choice(self.known)) or [""])]
                case _:
                    tokens[at : at + 1] = [self.random.choice(string.printable)]
        return "".join(tokens)

    def crossed(self, one: str, other: str) -> str:
        first, second = _TOKENS.findall(one), _TOKENS.findall(other)
        return "".join(first[: self.random.randrange(len(first) + 1)] + second[self.random.randrange(len(second) + 1) :])

    def bytes(self) -> str:
        data = self.random.randbytes(self.random.randrange(60))
        return data.decode("utf-8", errors="replace") if self.random.randrange(2) else data.decode("latin-1")


def fuzz(inputs: int, seed: int) -> Counter[str]:
    """How the inputs ended; raises Broken with the first that broke something."""
    source, ended = Inputs(seed), Counter[str]()
    for number in range(inputs):
        program = source.next()
        faulthandler.dump_traceback_later(2 * LONGEST, exit=True)
        try:
            ended[run_one(program)] += 1
        except Exception as problem:
            raise Broken(f"input {number} of seed {seed}: {type(problem).__name__}: {problem}\n{program!r}") from problem
    faulthandler.cancel_dump_traceback_later()
    return ended


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--inputs", type=int, default=10_000)
    wanted.add_argument("--seed", type=int, default=1)
    given = wanted.parse_args()
    began = monotonic()
    ended = fuzz(given.inputs, given.seed)
    sys.stdout.write(f"{given.inputs} inputs of seed {given.seed} in {monotonic() - began:.0f} s: {dict(ended)}\n")


if __name__ == "__main__":
    main()
