"""Iterators and optional values."""

from collections.abc import Mapping
from typing import ClassVar

from rules.library.table import Method, Table
from rules.limits import Fault
from rules.state import Run
from rules.values import Host, Value, equal, text_of, truth

ITERATORS: Table["IteratorValue"] = Table("an iterator")
OPTIONALS: Table["OptionalValue"] = Table("an Optional")
Args = list[Value]


class IteratorValue(Host):
    kind = "an iterator"
    methods: ClassVar[Mapping[str, Method]] = ITERATORS
    types = frozenset({"Iterator", "ListIterator"})

    def __init__(self, items: list[Value]) -> None:
        self.items = items
        self.at = 0

    def elements(self) -> list[Value]:
        rest = self.items[self.at :]
        self.at = len(self.items)
        return rest

    def truth(self) -> bool:
        return self.at < len(self.items)


class OptionalValue(Host):
    kind = "an Optional"
    methods: ClassVar[Mapping[str, Method]] = OPTIONALS
    types = frozenset({"Optional"})

    def __init__(self, value: Value) -> None:
        self.value = value

    def truth(self) -> bool:
        return self.value is not None

    def equals(self, other: Value) -> bool:
        return isinstance(other, OptionalValue) and equal(self.value, other.value)

    def text(self) -> str:
        return "Optional.empty" if self.value is None else f"Optional[{text_of(self.value)}]"


@ITERATORS.method("hasNext")
def has_next(_run: Run, value: IteratorValue, _arguments: Args) -> Value:
    return value.at < len(value.items)


@ITERATORS.method("next")
def next_one(run: Run, value: IteratorValue, _arguments: Args) -> Value:
    if value.at >= len(value.items):
        raise Fault("the iterator is at its end; ask hasNext() first", "NoSuchElementException")
    run.spend()
    value.at += 1
    return value.items[value.at - 1]


@ITERATORS.method("remove")
def remove(_run: Run, value: IteratorValue, _arguments: Args) -> Value:
    if not value.at:
        raise Fault("remove() needs next() before it", "IllegalStateException")
    value.at -= 1
    value.items.pop(value.at)
    return None


@ITERATORS.method("toList", "collect")
def to_list(_run: Run, value: IteratorValue, _arguments: Args) -> Value:
    return value.elements()


@OPTIONALS.method("isPresent")
def is_present(_run: Run, value: OptionalValue, _arguments: Args) -> Value:
    return value.value is not None


@OPTIONALS.method("isEmpty")
def is_empty(_run: Run, value: OptionalValue, _arguments: Args) -> Value:
    return value.value is None


@OPTIONALS.method("get", "orElseThrow", most=1)
def get(_run: Run, value: OptionalValue, _arguments: Args) -> Value:
    if value.value is None:
        raise Fault("the Optional is empty; use orElse()", "NoSuchElementException")
    return value.value


@OPTIONALS.method("orElse", takes=1)
def or_else(_run: Run, value: OptionalValue, arguments: Args) -> Value:
    return arguments[0] if value.value is None else value.value


@OPTIONALS.method("orElseGet", takes=1)
def or_else_get(run: Run, value: OptionalValue, arguments: Args) -> Value:
    return run.call(arguments[0], []) if value.value is None else value.value


@OPTIONALS.method("map", "flatMap", takes=1)
def map_value(run: Run, value: OptionalValue, arguments: Args) -> Value:
    found = None if value.value is None else run.call(arguments[0], [value.value])
    return found if isinstance(found, OptionalValue) else OptionalValue(found)


@OPTIONALS.method("filter", takes=1)
def filter_value(run: Run, value: OptionalValue, arguments: Args) -> Value:
    kept = value.value is not None and truth(run.call(arguments[0], [value.value]))
    return value if kept else OptionalValue(None)


@OPTIONALS.method("ifPresent", takes=1)
def if_present(run: Run, value: OptionalValue, arguments: Args) -> Value:
    if value.value is not None:
        run.call(arguments[0], [value.value])
    return None
