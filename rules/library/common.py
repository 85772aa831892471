"""Methods that every value has, and those of booleans and closures."""

from rules.library.classes import type_name_of, type_value
from rules.library.convert import coercion
from rules.library.pairs import pairs
from rules.library.table import Table
from rules.limits import Fault
from rules.operators import case_matches
from rules.state import Invocable, Run
from rules.values import (
    Host,
    RangeValue,
    SetValue,
    Value,
    compare,
    equal,
    floating_text,
    hash_text,
    kind_of,
    same,
    strictly_equal,
    text_of,
    truth,
)

CLOSURES: Table[Invocable] = Table("a closure")
BOOLEANS: Table[bool] = Table("a boolean")
COMMON: Table[Value] = Table("a value")
Args = list[Value]


class Bound(Invocable):
    """A closure with some of its arguments given: `before` in front, `behind` at the end."""

    def __init__(self, closure: Invocable, before: Args, behind: Args) -> None:
        self.closure = closure
        self.before = before
        self.behind = behind

    @property
    def wants(self) -> int:
        return max(0, self.closure.wants - len(self.before) - len(self.behind))

    def call(self, run: Run, arguments: Args) -> Value:
        return self.closure.call(run, [*self.before, *arguments, *self.behind])


class Chained(Invocable):
    """Two closures, one after the other."""

    def __init__(self, first: Invocable, second: Invocable) -> None:
        self.first = first
        self.second = second

    @property
    def wants(self) -> int:
        return self.first.wants

    def call(self, run: Run, arguments: Args) -> Value:
        run.enter()
        found = self.second.call(run, [self.first.call(run, arguments)])
        run.depth -= 1
        return found


class Memo(Invocable):
    """A closure that remembers its results."""

    def __init__(self, closure: Invocable) -> None:
        self.closure = closure
        self.known: list[tuple[Args, Value]] = []

    @property
    def wants(self) -> int:
        return self.closure.wants

    def call(self, run: Run, arguments: Args) -> Value:
        run.spend(1 + (len(self.known) >> 3))
        for given, result in self.known:
            if equal(given, arguments):
                return result
        result = self.closure.call(run, arguments)
        self.known.append((arguments, result))
        run.items(len(self.known))
        return result


def invocable(value: Value) -> Invocable:
    if isinstance(value, Invocable):
        return value
    raise Fault(f"a closure is needed here, not {kind_of(value)}", "MissingMethodException")


Invocable.methods = CLOSURES


@CLOSURES.method("call", "doCall", "run", "apply", "accept", "test", most=20)
def call(run: Run, closure: Invocable, arguments: Args) -> Value:
    return closure.call(run, arguments)


@CLOSURES.method("get", takes=0)
def supply(run: Run, closure: Invocable, _arguments: Args) -> Value:
    return closure.call(run, [])


@CLOSURES.method("curry", takes=1, most=20)
def curry(_run: Run, closure: Invocable, arguments: Args) -> Value:
    return Bound(closure, list(arguments), [])


@CLOSURES.method("rcurry", takes=1, most=20)
def rcurry(_run: Run, closure: Invocable, arguments: Args) -> Value:
    return Bound(closure, [], list(arguments))


@CLOSURES.method("memoize")
def memoize(_run: Run, closure: Invocable, _arguments: Args) -> Value:
    return Memo(closure)


@CLOSURES.method("rightShift", "andThen", takes=1)
def right_shift(_run: Run, closure: Invocable, arguments: Args) -> Value:
    return Chained(closure, invocable(arguments[0]))


@CLOSURES.method("leftShift", "compose", takes=1)
def left_shift(_run: Run, closure: Invocable, arguments: Args) -> Value:
    return Chained(invocable(arguments[0]), closure)


@CLOSURES.method("getMaximumNumberOfParameters")
def maximum(_run: Run, closure: Invocable, _arguments: Args) -> Value:
    return closure.wants


@CLOSURES.method("isCase", takes=1)
def closure_takes(run: Run, closure: Invocable, arguments: Args) -> Value:
    return truth(closure.call(run, [arguments[0]]))


@BOOLEANS.method("booleanValue")
def boolean_value(_run: Run, value: bool, _arguments: Args) -> Value:
    return value


@BOOLEANS.method("and", takes=1)
def both(_run: Run, value: bool, arguments: Args) -> Value:
    return value and truth(arguments[0])


@BOOLEANS.method("or", takes=1)
def either(_run: Run, value: bool, arguments: Args) -> Value:
    return value or truth(arguments[0])


@BOOLEANS.method("xor", takes=1)
def one_of(_run: Run, value: bool, arguments: Args) -> Value:
    return value is not truth(arguments[0])


@BOOLEANS.method("implies", takes=1)
def implies(_run: Run, value: bool, arguments: Args) -> Value:
    return not value or truth(arguments[0])


@BOOLEANS.method("compareTo", takes=1)
def compare_to(_run: Run, value: bool, arguments: Args) -> Value:
    return compare(value, arguments[0])


@COMMON.method("toString")
def to_string(_run: Run, value: Value, _arguments: Args) -> Value:
    return value.label if isinstance(value, RangeValue) else text_of(value)


