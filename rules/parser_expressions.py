"""Expressions, by binding power (Pratt). Statements inside closures are read by the subclass in `parser_statements`."""

from abc import ABC, abstractmethod

from rules import limits, tree
from rules.cursor import Cursor, looks_like_type
from rules.lexer import Kind, SyntaxFault, Token

ASSIGN, TERNARY, OR, AND, EQUALITY, RELATION, SHIFT, SUM, PRODUCT, PREFIX, POWER = range(1, 12)
_BINARY: dict[str, int] = {
    "||": OR, "&&": AND, "==": EQUALITY, "!=": EQUALITY, "<=>": EQUALITY, "=~": EQUALITY, "==~": EQUALITY,
    "<": RELATION, ">": RELATION, "<=": RELATION, ">=": RELATION, "in": RELATION, "!in": RELATION,
    "instanceof": RELATION, "!instanceof": RELATION, "as": RELATION, "<<": SHIFT, "..": SHIFT, "..<": SHIFT,
    "+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "%": PRODUCT, "**": POWER,
}  # fmt: skip
_ASSIGN = {"=": "", "+=": "+", "-=": "-", "*=": "*", "/=": "/", "%=": "%", "**=": "**", "<<=": "<<", "?=": "?"}
_CONTINUES = ("||", "&&", "?", "?:", "==", "!=", "<=", ">=", "<=>", "=~", "==~")
_UNSUPPORTED = {
    "===": "use .is(...) or ==", "!==": "use !=", "|": "use ||", "&": "use &&", "^": "use !=", "~": "use ==~ to match a pattern",
    ".&": "use a closure such as { f(it) }",
}  # fmt: skip
_LITERALS: dict[str, bool | None] = {"true": True, "false": False, "null": None}


