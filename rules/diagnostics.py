"""Where in a script something is wrong, and how a person is told."""

from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches
from typing import Literal

from model.errors import TwinlineError
from model.frozen import Frozen

SHOWN_WIDTH = 160
SHOWN_CALLS = 8


class Diagnostic(Frozen):
    """One finding; `line` and `column` start at 1.

    An error keeps the script from being used. A warning is what would fail only where the script gets there: a variable or a method
    that nothing here has, without a name near it. `code` names the kind of finding, `instead` the way that is offered.
    """

    line: int
    column: int
    message: str
    source_line: str
    file: str = ""
    severity: Literal["error", "warning"] = "error"
    code: str = "syntax"
    instead: str = ""

    def render(self, name: str) -> str:
        """The message with its place, the source line and a caret under the column."""
        start = max(0, self.column - SHOWN_WIDTH)
        shown = self.source_line[start : start + 2 * SHOWN_WIDTH]
        pointer = "".join(one if one == "\t" else " " for one in shown[: self.column - 1 - start])
        return f"{name}, line {self.line}, column {self.column}: {self.said}\n    {shown}\n    {pointer}^"

    @property
    def said(self) -> str:
        """The message with what to write instead, once."""
        return f"{self.message}; instead: {self.instead}" if self.instead not in self.message else self.message


class RuleErrors(TwinlineError):
    """A script that cannot be used; `diagnostics` has everything found, in source order, and the text the errors only."""

    def __init__(self, name: str, diagnostics: Iterable[Diagnostic]) -> None:
        self.name = name
        self.diagnostics = ordered(name, diagnostics)
        super().__init__("\n".join(one.render(name) for one in self.diagnostics if one.severity == "error"))


def ordered(name: str, found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The findings in source order, each once and with the script's name."""
    named = {one.model_copy(update={"file": name}): None for one in found}
    return tuple(sorted(named, key=lambda one: (one.line, one.column)))


def diagnose(
    source: str, offset: int, message: str, *, code: str = "syntax", severity: Literal["error", "warning"] = "error", instead: str = ""
) -> Diagnostic:
    """The diagnostic for a place given as a character offset."""
    offset = min(offset, len(source))
    start = source.rfind("\n", 0, offset) + 1
    end = source.find("\n", offset)
    line = source[start : len(source) if end < 0 else end]
    return Diagnostic(
        line=source.count("\n", 0, offset) + 1,
        column=offset - start + 1,
        message=message,
        source_line=line.rstrip("\r"),
        severity=severity,
        code=code,
        instead=instead,
    )


def call_chain(source: str, chain: Iterable[tuple[str, int]]) -> str:
    """Where the calls stand through which an error came, innermost first; empty where there were none."""
    shown = [f"called by {what} in line {source.count(chr(10), 0, at) + 1}" for what, at in chain]
    if len(shown) > SHOWN_CALLS:
        shown = [*shown[: SHOWN_CALLS // 2], f"and {len(shown) - SHOWN_CALLS} calls more", *shown[-SHOWN_CALLS // 2 :]]
    return "".join(f"\n    {one}" for one in shown)


def likeness(name: str, other: str) -> float:
    """From 0 to 1, without regard to capitals."""
    return SequenceMatcher(None, name.lower(), other.lower()).ratio()


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'?`, or nothing where no known name is near."""
    names = sorted(set(known))
    folded = {one.lower(): one for one in names}
    near = get_close_matches(name.lower(), folded, n=1, cutoff=0.72)
    return f"; did you mean {folded[near[0]]!r}?" if near else ""
