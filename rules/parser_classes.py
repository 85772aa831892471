"""Classes and enums that a script declares."""

from dataclasses import dataclass, field

from rules import tree
from rules.lexer import Kind, SyntaxFault, Token
from rules.parser_declarations import DeclarationParser

_WORDS = ("class", "enum", "interface")


@dataclass(slots=True)
class Members:
    constants: list[tree.EnumConstant] = field(default_factory=list[tree.EnumConstant])
    fields: list[tree.Field] = field(default_factory=list[tree.Field])
    methods: list[tree.FunctionDefinition] = field(default_factory=list[tree.FunctionDefinition])
    promised: list[str] = field(default_factory=list[str])


class ClassParser(DeclarationParser):
    def __init__(self, tokens: tuple[Token, ...], depth: int = 0) -> None:
        super().__init__(tokens, depth)
        self.classes: list[tree.ClassDefinition] = []

    def class_definition(self) -> tree.ClassDefinition | None:
        """The class that starts here, perhaps with modifiers in front; None where none does."""
        start = self.index
        modifiers = self.modifiers()
        if self.token.kind is Kind.NAME and self.token.text in ("trait", "record") and self.ahead().kind is Kind.NAME:
            raise SyntaxFault(f"a {self.token.text} is not available in sync rules; use a class", self.token.at)
        if not (self.sees(*_WORDS) and self.ahead().kind is Kind.NAME):
            self.index = start
            return None
        word = self.take().text
        name = self.name("of the class")
        self._type_parameters()
        parents, interfaces = self._types("extends"), self._types("implements")
        self.skip_lines()
        self.expect("{", "for the body of the class")
        members = Members()
        self.skip_separators()
        if word == "enum":
            self._constants(members)
        while not self.sees("}"):
            self._class_member(name.text, members)
            self.skip_separators()
        self.expect("}", "to close the class")
        abstract = word == "interface" or "abstract" in modifiers
        return tree.ClassDefinition(
            name.at, name.text, parents[0] if parents and word != "interface" else "", (*interfaces, *parents[1:]),
            tuple(members.constants), tuple(members.fields), tuple(members.methods), word == "enum", abstract, tuple(members.promised),
        )  # fmt: skip

    def _type_parameters(self) -> None:
        if self.sees("<"):
            self.type_arguments()

    def _types(self, word: str) -> list[str]:
        found: list[str] = []
        if self.past_lines().is_(word):
            self.skip_lines()
            self.take()
            found.append(self.type_name())
            while self.accept(","):
                self.skip_lines()
                found.append(self.type_name())
        return found

    def _constants(self, members: Members) -> None:
        while self.token.kind is Kind.NAME and (self.ahead().is_(",", ";", "(", "}") or self.ahead().kind is Kind.NEWLINE):
            name = self.take()
            members.constants.append(tree.EnumConstant(name.at, name.text, self.arguments(closure=False) if self.sees("(") else ()))
            self.skip_lines()
            if self.sees("{"):
                raise SyntaxFault("a constant with a body of its own is not available; use a field", self.token.at)
            if not self.accept(","):
                break
            self.skip_lines()
        self.skip_separators()

    def _class_member(self, owner: str, members: Members) -> None:
        inner = self.class_definition()
        if inner is not None:
            self.classes.append(inner)
            return
        token = self.token
        modifiers = self.modifiers()
        static = "static" in modifiers
        if self.sees("{"):
            raise SyntaxFault("a block in a class is not available; give the fields values, or write a constructor", token.at)
        if self.token.text == owner and self.ahead().is_("("):
            members.methods.append(self.function(self.take(), "", static=False))
            return
        self._type_parameters()
        kind = ""
        if not self.accept("def") or self.typed_name_follows():
            kind = self.type_name() if self.typed_name_follows() or self._named_type() else ""
        name = self._declared_name()
        if self.sees("("):
            self._method(name, kind, members, static=static)
            return
        while True:
            members.fields.append(tree.Field(name.at, name.text, kind, self.value_after("="), static))
            if not self.accept(","):
                break
            name = self.name("of a field")
        if not (self.token.kind is Kind.NEWLINE or self.sees(";", "}")):
            raise SyntaxFault(f"unexpected {self.found()} in the class", self.token.at)

    def _named_type(self) -> bool:
        return self.token.kind is Kind.NAME and self.ahead().kind is Kind.NAME

    def value_after(self, sign: str) -> tree.Expression | None:
        if not self.accept(sign):
            return None
        self.skip_lines()
        return self.value()

    def _method(self, name: Token, kind: str, members: Members, *, static: bool) -> None:
        start = self.index
        self.parameters()
        self.throws()
        if self.past_lines().is_("{"):
            self.index = start
            members.methods.append(self.function(name, kind, static=static))
        else:
            members.promised.append(name.text)
