"""Expressions by binding power (Pratt), and what follows a value: members, elements, calls."""

from rules import limits, tree
from rules.cursor import looks_like_type
from rules.lexer import Kind, SyntaxFault, Token
from rules.parser_primary import PrimaryParser

(ASSIGN, TERNARY, OR, AND, BIT_OR, BIT_XOR, BIT_AND, MATCH, EQUALITY, RELATION, SHIFT, SUM, PRODUCT, SIGN, POWER, NOT) = range(1, 17)
_BINARY: dict[str, int] = {
    "||": OR, "&&": AND, "|": BIT_OR, "^": BIT_XOR, "&": BIT_AND, "=~": MATCH, "==~": MATCH,
    "==": EQUALITY, "!=": EQUALITY, "<=>": EQUALITY, "===": EQUALITY, "!==": EQUALITY,
    "<": RELATION, ">": RELATION, "<=": RELATION, ">=": RELATION, "in": RELATION, "!in": RELATION,
    "instanceof": RELATION, "!instanceof": RELATION, "as": RELATION, "<<": SHIFT, ">>": SHIFT, ">>>": SHIFT,
    "..": SHIFT, "..<": SHIFT, "<..": SHIFT, "<..<": SHIFT,
    "+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "%": PRODUCT, "**": POWER,
}  # fmt: skip
_ASSIGN = {
    "=": "", "+=": "+", "-=": "-", "*=": "*", "/=": "/", "%=": "%", "**=": "**", "<<=": "<<", ">>=": ">>", ">>>=": ">>>", "?=": "?",
    "&=": "&", "|=": "|", "^=": "^",
}  # fmt: skip
_CONTINUES = frozenset(
    ("||", "&&", "?", "?:", "==", "!=", "<", ">", "<=", ">=", "<=>", "=~", "==~", "in", "instanceof", "as", "&", "|", "^", "=")
)
_MEMBERS = frozenset((".", "?.", "*.", ".&", "::", ".@"))
_ASSIGNABLE = tree.Variable | tree.Property | tree.Index


