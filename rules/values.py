"""The values of the language, and what they mean: truth, equality, order, text. Nothing else can be in a variable.

null, true/false, whole numbers (int), decimal numbers (Decimal), texts, lists (`SetValue` for sets), maps, and `Host` objects,
which decide themselves what can be read and written.
"""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from rules import limits
from rules.diagnostics import did_you_mean
from rules.limits import Fault, LimitReached

if TYPE_CHECKING:
    from rules.library.table import Method
    from rules.state import Run

Value: TypeAlias = "bool | int | Decimal | str | list[Value] | dict[Value, Value] | Host | None"
WALK = 200_000


class Host:
    """An object whose properties and methods are listed, never looked up in Python."""

    kind: ClassVar[str] = "object"
    methods: "ClassVar[Mapping[str, Method]]" = MappingProxyType({})

    def read(self, run: "Run", name: str) -> Value:
        """The property; a Fault where there is none."""
        raise Fault(f"{self.kind} has no property {name!r}{did_you_mean(name, self.methods)}", "MissingPropertyException")

    def write(self, run: "Run", name: str, value: Value) -> None:
        raise Fault(f"the property {name!r} of {self.kind} cannot be set", "MissingPropertyException")

    def listed(self) -> "Mapping[str, Method]":
        """The methods of this object."""
        return self.methods

    def truth(self) -> bool:
        return True

    def equals(self, other: Value) -> bool:
        return self is other

    def text(self) -> str:
        return f"<{self.kind}>"


class SetValue(list[Value]):
    """A list without equal elements."""


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
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


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
    return not isinstance(left, list | dict) and not isinstance(right, list | dict | Host) and left == right


def _equal_lists(left: list[Value], right: list[Value], walk: Walk) -> bool:
    if len(left) != len(right):
        return False
    walk.step()
    if isinstance(left, SetValue) or isinstance(right, SetValue):
        return all(any(equal(one, other, walk) for other in right) for one in left)
    return all(equal(one, other, walk) for one, other in zip(left, right, strict=True))


def _equal_maps(left: dict[Value, Value], right: dict[Value, Value], walk: Walk) -> bool:
    if len(left) != len(right):
        return False
    walk.step()
    return all(key in right and equal(value, right[key], walk) for key, value in left.items())


def contains(items: list[Value], value: Value) -> bool:
    return any(equal(one, value) for one in items)


def compare(left: Value, right: Value) -> int:
    """-1, 0 or 1; null is smallest; a Fault for values without an order."""
    if left is None or right is None:
        return (left is not None) - (right is not None)
    if isinstance(left, bool) and isinstance(right, bool):
        return int(left) - int(right)
    if isinstance(left, int | Decimal) and isinstance(right, int | Decimal):
        return (left > right) - (left < right)
    if isinstance(left, str) and isinstance(right, str):
        return (left > right) - (left < right)
    if isinstance(left, Host) and isinstance(right, Host) and left.kind == right.kind == "Date":
        return compare(left.text(), right.text())
    raise Fault(f"cannot compare {kind_of(left)} with {kind_of(right)}", "ClassCastException")


_KINDS: tuple[tuple[type, str], ...] = (
    (bool, "a boolean"), (int, "a number"), (Decimal, "a number"), (str, "a text"), (SetValue, "a set"), (list, "a list"),
    (dict, "a map"),
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


def _plain(value: "bool | int | Decimal | str | Host | None") -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.text() if isinstance(value, Host) else str(value)


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
            pieces.append(f"{', ' if index else ''}{_plain_key(key)}:")
            _write(one, pieces, walk)
        pieces.append("]")
    else:
        text = _plain(value)
        walk.left -= len(text) >> 6
        pieces.append(text)


def _plain_key(key: Value) -> str:
    return "[...]" if isinstance(key, list | dict) else _plain(key)


def key_of(value: Value) -> Value:
    """The value as a map key; lists and maps cannot be keys."""
    if isinstance(value, list | dict):
        raise Fault(f"{kind_of(value)} cannot be the key of a map; use its text")
    return value


def distinct(items: list[Value]) -> list[Value]:
    """Without later elements that equal an earlier one."""
    seen: set[Value] = set()
    found: list[Value] = []
    for one in items:
        if isinstance(one, list | dict | Host | bool):
            if contains(found, one):
                continue
        elif one in seen:
            continue
        else:
            seen.add(one)
        found.append(one)
    return found


def short(value: Value) -> str:
    """The value for a message: bounded."""
    text = text_of(value) if not isinstance(value, list | dict) else kind_of(value)
    return text if len(text) <= 60 else text[:59] + "…"
