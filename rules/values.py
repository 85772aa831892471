"""The values of the language, and what they mean: truth, equality, order, text. Nothing else can be in a variable.

null, true/false, whole numbers (int), decimal numbers (Decimal), floating ones (float, Java's double), texts, lists (`SetValue` for
sets), maps, and `Host` objects, which decide themselves what can be read and written.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from rules import limits
from rules.diagnostics import did_you_mean
from rules.limits import Fault, LimitReached

if TYPE_CHECKING:
    from rules.library.table import Method
    from rules.state import Run

Value: TypeAlias = "bool | int | Decimal | float | str | list[Value] | dict[Value, Value] | Host | None"
WALK = 200_000


class Host:
    """An object whose properties and methods are listed, never looked up in Python."""

    kind: ClassVar[str] = "object"
    methods: "ClassVar[Mapping[str, Method]]" = MappingProxyType({})
    types: ClassVar[frozenset[str]] = frozenset()
    """The classes, by last name, that `instanceof` finds it to be of, beside `Object` and its `kind`."""

    def read(self, run: "Run", name: str) -> Value:
        """The property, perhaps by its listed getter; a Fault where there is none."""
        stem, listed = name[:1].upper() + name[1:], self.listed()
        for method in (listed.get(f"get{stem}"), listed.get(f"is{stem}")):
            if method is not None and method.least == 0:
                return method.call(run, self, [])
        raise Fault(f"{self.kind} has no property {name!r}{did_you_mean(name, self.methods)}", "MissingPropertyException")

    def write(self, run: "Run", name: str, value: Value) -> None:
        raise Fault(f"the property {name!r} of {self.kind} cannot be set", "MissingPropertyException")

    def listed(self) -> "Mapping[str, Method]":
        """The methods of this object."""
        return self.methods

    def is_a(self, name: str) -> bool:
        return name in ("Object", self.kind) or name in self.types

    def held(self, run: "Run", name: str) -> Value:
        """What a call of a method that is not listed calls: a closure in the property of that name, or null."""
        del run, name
        return None

    def elements(self) -> "list[Value] | None":
        """What a loop goes over, None where it cannot."""
        return None

    def travels_as_text(self) -> bool:
        """Whether JSON takes it as its text."""
        return False

    def truth(self) -> bool:
        return True

    def equals(self, other: Value) -> bool:
        return self is other

    def takes_case(self, value: Value) -> bool:
        """Whether it takes the value as the label of a `case`, and with `in`."""
        return self.equals(value)

    def order(self, other: Value) -> int:
        """Below, equal or above as -1, 0, 1."""
        raise Fault(f"cannot compare {kind_of(self)} with {kind_of(other)}", "ClassCastException")

    def text(self) -> str:
        return f"<{self.kind}>"


class SetValue(list[Value]):
    """A list without equal elements."""


class RangeValue(list[Value]):
    """A list that a range made; toString() gives the range as it was written."""

    def __init__(self, label: str, items: Iterable[Value]) -> None:
        super().__init__(items)
        self.label = label


class KeyList(list[Value]):
    """A list as the key of a map: a copy that is not to be changed."""

    def __hash__(self) -> int:  # pyright: ignore[reportIncompatibleVariableOverride]
        return hash(text_of(self))


class Record(dict[Value, Value]):
    """A map that stands for a comment or attachment; `remote` where it came with the replica."""

    remote = False


class Walk:
    """Bounds the work on nested values, which may contain themselves."""

    def __init__(self, nodes: int = WALK) -> None:
        self.left = nodes

    def step(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise LimitReached("a list or map is too large to compare or to write out, or contains itself")


def is_number(value: Value) -> bool:
    return isinstance(value, int | Decimal | float) and not isinstance(value, bool)


def _numbers(left: Value, right: Value) -> bool:
    return is_number(left) and is_number(right)


def floating(value: Value) -> float:
    """The number as a double; infinite where it has no room."""
    if not isinstance(value, int | Decimal | float):
        return float("nan")
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def truth(value: Value) -> bool:
    """Groovy truth: null, false, 0, "" and what is empty are false."""
    if isinstance(value, Host):
        return value.truth()
    return bool(value)


def equal(left: Value, right: Value, walk: Walk | None = None) -> bool:
    """Null-safe and across number types; true is not 1."""
    if left is right:
        return True
    if isinstance(left, Host):
        return left.equals(right)
    if isinstance(left, bool) or isinstance(right, bool):
        return False
    if isinstance(left, list) and isinstance(right, list):
        return _equal_lists(left, right, walk or Walk())
    if isinstance(left, dict) and isinstance(right, dict):
        return _equal_maps(left, right, walk or Walk())
    if isinstance(left, float) or isinstance(right, float):
        return _numbers(left, right) and floating(left) == floating(right)
    return not isinstance(left, list | dict) and not isinstance(right, list | dict | Host) and left == right


def _equal_lists(left: list[Value], right: list[Value], walk: Walk) -> bool:
    if len(left) != len(right) or isinstance(left, SetValue) is not isinstance(right, SetValue):
        return False
    walk.step()
    if isinstance(left, SetValue):
        return all(any(equal(one, other, walk) for other in right) for one in left)
    return all(equal(one, other, walk) for one, other in zip(left, right, strict=True))


def _equal_maps(left: dict[Value, Value], right: dict[Value, Value], walk: Walk) -> bool:
    if len(left) != len(right):
        return False
    walk.step()
    return all(key in right and equal(value, right[key], walk) for key, value in left.items())


def strictly_equal(left: Value, right: Value) -> bool:
    """Java's equals(), as contains(), indexOf() and `in` use it: numbers of different kinds differ."""
    if isinstance(left, int | Decimal | float) and isinstance(right, int | Decimal | float) and type(left) is not type(right):
        return False
    return equal(left, right)


