"""The GraphQL language, read: https://spec.graphql.org/October2021/#sec-Language. Values come with the variables filled in."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue

Args = Mapping[str, JsonValue]

_TOKEN = re.compile(
    r"(?:[\s,\ufeff]|#[^\n]*+)*+(?:(?P<block>\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*\"\"\")|(?P<text>\"(?:[^\"\\\n]|\\.)*\")"
    r"|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?P<name>[_A-Za-z]\w*)|(?P<sign>\.\.\.|[!$&()\[\]{}:=@|]))"
)


class ParseError(Exception):
    """What is no GraphQL, or names what the document does not have."""


@dataclass(frozen=True)
class Selection:
    """A field, or where `on` is not None what is selected of objects of that type; an empty one fits all.

    A fragment's name is in `spread`.
    """

    name: str = ""
    alias: str = ""
    args: Args | None = None
    selections: tuple["Selection", ...] = ()
    on: str | None = None
    spread: str = ""


@dataclass(frozen=True)
class Document:
    """The operation that is asked for, and the fragments by name."""

    kind: str
    selections: tuple[Selection, ...]
    fragments: Mapping[str, Selection]


def parse(text: str, variables: Args, operation: str = "") -> Document:
    return _Reader(text, variables).document(operation)


class _Reader:
    def __init__(self, text: str, variables: Args) -> None:
        self._tokens: list[tuple[str, str]] = []
        place = 0
        while found := _TOKEN.match(text, place):
            self._tokens.append((str(found.lastgroup), found[str(found.lastgroup)]))
            place = found.end()
        if re.sub(r"[\s,\ufeff]|#[^\n]*", "", text[place:]):
            raise ParseError(f"Unexpected character: {text[place:].strip()[:1]!r}")
        self._place = 0
        self._given = variables
        self._variables: dict[str, JsonValue] = {}

    def document(self, operation: str) -> Document:
        """Of several operations the one of that name."""
        places: dict[str, int] = {}
        while self._place < len(self._tokens):
            place = self._place
            if self._takes("fragment"):
                self._fragment()
            else:
                places[self._operation()[0]] = place
        wanted = operation or next(iter(places), "")
        if wanted not in places or (len(places) > 1 and not operation):
            raise ParseError(f"No operation named {wanted!r}" if places else "No operation")
        self._place = places[wanted]
        kind, selections = self._operation()[1:]
        return Document(kind, selections, self._fragments())

    def _fragments(self) -> dict[str, Selection]:
        """Read when the variables of the operation, which they use, are known."""
        found: dict[str, Selection] = {}
        known = self._variables
        self._place = 0
        while self._place < len(self._tokens):
            if self._takes("fragment"):
                name, selection = self._fragment()
                found[name] = selection
            else:
                self._operation()
                self._variables = known
        return found

    def _fragment(self) -> tuple[str, Selection]:
        name = self._name()
        self._expect("on")
        kind = self._name()
        self._directives()
        return name, Selection(on=kind, selections=self._set())

    def _operation(self) -> tuple[str, str, tuple[Selection, ...]]:
        self._variables = dict(self._given)
        if self._peek() == "{":
            return "", "query", self._set()
        kind = self._name()
        if kind not in {"query", "mutation"}:
            raise ParseError(f'Expected one of query, mutation, fragment, actual: "{kind}"')
        name = "" if self._peek() in {"{", "(", "@"} else self._name()
        if self._takes("("):
            while not self._takes(")"):
                self._declared()
        self._directives()
        return name, kind, self._set()

    def _declared(self) -> None:
        self._expect("$")
        name = self._name()
        self._expect(":")
        while self._peek() in {"[", "]", "!"} or self._kind() == "name":
            self._place += 1
        if self._takes("="):
            default = self._value()
            self._variables.setdefault(name, default)

    def _set(self) -> tuple[Selection, ...]:
        self._expect("{")
        found: list[Selection] = []
        while not self._takes("}"):
            one = self._selection()
            if one is not None:
                found.append(one)
        if not found:
            raise ParseError("Expected a selection")
        return tuple(found)

    def _selection(self) -> Selection | None:
        if self._takes("..."):
            if self._peek() not in {"on", "{", "@"}:
                name = self._name()
                return Selection(on="", spread=name) if self._directives() else None
            kind = self._name() if self._takes("on") else ""
            shown = self._directives()
            inner = self._set()
            return Selection(on=kind, selections=inner) if shown else None
        alias = name = self._name()
        if self._takes(":"):
            name = self._name()
        args = self._arguments()
        shown = self._directives()
        inner = self._set() if self._peek() == "{" else ()
        return Selection(name, alias, args, inner) if shown else None

    def _arguments(self) -> dict[str, JsonValue]:
        found: dict[str, JsonValue] = {}
        if self._takes("("):
            while not self._takes(")"):
                name = self._name()
                self._expect(":")
                absent = self._peek() == "$" and self._tokens[self._place + 1][1] not in self._variables
                value = self._value()
                if not absent:
                    found[name] = value
        return found

    def _directives(self) -> bool:
        """Whether what they stand at is wanted."""
        shown = True
        while self._takes("@"):
            name, args = self._name(), self._arguments()
            shown = shown and {"skip": not args.get("if"), "include": bool(args.get("if"))}.get(name, True)
        return shown

    def _value(self) -> JsonValue:
        kind, text = self._next()
        match kind:
            case "text":
                return str(json.loads(text))
            case "block":
                return text[3:-3].strip()
            case "number":
                return float(text) if re.search(r"[.eE]", text) else int(text)
            case "name":
                return {"true": True, "false": False, "null": None}.get(text, text)
            case _:
                return self._composed(text)

    def _composed(self, text: str) -> JsonValue:
        if text == "$":
            return self._variables.get(self._name())
        if text == "[":
            listed: list[JsonValue] = []
            while not self._takes("]"):
                listed.append(self._value())
            return listed
        if text != "{":
            raise ParseError(f'Parse error on "{text}"')
        found: dict[str, JsonValue] = {}
        while not self._takes("}"):
            name = self._name()
            self._expect(":")
            found[name] = self._value()
        return found

    def _peek(self) -> str:
        return self._tokens[self._place][1] if self._place < len(self._tokens) else ""

    def _kind(self) -> str:
        return self._tokens[self._place][0] if self._place < len(self._tokens) else ""

    def _next(self) -> tuple[str, str]:
        if self._place >= len(self._tokens):
            raise ParseError("Unexpected end of document")
        self._place += 1
        return self._tokens[self._place - 1]

    def _name(self) -> str:
        kind, text = self._next()
        if kind != "name":
            raise ParseError(f'Parse error on "{text}"')
        return text

    def _takes(self, text: str) -> bool:
        if self._peek() == text and self._kind() in {"name", "sign"}:
            self._place += 1
            return True
        return False

    def _expect(self, text: str) -> None:
        if not self._takes(text):
            raise ParseError(f'Expected "{text}", actual: "{self._peek()}"')
