"""Characters in Java's patterns: escapes, and classes with ranges, classes inside classes and `&&`, in Python's notation."""

import re

from rules import limits
from rules.limits import Fault

_CLASSES = {"d": "0-9", "w": "a-zA-Z0-9_", "s": " \\t\\n\\x0b\\f\\r", "h": " \\t\u00a0"}
_NAMED = {
    "Alpha": "a-zA-Z", "Digit": "0-9", "Alnum": "a-zA-Z0-9", "Upper": "A-Z", "Lower": "a-z", "Lu": "A-Z\u00c0-\u00d6\u00d8-\u00de",
    "Ll": "a-z\u00df-\u00f6\u00f8-\u00ff", "Punct": "!-/:-@\\[-`{-~", "Space": " \\t\\n\\x0b\\f\\r", "XDigit": "0-9a-fA-F",
    "L": "a-zA-Z\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02c1\u0370-\u03ff\u0400-\u052f\u0531-\u0587\u05d0-\u05ea"
    "\u0620-\u064a\u0900-\u0dff\u0e00-\u0e30\u10a0-\u10ff\u1e00-\u1fff\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3",
    "N": "0-9", "ASCII": "\\x00-\\x7f",
}  # fmt: skip
_SINGLE = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "e": "\x1b", "a": "\x07"}


class CharacterParser:
    """A position in the pattern, and the reading of single characters."""

    def __init__(self, source: str) -> None:
        if len(source) > limits.PATTERN:
            raise Fault(f"a pattern may have {limits.PATTERN} characters, not {len(source)}")
        self.source = source
        self.at = 0
        self.flags: set[str] = set()
        self.inside = 0

    def _bad(self, reason: str) -> Fault:
        return Fault(f"the pattern /{self.source[:60]}/ cannot be used: {reason} (at character {self.at + 1})", "PatternSyntaxException")

    def _peek(self, count: int = 1) -> str:
        return self.source[self.at : self.at + count]

    def _accept(self, text: str) -> bool:
        if self.source.startswith(text, self.at):
            self.at += len(text)
            return True
        return False

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

    def character_class(self) -> str:
        """The class behind its `[`, as something that takes one character."""
        self.inside += 1
        if self.inside > 10:
            raise self._bad("character classes are nested too deeply")
        negated = self._accept("^")
        sides = [self._side(first=True)]
        while self._accept("&&"):
            sides.append(self._side(first=False))
        self.at += 1
        self.inside -= 1
        if len(sides) == 1 and not sides[0][1]:
            return f"[{'^' if negated else ''}{sides[0][0]}]"
        options = ["|".join([*([f"[{plain}]"] if plain else []), *inner]) for plain, inner in sides]
        found = "".join(f"(?={one})" for one in options[1:]) + f"(?:{options[0]})"
        return f"(?:(?!{found})[\\s\\S])" if negated else f"(?:{found})"

    def _side(self, *, first: bool) -> tuple[str, list[str]]:
        """One side of `&&`: its own characters, and the classes in it."""
        plain: list[str] = []
        inner: list[str] = []
        while first or not (self._peek() == "]" or self._peek(2) == "&&"):
            if self.at >= len(self.source):
                raise self._bad("a character class is never closed with ']'")
            if self._accept("["):
                inner.append(self.character_class())
            else:
                plain.append(self._class_item(inner))
            first = False
        return "".join(plain), inner

    def _class_item(self, inner: list[str]) -> str:
        low = self._class_character(inner)
        if len(low) != 1:
            return low
        if self._peek() != "-" or self._peek(2) in ("-]", "-", "-["):
            return re.escape(low)
        self.at += 1
        high = self._class_character(inner)
        if len(high) != 1 or high < low:
            raise self._bad("the range in a character class is the wrong way round")
        return f"{re.escape(low)}-{re.escape(high)}"

    def _class_character(self, inner: list[str]) -> str:
        """One character, or the body of a class such as `\\d`; a negated one goes to the inner classes."""
        char = self._peek()
        self.at += 1
        if char != "\\":
            return char
        char = self._peek()
        self.at += 1
        body = self._shorthand(char)
        if body.startswith("^"):
            inner.append(f"[{body}]")
            return ""
        return body or self._character(char)
