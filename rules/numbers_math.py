"""Arithmetic as Groovy does it: whole numbers stay whole, everything else is decimal."""

from decimal import ROUND_HALF_UP, Context, Decimal, DecimalException, InvalidOperation

from rules.limits import NUMBER_BITS, Fault, LimitReached
from rules.values import Value, kind_of, short

_WIDE = Context(prec=60, rounding=ROUND_HALF_UP, Emax=400, Emin=-400)
_SCALE = Decimal("1e-10")
Number = int | Decimal
LARGEST = 2**53


def number(value: Value, purpose: str) -> Number:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return value
    raise Fault(f"{purpose} needs a number, not {kind_of(value)} {short(value)!r}")


def whole(value: Value, purpose: str) -> int:
    """A whole number for an index or a count."""
    found = value
    if isinstance(found, Decimal) and found == found.to_integral_value() and found.adjusted() < 16:
        found = int(found)
    if not isinstance(found, int) or isinstance(found, bool):
        raise Fault(f"{purpose} needs a whole number, not {kind_of(value)} {short(value)!r}")
    if abs(found) > LARGEST:
        raise Fault(f"{purpose} needs a smaller number than {short(value)!r}", "IndexOutOfBoundsException")
    return found


def bounded(result: Number) -> Number:
    if isinstance(result, int) and result.bit_length() > NUMBER_BITS:
        raise LimitReached("a number grew too large")
    return result


def arithmetic(operator: str, left: Number, right: Number) -> Number:
    """`+ - * / % **`; a Fault for a division by zero."""
    if operator in ("/", "%"):
        return _divide(operator, left, right)
    if operator == "**":
        return _power(left, right)
    if isinstance(left, int) and isinstance(right, int):
        match operator:
            case "+":
                return bounded(left + right)
            case "-":
                return bounded(left - right)
            case _:
                return bounded(left * right)
    try:
        return _decimal(operator, Decimal(left), Decimal(right))
    except DecimalException as problem:
        raise LimitReached("a number grew too large") from problem


def _decimal(operator: str, left: Decimal, right: Decimal) -> Decimal:
    match operator:
        case "+":
            return _WIDE.add(left, right)
        case "-":
            return _WIDE.subtract(left, right)
        case _:
            return _WIDE.multiply(left, right)


def _divide(operator: str, left: Number, right: Number) -> Number:
    if right == 0:
        raise Fault("division by zero", "ArithmeticException")
    if operator == "%":
        if isinstance(left, int) and isinstance(right, int):
            rest = abs(left) % abs(right)
            return -rest if left < 0 else rest
        return _remainder(Decimal(left), Decimal(right))
    quotient = _WIDE.divide(Decimal(left), Decimal(right))
    if _WIDE.multiply(quotient, Decimal(right)) != left:
        quotient = quotient.quantize(_SCALE, ROUND_HALF_UP, _WIDE) if abs(quotient) < 10**40 else quotient
    if quotient == quotient.to_integral_value():
        return int(quotient) if abs(quotient) < 10**40 else quotient
    return quotient.normalize(_WIDE)


def _remainder(left: Decimal, right: Decimal) -> Decimal:
    try:
        return _WIDE.remainder(left, right)
    except InvalidOperation as problem:
        raise LimitReached("a number grew too large") from problem


def _power(left: Number, right: Number) -> Number:
    exponent = whole(right, "'**'")
    if abs(exponent) > 400 or (isinstance(left, int) and left.bit_length() * abs(exponent) > NUMBER_BITS):
        raise LimitReached("a number grew too large")
    if isinstance(left, int) and exponent >= 0:
        return int(left**exponent)
    if left == 0 and exponent < 0:
        raise Fault("division by zero", "ArithmeticException")
    try:
        return _WIDE.power(Decimal(left), exponent)
    except DecimalException as problem:
        raise LimitReached("a number grew too large") from problem


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
