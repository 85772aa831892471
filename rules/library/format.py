"""String.format: `%s`, `%d`, `%05.2f`, `%x`, `%tY` and their kin."""

import re
from decimal import ROUND_HALF_UP, Decimal, DecimalException

from rules.library.dates import DateValue, moment
from rules.limits import Fault
from rules.numbers_math import EXACT, decimal
from rules.state import Run
from rules.values import Value, kind_of, text_of, truth

_SPECIFIER = re.compile(r"%(?:(\d{1,9})\$)?([-#+ 0,(<]*)(\d{1,9})?(?:\.(\d{1,9}))?([bBsScCdoxXeEfgGn%]|[tT][a-zA-Z])")
_TIMES = {
    "Y": "%Y", "m": "%m", "d": "%d", "H": "%H", "M": "%M", "S": "%S", "B": "%B", "b": "%b", "A": "%A", "a": "%a", "y": "%y", "j": "%j",
    "F": "%Y-%m-%d", "T": "%H:%M:%S", "R": "%H:%M", "D": "%m/%d/%y", "I": "%I", "p": "%p",
}  # fmt: skip
WIDEST = 10_000


def formatted(run: Run, template: str, arguments: list[Value]) -> str:
    """The template with its specifiers replaced; a Fault for one that is wrong or has no argument."""
    if len(arguments) == 1 and isinstance(arguments[0], list):
        arguments = arguments[0]
    used = 0
    pieces: list[str] = []
    at = 0
    while (start := template.find("%", at)) >= 0:
        pieces.append(template[at:start])
        found = _SPECIFIER.match(template, start)
        if found is None:
            raise Fault(f"{template[start : start + 6]!r} is no format; write %% for the sign", "UnknownFormatConversionException")
        at = found.end()
        if found[5] in ("n", "%"):
            pieces.append("\n" if found[5] == "n" else _padded("%", found))
            continue
        index = int(found[1]) - 1 if found[1] else used
        used += not found[1]
        if not 0 <= index < len(arguments):
            raise Fault(f"the format {found[0]!r} has no argument", "MissingFormatArgumentException")
        pieces.append(_one(found, arguments[index]))
        run.text(sum(map(len, pieces[-2:])) + 65)
    return "".join([*pieces, template[at:]])


def _one(found: re.Match[str], value: Value) -> str:
    kind = found[5]
    if int(found[3] or 0) > WIDEST or int(found[4] or 0) > WIDEST:
        raise Fault(f"the format {found[0][:40]!r} is too wide", "IllegalArgumentException")
    if kind[0] in "tT":
        text = _time(kind[1], value)
    elif kind in "sS":
        text = text_of(value)[: int(found[4])] if found[4] else text_of(value)
    elif kind in "bB":
        text = "true" if value is not None and (truth(value) or not isinstance(value, bool)) else "false"
    elif kind in "cC":
        text = chr(value & 0xFFFF) if isinstance(value, int) else text_of(value)[:1]
    elif value is None:
        text = "null"
    else:
        text = _number(found, kind, value)
    return _padded(text.upper() if kind in "SBCXEGHT" else text, found)


def _padded(text: str, found: re.Match[str]) -> str:
    width = int(found[3] or 0)
    return text.ljust(width) if "-" in found[2] else text.rjust(width)


def _time(kind: str, value: Value) -> str:
    if kind not in _TIMES or not isinstance(value, DateValue):
        raise Fault(f"the format %t{kind} is not available for {kind_of(value)}", "IllegalFormatConversionException")
    return moment(value).strftime(_TIMES[kind])


def _number(found: re.Match[str], kind: str, value: Value) -> str:
    if not isinstance(value, int | Decimal | float) or isinstance(value, bool):
        raise Fault(f"the format {found[0]!r} needs a number, not {kind_of(value)}", "IllegalFormatConversionException")
    flags, given = found[2], value
    if kind in "dxXo":
        if not isinstance(given, int):
            raise Fault(f"the format {found[0]!r} needs a whole number", "IllegalFormatConversionException")
        if kind == "d":
            digits, negative = format(abs(given), "," if "," in flags else "d"), given < 0
        else:
            digits, negative = format(given if given >= 0 else given + (1 << (32 if given >= -(2**31) else 64)), kind), False
            digits = ("0x" if kind in "xX" else "0") + digits if "#" in flags else digits
    elif kind in "fF":
        exact = _rounded(found, decimal(given))
        digits, negative = format(exact.copy_abs(), ",f" if "," in flags else "f"), given < 0
    else:
        digits = format(decimal(given).copy_abs(), f".{found[4] or 6}{'e' if kind in 'eE' else 'g'}")
        digits, negative = re.sub(r"e([+-])(\d)$", r"e\g<1>0\2", digits), given < 0
    return _signed(digits, found, negative=negative)


def _rounded(found: re.Match[str], value: Decimal) -> Decimal:
    try:
        return value.quantize(Decimal(1).scaleb(-int(found[4] or 6)), ROUND_HALF_UP, EXACT)
    except DecimalException as problem:
        raise Fault(f"the number is too long for the format {found[0]!r}", "IllegalArgumentException") from problem


def _signed(digits: str, found: re.Match[str], *, negative: bool) -> str:
    flags = found[2]
    sign = "-" if negative else "+" if "+" in flags else " " if " " in flags else ""
    if negative and "(" in flags:
        return f"({digits})"
    if "0" in flags:
        return sign + digits.rjust(int(found[3] or 0) - len(sign), "0")
    return sign + digits
