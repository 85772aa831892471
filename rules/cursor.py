"""A position in the tokens, and what both parsers ask of it."""

from rules.lexer import Kind, SyntaxFault, Token

PRIMITIVES = frozenset({"int", "long", "double", "float", "boolean", "char", "byte", "short", "void", "var"})
RESERVED = frozenset(
    {"if", "else", "for", "while", "switch", "return", "break", "continue", "throw", "try", "catch", "finally", "new", "def",
     "in", "as", "instanceof", "import", "package", "class", "interface", "enum", "true", "false", "null", "do", "assert",
     "default", "case"}
)  # fmt: skip


class Cursor:
    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self.tokens = tokens
        self.index = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    def ahead(self, distance: int = 1) -> Token:
        return self.tokens[min(self.index + distance, len(self.tokens) - 1)]

    def take(self) -> Token:
        token = self.tokens[self.index]
        if self.index < len(self.tokens) - 1:
            self.index += 1
        return token

    def sees(self, *texts: str) -> bool:
        return self.token.is_(*texts)

    def accept(self, *texts: str) -> Token | None:
        return self.take() if self.token.is_(*texts) else None

    def expect(self, text: str, purpose: str) -> Token:
        if not self.token.is_(text):
            raise SyntaxFault(f"expected {text!r} {purpose}, found {self.found()}", self.token.at)
        return self.take()

    def found(self) -> str:
        token = self.token
        return f"the {token.text}" if token.kind in (Kind.NEWLINE, Kind.END) else repr(token.text[:40])

    def name(self, purpose: str) -> Token:
        token = self.token
        if token.kind is not Kind.NAME or token.text in RESERVED:
            raise SyntaxFault(f"expected a name {purpose}, found {self.found()}", token.at)
        return self.take()

    def at_end(self) -> bool:
        return self.token.kind is Kind.END

    def skip_lines(self) -> None:
        while self.token.kind is Kind.NEWLINE:
            self.index += 1

    def skip_separators(self) -> None:
        while self.token.kind is Kind.NEWLINE or self.token.is_(";"):
            self.index += 1

    def past_lines(self) -> Token:
        """The next token that is no line end, without moving."""
        at = self.index
        while self.tokens[at].kind is Kind.NEWLINE:
            at += 1
        return self.tokens[at]

    def type_name(self, *, arrays: bool = True) -> str:
        """A type: dotted, with `<...>` left out of the result."""
        parts = [self.name("of a type").text]
        while self.sees(".") and self.ahead().kind is Kind.NAME:
            self.take()
            parts.append(self.take().text)
        if self.sees("<"):
            self.type_arguments()
        while arrays and self.sees("[") and self.ahead().is_("]"):
            self.index += 2
            parts[-1] += "[]"
        return ".".join(parts)

    def type_arguments(self) -> None:
        """Reads over `<...>`."""
        opened = self.expect("<", "before type arguments")
        depth = 1
        while depth:
            token = self.take()
            if token.is_("<"):
                depth += 1
            elif token.is_(">"):
                depth -= 1
            elif token.kind is not Kind.NAME and not token.is_(",", ".", "?", "[", "]", "&"):
                raise SyntaxFault("these type arguments cannot be read", opened.at)

    def typed_name_follows(self) -> bool:
        """True at `Type name`: a declaration or a definition, told from a command call by the type's spelling."""
        if self.token.kind is not Kind.NAME or self.token.text in RESERVED:
            return False
        start = self.index
        try:
            name = self.type_name()
        except SyntaxFault:
            return False
        else:
            named = self.token.kind is Kind.NAME and self.token.text not in RESERVED
        finally:
            self.index = start
        return named and looks_like_type(name)


def looks_like_type(name: str) -> bool:
    last = name.rsplit(".", 1)[-1].removesuffix("[]")
    return last in PRIMITIVES or last[:1].isupper()
