"""Statements that choose, repeat, leave and guard."""

from abc import abstractmethod

from rules import tree
from rules.cursor import RESERVED
from rules.lexer import Kind, SyntaxFault, Token
from rules.parser_classes import ClassParser

_CASE_WORD = ("case", "default")


class ControlParser(ClassParser):
    @abstractmethod
    def statement(self) -> tree.Statement:
        """One statement."""

    def control(self, token: Token) -> tree.Statement | None:
        """The statement that the word starts, None where it is no such word."""
        match token.text:
            case "if":
                return self._if()
            case "for":
                return self._for()
            case "while":
                return self._while()
            case "do":
                return self._do()
            case "switch":
                return self.switch()
            case "try":
                return self._try()
            case _:
                return self._jump(token)

    def _jump(self, token: Token) -> tree.Statement | None:
        match token.text:
            case "return":
                self.take()
                ended = self.token.kind in (Kind.NEWLINE, Kind.END) or self.sees(";", "}")
                return tree.Return(token.at, None if ended else self.value())
            case "throw":
                self.take()
                return tree.Throw(token.at, self.expression())
            case "break":
                self.take()
                return tree.Break(token.at, self._label())
            case "continue":
                self.take()
                return tree.Continue(token.at, self._label())
            case "assert":
                return self._assert()
            case "yield" if not self.ahead().is_("=", ".", "(", "["):
                self.take()
                return tree.Return(token.at, self.value())
            case _:
                return None

    def _label(self) -> str:
        return self.take().text if self.token.kind is Kind.NAME and self.token.text not in RESERVED else ""

    def _assert(self) -> tree.Statement:
        word = self.take()
        start = self.index
        condition = self.expression()
        source = " ".join(one.text for one in self.tokens[start : self.index] if one.kind is not Kind.NEWLINE)
        message = None
        if self.accept(":", ","):
            self.skip_lines()
            message = self.expression()
        return tree.Assert(word.at, condition, message, source)

    def _body(self) -> tree.Statement:
        """A block, or one statement, perhaps on the next line; `;` alone does nothing."""
        self.skip_lines()
        if self.sees(";"):
            return tree.Block(self.token.at, ())
        return self.block("") if self.sees("{") else self.statement()

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
        self.skip_separators()
        if self.accept("else"):
            otherwise = self._body()
        else:
            self.index = rest
        return tree.If(token.at, condition, then, otherwise)

    def _while(self) -> tree.Statement:
        token = self.take()
        return tree.While(token.at, self._condition("while"), self._body())

    def _do(self) -> tree.Statement:
        token = self.take()
        body = self._body()
        self.skip_separators()
        self.expect("while", "after the body of 'do'")
        return tree.While(token.at, self._condition("while"), body, True)

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
        self.modifiers()
        self.accept("def")
        if self.typed_name_follows():
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

    def switch(self) -> tree.Statement:
        token = self.take()
        value = self._condition("switch")
        self.skip_lines()
        self.expect("{", "after 'switch (...)'")
        cases: list[tree.Case] = []
        self.skip_separators()
        while self.sees(*_CASE_WORD):
            cases += self._case()
            self.skip_separators()
        self.expect("}", "to close the switch")
        return tree.Switch(token.at, value, tuple(cases))

    def _case(self) -> list[tree.Case]:
        """The case; one with several values is as many, of which the last has the body."""
        word = self.take()
        values: list[tree.Expression | None] = [self._case_value() if word.text == "case" else None]
        while self.accept(","):
            self.skip_lines()
            values.append(self._case_value())
        arrow = self.accept("->") is not None
        if not arrow:
            self.expect(":", f"after {word.text!r}")
        body = self._arrow_body() if arrow else tree.Block(word.at, self.statements())
        empty = tree.Block(word.at, ())
        return [*(tree.Case(word.at, one, empty) for one in values[:-1]), tree.Case(word.at, values[-1], body, arrow)]

    def _case_value(self) -> tree.Expression:
        """A value; the `->` behind it belongs to the case and starts no lambda."""
        token = self.token
        if token.kind is Kind.NAME and self.ahead().is_("->") and token.text not in RESERVED:
            return tree.Variable(token.at, self.take().text)
        return self.expression()

    def _arrow_body(self) -> tree.Block:
        if self.sees("{"):
            return self.block("")
        one = self.statement()
        return tree.Block(one.at, (one,))

    def _try(self) -> tree.Statement:
        token = self.take()
        if self.sees("("):
            raise SyntaxFault("'try' with resources is not available; there is nothing to close in a rule", self.token.at)
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
        self.modifiers()
        self.accept("def")
        types: list[str] = []
        if not self.ahead().is_(")"):
            types.append(self.type_name())
            while self.accept("|"):
                types.append(self.type_name())
        name = self.name("for what is caught").text
        self.expect(")", "after 'catch (...'")
        return tree.Catch(word.at, tuple(types), name, self.block("after 'catch (...)'"))
