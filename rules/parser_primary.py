"""The smallest expressions: literals, names, calls with their arguments, closures, `new`."""

from abc import ABC, abstractmethod

from rules import tree
from rules.cursor import RESERVED, Cursor
from rules.lexer import Kind, SyntaxFault, Token

_LITERALS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
Entry = tuple[tree.Expression, tree.Expression]


class PrimaryParser(Cursor, ABC):
    depth: int

    def __init__(self, tokens: tuple[Token, ...], depth: int = 0) -> None:
        super().__init__(tokens)
        self.depth = depth

    @abstractmethod
    def expression(self) -> tree.Expression:
        """One expression."""

    @abstractmethod
    def closure(self) -> tree.ClosureLiteral:
        """The closure that starts at `{`."""

    @abstractmethod
    def lambda_(self) -> tree.ClosureLiteral | None:
        """The lambda `x -> ...` or `(x, y) -> ...` that starts here, None where none does."""

    @abstractmethod
    def statements(self) -> tuple[tree.Statement, ...]:
        """The statements up to the `}`, or to the end."""

    @abstractmethod
    def nested(self, tokens: tuple[Token, ...]) -> "PrimaryParser":
        """A parser of the same kind, for an interpolation."""

    def primary(self) -> tree.Expression:
        token = self.token
        match token.kind:
            case Kind.NAME:
                return self._named(token)
            case Kind.TEXT:
                self.take()
                return self.text(token)
            case Kind.NUMBER:
                self.take()
                return tree.Constant(token.at, token.number)
            case _:
                return self._bracketed(token)

    def _bracketed(self, token: Token) -> tree.Expression:
        match token.text:
            case "(":
                return self.lambda_() or self.parenthesised()
            case "[":
                return self._literal()
            case "{":
                return self.closure()
            case _:
                raise SyntaxFault(f"expected a value, found {self.found()}", token.at)

    def _named(self, token: Token) -> tree.Expression:
        if token.text in _LITERALS:
            self.take()
            return tree.Constant(token.at, _LITERALS[token.text])
        if token.text == "new":
            self.take()
            return self._new(token)
        if self.ahead().is_("->") and (found := self.lambda_()):
            return found
        if token.text == "case" and self.ahead().is_(".", "?.", ")", ",", "="):
            self.take()
        elif self.primitive_follows():
            return tree.Variable(token.at, self.type_name())
        else:
            self.name("or a value")
        if self.sees("(", "{"):
            return tree.Call(token.at, token.text, self.arguments())
        return tree.Variable(token.at, token.text)

    def primitive_follows(self) -> bool:
        """True at an array type used as a value: `int[]`, `String[].class`."""
        return self.ahead().is_("[") and self.ahead(2).is_("]") and self.token.text not in RESERVED

    def _new(self, word: Token) -> tree.Expression:
        name = self.type_name(arrays=False)
        if not self.sees("["):
            found = tree.New(word.at, name, self.arguments(closure=False) if self.sees("(") else ())
            if self.sees("{") and self.tokens[self.index - 1].is_(")"):
                raise SyntaxFault("a class without a name is not available; declare the class with a name", self.token.at)
            return found
        sizes: list[tree.Expression] = []
        while self.accept("["):
            if not self.sees("]"):
                sizes.append(self.expression())
            else:
                name += "[]"
            self.expect("]", "after the size of an array")
        items: list[tree.Expression] = []
        if not sizes and self.accept("{"):
            self._elements(items, "}")
        return tree.NewArray(word.at, name, tuple(sizes), tuple(items))

    def parenthesised(self) -> tree.Expression:
        self.take()
        inner = self.expression()
        self.expect(")", "to close the parenthesis")
        return inner

    def text(self, token: Token) -> tree.Expression:
        parts = token.parts
        if not parts or (len(parts) == 1 and isinstance(parts[0], str)):
            return tree.Constant(token.at, parts[0] if parts else "")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        return tree.Text(token.at, tuple(one if isinstance(one, str) else self._interpolated(one) for one in parts))

    def _interpolated(self, tokens: tuple[Token, ...]) -> tree.Expression:
        inner = self.nested(tokens)
        inner.skip_lines()
        if inner.at_end():
            return tree.Constant(inner.token.at, None)
        inner.accept("->")
        at = inner.token.at
        statements = inner.statements()
        if not inner.at_end():
            raise SyntaxFault(f"unexpected {inner.found()} in the interpolation", inner.token.at)
        match statements:
            case (tree.ExpressionStatement(_, value),):
                return value
            case _:
                return tree.Invoke(at, tree.ClosureLiteral(at, (), tree.Block(at, statements)), ())

    def arguments(self, *, closure: bool = True) -> tuple[tree.Expression, ...]:
        """The arguments at `(`, with named ones as one map in front and trailing closures at the end."""
        named: list[Entry] = []
        items: list[tree.Expression] = []
        at = self.token.at
        if self.accept("("):
            while not self.sees(")"):
                self.argument(items, named)
                if not self.accept(","):
                    break
            self.expect(")", "after the arguments")
        while closure and self.sees("{"):
            items.append(self.closure())
        return (tree.MapLiteral(at, tuple(named)), *items) if named else tuple(items)

    def argument(self, items: list[tree.Expression], named: list[Entry]) -> None:
        token = self.token
        if (token.kind in (Kind.NAME, Kind.TEXT) or token.is_("*")) and self.ahead().is_(":"):
            named.append(self._entry())
        else:
            items.append(self.element())

    def element(self) -> tree.Expression:
        """An element or argument, perhaps `*spread`."""
        token = self.token
        if self.accept("*"):
            return tree.Spread(token.at, self.expression())
        return self.expression()

    def _literal(self) -> tree.Expression:
        opened = self.take()
        if self.sees(":") and self.ahead().is_("]"):
            self.index += 2
            return tree.MapLiteral(opened.at, ())
        if self._key_follows():
            return self._map(opened.at)
        items: list[tree.Expression] = []
        self._elements(items, "]")
        return tree.ListLiteral(opened.at, tuple(items))

    def _elements(self, items: list[tree.Expression], closing: str) -> None:
        self.skip_lines()
        while not self.sees(closing):
            items.append(self.element())
            self.skip_lines()
            if not self.accept(","):
                break
            self.skip_lines()
        self.expect(closing, "to close the list")

    def _key_follows(self) -> bool:
        if self.token.kind in (Kind.NAME, Kind.TEXT, Kind.NUMBER) or self.sees("*"):
            return self.ahead().is_(":")
        start, depth = self.index, 0
        if not self.sees("(", "["):
            return False
        while self.token.kind is not Kind.END:
            depth += self.sees("(", "[") - self.sees(")", "]")
            self.take()
            if depth == 0:
                break
        found = self.sees(":")
        self.index = start
        return found

    def _map(self, at: int) -> tree.Expression:
        entries: list[Entry] = []
        while not self.sees("]"):
            entries.append(self._entry())
            if not self.accept(","):
                break
        self.expect("]", "to close the map")
        return tree.MapLiteral(at, tuple(entries))

    def _entry(self) -> Entry:
        token = self.token
        if self.accept("*"):
            key: tree.Expression = tree.Spread(token.at, tree.Constant(token.at, None))
        elif token.kind is Kind.NAME:
            key = tree.Constant(token.at, self.take().text)
        elif token.kind in (Kind.TEXT, Kind.NUMBER) or token.is_("(", "["):
            key = self.primary()
        else:
            raise SyntaxFault(f"expected a key, found {self.found()}", token.at)
        self.expect(":", "after a key")
        return key, self.expression()
