"""Arithmetic as Groovy does it: whole numbers stay whole, `/` gives decimals, and a floating number makes the result floating."""

import math
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal, DecimalException, InvalidOperation
from operator import add, mul, sub

from rules.limits import NUMBER_BITS, Fault, LimitReached
from rules.values import Value, floating, kind_of, short

DIGITS = 330
EXACT = Context(prec=DIGITS, rounding=ROUND_HALF_UP, Emax=400, Emin=-400)
Number = int | Decimal | float
LARGEST = 2**53
_SIMPLE: dict[str, tuple[Callable[[int, int], int], Callable[[Decimal, Decimal], Decimal], Callable[[float, float], float]]] = {
    "+": (add, EXACT.add, add),
    "-": (sub, EXACT.subtract, sub),
    "*": (mul, EXACT.multiply, mul),
}


def number(value: Value, purpose: str) -> Number:
    if isinstance(value, int | Decimal | float) and not isinstance(value, bool):
        return value
    raise Fault(f"{purpose} needs a number, not {kind_of(value)} {short(value)!r}")


def whole(value: Value, purpose: str) -> int:
    """A whole number for an index or a count."""
    found = value
    if (isinstance(found, Decimal) and found.adjusted() < 16) or (isinstance(found, float) and abs(found) < LARGEST):
        found = int(found)
    if not isinstance(found, int) or isinstance(found, bool):
        raise Fault(f"{purpose} needs a whole number, not {kind_of(value)} {short(value)!r}")
    if abs(found) > LARGEST:
        raise Fault(f"{purpose} needs a smaller number than {short(value)!r}", "IndexOutOfBoundsException")
    return found


def bounded(result: int) -> int:
    if result.bit_length() > NUMBER_BITS:
        raise LimitReached("a number grew too large")
    return result


def truncated(value: Number) -> int:
    """Without what is behind the point."""
    if isinstance(value, float) and not math.isfinite(value):
        return 0 if math.isnan(value) else int(math.copysign(2**63 - 1, value))
    return bounded(int(value))


def decimal(value: Number) -> Decimal:
    """The exact decimal; a floating number by its shortest text, as Groovy makes it."""
    if not isinstance(value, float):
        return Decimal(value)
    if not math.isfinite(value):
        raise Fault(f"{value} is no decimal number", "NumberFormatException")
    return Decimal(repr(value))


def negated(value: Number) -> Number:
    return EXACT.minus(value) if isinstance(value, Decimal) else -value


def absolute(value: Number) -> Number:
    return value.copy_abs() if isinstance(value, Decimal) else abs(value)


def arithmetic(operator: str, left: Number, right: Number) -> Number:
    """`+ - * / % **`; a Fault for a division by zero."""
    simple = _SIMPLE.get(operator)
    if simple is None:
        return _RARER[operator](left, right)
    if isinstance(left, int) and isinstance(right, int):
        return bounded(simple[0](left, right))
    if isinstance(left, float) or isinstance(right, float):
        return simple[2](floating(left), floating(right))
    try:
        return EXACT.plus(simple[1](Decimal(left), Decimal(right)))
    except DecimalException as problem:
        raise LimitReached("a number grew too large") from problem


def _divide(left: Number, right: Number) -> Number:
    if isinstance(left, float) or isinstance(right, float):
        return _floating_quotient(floating(left), floating(right))
    if right == 0:
        raise Fault("division by zero", "ArithmeticException")
    try:
        return quotient(Decimal(left), Decimal(right))
    except DecimalException as problem:
        raise LimitReached("a number grew too large") from problem


def _floating_quotient(left: float, right: float) -> float:
    if right:
        return left / right
    if left == 0 or math.isnan(left):
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1.0, right)


def quotient(left: Decimal, right: Decimal) -> Decimal:
    """Exact where it ends; else ten places, or as many as either number has."""
    found = EXACT.divide(left, right)
    if EXACT.multiply(found, right) == left and len(found.as_tuple().digits) < DIGITS - 1:
        wanted = min(0, scale(right) - scale(left))
        found = found.normalize(EXACT)
        return found.quantize(Decimal(1).scaleb(wanted), context=EXACT) if -scale(found) > wanted else found
    precision = max(len(left.as_tuple().digits), len(right.as_tuple().digits)) + 10
    found = Context(prec=precision, rounding=ROUND_HALF_UP, Emax=400, Emin=-400).divide(left, right)
    places = max(scale(left), scale(right), 10)
    return found.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, EXACT) if scale(found) > places else found


def scale(value: Decimal) -> int:
    """How many places there are behind the point."""
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def _remainder(left: Number, right: Number) -> Number:
    if isinstance(left, float) or isinstance(right, float):
        first, second = floating(left), floating(right)
        return math.nan if second == 0 or math.isinf(first) else math.fmod(first, second)
    if right == 0:
        raise Fault("division by zero", "ArithmeticException")
    if isinstance(left, int) and isinstance(right, int):
        rest = abs(left) % abs(right)
        return -rest if left < 0 else rest
    try:
        return EXACT.plus(EXACT.remainder(Decimal(left), Decimal(right)))
    except InvalidOperation as problem:
        raise LimitReached("a number grew too large") from problem


def _power(left: Number, right: Number) -> Number:
    if isinstance(left, float) or not isinstance(right, int) or right < 0:
        return _settled(left, right)
    size = left.bit_length() if isinstance(left, int) else len(left.as_tuple().digits) * 4
    if size * right > NUMBER_BITS:
        raise LimitReached("a number grew too large")
    if isinstance(left, int):
        return int(left**right)
    try:
        return EXACT.power(left, right)
    except DecimalException as problem:
        raise LimitReached("a number grew too large") from problem


def _settled(left: Number, right: Number) -> Number:
    """A power of floating numbers; whole where it comes out whole and neither was floating."""
    try:
        found = math.pow(floating(left), floating(right))
    except OverflowError:
        return math.inf
    except ValueError:
        return math.nan if left else math.inf
    return int(found) if isinstance(left, int) and isinstance(right, int) and found.is_integer() else found


_RARER: dict[str, Callable[[Number, Number], Number]] = {"/": _divide, "%": _remainder, "**": _power}


def parse_whole(text: str, base: int = 10) -> int:
    digits = text.strip()
    bare = digits[1:] if digits[:1] in ("+", "-") else digits
    if bare.isalnum() and bare.isascii() and len(bare) <= 60:
        try:
            return int(digits, base)
        except ValueError:
            pass
    raise Fault(f"{short(text)!r} is no whole number", "NumberFormatException")


def parse_decimal(text: str) -> Decimal:
    stripped = text.strip()
    try:
        found = Decimal(stripped) if len(stripped) <= 60 and stripped.isascii() and "_" not in stripped else None
    except InvalidOperation:
        found = None
    if found is None or not found.is_finite() or abs(found.adjusted()) > 300:
        raise Fault(f"{short(text)!r} is no number", "NumberFormatException")
    return found


def parse_floating(text: str) -> float:
    stripped = text.strip().rstrip("dDfF") if text.strip() not in ("Infinity", "-Infinity", "NaN") else text.strip()
    if len(stripped) <= 60 and stripped.isascii() and "_" not in stripped:
        try:
            return float(stripped)
        except ValueError:
            pass
    raise Fault(f"{short(text)!r} is no number", "NumberFormatException")
