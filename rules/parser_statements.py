"""The whole script and its statements. A broken statement is skipped, inside blocks, too, so that all are reported."""

from rules import tree
from rules.cursor import RESERVED
from rules.lexer import Kind, Lexer, SyntaxFault, Token
from rules.parser_control import ControlParser

MOST_ERRORS = 20
DEEPEST = 60
_AFTER_COMMAND = RESERVED - {"new", "true", "false", "null", "switch"}
_MOVES = (tree.Variable, tree.Property)


def parse(source: str) -> tuple[tree.Block, list[SyntaxFault]]:
    """The script and everything in it that cannot be read. Nested classes are among the statements."""
    lexer = Lexer(source)
    try:
        tokens = lexer.run()
    except SyntaxFault as fault:
        return tree.Block(0, ()), [*lexer.faults, fault]
    parser = StatementParser(tokens)
    root = parser.script()
    faults = _apart(source, lexer.faults, parser.faults)
    return tree.Block(0, (*root.statements, *parser.classes)), faults


def _apart(source: str, first: list[SyntaxFault], others: list[SyntaxFault]) -> list[SyntaxFault]:
    """Both, without those of the others that a first one in the same line explains."""
    if not first:
        return others
    lines = {source.count("\n", 0, one.at) for one in first}
    return [*first, *(one for one in others if source.count("\n", 0, one.at) not in lines)]


