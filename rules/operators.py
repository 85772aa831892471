"""The binary operators on values."""

from collections.abc import Callable
from decimal import Decimal

from rules.limits import Fault, LimitReached
from rules.numbers_math import EXACT, arithmetic, bounded, decimal, negated, number, whole
from rules.state import Invocable, Run
from rules.values import (
    Host,
    RangeValue,
    SetValue,
    Value,
    compare,
    contains,
    distinct,
    equal,
    kind_of,
    same,
    strictly_equal,
    text_of,
    truth,
)

Operator = Callable[[Run, Value, Value], Value]
_METHODS = {
    "+": "plus", "-": "minus", "*": "multiply", "/": "div", "%": "mod", "**": "power", "<<": "leftShift", ">>": "rightShift",
    "&": "and", "|": "or", "^": "xor",
}  # fmt: skip


def plus(run: Run, left: Value, right: Value) -> Value:
    """Adds numbers, joins texts, lists and maps."""
    if isinstance(left, int) and isinstance(right, int) and not isinstance(left, bool) and not isinstance(right, bool):
        result = left + right
        return result if -0xFFFFFFFF < result < 0xFFFFFFFF else bounded(result)
    if isinstance(left, str) or (isinstance(right, str) and not isinstance(left, list | Host)):
        return _join(run, text_of(left), right.label if isinstance(right, RangeValue) else text_of(right))
    if isinstance(left, list):
        return _extend(run, left, right)
    if isinstance(left, dict) and isinstance(right, dict):
        run.items(len(left) + len(right))
        return {**left, **right}
    return _other(run, "+", left, right)


def _other(run: Run, operator: str, left: Value, right: Value) -> Value:
    """An operator as the method that stands for it, or on numbers."""
    if isinstance(left, Host):
        method = left.listed().get(_METHODS[operator])
        if method is not None and method.least <= 1 <= method.most:
            return method.call(run, left, [right])
        if operator == "+" and isinstance(right, str):
            return _join(run, left.text(), right)
    return arithmetic(operator, _number(left, operator), _number(right, operator))


def _number(value: Value, operator: str) -> int | Decimal | float:
    if value is None:
        raise Fault(f"{operator!r} does not work with null; test the value first, or give a default with ?:", "NullPointerException")
    if isinstance(value, int | Decimal | float) and not isinstance(value, bool):
        return value
    raise Fault(f"{operator!r} does not work with {kind_of(value)}", "MissingMethodException")


def _join(run: Run, left: str, right: str) -> str:
    size = len(left) + len(right)
    if size > 64:
        run.text(size)
    return left + right


def _extend(run: Run, left: list[Value], right: Value) -> list[Value]:
    found: list[Value] = [*left, *right] if isinstance(right, list) else [*left, right]
    run.items(len(found))
    return SetValue(distinct(found)) if isinstance(left, SetValue) else found


def minus(run: Run, left: Value, right: Value) -> Value:
    """Subtracts numbers; takes elements out of a list, keys out of a map, the first occurrence out of a text."""
    if isinstance(left, list):
        away: list[Value] = right if isinstance(right, list) else [right]
        run.spend(len(left) * len(away) >> 4)
        kept = [one for one in left if not contains(away, one)]
        return SetValue(kept) if isinstance(left, SetValue) else kept
    if isinstance(left, str):
        return text_minus(run, left, right)
    if isinstance(left, dict) and isinstance(right, dict):
        return {key: one for key, one in left.items() if not (key in right and equal(one, right[key]))}
    return _other(run, "-", left, right)


def text_minus(run: Run, left: str, right: Value) -> str:
    """Without the first occurrence of a text, or the first match of a pattern."""
    method = right.listed().get("removeFirstFrom") if isinstance(right, Host) else None
    if method is not None:
        return text_of(method.call(run, right, [left]))
    return left.replace(text_of(right), "", 1)


def times(run: Run, left: Value, right: Value) -> Value:
    if isinstance(left, str | list):
        repeats = whole(right, "'*'")
        if repeats < 0:
            raise Fault(f"'*' cannot repeat {repeats} times", "IllegalArgumentException")
        if isinstance(left, str):
            run.text(len(left) * repeats)
            return left * repeats
        run.items(len(left) * repeats)
        return list(left) * repeats
    return _other(run, "*", left, right)


def _arithmetic(operator: str) -> Operator:
    return lambda run, left, right: _other(run, operator, left, right)


def shift_left(run: Run, left: Value, right: Value) -> Value:
    """`list << element` changes the list; with a text it joins; with a map it adds the entries."""
    run.spend()
    if isinstance(left, list):
        if isinstance(left, RangeValue):
            raise Fault("a range cannot be changed; use toList() first", "UnsupportedOperationException")
        if not (isinstance(left, SetValue) and contains(left, right)):
            left.append(right)
            run.items(len(left) if len(left) & 7 == 0 else 0)
        return left
    if isinstance(left, dict) and isinstance(right, dict):
        left.update(right)
        run.items(len(left))
        return left
    if isinstance(left, str):
        return _join(run, left, text_of(right))
    if isinstance(left, int) and not isinstance(left, bool):
        return bounded(left << _places(right))
    return _other_shift(run, "<<", left, right)


def _places(value: Value) -> int:
    places = whole(value, "a shift")
    if not 0 <= places <= 512:
        raise LimitReached("a number grew too large")
    return places


