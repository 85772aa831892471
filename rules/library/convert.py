"""Types by name: declarations, casts, `as`, and `instanceof`."""

from collections.abc import Callable
from decimal import Decimal

from rules.diagnostics import did_you_mean
from rules.library.errors import HIERARCHY
from rules.library.names import last_part
from rules.limits import Fault
from rules.numbers_math import decimal, floating, parse_decimal, parse_floating, parse_whole, truncated
from rules.values import Host, SetValue, Value, distinct, kind_of, short, text_of, truth

__all__ = ["cast", "coercion", "declared", "default_value", "is_instance", "last_part", "to_list", "unknown_type"]

_WHOLE = {"int", "Integer", "long", "Long", "short", "Short", "byte", "Byte", "BigInteger"}
_FLOATING = {"double", "Double", "float", "Float"}
_TEXT = {"String", "CharSequence", "GString", "GStringImpl"}
_CHARACTER = {"char", "Character"}
_LIST = {"List", "ArrayList", "Collection", "Iterable", "LinkedList", "AbstractList", "AbstractCollection"}
_SET = {"Set", "HashSet", "LinkedHashSet", "TreeSet", "SortedSet"}
_MAP = {"Map", "HashMap", "LinkedHashMap", "TreeMap", "SortedMap", "AbstractMap"}
_OTHER = {
    "Object", "def", "var", "Date", "Timestamp", "Closure", "Number", "boolean", "Boolean", "void", "Comparable", "Range", "IntRange",
    "Pattern", "Matcher", "StringBuilder", "StringBuffer", "LocalDate", "LocalDateTime", "LocalTime", "ZonedDateTime", "OffsetDateTime",
    "Instant", "Duration", "Period", "DateTimeFormatter", "SimpleDateFormat", "ZoneId", "ZoneOffset", "TimeZone", "Calendar", "UUID",
    "URI", "Optional", "Iterator", "Entry", "Map.Entry", "Enum", "Serializable", "Locale", "Random", "JsonSlurper", "DayOfWeek", "Month",
    "BigDecimal", "Runnable", "Callable", "Function", "Supplier", "Consumer", "Predicate",
}  # fmt: skip
KNOWN_TYPES = frozenset(_WHOLE | _FLOATING | _TEXT | _CHARACTER | _LIST | _SET | _MAP | _OTHER) | HIERARCHY.keys()


def unknown_type(name: str) -> str | None:
    """What to tell about a type that `instanceof` or `catch` cannot test."""
    last = last_part(name).removesuffix("[]")
    if last in KNOWN_TYPES or last.startswith(("Basic", "IHub", "Hub", "I")):
        return None
    return f"the type {name!r} is not known here{did_you_mean(last, KNOWN_TYPES)}"


def _refused(value: Value, name: str) -> Fault:
    return Fault(f"cannot make {name} of {kind_of(value)} {short(value)!r}", "GroovyCastException")


def to_whole(value: Value) -> Value:
    if isinstance(value, str):
        return parse_whole(value)
    if isinstance(value, int | Decimal | float) and not isinstance(value, bool):
        return truncated(value)
    raise _refused(value, "a whole number")


def to_floating(value: Value) -> Value:
    if isinstance(value, str):
        return parse_floating(value)
    if isinstance(value, int | Decimal | float) and not isinstance(value, bool):
        return floating(value)
    raise _refused(value, "a number")


def to_decimal(value: Value) -> Value:
    if isinstance(value, str):
        return parse_decimal(value)
    if isinstance(value, int | Decimal | float) and not isinstance(value, bool):
        return decimal(value)
    raise _refused(value, "a number")


def to_list(value: Value) -> list[Value]:
    if isinstance(value, list | str):
        return list(value)
    if isinstance(value, Host) and (found := value.elements()) is not None:
        return found
    raise _refused(value, "a list")


def to_set(value: Value) -> Value:
    return SetValue(distinct(to_list(value)))


def to_map(value: Value) -> Value:
    if isinstance(value, dict):
        return value
    raise _refused(value, "a map")


def _to_character(value: Value) -> Value:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 0x10000:
        return chr(value)
    if isinstance(value, str) and len(value) == 1:
        return value
    raise _refused(value, "a character")


