"""Types by name: declarations, casts, `as`, and `instanceof`."""

from collections.abc import Callable
from decimal import Decimal

from rules.diagnostics import did_you_mean
from rules.library.errors import HIERARCHY, ErrorValue
from rules.limits import Fault
from rules.numbers_math import parse_decimal, parse_whole
from rules.state import Closure
from rules.values import Host, SetValue, Value, distinct, kind_of, short, text_of, truth

_WHOLE = {"int", "Integer", "long", "Long", "short", "Short", "byte", "Byte", "BigInteger"}
_DECIMAL = {"double", "Double", "float", "Float", "BigDecimal"}
_TEXT = {"String", "CharSequence", "GString"}
_LIST = {"List", "ArrayList", "Collection", "Iterable", "LinkedList"}
_SET = {"Set", "HashSet", "LinkedHashSet", "TreeSet"}
_MAP = {"Map", "HashMap", "LinkedHashMap", "TreeMap"}
_OPEN = {"Object", "def", "var", "Date", "Timestamp", "Closure", "Number", "boolean", "Boolean", "char", "void", "Comparable"}
KNOWN_TYPES = frozenset(_WHOLE | _DECIMAL | _TEXT | _LIST | _SET | _MAP | _OPEN) | HIERARCHY.keys()


def last_part(name: str) -> str:
    return name.rsplit(".", 1)[-1]


def unknown_type(name: str) -> str | None:
    """What to tell about a type that `instanceof` or `catch` cannot test."""
    last = last_part(name)
    if last in KNOWN_TYPES or last.startswith(("Basic", "IHub", "Hub")):
        return None
    return f"the type {name!r} is not known here{did_you_mean(last, KNOWN_TYPES)}"


def to_whole(value: Value) -> Value:
    if isinstance(value, str):
        return parse_whole(value)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return int(value)
    raise Fault(f"cannot make a whole number of {kind_of(value)} {short(value)!r}", "ClassCastException")


def to_decimal(value: Value) -> Value:
    if isinstance(value, str):
        return parse_decimal(value)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Decimal(value)
    raise Fault(f"cannot make a number of {kind_of(value)} {short(value)!r}", "ClassCastException")


def to_list(value: Value) -> list[Value]:
    if isinstance(value, list):
        return list(value)
    if isinstance(value, str):
        return list(value)
    raise Fault(f"cannot make a list of {kind_of(value)}", "ClassCastException")


def to_set(value: Value) -> Value:
    return SetValue(distinct(to_list(value)))


def coercion(name: str) -> Callable[[Value], Value] | None:
    """What a cast to the type does to values other than null, None where it leaves them as they are."""
    last = last_part(name).removesuffix("[]") + ("[]" if name.endswith("[]") else "")
    if last.endswith("[]"):
        return _nullable(to_list)
    if last in ("boolean", "Boolean"):
        return truth if last == "boolean" else _nullable(truth)
    for names, convert in ((_WHOLE, to_whole), (_DECIMAL, to_decimal), (_TEXT, text_of), (_SET, to_set)):
        if last in names:
            return _nullable(convert)
    return None


def declared(name: str) -> Callable[[Value], Value] | None:
    """The conversion of a typed declaration: as a cast, but a text is never read as a number."""
    convert = coercion(name)
    if convert is None or last_part(name) not in _WHOLE | _DECIMAL:
        return convert

    def checked(value: Value) -> Value:
        if isinstance(value, str):
            raise Fault(f"a text cannot be put into {name!r}: {short(value)!r}; use toInteger()", "ClassCastException")
        return convert(value)

    return checked


def _nullable(convert: Callable[[Value], Value]) -> Callable[[Value], Value]:
    return lambda value: None if value is None else convert(value)


def is_instance(name: str, value: Value) -> bool:
    last = last_part(name)
    if value is None:
        return False
    if isinstance(value, ErrorValue):
        return value.is_a(last) or last == "Object"
    if isinstance(value, Host):
        return last == "Object" or (isinstance(value, Closure) and last == "Closure") or value.kind == _date_kind(last)
    return last in _types_of(value)


def _date_kind(name: str) -> str:
    return "Date" if name in ("Date", "Timestamp") else name


def _types_of(value: Value) -> set[str]:
    common = {"Object"}
    if isinstance(value, bool):
        return common | {"Boolean", "boolean"}
    if isinstance(value, int):
        return common | _WHOLE | {"Number", "Comparable"}
    if isinstance(value, Decimal):
        return common | _DECIMAL | {"Number", "Comparable"}
    if isinstance(value, str):
        return common | _TEXT | {"Comparable"}
    if isinstance(value, dict):
        return common | _MAP
    return common | (_SET | {"Collection", "Iterable"} if isinstance(value, SetValue) else _LIST)