class StatementParser(ControlParser):
    def __init__(self, tokens: tuple[Token, ...], depth: int = 0) -> None:
        super().__init__(tokens, depth)
        self.faults: list[SyntaxFault] = []

    def nested(self, tokens: tuple[Token, ...]) -> "StatementParser":
        inner = StatementParser(tokens, self.depth)
        inner.faults, inner.classes = self.faults, self.classes
        return inner

    def script(self) -> tree.Block:
        statements: list[tree.Statement] = []
        self.skip_separators()
        while self.token.kind is not Kind.END and len(self.faults) < MOST_ERRORS:
            if self.sees("}"):
                self.faults.append(SyntaxFault("'}' closes nothing", self.token.at))
                self.take()
            else:
                self._add(statements)
            self.skip_separators()
        return tree.Block(0, tuple(statements))

    def _add(self, statements: list[tree.Statement]) -> None:
        start, depth = self.index, self.depth
        try:
            statements.append(self.statement())
            self._end_of_statement()
        except SyntaxFault as fault:
            self.faults.append(fault)
            self.depth = depth
            self._recover(start)

    def _recover(self, start: int) -> None:
        """Goes on behind the broken statement: the first line end from its start on that is not inside braces."""
        reached, self.index, depth = self.index, start, 0
        while self.token.kind is not Kind.END:
            depth += self.sees("{") - self.sees("}")
            if depth < 0:
                return
            if self.token.kind is Kind.NEWLINE and depth <= 0 and self.index >= reached:
                return
            self.index += 1

    def _end_of_statement(self) -> None:
        if self.token.kind in (Kind.NEWLINE, Kind.END) or self.sees(";", "}"):
            return
        if self.tokens[self.index - 1].is_("}", ":"):
            return
        raise SyntaxFault(f"unexpected {self.found()}; a statement ends at the line end or with ';'", self.token.at)

    def block(self, purpose: str) -> tree.Block:
        self.skip_lines()
        opened = self.expect("{", purpose)
        statements = self.statements()
        self.expect("}", "to close the block")
        return tree.Block(opened.at, statements)

    def statements(self) -> tuple[tree.Statement, ...]:
        statements: list[tree.Statement] = []
        self.depth += 1
        self.skip_separators()
        while not self.sees("}") and self.token.kind is not Kind.END:
            if self.sees("case", "default") and not self.ahead().is_(".", "?.", "="):
                break
            if len(self.faults) >= MOST_ERRORS:
                raise SyntaxFault("there are more errors than can be shown", self.token.at)
            self._add(statements)
            self.skip_separators()
        self.depth -= 1
        return tuple(statements)

    def statement(self) -> tree.Statement:
        token = self.token
        self.depth += 1
        if self.depth > DEEPEST:
            raise SyntaxFault("statements are nested too deeply; use functions", token.at)
        found = self._worded(token) if token.kind is Kind.NAME or token.is_("@") else None
        if found is None:
            found = self._simple(token)
        self.depth -= 1
        return found

    def _worded(self, token: Token) -> tree.Statement | None:
        if token.text == "import":
            return self._import()
        if token.text == "package":
            self.take()
            self.type_name()
            return tree.Several(token.at, ())
        if self.ahead().is_(":") and token.text not in RESERVED:
            self.index += 2
            self.skip_lines()
            return tree.Labeled(token.at, token.text, self.statement())
        if token.text == "synchronized" and self.ahead().is_("("):
            raise SyntaxFault("'synchronized' is not offered: a rule runs alone; leave it out", token.at)
        return self.control(token) or self.class_definition() or self.declaration(token)

    def _import(self) -> tree.Statement:
        token = self.take()
        static = self.accept("static") is not None
        parts = [self.name("to import").text]
        while self.accept("."):
            parts.append("*" if self.accept("*") else self.take().text)
        alias = self.name("for the import").text if self.accept("as") else ""
        return tree.Import(token.at, ".".join(parts), alias, static)

    def _simple(self, token: Token) -> tree.Statement:
        if token.is_("{") and not self.closure_follows():
            return self.block("")
        if token.is_("(") and self._targets_follow():
            return self._assign_several(token)
        value = self.value()
        return tree.ExpressionStatement(value.at, value)

    def _targets_follow(self) -> bool:
        """True at `(a, b) =`."""
        depth, commas = 0, 0
        for at in range(self.index, len(self.tokens) - 1):
            token = self.tokens[at]
            if token.kind is Kind.NEWLINE or token.is_("{"):
                return False
            depth += token.is_("(", "[") - token.is_(")", "]")
            commas += token.is_(",") and depth == 1
            if depth == 0:
                return commas > 0 and self.tokens[at + 1].is_("=")
        return False

    def _assign_several(self, token: Token) -> tree.Statement:
        self.take()
        targets = [self.expression()]
        while self.accept(","):
            targets.append(self.expression())
        self.expect(")", "after what is assigned to")
        self.expect("=", "and a list")
        self.skip_lines()
        return tree.AssignSeveral(token.at, tuple(targets), self.value())

    def value(self) -> tree.Expression:
        if self.sees("switch"):
            return self._switch_value()
        value = self.expression()
        while self._command_follows(value):
            value = self._command(value)
        return value

    def _switch_value(self) -> tree.Expression:
        """A switch whose value is that of the case it takes."""
        at = self.token.at
        chosen = self.switch()
        return tree.Invoke(at, tree.ClosureLiteral(at, (), tree.Block(at, (chosen,))), ())

    def _command_follows(self, value: tree.Expression) -> bool:
        token = self.token
        if token.kind in (Kind.NEWLINE, Kind.END) or not isinstance(value, _MOVES):
            return False
        if token.kind in (Kind.TEXT, Kind.NUMBER):
            return True
        if token.kind is Kind.NAME:
            return token.text not in _AFTER_COMMAND
        return token.text in ("!", "~") and token.spaced

    def _command(self, callee: tree.Expression) -> tree.Expression:
        arguments = self._command_arguments()
        match callee:
            case tree.Variable(at, name):
                found: tree.Expression = tree.Call(at, name, arguments)
            case tree.Property(at, target, tree.Constant(_, str() as name), safe, spread):
                found = tree.MethodCall(at, target, name, arguments, safe, spread)
            case _:
                raise SyntaxFault("unexpected value after this expression", self.token.at)
        if self.token.kind is Kind.NAME and self.token.text not in RESERVED:
            word = self.take()
            return tree.Property(word.at, found, tree.Constant(word.at, word.text), False, False)
        return found

    def _command_arguments(self) -> tuple[tree.Expression, ...]:
        at = self.token.at
        named: list[tuple[tree.Expression, tree.Expression]] = []
        items: list[tree.Expression] = []
        self.argument(items, named)
        while self.accept(","):
            self.skip_lines()
            self.argument(items, named)
        return (tree.MapLiteral(at, tuple(named)), *items) if named else tuple(items)