class ExpressionParser(Cursor, ABC):
    def __init__(self, tokens: tuple[Token, ...], depth: int = 0) -> None:
        super().__init__(tokens)
        self.depth = depth

    @abstractmethod
    def closure(self) -> tree.ClosureLiteral:
        """The closure that starts at `{`."""

    @abstractmethod
    def nested(self, tokens: tuple[Token, ...]) -> "ExpressionParser":
        """A parser of the same kind, for an interpolation."""

    def expression(self, least: int = ASSIGN) -> tree.Expression:
        self.depth += 1
        if self.depth > limits.NESTING:
            raise SyntaxFault(f"this is nested more than {limits.NESTING} levels deep; use variables or functions", self.token.at)
        left = self._prefix()
        for _ in range(limits.CHAIN):
            longer = self._longer(left, least)
            if longer is None:
                self.depth -= 1
                return left
            left = longer
        raise SyntaxFault(f"this expression has more than {limits.CHAIN} parts; split it with variables", self.token.at)

    def _longer(self, left: tree.Expression, least: int) -> tree.Expression | None:
        if self.token.kind is Kind.NEWLINE and self.past_lines().is_(*_CONTINUES):
            self.skip_lines()
        token = self.token
        if token.text in _UNSUPPORTED and token.kind is Kind.OPERATOR and token.text != "~":
            raise SyntaxFault(f"the operator {token.text!r} is not available; {_UNSUPPORTED[token.text]}", token.at)
        if token.is_(*_ASSIGN) and least <= ASSIGN:
            return self._assign(left)
        if token.is_("?", "?:") and least <= TERNARY:
            return self._ternary(left)
        power = _BINARY.get(token.text, 0) if token.kind in (Kind.OPERATOR, Kind.NAME) else 0
        if power == 0 or power < least:
            return None
        self.take()
        return self._binary(left, token, power)

    def _assign(self, target: tree.Expression) -> tree.Expression:
        token = self.take()
        if not isinstance(target, tree.Variable | tree.Property | tree.Index):
            raise SyntaxFault("only a variable, a property or an element can be assigned to", target.at)
        self.skip_lines()
        return tree.Assign(token.at, target, _ASSIGN[token.text], self.expression(ASSIGN))

    def _ternary(self, condition: tree.Expression) -> tree.Expression:
        token = self.take()
        self.skip_lines()
        if token.text == "?:":
            return tree.Elvis(token.at, condition, self.expression(TERNARY))
        then = self.expression(TERNARY)
        self.skip_lines()
        self.expect(":", "between the two results of '?'")
        self.skip_lines()
        return tree.Ternary(token.at, condition, then, self.expression(TERNARY))

    def _binary(self, left: tree.Expression, token: Token, power: int) -> tree.Expression:
        if token.text == "as":
            return tree.Cast(token.at, self.type_name(), left)
        if token.text in ("instanceof", "!instanceof"):
            return tree.InstanceOf(token.at, self.type_name(), left, token.text[0] == "!")
        self.skip_lines()
        right = self.expression(power + 1)
        if token.text in ("..", "..<"):
            return tree.Range(token.at, left, right, token.text == "..<")
        return tree.Binary(token.at, token.text, left, right)

    def _prefix(self) -> tree.Expression:
        token = self.token
        if token.is_("!", "-", "+", "~"):
            self.take()
            return tree.Unary(token.at, token.text, self.expression(PREFIX))
        if token.is_("++", "--"):
            self.take()
            return self._step(self.expression(PREFIX), token, before=True)
        if token.is_("(") and self._cast_follows():
            self.take()
            name = self.type_name()
            self.expect(")", "after the type of a cast")
            return tree.Cast(token.at, name, self.expression(PREFIX))
        return self._postfix(self._primary())

    def _step(self, target: tree.Expression, token: Token, *, before: bool) -> tree.Expression:
        if not isinstance(target, tree.Variable | tree.Property | tree.Index):
            raise SyntaxFault(f"{token.text!r} needs a variable, a property or an element", token.at)
        return tree.Step(token.at, target, token.text[0], before)

    def _cast_follows(self) -> bool:
        start = self.index
        try:
            self.take()
            name = self.type_name()
            closed = self.accept(")") is not None
        except SyntaxFault:
            return False
        else:
            operand = self.token.kind in (Kind.NAME, Kind.NUMBER, Kind.TEXT) or self.token.is_("(", "[")
            operator = self.token.is_("in", "as", "instanceof")
        finally:
            self.index = start
        return closed and operand and not operator and looks_like_type(name)

    def _postfix(self, left: tree.Expression) -> tree.Expression:
        for _ in range(limits.CHAIN):
            if self.token.kind is Kind.NEWLINE and self.past_lines().is_(".", "?.", "*."):
                self.skip_lines()
            token = self.token
            if token.is_(".", "?.", "*."):
                left = self._member(left)
            elif token.is_("[") and not (token.spaced and isinstance(left, tree.Constant)):
                left = self._index(left)
            elif token.is_("("):
                left = tree.Invoke(token.at, left, self.arguments())
            elif token.is_("++", "--"):
                return self._step(left, self.take(), before=False)
            else:
                return left
        raise SyntaxFault(f"this chain has more than {limits.CHAIN} parts; split it with variables", self.token.at)

    def _index(self, target: tree.Expression) -> tree.Expression:
        opened = self.take()
        items = [self.expression()]
        while self.accept(","):
            items.append(self.expression())
        self.expect("]", "after an index")
        return tree.Index(opened.at, target, tuple(items))

    def _member(self, target: tree.Expression) -> tree.Expression:
        operator = self.take().text
        self.skip_lines()
        token = self.token
        safe, spread = operator == "?.", operator == "*."
        name = self._member_name()
        if isinstance(name, tree.Constant) and (self.sees("(") or self._closure_argument()):
            return tree.MethodCall(token.at, target, str(name.value), self.arguments(), safe, spread)
        return tree.Property(token.at, target, name, safe, spread)

    def _member_name(self) -> tree.Expression:
        token = self.token
        if token.kind is Kind.NAME:
            self.take()
            return tree.Constant(token.at, token.text)
        if token.kind is Kind.TEXT:
            self.take()
            return self._text(token)
        if token.is_("("):
            return self._parenthesised()
        raise SyntaxFault(f"expected the name of a property or method, found {self.found()}", token.at)

    def _closure_argument(self) -> bool:
        """True at a trailing closure, told from the block of `if (x) {` by where those are read."""
        return self.sees("{")

    def arguments(self) -> tuple[tree.Expression, ...]:
        """The arguments at `(`, with named ones as one map in front and a trailing closure at the end."""
        named: list[tuple[tree.Expression, tree.Expression]] = []
        items: list[tree.Expression] = []
        at = self.token.at
        if self.accept("("):
            while not self.sees(")"):
                self._argument(items, named)
                if not self.accept(","):
                    break
            self.expect(")", "after the arguments")
        if self.sees("{"):
            items.append(self.closure())
        return (tree.MapLiteral(at, tuple(named)), *items) if named else tuple(items)

    def _argument(self, items: list[tree.Expression], named: list[tuple[tree.Expression, tree.Expression]]) -> None:
        if self.token.kind in (Kind.NAME, Kind.TEXT) and self.ahead().is_(":"):
            named.append(self._entry())
        else:
            items.append(self.expression())

    def command_arguments(self) -> tuple[tree.Expression, ...]:
        """The arguments of a call written without parentheses."""
        at = self.token.at
        named: list[tuple[tree.Expression, tree.Expression]] = []
        items: list[tree.Expression] = []
        self._argument(items, named)
        while self.accept(","):
            self.skip_lines()
            self._argument(items, named)
        return (tree.MapLiteral(at, tuple(named)), *items) if named else tuple(items)

    def _primary(self) -> tree.Expression:
        token = self.token
        match token.kind:
            case Kind.NUMBER:
                self.take()
                return tree.Constant(token.at, token.number)
            case Kind.TEXT:
                self.take()
                return self._text(token)
            case Kind.NAME:
                return self._named()
            case _ if token.is_("("):
                return self._parenthesised()
            case _ if token.is_("["):
                return self._literal()
            case _ if token.is_("{"):
                return self.closure()
            case _:
                raise SyntaxFault(f"expected a value, found {self.found()}", token.at)

    def _named(self) -> tree.Expression:
        token = self.token
        if token.text in _LITERALS:
            self.take()
            return tree.Constant(token.at, _LITERALS[token.text])
        if token.text == "new":
            self.take()
            return tree.New(token.at, self.type_name(), self.arguments() if self.sees("(") else ())
        if token.text == "case" and self.ahead().is_(".", "?.", ")", ",", "="):
            self.take()
        else:
            self.name("or a value")
        if self.sees("(") or self._closure_argument():
            return tree.Call(token.at, token.text, self.arguments())
        return tree.Variable(token.at, token.text)

    def _parenthesised(self) -> tree.Expression:
        self.take()
        inner = self.expression()
        self.expect(")", "to close the parenthesis")
        return inner

    def _text(self, token: Token) -> tree.Expression:
        if all(isinstance(one, str) for one in token.parts):
            return tree.Constant(token.at, "".join(one for one in token.parts if isinstance(one, str)))
        return tree.Text(token.at, tuple(one if isinstance(one, str) else self._interpolated(one) for one in token.parts))

    def _interpolated(self, tokens: tuple[Token, ...]) -> tree.Expression:
        inner = self.nested(tokens)
        inner.skip_lines()
        if inner.at_end():
            return tree.Constant(inner.token.at, "")
        value = inner.expression()
        inner.skip_lines()
        if not inner.at_end():
            raise SyntaxFault(f"unexpected {inner.found()} in the interpolation", inner.token.at)
        return value

    def _literal(self) -> tree.Expression:
        opened = self.take()
        if self.sees(":") and self.ahead().is_("]"):
            self.index += 2
            return tree.MapLiteral(opened.at, ())
        if self._key_follows():
            return self._map(opened.at)
        items: list[tree.Expression] = []
        while not self.sees("]"):
            items.append(self.expression())
            if not self.accept(","):
                break
        self.expect("]", "to close the list")
        return tree.ListLiteral(opened.at, tuple(items))

    def _key_follows(self) -> bool:
        if self.token.kind in (Kind.NAME, Kind.TEXT, Kind.NUMBER):
            return self.ahead().is_(":")
        start = self.index
        if not self.sees("("):
            return False
        depth = 0
        while self.token.kind is not Kind.END:
            depth += self.sees("(") - self.sees(")")
            self.take()
            if depth == 0:
                break
        found = self.sees(":")
        self.index = start
        return found

    def _map(self, at: int) -> tree.Expression:
        entries: list[tuple[tree.Expression, tree.Expression]] = []
        while not self.sees("]"):
            entries.append(self._entry())
            if not self.accept(","):
                break
        self.expect("]", "to close the map")
        return tree.MapLiteral(at, tuple(entries))

    def _entry(self) -> tuple[tree.Expression, tree.Expression]:
        token = self.token
        if token.kind is Kind.NAME:
            key: tree.Expression = tree.Constant(token.at, self.take().text)
        elif token.kind in (Kind.TEXT, Kind.NUMBER) or token.is_("("):
            key = self._primary()
        else:
            raise SyntaxFault(f"expected a key, found {self.found()}", token.at)
        self.expect(":", "after a key")
        return key, self.expression()
