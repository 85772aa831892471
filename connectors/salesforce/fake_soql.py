"""SOQL as far as the fake knows it: https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/."""

import re
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:\\.|[^'\\])*')|(?P<time>\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d))?)"
    r"|(?P<number>[+-]?\d+(?:\.\d+)?)|(?P<name>[A-Za-z_][A-Za-z0-9_.]*(?::\d+)?)|(?P<mark><=|>=|!=|<>|[=<>(),])|(?P<bad>\S))"
)
_UNESCAPED = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


class Malformed(Exception):
    """What the parser did not expect."""


@dataclass(frozen=True)
class Literal:
    """`kind` is text, time, number or name: a word such as true, null, TODAY or LAST_N_DAYS:3."""

    kind: str
    value: str


@dataclass(frozen=True)
class Comparison:
    path: str
    operator: str
    values: tuple[Literal, ...]
    query: "Query | None" = None


@dataclass(frozen=True)
class Both:
    parts: "tuple[Condition, ...]"
    any: bool = False


@dataclass(frozen=True)
class Inverse:
    part: "Condition"


Condition = Comparison | Both | Inverse


@dataclass(frozen=True)
class Aggregate:
    """`function` is one of `FUNCTIONS`; `path` is empty for all records."""

    function: str
    path: str
    alias: str


CLAUSES = frozenset({"AS", "WHERE", "USING", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "FOR", "WITH", "ALL"})
FUNCTIONS = ("COUNT", "COUNT_DISTINCT", "SUM", "AVG", "MIN", "MAX")


@dataclass
class Query:
    """`every` is ALL, STANDARD or CUSTOM of `FIELDS(...)`; `children` are queries of child relationships, `table` their name."""

    table: str = ""
    paths: list[str] = field(default_factory=list[str])
    count: bool = False
    every: str = ""
    aggregates: list[Aggregate] = field(default_factory=list[Aggregate])
    groups: list[str] = field(default_factory=list[str])
    children: "list[Query]" = field(default_factory=list["Query"])
    where: Condition | None = None
    having: Condition | None = None
    order: list[tuple[str, bool, bool]] = field(default_factory=list[tuple[str, bool, bool]])
    limit: int | None = None
    offset: int = 0


