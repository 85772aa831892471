"""Regular expressions in Java's notation, read into a tree."""

import re
from dataclasses import dataclass

from rules.library.pattern_class import CharacterParser

DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Part:
    pass


@dataclass(frozen=True, slots=True)
class Literal(Part):
    text: str


@dataclass(frozen=True, slots=True)
class OneOf(Part):
    """A single character; `body` is the class in Python's notation, brackets included."""

    body: str


@dataclass(frozen=True, slots=True)
class At(Part):
    """A position: `^`, `$`, `b`, `B`, `A`, `z`, `Z`."""

    kind: str


@dataclass(frozen=True, slots=True)
class Back(Part):
    group: int


@dataclass(frozen=True, slots=True)
class Group(Part):
    """`number` is 0 where nothing is captured."""

    body: Part
    number: int


@dataclass(frozen=True, slots=True)
class Atomic(Part):
    """`(?>...)`: what it took is not given back."""

    body: Part


@dataclass(frozen=True, slots=True)
class Flagged(Part):
    """`(?i:...)`: a part with flags of its own."""

    body: Part
    ignore_case: bool
    lines: bool


@dataclass(frozen=True, slots=True)
class Look(Part):
    body: Part
    ahead: bool
    negative: bool


@dataclass(frozen=True, slots=True)
class Sequence(Part):
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Choice(Part):
    options: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Repeat(Part):
    """`most` is None without an upper bound; `how` is empty (greedy), `?` or `+`."""

    body: Part
    least: int
    most: int | None
    how: str


@dataclass(frozen=True, slots=True)
class Parsed:
    body: Part
    groups: int
    names: dict[str, int]
    flags: frozenset[str]


class PatternParser(CharacterParser):
    def __init__(self, source: str) -> None:
        super().__init__(source)
        self.groups = 0
        self.names: dict[str, int] = {}
        self.depth = 0

    def parse(self) -> Parsed:
        body = self._choice()
        if self.at < len(self.source):
            raise self._bad("')' closes nothing")
        return Parsed(body, self.groups, self.names, frozenset(self.flags))

    def _choice(self) -> Part:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self._bad("groups are nested too deeply")
        options = [self._sequence()]
        while self._accept("|"):
            options.append(self._sequence())
        self.depth -= 1
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def _sequence(self) -> Part:
        parts: list[Part] = []
        while self._more():
            part = self._repeated(self._atom())
            if isinstance(part, Literal) and parts and isinstance(parts[-1], Literal):
                parts[-1] = Literal(parts[-1].text + part.text)
            else:
                parts.append(part)
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _more(self) -> bool:
        """True before another part; with the flag `x`, white space and comments mean nothing."""
        if "x" in self.flags and (blank := re.compile(r"(?:\s|#[^\n]*)+").match(self.source, self.at)):
            self.at = blank.end()
        return self.at < len(self.source) and self._peek() not in "|)"

    def _repeated(self, atom: Part) -> Part:
        if not self._quantified():
            return atom
        least, most = self._bounds()
        how = "?" if self._accept("?") else "+" if self._accept("+") else ""
        if self._quantified():
            raise self._bad("a repetition cannot be repeated")
        if isinstance(atom, At | Look):
            raise self._bad("a position cannot be repeated")
        return Repeat(atom, least, most, how)

    def _quantified(self) -> bool:
        return self._peek() in ("*", "+", "?") or re.compile(r"\{\d").match(self.source, self.at) is not None

    def _bounds(self) -> tuple[int, int | None]:
        for sign, bounds in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self._accept(sign):
                return bounds
        found = re.compile(r"\{(\d{1,4})(,?)(\d{0,4})\}").match(self.source, self.at)
        if found is None:
            raise self._bad("these repetition bounds cannot be read")
        self.at = found.end()
        least = int(found[1])
        most = least if not found[2] else int(found[3]) if found[3] else None
        if most is not None and most < least:
            raise self._bad("the upper bound is below the lower one")
        return least, most

    def _atom(self) -> Part:
        char = self._peek()
        self.at += 1
        match char:
            case "(":
                return self._group()
            case "[":
                return OneOf(self.character_class())
            case ".":
                return OneOf("[\\s\\S]" if "s" in self.flags else "[^\\n\\r\u0085\u2028\u2029]")
            case "^" | "$":
                return At(char)
            case "\\":
                return self._escape()
            case "*" | "+" | "?":
                raise self._bad(f"{char!r} repeats nothing")
            case _:
                return Literal(char)

    def _group(self) -> Part:
        if found := re.compile(r"\?([ismux]+)\)").match(self.source, self.at):
            self.at = found.end()
            self.flags |= set(found[1])
            return Sequence(())
        if found := re.compile(r"\?([ismux]*)(?:-([ismux]+))?:").match(self.source, self.at):
            self.at = found.end()
            return self._flagged(set(found[1]), set(found[2] or ""))
        if self._accept("?>"):
            return self._closed(Atomic(self._choice()))
        for opening, ahead, negative in (("?=", True, False), ("?!", True, True), ("?<=", False, False), ("?<!", False, True)):
            if self._accept(opening):
                return self._closed(Look(self._choice(), ahead, negative))
        self.groups += 1
        number = self.groups
        if found := re.compile(r"\?<([a-zA-Z][a-zA-Z0-9]*)>").match(self.source, self.at):
            self.names[found[1]] = number
            self.at = found.end()
        elif self._peek() == "?":
            raise self._bad("this kind of group is not available")
        return self._closed(Group(self._choice(), number))

    def _flagged(self, on: set[str], off: set[str]) -> Part:
        """A group with flags of its own, or none: `(?i:...)`, `(?:...)`."""
        before = set(self.flags)
        self.flags = (self.flags | on) - off
        body = self._choice()
        inside, self.flags = self.flags, before
        if not on and not off:
            self.flags = inside
            return self._closed(Group(body, 0))
        return self._closed(Flagged(body, "i" in inside, "m" in inside))

    def _closed(self, part: Part) -> Part:
        if not self._accept(")"):
            raise self._bad("a group is never closed with ')'")
        return part

    def _escape(self) -> Part:
        char = self._peek()
        self.at += 1
        if char in "bBAzZ" and char:
            return At(char)
        if char == "Q":
            end = self.source.find("\\E", self.at)
            end = len(self.source) if end < 0 else end
            text, self.at = self.source[self.at : end], end + 2
            return Literal(text) if text else Sequence(())
        if char == "R":
            return Choice((Literal("\r\n"), OneOf("[\\n\\r]")))
        if char.isdigit() and char != "0":
            return Back(int(char))
        if char == "k" and (found := re.compile(r"<(\w+)>").match(self.source, self.at)):
            self.at = found.end()
            return Back(self.names.get(found[1], 0))
        body = self._shorthand(char)
        return OneOf(f"[{body}]") if body else Literal(self._character(char))
