"""Classes as values: the receivers of static calls, labels of `case`, and what `.class` gives."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from rules.library.convert import is_instance
from rules.library.table import Method, Table
from rules.limits import Fault
from rules.state import Closure, Run
from rules.values import Host, RangeValue, SetValue, Value

TYPES: Table["StaticClass"] = Table("a class")
_FULL = {
    **dict.fromkeys(("String", "Integer", "Long", "Double", "Float", "Boolean", "Short", "Byte", "Character", "Object", "Math", "System"),
                    "java.lang"),
    **dict.fromkeys(("ArrayList", "LinkedHashMap", "LinkedHashSet", "HashMap", "HashSet", "List", "Map", "Set"), "java.util"),
    **dict.fromkeys(("Date", "UUID", "Calendar"), "java.util"),
    **dict.fromkeys(("BigDecimal", "BigInteger"), "java.math"),
    "IntRange": "groovy.lang", "Closure": "groovy.lang", "Timestamp": "java.sql",
}  # fmt: skip


class StaticClass(Host):
    """A class as a receiver of static calls. `fixed` are its constants."""

    kind = "a class"
    types = frozenset({"Class"})

    def __init__(self, name: str, table: Mapping[str, Method] = MappingProxyType({}), fixed: Mapping[str, Value] | None = None) -> None:
        self.name = name
        self.table = table
        self.fixed: Mapping[str, Value] = fixed or {}

    def read(self, run: Run, name: str) -> Value:
        if name in self.fixed:
            return self.fixed[name]
        getter = self.table.get(f"get{name[:1].upper()}{name[1:]}")
        if getter is not None and getter.least == 0:
            return getter.call(run, self, [])
        match name:
            case "class":
                return self
            case "simpleName":
                return self.name
            case "name" | "canonicalName" | "typeName":
                return full_name(self.name)
            case _:
                raise Fault(f"{self.name} has no static property {name!r}", "MissingPropertyException")

    def listed(self) -> Mapping[str, Method]:
        return self.table

    def takes_case(self, value: Value) -> bool:
        return is_instance(self.name, value)

    def equals(self, other: Value) -> bool:
        return isinstance(other, StaticClass) and other.name == self.name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, StaticClass) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)

    def text(self) -> str:
        return f"class {full_name(self.name)}"


def full_name(name: str) -> str:
    package = _FULL.get(name)
    return f"{package}.{name}" if package else name


def type_value(name: str) -> StaticClass:
    """The class of that name, for `.class` and `case`."""
    return StaticClass(name)


_BY_TYPE: tuple[tuple[type, str], ...] = (
    (bool, "Boolean"), (int, "Integer"), (Decimal, "BigDecimal"), (float, "Double"), (str, "String"), (SetValue, "LinkedHashSet"),
    (RangeValue, "IntRange"), (list, "ArrayList"), (dict, "LinkedHashMap"), (Closure, "Closure"),
)  # fmt: skip


_KINDS = {
    "a pattern": "Pattern", "a matcher": "Matcher", "a map entry": "Entry", "an iterator": "Iterator", "an Optional": "Optional",
    "a StringBuilder": "StringBuilder",
}  # fmt: skip


def type_name_of(value: Value) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and not -(2**31) <= value < 2**31:
        return "Long" if -(2**63) <= value < 2**63 else "BigInteger"
    for kind, name in _BY_TYPE:
        if isinstance(value, kind):
            return name
    return _KINDS.get(value.kind, value.kind) if isinstance(value, Host) else "null"


@TYPES.method("getName", "getCanonicalName", "getTypeName")
def get_name(_run: Run, value: StaticClass, _arguments: list[Value]) -> Value:
    return full_name(value.name)


@TYPES.method("getSimpleName")
def get_simple_name(_run: Run, value: StaticClass, _arguments: list[Value]) -> Value:
    return value.name


@TYPES.method("isInstance", takes=1)
def class_takes(_run: Run, value: StaticClass, arguments: list[Value]) -> Value:
    return is_instance(value.name, arguments[0])