def parse(text: str) -> Query:
    parser = _Parser(text)
    query = parser.query()
    parser.end()
    return query


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens = [found for found in _TOKEN.finditer(text) if found[0].strip()]
        self._at = 0
        names = [one["name"] or "" for one in self._tokens]
        self._aliases = {alias for start, _, alias in zip(names, names[1:], names[2:], strict=False) if _is_alias(start, alias)}
        self._aliases |= {names[at + 3] for at in range(len(names) - 3) if names[at].upper() == "FROM" and names[at + 2].upper() == "AS"}
        if any(one["bad"] for one in self._tokens):
            bad = next(one["bad"] for one in self._tokens if one["bad"])
            raise Malformed(f"unexpected token: '{bad}'")

    def query(self) -> Query:
        query = Query()
        self._word("SELECT")
        self._selected(query)
        while self._takes(","):
            self._selected(query)
        self._word("FROM")
        self._source(query)
        if self._takes("WHERE"):
            query.where = self._either()
        if self._takes("GROUP"):
            self._word("BY")
            query.groups.append(self._name())
            while self._takes(","):
                query.groups.append(self._name())
            query.having = self._either() if self._takes("HAVING") else None
        if self._takes("ORDER"):
            self._word("BY")
            query.order.append(self._sorting())
            while self._takes(","):
                query.order.append(self._sorting())
        query.limit = int(self._literal().value) if self._takes("LIMIT") else None
        query.offset = int(self._literal().value) if self._takes("OFFSET") else 0
        while self._takes("FOR"):
            self._any("VIEW", "REFERENCE", "UPDATE")
        return query

    def _source(self, query: Query) -> None:
        """The object, its alias, and whose records: all are seen here."""
        query.table = self._name()
        self._takes("AS")
        if self._peek() in self._aliases:
            self._at += 1
        if self._takes("USING"):
            self._word("SCOPE")
            self._name()

    def _selected(self, query: Query) -> None:
        """A field, a function, or a query of a child relationship."""
        if self._takes("("):
            query.children.append(self.query())
            self._mark(")")
            return
        name = self._name()
        if not self._takes("("):
            query.paths.append(name)
            return
        function, inner = name.upper(), "" if self._peek() == ")" else self._name()
        self._mark(")")
        unnamed = sum(one.alias.startswith("expr") for one in query.aggregates)
        alias = self._name() if self._peek().upper() not in {",", "FROM"} else f"expr{unnamed}"
        if function == "COUNT" and not inner:
            query.count = True
        elif function == "FIELDS" and inner.upper() in {"ALL", "STANDARD", "CUSTOM"}:
            query.every = inner.upper()
        elif function == "TOLABEL":
            query.paths.append(inner)
        elif function in FUNCTIONS:
            query.aggregates.append(Aggregate(function, inner, alias))
        else:
            raise Malformed(f"unexpected token: '{name}'")

    def end(self) -> None:
        if self._at < len(self._tokens):
            raise Malformed(f"unexpected token: '{self._peek()}'")

    def _sorting(self) -> tuple[str, bool, bool]:
        """Path, whether it falls, and whether empty values come last."""
        path = self._name()
        if self._takes("("):
            path = f"{path}({self._name()})"
            self._mark(")")
        falling = self._takes("DESC")
        if not falling:
            self._takes("ASC")
        last = falling
        if self._takes("NULLS"):
            last = self._takes("LAST")
            if not last:
                self._word("FIRST")
        return path, falling, last

    def _either(self) -> Condition:
        """AND and OR do not mix without parentheses."""
        parts = [self._one()]
        word = self._peek().upper()
        if word not in {"AND", "OR"}:
            return parts[0]
        while self._takes(word):
            parts.append(self._one())
        if self._peek().upper() in {"AND", "OR"}:
            raise Malformed(f"unexpected token: '{self._peek()}'")
        return Both(tuple(parts), any=word == "OR")

    def _one(self) -> Condition:
        if self._takes("NOT"):
            return Inverse(self._one())
        if self._takes("("):
            inner = self._either()
            self._mark(")")
            return inner
        return self._comparison()

    def _comparison(self) -> Condition:
        path = self._name()
        if self._takes("("):
            path = f"{path.upper()}({self._name()})"
            self._mark(")")
        word = self._peek().upper()
        if word == "NOT":
            self._at += 1
            self._word("IN")
            return self._listed(path, "NOT IN")
        if word in {"IN", "INCLUDES", "EXCLUDES"}:
            self._at += 1
            return self._listed(path, word)
        if word not in {"=", "!=", "<>", "<", ">", "<=", ">=", "LIKE"}:
            raise Malformed(f"unexpected token: '{self._peek() or '<EOF>'}'")
        self._at += 1
        return Comparison(path, "!=" if word == "<>" else word, (self._literal(),))

    def _listed(self, path: str, operator: str) -> Condition:
        self._mark("(")
        if self._peek().upper() == "SELECT":
            inner = self.query()
            self._mark(")")
            return Comparison(path, operator, (), inner)
        values = [self._literal()]
        while self._takes(","):
            values.append(self._literal())
        self._mark(")")
        return Comparison(path, operator, tuple(values))

    def _literal(self) -> Literal:
        if self._at >= len(self._tokens):
            raise Malformed("unexpected token: '<EOF>'")
        found = self._tokens[self._at]
        kind = found.lastgroup or ""
        if kind not in {"text", "time", "number", "name"}:
            raise Malformed(f"unexpected token: '{self._peek()}'")
        self._at += 1
        return Literal(kind, _plain(found[kind][1:-1]) if kind == "text" else found[kind])

    def _name(self) -> str:
        if self._at >= len(self._tokens) or not self._tokens[self._at]["name"]:
            raise Malformed(f"unexpected token: '{self._peek() or '<EOF>'}'")
        self._at += 1
        name = self._tokens[self._at - 1]["name"]
        first, _, rest = name.partition(".")
        return rest if rest and first in self._aliases else name

    def _peek(self) -> str:
        return self._tokens[self._at][0].strip() if self._at < len(self._tokens) else ""

    def _takes(self, word: str) -> bool:
        if self._peek().upper() != word:
            return False
        self._at += 1
        return True

    def _word(self, word: str) -> None:
        if not self._takes(word):
            raise Malformed(f"unexpected token: '{self._peek() or '<EOF>'}'")

    def _any(self, *words: str) -> None:
        if not any(self._takes(one) for one in words):
            raise Malformed(f"unexpected token: '{self._peek() or '<EOF>'}'")

    _mark = _word


def _is_alias(start: str, word: str) -> bool:
    return start.upper() == "FROM" and bool(word) and word.upper() not in CLAUSES


def _plain(escaped: str) -> str:
    return re.sub(r"\\(.)", lambda found: _UNESCAPED.get(found[1], found[1]), escaped, flags=re.DOTALL)
