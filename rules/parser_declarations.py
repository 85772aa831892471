"""Variables, functions with their parameters, and closures."""

from abc import abstractmethod

from rules import tree
from rules.cursor import RESERVED
from rules.lexer import Kind, SyntaxFault, Token
from rules.parser_expressions import ExpressionParser

MODIFIERS = frozenset(("final", "static", "private", "public", "protected", "abstract", "synchronized", "transient", "volatile"))


class DeclarationParser(ExpressionParser):
    @abstractmethod
    def block(self, purpose: str) -> tree.Block:
        """`{ statements }`."""

    def modifiers(self) -> set[str]:
        """The words and annotations before a declaration."""
        found: set[str] = set()
        while True:
            if self.token.kind is Kind.NAME and self.token.text in MODIFIERS and not self.ahead().is_(".", "=", "("):
                found.add(self.take().text)
            elif self.sees("@") and self.ahead().kind is Kind.NAME:
                found.add(self._annotation())
            else:
                return found
            self.skip_lines()

    def _annotation(self) -> str:
        """Reads over an annotation; its name with the `@`."""
        at = self.take()
        name = self.type_name(arrays=False)
        if name.rsplit(".", 1)[-1] in ("Grab", "Grapes", "GrabConfig", "GrabResolver", "GrabExclude"):
            raise SyntaxFault(f"@{name} is not offered: a script cannot load libraries; use the classes of the library", at.at)
        if self.sees("("):
            self.arguments(closure=False)
        return f"@{name.rsplit('.', 1)[-1]}"

    def declaration(self, token: Token) -> tree.Statement | None:
        """A variable or a function, None where neither starts here."""
        start = self.index
        found = self.modifiers()
        kind = ""
        if self.accept("def"):
            found.add("def")
            if self.typed_name_follows():
                kind = self.type_name()
        elif self.typed_name_follows():
            kind = self.type_name()
        elif self._unusual_type():
            kind = self.take().text
        elif not found:
            self.index = start
            return None
        if self.sees("("):
            return self._declare_several(token)
        name = self._declared_name()
        if self.sees("("):
            return self.function(name, kind, static="static" in found)
        declared = self._variables(kind, name)
        return self._field(declared) if "@Field" in found else declared

    def _field(self, declared: tree.Statement) -> tree.Statement:
        """A variable with `@Field`: one that functions see, too."""
        if not isinstance(declared, tree.Declare):
            return declared
        value = declared.value or tree.Constant(declared.at, None)
        if declared.type:
            value = tree.Cast(declared.at, declared.type, value, True)
        return tree.ExpressionStatement(declared.at, tree.Assign(declared.at, tree.Variable(declared.at, declared.names[0]), "", value))

    def _declared_name(self) -> Token:
        if self.token.kind is Kind.TEXT and self.ahead().is_("("):
            token = self.take()
            return Token(Kind.NAME, "".join(one for one in token.parts if isinstance(one, str)), token.at)
        return self.name("to declare")

    def _unusual_type(self) -> bool:
        """True at `type name =` with a type in small letters."""
        first, second = self.token, self.ahead()
        named = first.kind is Kind.NAME and second.kind is Kind.NAME and not {first.text, second.text} & RESERVED
        return named and self.ahead(2).is_("=")

    def function(self, name: Token, kind: str, *, static: bool) -> tree.FunctionDefinition:
        parameters = self.parameters()
        self.throws()
        return tree.FunctionDefinition(name.at, name.text, parameters, self.block("for the function's body"), kind, static)

    def throws(self) -> None:
        if self.past_lines().is_("throws"):
            self.skip_lines()
            self.take()
            self.type_name()
            while self.accept(","):
                self.type_name()

    def _variables(self, kind: str, name: Token) -> tree.Statement:
        found = [self._variable(kind, name)]
        while self.accept(","):
            self.skip_lines()
            found.append(self._variable(kind, self.name("to declare")))
        return found[0] if len(found) == 1 else tree.Several(name.at, tuple(found))

    def _variable(self, kind: str, name: Token) -> tree.Statement:
        value = None
        if self.past_lines().is_("=") and (self.sees("=") or self.token.kind is Kind.NEWLINE):
            self.skip_lines()
            self.take()
            self.skip_lines()
            value = self.value()
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
        return tree.Declare(token.at, "", tuple(names), self.value(), several=True)

    def parameters(self) -> tuple[tree.Parameter, ...]:
        self.expect("(", "before the parameters")
        found: list[tree.Parameter] = []
        while not self.sees(")"):
            found.append(self._parameter())
            if not self.accept(","):
                break
        self.expect(")", "after the parameters")
        return tuple(found)

    def _parameter(self) -> tree.Parameter:
        self.modifiers()
        self.accept("def")
        kind = ""
        if self.typed_name_follows() or self._typed_rest_follows():
            kind = self.type_name()
        rest = self.accept("...") is not None
        name = self.name("of a parameter")
        default = self.expression() if self.accept("=") else None
        return tree.Parameter(name.at, name.text, kind, default, rest)

    def _typed_rest_follows(self) -> bool:
        return self.token.kind is Kind.NAME and self.ahead().is_("...")

    def closure(self) -> tree.ClosureLiteral:
        opened = self.expect("{", "to open the closure")
        parameters = self._closure_parameters()
        statements = self.statements()
        self.expect("}", "to close the closure")
        return tree.ClosureLiteral(opened.at, parameters, tree.Block(opened.at, statements))

    def closure_follows(self) -> bool:
        """True at a `{` that starts a closure with parameters, or with none before its arrow."""
        self.index += 1
        found = self._arrow_follows()
        self.index -= 1
        return found

    def _arrow_follows(self) -> bool:
        """True where a `->` comes before anything that cannot be in a list of parameters."""
        depth, last, broken = 0, "", False
        for at in range(self.index, len(self.tokens) - 1):
            token = self.tokens[at]
            if token.kind is Kind.NEWLINE:
                broken = depth == 0 and last not in ("", ",")
                continue
            if token.kind is Kind.OPERATOR:
                if token.text == "->" and depth == 0:
                    return True
                depth += (token.text in "([{") - (token.text in ")]}")
                if depth < 0 or token.text == ";":
                    return False
            if broken and token.text != ",":
                return False
            last, broken = token.text, False
        return False

    def _closure_parameters(self) -> tuple[tree.Parameter, ...] | None:
        if not self._arrow_follows():
            return None
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

    def lambda_(self) -> tree.ClosureLiteral | None:
        start, depth, at = self.index, self.depth, self.token.at
        if self.sees("(") and not self._lambda_closes():
            return None
        try:
            parameters = self.parameters() if self.sees("(") else (tree.Parameter(at, self.take().text, "", None),)
        except SyntaxFault:
            self.index, self.depth = start, depth
            return None
        if not self.accept("->"):
            self.index, self.depth = start, depth
            return None
        self.skip_lines()
        if self.sees("{"):
            return tree.ClosureLiteral(at, parameters, self.block("for the lambda"))
        body = self.expression()
        return tree.ClosureLiteral(at, parameters, tree.Block(at, (tree.ExpressionStatement(at, body),)))

    def _lambda_closes(self) -> bool:
        """True where `->` follows the parenthesis that opens here."""
        depth = 0
        for at in range(self.index, len(self.tokens)):
            token = self.tokens[at]
            if token.kind is Kind.OPERATOR:
                depth += (token.text == "(") - (token.text == ")")
                if depth == 0:
                    return self.tokens[min(at + 1, len(self.tokens) - 1)].is_("->")
        return False
