"""The binary operators on values."""

from collections.abc import Callable
from decimal import Decimal

from rules.limits import Fault, LimitReached, item_count, text_size
from rules.numbers_math import arithmetic, bounded, number, whole
from rules.state import Closure, Run
from rules.values import SetValue, Value, compare, contains, distinct, equal, kind_of, text_of, truth

Operator = Callable[[Run, Value, Value], Value]


def plus(run: Run, left: Value, right: Value) -> Value:
    """Adds numbers, joins texts, lists and maps."""
    if isinstance(left, int) and isinstance(right, int) and not isinstance(left, bool) and not isinstance(right, bool):
        return bounded(left + right)
    if isinstance(left, str) or (isinstance(right, str) and not isinstance(left, list)):
        return _join(run, text_of(left), text_of(right))
    if isinstance(left, list):
        return _extend(run, left, right)
    if isinstance(left, dict) and isinstance(right, dict):
        run.spend(1 + (len(left) + len(right) >> 4))
        item_count(len(left) + len(right))
        return {**left, **right}
    return arithmetic("+", _number(left, "+"), _number(right, "+"))


def _number(value: Value, operator: str) -> int | Decimal:
    if value is None:
        raise Fault(f"{operator!r} does not work with null; test the value first, or give a default with ?:", "NullPointerException")
    return number(value, f"{operator!r}")


def _join(run: Run, left: str, right: str) -> str:
    size = len(left) + len(right)
    text_size(size)
    run.spend(size >> 6)
    return left + right


def _extend(run: Run, left: list[Value], right: Value) -> list[Value]:
    found = [*left, *right] if isinstance(right, list) else [*left, right]
    item_count(len(found))
    run.spend(1 + (len(found) >> 4))
    return SetValue(distinct(found)) if isinstance(left, SetValue) else found


def minus(run: Run, left: Value, right: Value) -> Value:
    """Subtracts numbers; takes elements out of a list, keys out of a map, the first occurrence out of a text."""
    if isinstance(left, list):
        away: list[Value] = right if isinstance(right, list) else [right]
        run.spend(len(left) * len(away) >> 4)
        kept = [one for one in left if not contains(away, one)]
        return SetValue(kept) if isinstance(left, SetValue) else kept
    if isinstance(left, str):
        return left.replace(text_of(right), "", 1)
    if isinstance(left, dict) and isinstance(right, dict):
        return {key: one for key, one in left.items() if not (key in right and equal(one, right[key]))}
    return arithmetic("-", _number(left, "-"), _number(right, "-"))


def times(run: Run, left: Value, right: Value) -> Value:
    if isinstance(left, str):
        repeats = max(0, whole(right, "'*'"))
        text_size(len(left) * repeats)
        run.spend(len(left) * repeats >> 6)
        return left * repeats
    if isinstance(left, list):
        repeats = max(0, whole(right, "'*'"))
        item_count(len(left) * repeats)
        run.spend(len(left) * repeats >> 4)
        return list(left) * repeats
    return arithmetic("*", _number(left, "*"), _number(right, "*"))


def _arithmetic(operator: str) -> Operator:
    return lambda _run, left, right: arithmetic(operator, _number(left, operator), _number(right, operator))


def shift_left(run: Run, left: Value, right: Value) -> Value:
    """`list << element` changes the list; with a text it joins; with a map it adds the entries."""
    run.spend()
    if isinstance(left, list):
        if not (isinstance(left, SetValue) and contains(left, right)):
            left.append(right)
            item_count(len(left))
        return left
    if isinstance(left, dict) and isinstance(right, dict):
        left.update(right)
        item_count(len(left))
        return left
    if isinstance(left, str):
        return _join(run, left, text_of(right))
    if isinstance(left, int) and not isinstance(left, bool):
        places = whole(right, "'<<'")
        if not 0 <= places <= 512:
            raise LimitReached("a number grew too large")
        return bounded(left << places)
    raise Fault(f"'<<' does not work with {kind_of(left)}")


def is_in(run: Run, left: Value, right: Value) -> Value:
    if isinstance(right, list):
        run.spend(len(right) >> 6)
        return contains(right, left)
    if isinstance(right, dict):
        return not isinstance(left, list | dict) and left in right
    if isinstance(right, str):
        return isinstance(left, str) and left in right
    if right is None:
        return False
    raise Fault(f"'in' needs a list or a map on its right, not {kind_of(right)}")


def case_matches(run: Run, value: Value, label: Value) -> bool:
    """Whether a `case` label takes the value: element of a list, result of a closure, match of a pattern, or equal."""
    if isinstance(label, list):
        return contains(label, value)
    if isinstance(label, Closure):
        return truth(label.call(run, [value]))
    return equal(value, label)


def span(run: Run, low: Value, high: Value, exclusive: bool) -> Value:
    """The list of a range of numbers or of single letters."""
    if isinstance(low, str) and isinstance(high, str) and len(low) == len(high) == 1:
        letters = _numbers(run, ord(low), ord(high), exclusive)
        return [chr(one) for one in letters]
    return list[Value](_numbers(run, whole(low, "a range"), whole(high, "a range"), exclusive))


def _numbers(run: Run, low: int, high: int, exclusive: bool) -> range:
    item_count(abs(high - low))
    run.spend(abs(high - low) >> 4)
    if high >= low:
        return range(low, high + (0 if exclusive else 1))
    return range(low, high - (0 if exclusive else 1), -1)


def negative(value: Value) -> Value:
    return -number(value, "'-'")


OPERATORS: dict[str, Operator] = {
    "+": plus,
    "-": minus,
    "*": times,
    "/": _arithmetic("/"),
    "%": _arithmetic("%"),
    "**": _arithmetic("**"),
    "<<": shift_left,
    "in": is_in,
    "!in": lambda run, left, right: not is_in(run, left, right),
    "==": lambda _run, left, right: equal(left, right),
    "!=": lambda _run, left, right: not equal(left, right),
    "<=>": lambda _run, left, right: compare(left, right),
    "<": lambda _run, left, right: compare(left, right) < 0,
    "<=": lambda _run, left, right: compare(left, right) <= 0,
    ">": lambda _run, left, right: compare(left, right) > 0,
    ">=": lambda _run, left, right: compare(left, right) >= 0,
}