@COMMON.method("equals", takes=1)
def equals(_run: Run, value: Value, arguments: Args) -> Value:
    return strictly_equal(value, arguments[0])


@COMMON.method("is", takes=1)
def is_same(_run: Run, value: Value, arguments: Args) -> Value:
    return same(value, arguments[0])


@COMMON.method("with", takes=1)
def with_(run: Run, value: Value, arguments: Args) -> Value:
    return run.call(arguments[0], [value])


@COMMON.method("tap", takes=1)
def tap(run: Run, value: Value, arguments: Args) -> Value:
    run.call(arguments[0], [value])
    return value


@COMMON.method("asBoolean")
def as_boolean(_run: Run, value: Value, _arguments: Args) -> Value:
    return truth(value)


@COMMON.method("asType", takes=1)
def as_type(_run: Run, value: Value, arguments: Args) -> Value:
    convert = coercion(text_of(arguments[0]).rsplit(" ", 1)[-1])
    return convert(value) if convert and value is not None else value


@COMMON.method("isCase", takes=1)
def is_case(run: Run, value: Value, arguments: Args) -> Value:
    return case_matches(run, arguments[0], value)


@COMMON.method("getClass")
def get_class(run: Run, value: Value, _arguments: Args) -> Value:
    return value.read(run, "class") if isinstance(value, Host) and value.is_a("Class") else type_value(type_name_of(value))


@COMMON.method("hashCode")
def hash_code(run: Run, value: Value, _arguments: Args) -> Value:
    run.spend(len(value) >> 4 if isinstance(value, str | list | dict) else 0)
    return hash_of(value, 0)


def hash_of(value: Value, depth: int) -> int:
    """The hash that Java gives to such a value."""
    if depth > 20:
        raise Fault("this is nested too deeply for hashCode()")
    if isinstance(value, bool):
        return 1231 if value else 1237
    if isinstance(value, int):
        return value if -(2**31) <= value < 2**31 else _signed(value ^ (value >> 32))
    if isinstance(value, list):
        return _hash_of_list(value, depth)
    if isinstance(value, dict):
        return _signed(sum(hash_of(key, depth + 1) ^ hash_of(one, depth + 1) for key, one in value.items()))
    return 0 if value is None else hash_text(text_of(value))


def _hash_of_list(value: list[Value], depth: int) -> int:
    hashes = [hash_of(one, depth + 1) for one in value]
    if isinstance(value, SetValue):
        return _signed(sum(hashes))
    found = 1
    for one in hashes:
        found = (found * 31 + one) & 0xFFFFFFFF
    return _signed(found)


def _signed(value: int) -> int:
    value &= 0xFFFFFFFF
    return value - 0x100000000 if value & 0x80000000 else value


@COMMON.method("inspect")
def inspect(_run: Run, value: Value, _arguments: Args) -> Value:
    return inspected(value, 0)


def inspected(value: Value, depth: int) -> str:
    """As a script would write it."""
    if depth > 20:
        raise Fault("this is nested too deeply for inspect()")
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
        return f"'{escaped}'"
    if isinstance(value, RangeValue):
        return value.label
    if isinstance(value, list):
        return f"[{', '.join(inspected(one, depth + 1) for one in value)}]"
    if isinstance(value, dict):
        entries = (f"{inspected(key, depth + 1)}:{inspected(one, depth + 1)}" for key, one in value.items())
        return f"[{', '.join(entries)}]" if value else "[:]"
    return floating_text(value) if isinstance(value, float) else text_of(value)


def _single(value: Value) -> list[Value]:
    """What each() and its kin go over for a value that is no list."""
    if isinstance(value, dict):
        return pairs(value)
    found = value.elements() if isinstance(value, Host) else None
    return [value] if found is None else found


@COMMON.method("each", takes=1)
def each(run: Run, value: Value, arguments: Args) -> Value:
    for one in _single(value):
        run.call(arguments[0], [one])
    return value


@COMMON.method("collect", takes=1)
def collect(run: Run, value: Value, arguments: Args) -> Value:
    return [run.call(arguments[0], [one]) for one in _single(value)]


@COMMON.method("find", takes=1)
def find(run: Run, value: Value, arguments: Args) -> Value:
    return next((one for one in _single(value) if truth(run.call(arguments[0], [one]))), None)


@COMMON.method("findAll", takes=1)
def find_all(run: Run, value: Value, arguments: Args) -> Value:
    return [one for one in _single(value) if truth(run.call(arguments[0], [one]))]


@COMMON.method("any", takes=1)
def any_of(run: Run, value: Value, arguments: Args) -> Value:
    return any(truth(run.call(arguments[0], [one])) for one in _single(value))


@COMMON.method("every", takes=1)
def every(run: Run, value: Value, arguments: Args) -> Value:
    return all(truth(run.call(arguments[0], [one])) for one in _single(value))


@COMMON.method("hasProperty", takes=1)
def has_property(run: Run, value: Value, arguments: Args) -> Value:
    name = text_of(arguments[0])
    if isinstance(value, dict):
        return name in value
    if not isinstance(value, Host):
        return False
    try:
        value.read(run, name)
    except Fault:
        return False
    return True