def contains(items: list[Value], value: Value) -> bool:
    return any(equal(one, value) for one in items)


def compare(left: Value, right: Value) -> int:
    """-1, 0 or 1; null is smallest; a Fault for values without an order."""
    if left is None or right is None:
        return (left is not None) - (right is not None)
    if isinstance(left, Host):
        return left.order(right)
    if isinstance(left, str) and isinstance(right, str):
        return (left > right) - (left < right)
    if isinstance(left, bool) and isinstance(right, bool):
        return left - right
    first, second = _comparable(left, right), _comparable(right, left)
    if first is None or second is None:
        if equal(left, right):
            return 0
        raise Fault(f"cannot compare {kind_of(left)} with {kind_of(right)}", "IllegalArgumentException")
    if isinstance(first, float) or isinstance(second, float):
        first, second = floating(first), floating(second)
    return (first > second) - (first < second)


def _comparable(value: Value, other: Value) -> int | Decimal | float | None:
    """The number that it is in a comparison: a single letter beside a number counts as its code."""
    if isinstance(value, str) and len(value) == 1 and is_number(other):
        return ord(value)
    return value if isinstance(value, int | Decimal | float) and not isinstance(value, bool) else None


_KINDS: tuple[tuple[type, str], ...] = (
    (bool, "a boolean"), (int, "a number"), (Decimal, "a number"), (float, "a number"), (str, "a text"), (SetValue, "a set"),
    (list, "a list"), (dict, "a map"),
)  # fmt: skip


def kind_of(value: Value) -> str:
    """What to call the value in a message."""
    if value is None:
        return "null"
    if isinstance(value, Host):
        return value.kind
    return next(name for one, name in _KINDS if isinstance(value, one))


def text_of(value: Value) -> str:
    """The text of a value as `"${value}"` shows it."""
    if isinstance(value, str):
        return value
    if isinstance(value, list | dict):
        pieces: list[str] = []
        _write(value, pieces, Walk(limits.ITEMS))
        return "".join(pieces)
    return _plain(value)


def _plain(value: "bool | int | Decimal | float | str | Host | None") -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return floating_text(value)
    return value.text() if isinstance(value, Host) else str(value)


def floating_text(value: float) -> str:
    """The text of a double as Java writes it: `3.0`, `1.0E10`."""
    if value != value:  # noqa: PLR0124  NaN alone differs from itself
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        return format(Decimal(repr(value)), "f") if "e" in repr(value) else repr(value)
    sign, digits, exponent = Decimal(repr(value)).as_tuple()
    text = "".join(map(str, digits)).rstrip("0")
    power = len(digits) - 1 + int(exponent)
    return f"{'-' if sign else ''}{text[0]}.{text[1:] or '0'}E{power}"


def _write(value: Value, pieces: list[str], walk: Walk) -> None:
    walk.step()
    if isinstance(value, list):
        pieces.append("[")
        for index, one in enumerate(value):
            if index:
                pieces.append(", ")
            _write(one, pieces, walk)
        pieces.append("]")
    elif isinstance(value, dict):
        pieces.append("[" if value else "[:")
        for index, (key, one) in enumerate(value.items()):
            if index:
                pieces.append(", ")
            _write(key, pieces, walk)
            pieces.append(":")
            _write(one, pieces, walk)
        pieces.append("]")
    else:
        text = _plain(value)
        walk.left -= len(text) >> 6
        pieces.append(text)


def key_of(value: Value) -> Value:
    """The value as a map key; maps cannot be keys, a list is copied."""
    if isinstance(value, list):
        return value if isinstance(value, KeyList) else KeyList(key_of(one) for one in value)
    if isinstance(value, dict):
        raise Fault(f"{kind_of(value)} cannot be the key of a map; use its text")
    return value


def distinct(items: Iterable[Value]) -> list[Value]:
    """Without later elements that equal an earlier one."""
    seen: set[Value] = set()
    found: list[Value] = []
    for one in items:
        if isinstance(one, list | dict | Host | bool | float):
            if contains(found, one):
                continue
        elif one in seen:
            continue
        else:
            seen.add(one)
        found.append(one)
    return found


def hash_text(text: str) -> int:
    """The hash that Java gives to the text."""
    found = 0
    for char in text:
        found = (found * 31 + ord(char)) & 0xFFFFFFFF
    return found - 0x100000000 if found & 0x80000000 else found


def same(left: Value, right: Value) -> bool:
    """`===` and is(): the same object; numbers and texts by value."""
    if isinstance(left, bool) or isinstance(right, bool) or isinstance(left, list | dict | Host):
        return left is right
    return type(left) is type(right) and left == right


def short(value: Value) -> str:
    """The value for a message: bounded."""
    text = text_of(value) if not isinstance(value, list | dict) else kind_of(value)
    return text if len(text) <= 60 else text[:59] + "…"
