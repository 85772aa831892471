"""The Work Item Query Language.

https://learn.microsoft.com/azure/devops/boards/queries/wiql-syntax
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pydantic import JsonValue

from connectors.azure_devops.fake_call import Problem, bad_parameter
from connectors.azure_devops.fake_links import LinkQuery
from connectors.azure_devops.fake_process import FIELDS, FieldDefinition
from connectors.azure_devops.fake_state import Object

Test = Callable[[Object], bool]

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\")|(?P<field>(?:\[(?:Source|Target)\]\.)?\[[^\]]+\])|(?P<macro>@\w+(?:\s*[+-]\s*\d+)?)"
    r"|(?P<number>-?\d+(?:\.\d+)?)|(?P<sign><>|<=|>=|[=<>(),])|(?P<word>[A-Za-z_][\w.]*))"
)
LINK_TYPE = FieldDefinition("System.Links.LinkType", "Link Type")
SIDES = ("Source", "Link", "Target")
_DAY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}/\d{1,2}/\d{4}")


@dataclass(frozen=True)
class Query:
    """A parsed query: the fields that it names, what it asks, and the order as fields and whether descending.

    One about links asks its questions in `links`.
    """

    columns: tuple[FieldDefinition, ...]
    test: Test
    order: tuple[tuple[FieldDefinition, bool], ...]
    links: LinkQuery | None = None

    @property
    def kind(self) -> str:
        if self.links is None:
            return "flat"
        return "tree" if self.links.mode.startswith("RECURSIVE") else "oneHop"


@dataclass(frozen=True)
class Surroundings:
    """What macros stand for. With `times` a time of the day counts."""

    project: str
    me: str
    times: bool


def syntax(message: str) -> Problem:
    return Problem(400, "SyntaxException", message)


def field_named(name: str) -> FieldDefinition:
    wanted = name.strip().casefold()
    if wanted == LINK_TYPE.name.casefold() or wanted == LINK_TYPE.reference.casefold():
        return LINK_TYPE
    found = next((one for one in FIELDS.values() if wanted in {one.reference.casefold(), one.name.casefold()}), None)
    if found is None:
        raise bad_parameter(f"TF51005: The query references a field that does not exist. The error is caused by «[{name}]».")
    return found


class Parser:
    """Reads one query from its tokens."""

    def __init__(self, text: str, around: Surroundings) -> None:
        self._around = around
        self._tokens: list[tuple[str, str]] = []
        place = 0
        while text[place:].strip():
            found = _TOKEN.match(text, place)
            if found is None or found.lastgroup is None:
                raise syntax(f"TF51006: The query statement is not valid. The error is caused by «{text[place : place + 20].strip()}».")
            self._tokens.append((found.lastgroup, found[found.lastgroup]))
            place = found.end()
        self._place = 0
        self._links = False
        self._side = ""

    def query(self) -> Query:
        self._expect("SELECT")
        columns = [field_named(self._field())]
        while self._takes(","):
            columns.append(field_named(self._field()))
        self._expect("FROM")
        self._links = self._takes("WORKITEMLINKS")
        if not self._links:
            self._expect("WORKITEMS")
        test: Test = _anything
        clauses: list[tuple[str, Test]] = []
        if self._takes("WHERE"):
            if self._links:
                clauses = self._clauses()
            else:
                test = self._either()
        order: list[tuple[FieldDefinition, bool]] = []
        if self._takes("ORDER"):
            self._expect("BY")
            order.append(self._ordered())
            while self._takes(","):
                order.append(self._ordered())
        mode = self._mode() if self._links else ""
        if self._place < len(self._tokens):
            raise syntax(f"TF51006: The query statement is not valid. The error is caused by «{self._peek()}».")
        source, link, target = (_all([one for side, one in clauses if side == name]) for name in SIDES)
        asked = LinkQuery(source, link, target, mode) if self._links else None
        return Query(tuple(columns), test, tuple(order), asked)

    def _clauses(self) -> list[tuple[str, Test]]:
        """The parts that `AND` joins, each with whom it is about."""
        found: list[tuple[str, Test]] = []
        while not found or self._takes("AND"):
            self._side = ""
            test = self._not()
            found.append((self._side or SIDES[0], test))
        return found

    def _mode(self) -> str:
        words: list[str] = []
        if self._takes("MODE"):
            self._expect("(")
            while not self._takes(")"):
                words.append(self._field().upper())
                self._takes(",")
        return ",".join(words) or "MUSTCONTAIN"

    def _ordered(self) -> tuple[FieldDefinition, bool]:
        found = field_named(self._field())
        down = self._takes("DESC")
        if not down:
            self._takes("ASC")
        return found, down

    def _peek(self) -> str:
        return self._tokens[self._place][1] if self._place < len(self._tokens) else "end of statement"

    def _takes(self, word: str) -> bool:
        if self._place < len(self._tokens) and self._tokens[self._place][0] != "text" and self._peek().upper() == word:
            self._place += 1
            return True
        return False

    def _expect(self, word: str) -> None:
        if not self._takes(word):
            raise syntax(f"Expecting {word}. The error is caused by «{self._peek()}».")

    def _field(self) -> str:
        kind, text = self._tokens[self._place] if self._place < len(self._tokens) else ("", "")
        if kind not in {"field", "word"}:
            raise syntax(f"Expecting field name or expression. The error is caused by «{self._peek()}».")
        self._place += 1
        if kind == "word":
            return text
        side, _, name = text.rpartition("[")
        self._side = side.strip("[].") or self._side
        return name.removesuffix("]")

    def _either(self) -> Test:
        tests = [self._both()]
        while self._takes("OR"):
            tests.append(self._both())
        return lambda item: any(one(item) for one in tests)

    def _both(self) -> Test:
        tests = [self._not()]
        while self._takes("AND"):
            tests.append(self._not())
        return lambda item: all(one(item) for one in tests)

    def _not(self) -> Test:
        if self._takes("NOT"):
            inner = self._not()
            return lambda item: not inner(item)
        if self._takes("("):
            inner = self._either()
            self._expect(")")
            return inner
        return self._condition()

    def _condition(self) -> Test:
        field = field_named(self._field())
        if field is LINK_TYPE:
            self._side = SIDES[1]
        if self._takes("IS"):
            wanted = not self._takes("NOT")
            self._expect("EMPTY")
            return lambda item: (field.reference not in item) == wanted
        negated = self._takes("NOT")
        for word in ("CONTAINS", "UNDER", "IN"):
            if self._takes(word):
                if word == "CONTAINS":
                    self._takes("WORDS")
                test = self._listed(field) if word == "IN" else _worded(field, word, str(self._value()))
                return _not(test) if negated else test
        for sign in ("<>", "<=", ">=", "=", "<", ">"):
            if not negated and self._takes(sign):
                return self._compared(field, sign)
        raise syntax(f"Expecting comparison operator. The error is caused by «{self._peek()}».")

    def _listed(self, field: FieldDefinition) -> Test:
        self._expect("(")
        values = [self._value()]
        while self._takes(","):
            values.append(self._value())
        self._expect(")")
        tests = [_equal(field, one) for one in values]
        return lambda item: any(one(item) for one in tests)

    def _compared(self, field: FieldDefinition, sign: str) -> Test:
        value = self._value()
        if field.type == "dateTime":
            return self._dated(field, sign, value)
        equal = _equal(field, value)
        if sign == "=":
            return equal
        if sign == "<>":
            return lambda item: not equal(item)
        if field.type not in {"integer", "double"}:
            raise syntax(f"The operator {sign} cannot be used with the field [{field.reference}].")
        return lambda item: field.reference in item and _holds(float(str(item[field.reference])), sign, float(str(value)))

    def _dated(self, field: FieldDefinition, sign: str, value: JsonValue) -> Test:
        text = str(value)
        if not self._around.times and not _DAY.fullmatch(text):
            message = "You cannot supply a time with the date when running a query using date precision."
            raise bad_parameter(f"{message} The error is caused by «[{field.reference}] {sign} '{text}'».")
        try:
            limit = datetime.fromisoformat(text)
        except ValueError:
            raise bad_parameter(f"TF51011: The value '{text}' of the field [{field.reference}] is not a date.") from None
        limit = limit if limit.tzinfo else limit.replace(tzinfo=UTC)

        def test(item: Object) -> bool:
            if field.reference not in item:
                return False
            at = datetime.fromisoformat(str(item[field.reference]))
            return _holds(
                at.timestamp() if self._around.times else at.toordinal(),
                sign,
                limit.timestamp() if self._around.times else limit.toordinal(),
            )

        return test

    def _value(self) -> JsonValue:
        kind, text = self._tokens[self._place] if self._place < len(self._tokens) else ("", "")
        self._place += 1
        match kind:
            case "text":
                return text[1:-1].replace(text[0] * 2, text[0])
            case "number":
                return float(text)
            case "macro":
                return self._macro(text)
            case "word" if text.casefold() in {"true", "false"}:
                return text.casefold() == "true"
            case _:
                self._place -= 1
                raise syntax(f"Expecting a value. The error is caused by «{self._peek()}».")

    def _macro(self, text: str) -> JsonValue:
        name, sign, days = re.fullmatch(r"@(\w+)\s*([+-]?)\s*(\d*)", text).groups()  # pyright: ignore[reportOptionalMemberAccess]
        match name.casefold():
            case "project":
                return self._around.project
            case "me":
                return self._around.me
            case "today":
                shift = timedelta(days=int(days or 0) * (-1 if sign == "-" else 1))
                return (datetime.now(UTC) + shift).date().isoformat()
            case _:
                raise syntax(f"TF51006: The macro {text} is not known.")


def _not(test: Test) -> Test:
    return lambda item: not test(item)


def _all(tests: list[Test]) -> Test:
    return lambda item: all(one(item) for one in tests)


def _anything(item: Object) -> bool:
    del item
    return True


def _holds(left: float, sign: str, right: float) -> bool:
    return {"=": left == right, "<>": left != right, "<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[sign]


def _equal(field: FieldDefinition, value: JsonValue) -> Test:
    if field.type in {"integer", "double"}:
        try:
            number = float(str(value))
        except ValueError:
            raise bad_parameter(f"TF51009: The value '{value}' of the field [{field.reference}] is not a number.") from None
        return lambda item: field.reference in item and float(str(item[field.reference])) == number
    wanted = str(value).casefold()
    if field.identity:
        return lambda item: wanted in _names(item.get(field.reference)) if value else field.reference not in item
    return lambda item: str(item.get(field.reference, "")).casefold() == wanted


def _names(person: JsonValue) -> set[str]:
    if not isinstance(person, dict):
        return set()
    name, mail = str(person.get("displayName")), str(person.get("uniqueName"))
    return {one.casefold() for one in (name, mail, f"{name} <{mail}>")}


def _worded(field: FieldDefinition, word: str, value: str) -> Test:
    wanted = value.casefold()
    if word == "UNDER":
        return lambda item: f"{item.get(field.reference, '')}\\".casefold().startswith(f"{wanted}\\")
    if field.reference == "System.Tags":
        return lambda item: wanted in {one.strip().casefold() for one in str(item.get("System.Tags", "")).split(";")}
    return lambda item: wanted in str(item.get(field.reference, "")).casefold()