def _other_shift(run: Run, operator: str, left: Value, right: Value) -> Value:
    method = left.listed().get(_METHODS.get(operator, "")) if isinstance(left, Host) else None
    if method is None:
        raise Fault(f"{operator!r} does not work with {kind_of(left)}", "MissingMethodException")
    return method.call(run, left, [right])


def shift_right(run: Run, left: Value, right: Value) -> Value:
    if isinstance(left, int) and not isinstance(left, bool):
        return left >> _places(right)
    return _other_shift(run, ">>", left, right)


def _unsigned_shift(_run: Run, left: Value, right: Value) -> Value:
    value = whole(left, "'>>>'")
    return (value if value >= 0 else value + (1 << (32 if value >= -(2**31) else 64))) >> _places(right)


def _bits(operator: str, on_numbers: Callable[[int, int], int], on_booleans: Callable[[bool, bool], bool]) -> Operator:
    def operate(run: Run, left: Value, right: Value) -> Value:
        if isinstance(left, bool):
            return on_booleans(left, truth(right))
        if isinstance(left, int) and isinstance(right, int) and not isinstance(right, bool):
            return on_numbers(left, right)
        return _other_shift(run, operator, left, right)

    return operate


def inverted(value: int) -> Value:
    return ~value


def is_in(run: Run, left: Value, right: Value) -> Value:
    """`left in right`: element of a list, key of a map, or what a `case` with that label takes."""
    if right is None:
        return left is None
    if isinstance(right, list):
        run.spend(len(right) >> 6)
    return case_matches(run, left, right)


def case_matches(run: Run, value: Value, label: Value) -> bool:
    """Whether a `case` label takes the value: element of a list, result of a closure, match of a pattern, of a class, or equal."""
    if isinstance(label, str):
        return label == value
    if isinstance(label, list):
        return any(strictly_equal(one, value) for one in label)
    if isinstance(label, dict):
        return not isinstance(value, list | dict) and value in label
    if isinstance(label, Invocable):
        return truth(label.call(run, [value]))
    if isinstance(label, Host):
        method = label.listed().get("isCase")
        return truth(method.call(run, label, [value])) if method else label.takes_case(value)
    return equal(value, label)


def span(run: Run, low: Value, high: Value, *, exclusive: bool = False, above: bool = False) -> Value:
    """The range of numbers, of single letters, or of what has next() and previous()."""
    label = f"{text_of(low)}{'<' if above else ''}..{'<' if exclusive else ''}{text_of(high)}"
    if isinstance(low, str) and isinstance(high, str):
        if len(low) == len(high) == 1:
            return RangeValue(label, [chr(one) for one in _numbers(run, ord(low), ord(high), exclusive, above)])
        raise Fault("a range needs numbers or single letters")
    if isinstance(low, Host):
        return RangeValue(label, _walked(run, low, high, exclusive=exclusive))
    if isinstance(low, int):
        return RangeValue(label, list[Value](_numbers(run, low, whole(high, "a range"), exclusive, above)))
    start, end = decimal(number(low, "a range")), decimal(number(high, "a range"))
    count = whole(EXACT.subtract(end, start), "a range")
    found = _numbers(run, 0, count, exclusive and EXACT.add(start, Decimal(count)) == end, above)
    return RangeValue(label, [arithmetic("+", start, one) for one in found])


def _walked(run: Run, low: Host, high: Value, *, exclusive: bool) -> list[Value]:
    upwards = compare(low, high) <= 0
    method = low.listed().get("next" if upwards else "previous")
    if method is None:
        raise Fault(f"a range needs numbers or single letters, not {kind_of(low)}")
    found: list[Value] = []
    at: Value = low
    while (compare(at, high) <= 0) is upwards or compare(at, high) == 0:
        if exclusive and compare(at, high) == 0:
            break
        found.append(at)
        run.spend()
        run.items(len(found))
        at = method.call(run, at, [])
    return found


def _numbers(run: Run, low: int, high: int, exclusive: bool, above: bool) -> range:
    run.items(abs(high - low))
    step = 1 if high >= low else -1
    if low == high and (exclusive or above):
        return range(0)
    return range(low + (step if above else 0), high + (0 if exclusive else step), step)


def negative(value: Value) -> Value:
    return negated(number(value, "'-'"))


def identical(_run: Run, left: Value, right: Value) -> Value:
    return same(left, right)


OPERATORS: dict[str, Operator] = {
    "+": plus,
    "-": minus,
    "*": times,
    "/": _arithmetic("/"),
    "%": _arithmetic("%"),
    "**": _arithmetic("**"),
    "<<": shift_left,
    ">>": shift_right,
    ">>>": _unsigned_shift,
    "&": _bits("&", int.__and__, lambda one, other: one and other),
    "|": _bits("|", int.__or__, lambda one, other: one or other),
    "^": _bits("^", int.__xor__, lambda one, other: one is not other),
    "in": is_in,
    "!in": lambda run, left, right: not is_in(run, left, right),
    "==": lambda _run, left, right: equal(left, right),
    "!=": lambda _run, left, right: not equal(left, right),
    "===": identical,
    "!==": lambda _run, left, right: not same(left, right),
    "<=>": lambda _run, left, right: compare(left, right),
    "<": lambda _run, left, right: compare(left, right) < 0,
    "<=": lambda _run, left, right: compare(left, right) <= 0,
    ">": lambda _run, left, right: compare(left, right) > 0,
    ">=": lambda _run, left, right: compare(left, right) >= 0,
}
