"""Statements, closures and the whole script. A broken statement of the script is skipped, so that all are reported."""

from rules import tree
from rules.cursor import RESERVED
from rules.lexer import Kind, Lexer, SyntaxFault, Token
from rules.parser_expressions import ExpressionParser

MOST_ERRORS = 20
_MODIFIERS = ("final", "static", "private", "public", "protected")
_NOT_AVAILABLE = {
    "class": "classes are not available in sync rules; use script functions and maps",
    "interface": "interfaces are not available in sync rules",
    "enum": "enums are not available in sync rules; use a map",
    "do": "do-while is not available; use while",
    "assert": "assert is not available; use if and throw",
    "package": "packages are not available in sync rules",
}


def parse(source: str) -> tuple[tree.Block, list[SyntaxFault]]:
    """The script and everything in it that cannot be read."""
    try:
        tokens = Lexer(source).run()
    except SyntaxFault as fault:
        return tree.Block(0, ()), [fault]
    parser = StatementParser(tokens)
    return parser.script(), parser.faults


class StatementParser(ExpressionParser):
    def __init__(self, tokens: tuple[Token, ...], depth: int = 0) -> None:
        super().__init__(tokens, depth)
        self.faults: list[SyntaxFault] = []

    def nested(self, tokens: tuple[Token, ...]) -> "StatementParser":
        return StatementParser(tokens, self.depth)

    def script(self) -> tree.Block:
        statements: list[tree.Statement] = []
        self.skip_separators()
        while self.token.kind is not Kind.END and len(self.faults) < MOST_ERRORS:
            start, depth = self.index, self.depth
            try:
                statements.append(self.statement())
                self._end_of_statement()
            except SyntaxFault as fault:
                self.faults.append(fault)
                self.depth = depth
                self._recover(start)
            self.skip_separators()
        return tree.Block(0, tuple(statements))

    def _recover(self, start: int) -> None:
        """Goes on behind the broken statement: the first line end from its start on that is not inside braces."""
        reached, self.index, depth = self.index, start, 0
        while self.token.kind is not Kind.END:
            depth += self.sees("{") - self.sees("}")
            if self.token.kind is Kind.NEWLINE and depth <= 0 and self.index >= reached:
                return
            self.index += 1

    def _end_of_statement(self) -> None:
        if self.token.kind in (Kind.NEWLINE, Kind.END) or self.sees(";", "}"):
            if self.sees("}") and not self.depth:
                raise SyntaxFault("'}' closes nothing", self.token.at)
            return
        raise SyntaxFault(f"unexpected {self.found()}; a statement ends at the line end or with ';'", self.token.at)

    def block(self, purpose: str) -> tree.Block:
        """`{ statements }`."""
        self.skip_lines()
        opened = self.expect("{", purpose)
        statements = self._statements()
        self.expect("}", "to close the block")
        return tree.Block(opened.at, statements)

    def _statements(self) -> tuple[tree.Statement, ...]:
        statements: list[tree.Statement] = []
        self.depth += 1
        self.skip_separators()
        while not self.sees("}") and self.token.kind is not Kind.END:
            if self.sees("case", "default") and not self.ahead().is_(".", "?.", "="):
                break
            statements.append(self.statement())
            self._end_of_statement()
            self.skip_separators()
        self.depth -= 1
        return tuple(statements)

    def _body(self) -> tree.Statement:
        """A block, or one statement, perhaps on the next line."""
        self.skip_lines()
        return self.block("") if self.sees("{") else self.statement()

    def statement(self) -> tree.Statement:
        token = self.token
        self.depth += 1
        if self.depth > 60:
            raise SyntaxFault("statements are nested too deeply; use functions", token.at)
        if token.kind is Kind.NAME and token.text in _NOT_AVAILABLE:
            raise SyntaxFault(_NOT_AVAILABLE[token.text], token.at)
        found = self._control(token) if token.kind is Kind.NAME else None
        if found is None:
            found = self._definition(token)
        if found is None:
            found = self._simple(token)
        self.depth -= 1
        return found

    def _control(self, token: Token) -> tree.Statement | None:
        match token.text:
            case "if":
                return self._if()
            case "for":
                return self._for()
            case "while":
                return self._while()
            case "switch":
                return self._switch()
            case "try":
                return self._try()
            case "import":
                return self._import()
            case _:
                return self._jump(token)

    def _jump(self, token: Token) -> tree.Statement | None:
        match token.text:
            case "return":
                self.take()
                ended = self.token.kind in (Kind.NEWLINE, Kind.END) or self.sees(";", "}")
                return tree.Return(token.at, None if ended else self.expression())
            case "throw":
                self.take()
                return tree.Throw(token.at, self.expression())
            case "break":
                self.take()
                return tree.Break(token.at)
            case "continue":
                self.take()
                return tree.Continue(token.at)
            case _:
                return None

    def _condition(self, what: str) -> tree.Expression:
        self.expect("(", f"after {what!r}")
        condition = self.expression()
        self.expect(")", "after the condition")
        return condition

    def _if(self) -> tree.Statement:
        token = self.take()
        condition = self._condition("if")
        then = self._body()
        otherwise = None
        rest = self.index
        self.accept(";")
        self.skip_lines()
        if self.accept("else"):
            otherwise = self._body()
        else:
            self.index = rest
        return tree.If(token.at, condition, then, otherwise)

    def _while(self) -> tree.Statement:
        token = self.take()
        return tree.While(token.at, self._condition("while"), self._body())

    def _for(self) -> tree.Statement:
        token = self.take()
        self.expect("(", "after 'for'")
        start = self.index
        name = self._loop_name()
        if name is not None:
            items = self.expression()
            self.expect(")", "after the values of 'for'")
            return tree.ForIn(token.at, name, items, self._body())
        self.index = start
        return self._for_classic(token)

    def _loop_name(self) -> str | None:
        if not self.accept("def", "final") and self.typed_name_follows():
            self.type_name()
        if self.token.kind is Kind.NAME and self.token.text not in RESERVED and self.ahead().is_("in", ":"):
            name = self.take().text
            self.take()
            return name
        return None

    def _for_classic(self, token: Token) -> tree.Statement:
        setup: list[tree.Statement] = []
        while not self.sees(";"):
            setup.append(self.statement())
            if not self.accept(","):
                break
        self.expect(";", "after the start of 'for'")
        condition = None if self.sees(";") else self.expression()
        self.expect(";", "after the condition of 'for'")
        update: list[tree.Expression] = []
        while not self.sees(")"):
            update.append(self.expression())
            if not self.accept(","):
                break
        self.expect(")", "after the head of 'for'")
        return tree.ForClassic(token.at, tuple(setup), condition, tuple(update), self._body())

    def _switch(self) -> tree.Statement:
        token = self.take()
        value = self._condition("switch")
        self.skip_lines()
        self.expect("{", "after 'switch (...)'")
        cases: list[tree.Case] = []
        self.skip_separators()
        while self.sees("case", "default"):
            word = self.take()
            matched = self.expression() if word.text == "case" else None
            self.expect(":", f"after {word.text!r}")
            cases.append(tree.Case(word.at, matched, tree.Block(word.at, self._statements())))
        self.expect("}", "to close the switch")
        return tree.Switch(token.at, value, tuple(cases))

    def _try(self) -> tree.Statement:
        token = self.take()
        body = self.block("after 'try'")
        catches: list[tree.Catch] = []
        while self.past_lines().is_("catch"):
            self.skip_lines()
            catches.append(self._catch())
        final = None
        if self.past_lines().is_("finally"):
            self.skip_lines()
            self.take()
            final = self.block("after 'finally'")
        if not catches and final is None:
            raise SyntaxFault("'try' needs a 'catch' or a 'finally'", token.at)
        return tree.Try(token.at, body, tuple(catches), final)

    def _catch(self) -> tree.Catch:
        word = self.take()
        self.expect("(", "after 'catch'")
        self.accept("final")
        types: list[str] = []
        if not self.ahead().is_(")"):
            types.append(self.type_name())
            while self.accept("|"):
                types.append(self.type_name())
        name = self.name("for what is caught").text
        self.expect(")", "after 'catch (...'")
        return tree.Catch(word.at, tuple(types), name, self.block("after 'catch (...)'"))

    def _import(self) -> tree.Statement:
        token = self.take()
        self.accept("static")
        parts = [self.name("to import").text]
        while self.accept("."):
            parts.append("*" if self.accept("*") else self.take().text)
        if self.accept("as"):
            self.name("for the import")
        return tree.Import(token.at, ".".join(parts))

    def _definition(self, token: Token) -> tree.Statement | None:
        start = self.index
        modified = False
        while self.accept(*_MODIFIERS):
            modified = True
        kind = ""
        if not self.accept("def"):
            if self.typed_name_follows():
                kind = self.type_name()
            elif not modified:
                self.index = start
                return None
        elif self.typed_name_follows():
            kind = self.type_name()
        if self.sees("("):
            return self._declare_several(token)
        name = self.name("to declare")
        if self.sees("(") and not name.text[0].isupper():
            return tree.FunctionDefinition(name.at, name.text, self._parameters(), self.block("for the function's body"))
        return self._declare(kind, name)

    def _declare(self, kind: str, name: Token) -> tree.Statement:
        value = None
        if self.accept("="):
            self.skip_lines()
            value = self.expression()
        return tree.Declare(name.at, kind, (name.text,), value, several=False)

    def _declare_several(self, token: Token) -> tree.Statement:
        self.take()
        names: list[str] = []
        while not self.sees(")"):
            if self.typed_name_follows():
                self.type_name()
            names.append(self.name("to declare").text)
            if not self.accept(","):
                break
        self.expect(")", "after the names")
        self.expect("=", "and a list after the names")
        self.skip_lines()
        return tree.Declare(token.at, "", tuple(names), self.expression(), several=True)

    def _parameters(self) -> tuple[tree.Parameter, ...]:
        self.expect("(", "before the parameters")
        found: list[tree.Parameter] = []
        while not self.sees(")"):
            found.append(self._parameter())
            if not self.accept(","):
                break
        self.expect(")", "after the parameters")
        return tuple(found)

    def _parameter(self) -> tree.Parameter:
        self.accept("final")
        self.accept("def")
        kind = self.type_name() if self.typed_name_follows() else ""
        name = self.name("of a parameter")
        default = self.expression() if self.accept("=") else None
        return tree.Parameter(name.at, name.text, kind, default)

    def closure(self) -> tree.ClosureLiteral:
        opened = self.expect("{", "to open the closure")
        parameters = self._closure_parameters()
        statements = self._statements()
        self.expect("}", "to close the closure")
        return tree.ClosureLiteral(opened.at, parameters, tree.Block(opened.at, statements))

    def _closure_parameters(self) -> tuple[tree.Parameter, ...] | None:
        start, depth = self.index, self.depth
        self.skip_lines()
        found: list[tree.Parameter] = []
        try:
            while not self.sees("->"):
                found.append(self._parameter())
                self.skip_lines()
                if not self.accept(","):
                    break
                self.skip_lines()
        except SyntaxFault:
            pass
        if self.accept("->"):
            return tuple(found)
        self.index, self.depth = start, depth
        return None

    def _simple(self, token: Token) -> tree.Statement:
        if token.is_("{"):
            return self.block("")
        value = self.expression()
        if self._command_follows(value):
            value = self._command(value)
        return tree.ExpressionStatement(value.at, value)

    def _command_follows(self, value: tree.Expression) -> bool:
        if not isinstance(value, tree.Variable | tree.Property):
            return False
        token = self.token
        return token.kind in (Kind.TEXT, Kind.NUMBER) or (
            token.kind is Kind.NAME and token.text not in RESERVED - {"new", "true", "false", "null"}
        )

    def _command(self, callee: tree.Expression) -> tree.Expression:
        arguments = self.command_arguments()
        match callee:
            case tree.Variable(at, name):
                return tree.Call(at, name, arguments)
            case tree.Property(at, target, tree.Constant(_, str() as name), safe, spread):
                return tree.MethodCall(at, target, name, arguments, safe, spread)
            case _:
                raise SyntaxFault("unexpected value after this expression", self.token.at)