class ExpressionParser(PrimaryParser):
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
        token = self.token
        if token.kind is Kind.NEWLINE and self.past_lines().text in _CONTINUES and self.past_lines().kind is not Kind.TEXT:
            self.skip_lines()
            token = self.token
        text = token.text
        if token.kind not in (Kind.OPERATOR, Kind.NAME):
            return None
        if text == ">":
            text = self._right_shift()
        if text in _ASSIGN:
            return self._assign(left, text) if least <= ASSIGN else None
        if text in ("?", "?:"):
            return self._ternary(left) if least <= TERNARY else None
        power = _BINARY.get(text, 0)
        if power == 0 or power < least:
            return None
        self.index += len(text) if text in (">>", ">>>") else 1
        return self._binary(left, token, text, power)

    def _right_shift(self) -> str:
        """`>`, or the shift that the signs without space between make: they are read singly because types may end in `>>`."""
        count = 1
        while count < 3 and self.ahead(count).text == ">" and not self.ahead(count).spaced:
            count += 1
        return ">" * count

    def _assign(self, target: tree.Expression, text: str) -> tree.Expression:
        token = self.take()
        if not isinstance(target, _ASSIGNABLE):
            raise SyntaxFault("only a variable, a property or an element can be assigned to", target.at)
        self.skip_lines()
        return tree.Assign(token.at, target, _ASSIGN[text], self.value())

    def value(self) -> tree.Expression:
        """What is assigned: an expression, perhaps a call without parentheses."""
        return self.expression(ASSIGN)

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

    def _binary(self, left: tree.Expression, token: Token, text: str, power: int) -> tree.Expression:
        if text == "as":
            return tree.Cast(token.at, self.type_name(), left)
        if text in ("instanceof", "!instanceof"):
            return tree.InstanceOf(token.at, self.type_name(), left, text[0] == "!")
        self.skip_lines()
        right = self.expression(power + 1)
        if ".." in text:
            return tree.Range(token.at, left, right, text.endswith("<"), text.startswith("<"))
        return tree.Binary(token.at, text, left, right)

    def _prefix(self) -> tree.Expression:
        token = self.token
        if token.kind is Kind.OPERATOR:
            if token.text in ("!", "~"):
                self.take()
                return tree.Unary(token.at, token.text, self.expression(NOT))
            if token.text in ("-", "+"):
                self.take()
                return tree.Unary(token.at, token.text, self.expression(SIGN))
            if token.text in ("++", "--"):
                self.take()
                return self._step(self.expression(NOT), token, before=True)
            if token.text == "(" and self._cast_follows():
                self.take()
                name = self.type_name()
                self.expect(")", "after the type of a cast")
                return tree.Cast(token.at, name, self.expression(NOT), True)
        return self._postfix(self.primary())

    def _step(self, target: tree.Expression, token: Token, *, before: bool) -> tree.Expression:
        if not isinstance(target, _ASSIGNABLE):
            raise SyntaxFault(f"{token.text!r} needs a variable, a property or an element", token.at)
        return tree.Step(token.at, target, token.text[0], before)

    def _cast_follows(self) -> bool:
        start = self.index
        if self.ahead().kind is not Kind.NAME:
            return False
        try:
            self.take()
            name = self.type_name()
            closed = self.accept(")") is not None
        except SyntaxFault:
            return False
        else:
            operand = self.token.kind in (Kind.NAME, Kind.NUMBER, Kind.TEXT) or self.token.is_("(", "[", "-", "{")
            operator = self.token.is_("in", "as", "instanceof")
        finally:
            self.index = start
        return closed and operand and not operator and looks_like_type(name)

    def _postfix(self, left: tree.Expression) -> tree.Expression:
        for _ in range(limits.CHAIN):
            token = self.token
            if token.kind is Kind.NEWLINE and self.past_lines().text in _MEMBERS and self.past_lines().kind is Kind.OPERATOR:
                self.skip_lines()
                token = self.token
            if token.kind is not Kind.OPERATOR:
                return left
            if token.text in _MEMBERS:
                left = self._member(left)
            elif token.text == "?[" or (token.text == "[" and not (token.spaced and isinstance(left, tree.Constant))):
                left = self._index(left)
            elif token.text == "(" or (token.text == "{" and isinstance(left, tree.Invoke)):
                left = tree.Invoke(token.at, left, self.arguments())
            elif token.text in ("++", "--"):
                return self._step(left, self.take(), before=False)
            else:
                return left
        raise SyntaxFault(f"this chain has more than {limits.CHAIN} parts; split it with variables", self.token.at)

    def _index(self, target: tree.Expression) -> tree.Expression:
        opened = self.take()
        items = [self.element()]
        while self.accept(","):
            items.append(self.element())
        self.expect("]", "after an index")
        return tree.Index(opened.at, target, tuple(items), opened.text == "?[")

    def _member(self, target: tree.Expression) -> tree.Expression:
        operator = self.take().text
        self.skip_lines()
        token = self.token
        if operator in (".&", "::"):
            return tree.MethodPointer(token.at, target, self.take().text if token.kind is Kind.NAME else self.name("of a method").text)
        self.accept("@")
        if self.sees("<"):
            self.type_arguments()
        safe, spread = operator == "?.", operator == "*."
        name = self._member_name()
        if not self.sees("(", "{"):
            return tree.Property(token.at, target, name, safe, spread)
        if isinstance(name, tree.Constant):
            return tree.MethodCall(token.at, target, str(name.value), self.arguments(), safe, spread)
        return tree.DynamicCall(token.at, target, name, self.arguments(), safe)

    def _member_name(self) -> tree.Expression:
        token = self.token
        if token.kind is Kind.NAME:
            self.take()
            return tree.Constant(token.at, token.text)
        if token.kind is Kind.TEXT:
            self.take()
            return self.text(token)
        if token.is_("("):
            return self.parenthesised()
        raise SyntaxFault(f"expected the name of a property or method, found {self.found()}", token.at)
