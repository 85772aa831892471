"""Source text to tokens. Line ends are tokens, but not inside `(` and `[`."""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from rules import limits
from rules.strings_scan import Piece, TextScan


class Kind(StrEnum):
    NAME = "name"
    NUMBER = "number"
    TEXT = "text"
    OPERATOR = "operator"
    NEWLINE = "line end"
    END = "end of script"


class SyntaxFault(Exception):
    """The source cannot be read at `at`."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.message = message
        self.at = at


@dataclass(slots=True)
class Token:
    """`parts` of a text: strings, and token runs for what is interpolated. `spaced`: white space came before."""

    kind: Kind
    text: str
    at: int
    spaced: bool = False
    number: int | Decimal | float = 0
    parts: "tuple[str | tuple[Token, ...], ...]" = ()

    def is_(self, *texts: str) -> bool:
        return self.text in texts and self.kind in (Kind.OPERATOR, Kind.NAME)


_SPACE = re.compile(r"(?:[ \t\f\r\u00a0\ufeff]|\\\r?\n|//[^\n]*|/\*(?:[^*]|\*(?!/))*+\*/)+")
_NAME = re.compile(r"(?:[^\W\d]|\$(?=[\w$]))[\w$]*")
_INTERPOLATED = re.compile(r"[^\W\d]\w*")
_NUMBER = re.compile(r"0[xX][0-9a-fA-F_]+[lLiIgG]?|0[bB][01_]+[lLiIgG]?|\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?[lLiIgGdDfF]?")
_OPERATOR = re.compile(
    r"!in\b|!instanceof\b|<=>|==~|===|!==|\*\*=|\.\.\.|\.\.<|<\.\.<|<\.\.|<<=|>>>=|>>=|\*\.|\?\.|\?:|\?=|\?\[|->|\+\+|--|&&|\|\||==|!=|<=|"
    r">=|=~|<<|\+=|-=|\*=|/=|%=|&=|\|=|\^=|\*\*|\.\.|\.&|\.@|::|[-+*/%=<>!?:.,;@~|&^(){}\[\]]"
)
_OPEN = {"(": ")", "[": "]", "?[": "]", "{": "}"}
MOST_FAULTS = 20
_BEFORE_VALUE = {"return", "in", "case", "throw", "else", "as", "instanceof", "new", "assert", "do"}


class Lexer:
    """Reads `source` from `start` to its end or, for an interpolation, to the `}` that closes it."""

    def __init__(self, source: str, start: int = 0, inside: int = 0) -> None:
        if inside > limits.NESTING // 5:
            raise SyntaxFault("texts are nested too deeply in interpolations", start)
        self.source = source
        self.at = start
        self.inside = inside
        self.open: list[tuple[str, int]] = []
        self.tokens: list[Token] = []
        self.faults: list[SyntaxFault] = []

    def run(self) -> tuple[Token, ...]:
        if self.at == 0 and self.source.startswith("#!"):
            self.at = max(self.source.find("\n"), 0) or len(self.source)
        while True:
            spaced = self._skip_space()
            if self.at >= len(self.source):
                self._finish()
                break
            if self.inside and not self.open and self.source[self.at] == "}":
                break
            if self.inside:
                self._one(spaced)
            else:
                self._one_or_line(spaced)
        self.tokens.append(Token(Kind.END, "end of script", self.at))
        return tuple(self.tokens)

    def _one_or_line(self, spaced: bool) -> None:
        """The next token; where it cannot be read, the rest of its line is passed over, so that later errors are found, too."""
        start, before = self.at, len(self.open)
        try:
            self._one(spaced)
        except SyntaxFault as fault:
            lines_long = self.source.startswith(("'''", '"""', "/", "$/"), start)
            if lines_long or len(self.open) != before or len(self.faults) >= MOST_FAULTS:
                raise
            self.faults.append(fault)
            self.tokens.append(Token(Kind.TEXT, "''", start, spaced))
            line = self.source.rfind("\n", 0, start) + 1
            while self.open and self.open[-1][1] >= line and self.open[-1][0] != "{":
                self.open.pop()
            end = self.source.find("\n", start)
            self.at = len(self.source) if end < 0 else end

    def _finish(self) -> None:
        if self.faults:
            return
        if self.open:
            bracket, at = self.open[-1]
            raise SyntaxFault(f"{bracket!r} is never closed", at)
        if self.inside:
            raise SyntaxFault("the interpolation '${' is never closed", self.at)

    def _skip_space(self) -> bool:
        found = _SPACE.match(self.source, self.at)
        if found is None:
            return self.at == 0
        self.at = found.end()
        return True

    def _one(self, spaced: bool) -> None:
        char = self.source[self.at]
        if char == "\n":
            if (not self.open or self.open[-1][0] == "{") and not (self.tokens and self.tokens[-1].kind is Kind.NEWLINE):
                self.tokens.append(Token(Kind.NEWLINE, "line end", self.at))
            self.at += 1
        elif char in "'\"" or (char == "/" and not self._after_value()) or (char == "$" and self._dollar_slashy()):
            self._text(spaced)
        elif (found := _NAME.match(self.source, self.at)) is not None:
            self._add(Kind.NAME, found.group(), spaced)
        elif char.isdigit():
            self._number(spaced)
        else:
            self._operator(spaced)

    def _add(self, kind: Kind, text: str, spaced: bool, number: Decimal | float = 0) -> None:
        self.tokens.append(Token(kind, text, self.at, spaced, number))
        self.at += len(text)

    def _after_value(self) -> bool:
        if not self.tokens:
            return False
        last = self.tokens[-1]
        if last.kind is Kind.NAME:
            return last.text not in _BEFORE_VALUE
        return last.kind in (Kind.NUMBER, Kind.TEXT) or last.is_(")", "]", "}", "++", "--")

    def _dollar_slashy(self) -> bool:
        return self.source.startswith("$/", self.at) and not self._after_value()

    def _number(self, spaced: bool) -> None:
        found = _NUMBER.match(self.source, self.at)
        if found is None or len(found.group()) > 60 or not found.group().isascii():
            raise SyntaxFault("this number cannot be read", self.at)
        text = found.group()
        bare = text.replace("_", "")
        based = {"0x": 16, "0b": 2}.get(bare[:2].lower())
        if based is None and re.fullmatch(r"0[0-7]+[lLiIgG]?", bare):
            based = 8
        if based:
            digits = bare.rstrip("lLiIgG")
            if len(digits) <= 2 and based != 8:
                raise SyntaxFault(f"the number {text} has no digits", self.at)
            self._add(Kind.NUMBER, text, spaced, int(digits, based))
            return
        digits = bare.rstrip("lLiIgGdDfF")
        whole = digits.isdigit() and bare[-1] not in "dDfF"
        number = int(digits) if whole else self._decimal(digits)
        if bare[-1] in "dDfF":
            number = float(number)
        self._add(Kind.NUMBER, text, spaced, number)

    def _decimal(self, digits: str) -> Decimal:
        power = digits.lower().partition("e")[2]
        if len(power) > 5 or abs(Decimal(digits).adjusted()) > 300:
            raise SyntaxFault(f"the number {digits} is too large or too small", self.at)
        return Decimal(digits)

    def _operator(self, spaced: bool) -> None:
        if self.source.startswith("/*", self.at):
            raise SyntaxFault("this comment is never closed with '*/'", self.at)
        found = _OPERATOR.match(self.source, self.at)
        if found is None:
            raise SyntaxFault(f"the character {self.source[self.at]!r} has no meaning here", self.at)
        text = found.group()
        if text in _OPEN:
            self.open.append((text, self.at))
        elif text in _OPEN.values():
            self._close(text)
        self._add(Kind.OPERATOR, text, spaced)

    def _close(self, text: str) -> None:
        if not self.open:
            raise SyntaxFault(f"{text!r} closes nothing", self.at)
        bracket, at = self.open.pop()
        if _OPEN[bracket] != text:
            line = self.source.count("\n", 0, at) + 1
            raise SyntaxFault(f"{text!r} does not close the {bracket!r} of line {line}", self.at)

    def _text(self, spaced: bool) -> None:
        start = self.at
        scan = TextScan(self.source, start)
        pieces, self.at = scan.run(self._interpolation)
        if scan.error:
            raise SyntaxFault(scan.error, start)
        parts = tuple(one.text if one.tokens is None else one.tokens for one in pieces)
        self.tokens.append(Token(Kind.TEXT, self.source[start : self.at], start, spaced, 0, parts))

    def _interpolation(self, at: int) -> "Piece[Token]":
        if self.source[at] == "{":
            inner = Lexer(self.source, at + 1, self.inside + 1)
            tokens = inner.run()
            return Piece("", tokens, inner.at + 1)
        names: list[Token] = []
        while (found := _INTERPOLATED.match(self.source, at)) is not None:
            names.append(Token(Kind.NAME, found.group(), at))
            at = found.end()
            if self.source[at : at + 1] != "." or _INTERPOLATED.match(self.source, at + 1) is None:
                break
            names.append(Token(Kind.OPERATOR, ".", at))
            at += 1
        names.append(Token(Kind.END, "end of interpolation", at))
        return Piece("", tuple(names), at)
