"""Regular expressions in Java's notation, read into a tree."""

import re
from dataclasses import dataclass

from rules import limits
from rules.limits import Fault

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


_CLASSES = {"d": "0-9", "w": "a-zA-Z0-9_", "s": " \\t\\n\\x0b\\f\\r", "h": " \\t\u00a0"}
_NAMED = {
    "Alpha": "a-zA-Z", "Digit": "0-9", "Alnum": "a-zA-Z0-9", "Upper": "A-Z", "Lower": "a-z", "Lu": "A-Z\u00c0-\u00d6\u00d8-\u00de",
    "Ll": "a-z\u00df-\u00f6\u00f8-\u00ff", "Punct": "!-/:-@\\[-`{-~", "Space": " \\t\\n\\x0b\\f\\r", "XDigit": "0-9a-fA-F",
    "L": "a-zA-Z\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02c1\u0370-\u03ff\u0400-\u052f\u0531-\u0587\u05d0-\u05ea"
    "\u0620-\u064a\u0900-\u0dff\u0e00-\u0e30\u10a0-\u10ff\u1e00-\u1fff\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3",
    "N": "0-9", "ASCII": "\\x00-\\x7f",
}  # fmt: skip
_SINGLE = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "e": "\x1b", "a": "\x07"}


class PatternParser:
    def __init__(self, source: str) -> None:
        if len(source) > limits.PATTERN:
            raise Fault(f"a pattern may have {limits.PATTERN} characters, not {len(source)}")
        self.source = source
        self.at = 0
        self.groups = 0
        self.names: dict[str, int] = {}
        self.flags: set[str] = set()
        self.depth = 0

    def parse(self) -> Parsed:
        body = self._choice()
        if self.at < len(self.source):
            raise self._bad("')' closes nothing")
        return Parsed(body, self.groups, self.names, frozenset(self.flags))

    def _bad(self, reason: str) -> Fault:
        return Fault(f"the pattern /{self.source[:60]}/ cannot be used: {reason} (at character {self.at + 1})", "PatternSyntaxException")

    def _peek(self, count: int = 1) -> str:
        return self.source[self.at : self.at + count]

    def _accept(self, text: str) -> bool:
        if self.source.startswith(text, self.at):
            self.at += len(text)
            return True
        return False

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
        while self.at < len(self.source) and self._peek() not in "|)":
            part = self._repeated(self._atom())
            if isinstance(part, Literal) and parts and isinstance(parts[-1], Literal):
                parts[-1] = Literal(parts[-1].text + part.text)
            else:
                parts.append(part)
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

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
                return OneOf(f"[{self._class()}]")
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
        if found := re.compile(r"\?([ismu]+)\)").match(self.source, self.at):
            self.at = found.end()
            self.flags |= set(found[1])
            return Sequence(())
        for opening, ahead, negative in (("?=", True, False), ("?!", True, True), ("?<=", False, False), ("?<!", False, True)):
            if self._accept(opening):
                return self._closed(Look(self._choice(), ahead, negative))
        if self._accept("?:"):
            return self._closed(Group(self._choice(), 0))
        self.groups += 1
        number = self.groups
        if found := re.compile(r"\?<([a-zA-Z][a-zA-Z0-9]*)>").match(self.source, self.at):
            self.names[found[1]] = number
            self.at = found.end()
        elif self._peek() == "?":
            raise self._bad("this kind of group is not available")
        return self._closed(Group(self._choice(), number))

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

    def _shorthand(self, char: str) -> str:
        """The class body of `\\d` and the like, empty where the escape means a character."""
        if char in _CLASSES:
            return _CLASSES[char]
        if char.lower() in _CLASSES and char.isupper():
            return f"^{_CLASSES[char.lower()]}"
        if char in ("p", "P"):
            found = re.compile(r"\{(?:Is)?(\w+)\}").match(self.source, self.at)
            if found is None or found[1] not in _NAMED:
                raise self._bad("this \\p class is not available")
            self.at = found.end()
            return _NAMED[found[1]] if char == "p" else f"^{_NAMED[found[1]]}"
        return ""

    def _character(self, char: str) -> str:
        if char in ("x", "u"):
            digits = self._peek(2 if char == "x" else 4)
            if not re.fullmatch(r"[0-9a-fA-F]{2}|[0-9a-fA-F]{4}", digits):
                raise self._bad(f"\\{char} needs hexadecimal digits")
            self.at += len(digits)
            return chr(int(digits, 16))
        if char in _SINGLE:
            return _SINGLE[char]
        if not char or char.isalnum():
            raise self._bad(f"the escape '\\{char}' is not available")
        return char

    def _class(self) -> str:
        body = ["^"] if self._accept("^") else []
        first = True
        while first or self._peek() != "]":
            if self.at >= len(self.source):
                raise self._bad("a character class is never closed with ']'")
            if self._peek() == "[" or self._peek(2) == "&&":
                raise self._bad("a character class inside another is not available")
            body.append(self._class_item())
            first = False
        self.at += 1
        return "".join(body)

    def _class_item(self) -> str:
        low = self._class_character()
        if len(low) != 1:
            return low
        if self._peek() != "-" or self._peek(2) in ("-]", "-"):
            return re.escape(low)
        self.at += 1
        high = self._class_character()
        if len(high) != 1 or high < low:
            raise self._bad("the range in a character class is the wrong way round")
        return f"{re.escape(low)}-{re.escape(high)}"

    def _class_character(self) -> str:
        char = self._peek()
        self.at += 1
        if char != "\\":
            return char
        char = self._peek()
        self.at += 1
        body = self._shorthand(char)
        if body.startswith("^"):
            return f"\\{char}" if char in "DWS" else self._no_negation()
        return body or self._character(char)

    def _no_negation(self) -> str:
        raise self._bad("this negated class is not available inside another class")
