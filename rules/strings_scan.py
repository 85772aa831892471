"""The inside of text literals: single, double, triple and slashy quotes, escapes, and where interpolations start."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "\\": "\\", "'": "'", '"': '"', "$": "$", "s": " "}


@dataclass(frozen=True, slots=True)
class Piece(Generic[T]):
    """Plain text, or the tokens of an interpolation; `end` is where reading goes on."""

    text: str
    tokens: tuple[T, ...] | None = None
    end: int = 0


class TextScan:
    """One literal that starts at `start`; `error` says what is wrong with it, empty when nothing is."""

    def __init__(self, source: str, start: int) -> None:
        self.source = source
        self.at = start
        self.error = ""
        quote = source[start]
        triple = quote in "'\"" and source.startswith(quote * 3, start)
        self.dollar = quote == "$"
        self.opening = "$/" if self.dollar else quote * 3 if triple else quote
        self.quote = "/$" if self.dollar else self.opening
        self.slashy = quote in "/$"
        self.dynamic = quote != "'"
        self.many_lines = triple or self.slashy
        self.plain: list[str] = []

    def run(self, interpolation: Callable[[int], Piece[T]]) -> tuple[list[Piece[T]], int]:
        """The pieces and the offset behind the closing quote."""
        pieces: list[Piece[T]] = []
        self.at += len(self.opening)
        while not self.error and not self.source.startswith(self.quote, self.at):
            if self.at >= len(self.source) or (self.source[self.at] == "\n" and not self.many_lines):
                self.error = f"this text is never closed with {self.quote}"
            elif self._interpolates():
                self._flush(pieces)
                pieces.append(interpolation(self.at + 1))
                self.at = pieces[-1].end
            else:
                self._char()
        self._flush(pieces)
        return pieces, self.at + len(self.quote)

    def _flush(self, pieces: list[Piece[T]]) -> None:
        if self.plain:
            pieces.append(Piece("".join(self.plain)))
            self.plain = []

    def _interpolates(self) -> bool:
        if not self.dynamic or self.source[self.at] != "$":
            return False
        following = self.source[self.at + 1 : self.at + 2]
        if following == "{" or following.isalpha() or following == "_":
            return True
        if not self.slashy:
            self.error = "a '$' in a text with double quotes starts an interpolation; write \\$ for the sign itself"
        return False

    def _char(self) -> None:
        char = self.source[self.at]
        self.at += 1
        if char == "$" and self.dollar:
            if self.source[self.at : self.at + 1] in ("$", "/") and not self.source.startswith("/$", self.at):
                char = self.source[self.at]
                self.at += 1
        elif char == "\\" and self.slashy:
            char = self._slashy_escape()
        elif char == "\\":
            char = self._escape()
        elif char == "\r" and self.source.startswith("\n", self.at):
            char = ""
        self.plain.append(char)

    def _slashy_escape(self) -> str:
        """What a backslash means between slashes: only a slash, a line end and a unicode escape are special."""
        if self.source.startswith("/", self.at) and not self.dollar:
            self.at += 1
            return "/"
        if self.source.startswith("u", self.at):
            return self._escape()
        return "\\"

    def _escape(self) -> str:
        char = self.source[self.at : self.at + 1]
        self.at += 1
        if char == "\n":
            return ""
        if char == "u":
            digits = self.source[self.at : self.at + 4]
            self.at += 4
            if len(digits) == 4 and all(one in "0123456789abcdefABCDEF" for one in digits):
                return chr(int(digits, 16))
            self.error = "\\u needs four hexadecimal digits"
            return ""
        if char not in _ESCAPES:
            self.error = f"'\\{char}' is no escape; write '\\\\{char}' for a backslash, or use /slashes/ for a pattern"
            return ""
        return _ESCAPES[char]