def _list_of(element: str) -> Callable[[Value], Value]:
    convert = coercion(element)
    return lambda value: [convert(one) if convert else one for one in to_list(value)]


_CONVERSIONS: tuple[tuple[set[str], Callable[[Value], Value]], ...] = (
    (_WHOLE, to_whole), (_FLOATING, to_floating), ({"BigDecimal", "Number"}, to_decimal), (_TEXT, text_of), (_SET, to_set),
    (_CHARACTER, _to_character),
)  # fmt: skip


def coercion(name: str) -> Callable[[Value], Value] | None:
    """What `as` with the type does to values other than null, None where it leaves them as they are."""
    last = last_part(name)
    if last.endswith("[]"):
        return _nullable(_list_of(last[:-2]))
    if last in ("boolean", "Boolean"):
        return truth if last == "boolean" else _nullable(truth)
    if last in ("List", "ArrayList", "LinkedList", "Collection"):
        return _nullable(lambda value: value if isinstance(value, list) and not isinstance(value, SetValue) else to_list(value))
    if last in _MAP:
        return _nullable(lambda value: value if isinstance(value, Host) else to_map(value))
    for names, convert in _CONVERSIONS:
        if last in names:
            return _nullable(convert)
    return None


def cast(name: str) -> Callable[[Value], Value] | None:
    """What `(T) value` does: as `as`, but a text is never read as a number, and one letter is its code."""
    last = last_part(name)
    if last in ("List", "ArrayList", "LinkedList", "Collection"):
        return _nullable(lambda value: _checked_kind(value, last))
    return declared(name)


def _checked_kind(value: Value, name: str) -> Value:
    if isinstance(value, list):
        return value
    raise _refused(value, name)


def declared(name: str) -> Callable[[Value], Value] | None:
    """The conversion of a typed declaration: as `as`, but a text is never read as a number."""
    last = last_part(name)
    if last in ("List", "ArrayList", "LinkedList", "Collection", "Iterable"):
        return None
    convert = coercion(name)
    if convert is None or last not in _WHOLE | _FLOATING | {"BigDecimal"}:
        return None if last == "Number" else convert

    def checked(value: Value) -> Value:
        if isinstance(value, str):
            if len(value) == 1 and last in _WHOLE:
                return ord(value)
            raise Fault(f"a text cannot be put into {name!r}: {short(value)!r}; use toInteger()", "GroovyCastException")
        if value is None and last[0].islower():
            raise Fault(f"null cannot be put into {name!r}", "GroovyCastException")
        return convert(value)

    return checked


def default_value(name: str) -> "bool | int | float | str | None":
    """What a declared variable or an array's element has before anything is put into it."""
    if name in _WHOLE and name[0].islower():
        return 0
    if name in ("double", "float"):
        return 0.0
    return False if name == "boolean" else None


def _nullable(convert: Callable[[Value], Value]) -> Callable[[Value], Value]:
    return lambda value: None if value is None else convert(value)


def is_instance(name: str, value: Value) -> bool:
    if value is None:
        return False
    last = last_part(name)
    if isinstance(value, Host):
        return value.is_a(last)
    if last.endswith("[]"):
        return isinstance(value, list)
    return last in _types_of(value)


_BOOLEANS = frozenset({"Object", "Boolean", "boolean", "Comparable", "Serializable"})
_WHOLES = frozenset({"Object", "Number", "Comparable", "Serializable"} | _WHOLE)
_DECIMALS = frozenset({"Object", "Number", "Comparable", "Serializable", "BigDecimal"})
_FLOATS = frozenset({"Object", "Number", "Comparable", "Serializable"} | _FLOATING)
_TEXTS = frozenset({"Object", "Comparable", "Serializable"} | _TEXT)
_MAPS = frozenset({"Object"} | _MAP)
_SETS = frozenset({"Object", "Collection", "Iterable"} | _SET)
_LISTS = frozenset({"Object", "Range"} | _LIST)


def _types_of(value: Value) -> frozenset[str]:
    for kind, names in (
        (bool, _BOOLEANS), (int, _WHOLES), (Decimal, _DECIMALS), (float, _FLOATS), (str, _TEXTS), (dict, _MAPS), (SetValue, _SETS),
    ):  # fmt: skip
        if isinstance(value, kind):
            return names
    return _LISTS
