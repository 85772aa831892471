"""Jira Query Language, parsed: the part of it that people use in filters.

https://support.atlassian.com/jira-software-cloud/docs/use-advanced-search-with-jira-query-language-jql/
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

OPERATORS = ("=", "!=", "~", "!~", ">=", "<=", ">", "<")
NEGATIONS = {
    "=": "!=", "!=": "=", "~": "!~", "!~": "~", ">": "<=", "<=": ">", "<": ">=", ">=": "<",
    "in": "not in", "not in": "in", "is": "is not", "is not": "is", "was": "was not", "was not": "was",
    "was in": "was not in", "was not in": "was in", "changed": "not changed", "not changed": "changed",
}  # fmt: skip
HISTORY = ("was", "was not", "was in", "was not in", "changed", "not changed")
PREDICATES = ("after", "before", "by", "during", "from", "on", "to")
VALID_OPERATORS = (
    "'=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'NOT IN', 'IS', 'IS NOT', 'WAS', 'WAS IN', 'WAS NOT', 'WAS NOT IN' and 'CHANGED'"
)

_TOKEN = re.compile(r"""\s*(?:("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(!=|!~|>=|<=|[=~<>()!,])|(cf\[\d+\]|[^\s"'=~<>()!,]+))""")


class JqlError(Exception):
    """The query is wrong; `messages` are Jira's words."""

    def __init__(self, *messages: str) -> None:
        super().__init__(" ".join(messages))
        self.messages = list(messages)


@dataclass(frozen=True)
class Operand:
    """A value, or a call of a function when `arguments` is not None. `quoted` keeps "EMPTY" apart from EMPTY."""

    text: str
    arguments: tuple[str, ...] | None = None
    quoted: bool = False

    @property
    def empty(self) -> bool:
        return not self.quoted and self.text.lower() in {"empty", "null"}


@dataclass(frozen=True)
class Predicate:
    """What narrows a question about the past down, such as `AFTER -1d`."""

    name: str
    operands: tuple[Operand, ...]


@dataclass(frozen=True)
class Clause:
    field: str
    operator: str
    operands: tuple[Operand, ...]
    predicates: tuple[Predicate, ...] = ()


@dataclass(frozen=True)
class Group:
    joint: Literal["and", "or"]
    parts: tuple["Clause | Group", ...]


@dataclass(frozen=True)
class Query:
    """`where` is None for a query without a restriction; `order` holds field names, true for descending."""

    where: Clause | Group | None
    order: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class _Token:
    text: str
    position: int
    quoted: bool = False

    def says(self, *words: str) -> bool:
        return not self.quoted and self.text.lower() in words


def parse(text: str) -> Query:
    """The query; JqlError in Jira's words if it is none."""
    return _Parser(text).query()


def negated(node: Clause | Group) -> Clause | Group:
    match node:
        case Clause(field, operator, operands, predicates):
            return Clause(field, NEGATIONS[operator], operands, predicates)
        case Group(joint, parts):
            return Group("or" if joint == "and" else "and", tuple(map(negated, parts)))


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._at = 0

    def query(self) -> Query:
        where = None if not self._tokens or self._tokens[0].says("order") else self._either()
        order: list[tuple[str, bool]] = []
        if self._take("order"):
            self._expect("by")
            order.append(self._sort())
            while self._take(","):
                order.append(self._sort())
        if self._at < len(self._tokens):
            extra = self._tokens[self._at]
            raise JqlError(f"Error in the JQL Query: Expecting either 'OR' or 'AND' but got '{extra.text}'. {_place(extra)}")
        return Query(where, tuple(order))

    def _sort(self) -> tuple[str, bool]:
        name = self._next("a field name").text
        descending = self._take("desc")
        if not descending:
            self._take("asc")
        return name, descending

    def _either(self) -> Clause | Group:
        parts = [self._both()]
        while self._take("or", "||"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else Group("or", tuple(parts))

    def _both(self) -> Clause | Group:
        parts = [self._single()]
        while self._take("and", "&&"):
            parts.append(self._single())
        return parts[0] if len(parts) == 1 else Group("and", tuple(parts))

    def _single(self) -> Clause | Group:
        if self._take("not", "!"):
            return negated(self._single())
        if self._take("("):
            inside = self._either()
            self._expect(")")
            return inside
        return self._clause()

    def _clause(self) -> Clause:
        name = self._next("a field name")
        operator = self._operator(name)
        if operator in HISTORY:
            operands = () if operator == "changed" else self._list() if operator.endswith("in") else (self._operand(),)
            return Clause(name.text, operator, operands, tuple(self._predicates()))
        return Clause(name.text, operator, self._list() if operator in {"in", "not in"} else (self._operand(),))

    def _list(self) -> tuple[Operand, ...]:
        if self._calls():
            return (self._operand(),)
        self._expect("(")
        operands = [self._operand()]
        while self._take(","):
            operands.append(self._operand())
        self._expect(")")
        return tuple(operands)

    def _predicates(self) -> Iterator[Predicate]:
        while self._at < len(self._tokens) and self._tokens[self._at].says(*PREDICATES):
            name = self._next("a predicate").text.lower()
            listed = self._at < len(self._tokens) and self._tokens[self._at].says("(")
            yield Predicate(name, self._list() if listed else (self._operand(),))

    def _calls(self) -> bool:
        """Whether a function comes next, which may stand for a list."""
        name, bracket = self._tokens[self._at : self._at + 1], self._tokens[self._at + 1 : self._at + 2]
        return bool(name and bracket) and not name[0].says("(") and bracket[0].says("(")

    def _operator(self, name: _Token) -> str:
        if self._at >= len(self._tokens):
            raise JqlError(
                f"Error in the JQL Query: Expecting operator before the end of the query. The valid operators are {VALID_OPERATORS}."
            )
        token = self._next("operator")
        if token.text in OPERATORS and not token.quoted:
            return token.text
        if token.says("in"):
            return "in"
        if token.says("is"):
            return "is not" if self._take("not") else "is"
        if token.says("was"):
            return "was" + (" not" if self._take("not") else "") + (" in" if self._take("in") else "")
        if token.says("changed"):
            return "changed"
        if token.says("not") and self._take("in"):
            return "not in"
        raise JqlError(
            f"Error in the JQL Query: Expecting operator but got '{token.text}'. The valid operators are {VALID_OPERATORS}. {_place(token)}"
        )

    def _operand(self) -> Operand:
        token = self._next("either a value, list or function")
        if token.text in {"(", ")", ","} and not token.quoted:
            message = f"Error in the JQL Query: Expecting either a value, list or function but got '{token.text}'."
            raise JqlError(f"{message} You must surround '{token.text}' in quotation marks to use it as a value. {_place(token)}")
        if token.quoted or not self._take("("):
            return Operand(token.text, quoted=token.quoted)
        arguments: list[str] = []
        while not self._take(")"):
            arguments.append(self._next("an argument").text)
            self._take(",")
        return Operand(token.text, tuple(arguments))

    def _next(self, wanted: str) -> _Token:
        if self._at >= len(self._tokens):
            raise JqlError(f"Error in the JQL Query: Expecting {wanted} before the end of the query.")
        self._at += 1
        return self._tokens[self._at - 1]

    def _take(self, *words: str) -> bool:
        if self._at < len(self._tokens) and self._tokens[self._at].says(*words):
            self._at += 1
            return True
        return False

    def _expect(self, word: str) -> None:
        if not self._take(word):
            got = f"'{self._tokens[self._at].text}'" if self._at < len(self._tokens) else "the end of the query"
            raise JqlError(f"Error in the JQL Query: Expecting '{word}' but got {got}.")


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    at = 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise JqlError("Error in the JQL Query: The quoted string has not been completed.")
        quoted, sign, word = match.groups()
        start = match.start() + len(match.group()) - len(match.group().lstrip())
        shown = re.sub(r"\\(.)", r"\1", quoted[1:-1]) if quoted else sign or word
        found.append(_Token(shown, start + 1, quoted=bool(quoted)))
        at = match.end()
    return found


def _place(token: _Token) -> str:
    return f"(line 1, character {token.position})"
