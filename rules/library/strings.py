"""Methods of texts that need no pattern."""

from rules.library.buffers import Buffer
from rules.library.table import Table
from rules.limits import Fault
from rules.numbers_math import parse_decimal, parse_floating, parse_whole, whole
from rules.operators import text_minus
from rules.state import Run
from rules.values import SetValue, Value, compare, kind_of, text_of

STRINGS: Table[str] = Table("a text")
Args = list[Value]
_BLANKS = "".join(map(chr, range(33)))


def string(value: Value, method: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Buffer):
        return value.text()
    if value is None:
        raise Fault(f"{method}() needs a text, not null", "NullPointerException")
    raise Fault(f"{method}() needs a text, not {kind_of(value)}", "MissingMethodException")


@STRINGS.method("size", "length")
def size(_run: Run, text: str, _arguments: Args) -> Value:
    return len(text)


@STRINGS.method("isEmpty")
def is_empty(_run: Run, text: str, _arguments: Args) -> Value:
    return not text


@STRINGS.method("isBlank", "isAllWhitespace")
def is_blank(_run: Run, text: str, _arguments: Args) -> Value:
    return not text.strip()


@STRINGS.method("trim")
def trim(_run: Run, text: str, _arguments: Args) -> Value:
    return text.strip(_BLANKS)


@STRINGS.method("strip")
def strip(_run: Run, text: str, _arguments: Args) -> Value:
    return text.strip()


@STRINGS.method("stripLeading")
def strip_leading(_run: Run, text: str, _arguments: Args) -> Value:
    return text.lstrip()


@STRINGS.method("stripTrailing")
def strip_trailing(_run: Run, text: str, _arguments: Args) -> Value:
    return text.rstrip()


@STRINGS.method("toLowerCase", most=1)
def to_lower_case(_run: Run, text: str, _arguments: Args) -> Value:
    return text.lower()


@STRINGS.method("toUpperCase", most=1)
def to_upper_case(_run: Run, text: str, _arguments: Args) -> Value:
    return text.upper()


@STRINGS.method("capitalize")
def capitalize(_run: Run, text: str, _arguments: Args) -> Value:
    return text[:1].upper() + text[1:]


@STRINGS.method("uncapitalize")
def uncapitalize(_run: Run, text: str, _arguments: Args) -> Value:
    return text[:1].lower() + text[1:]


@STRINGS.method("reverse")
def reverse(_run: Run, text: str, _arguments: Args) -> Value:
    return text[::-1]


@STRINGS.method("contains", takes=1)
def contains(_run: Run, text: str, arguments: Args) -> Value:
    return string(arguments[0], "contains") in text


@STRINGS.method("containsIgnoreCase", takes=1)
def contains_ignore_case(_run: Run, text: str, arguments: Args) -> Value:
    return string(arguments[0], "containsIgnoreCase").lower() in text.lower()


@STRINGS.method("startsWith", takes=1, most=2)
def starts_with(_run: Run, text: str, arguments: Args) -> Value:
    start = whole(arguments[1], "startsWith()") if len(arguments) == 2 else 0
    return start >= 0 and text.startswith(string(arguments[0], "startsWith"), start)


@STRINGS.method("endsWith", takes=1)
def ends_with(_run: Run, text: str, arguments: Args) -> Value:
    return text.endswith(string(arguments[0], "endsWith"))


@STRINGS.method("equalsIgnoreCase", takes=1)
def equals_ignore_case(_run: Run, text: str, arguments: Args) -> Value:
    return isinstance(arguments[0], str) and arguments[0].lower() == text.lower()


@STRINGS.method("containsAny", takes=1, most=20)
def contains_any(_run: Run, text: str, arguments: Args) -> Value:
    wanted: list[Value] = arguments[0] if isinstance(arguments[0], list) else arguments
    return any(text_of(one) in text for one in wanted)


@STRINGS.method("startsWithAny", takes=1, most=20)
def starts_with_any(_run: Run, text: str, arguments: Args) -> Value:
    return text.startswith(tuple(map(text_of, arguments)))


@STRINGS.method("endsWithAny", takes=1, most=20)
def ends_with_any(_run: Run, text: str, arguments: Args) -> Value:
    return text.endswith(tuple(map(text_of, arguments)))


@STRINGS.method("startsWithIgnoreCase", takes=1)
def starts_with_ignore_case(_run: Run, text: str, arguments: Args) -> Value:
    return text.lower().startswith(string(arguments[0], "startsWithIgnoreCase").lower())


@STRINGS.method("endsWithIgnoreCase", takes=1)
def ends_with_ignore_case(_run: Run, text: str, arguments: Args) -> Value:
    return text.lower().endswith(string(arguments[0], "endsWithIgnoreCase").lower())


@STRINGS.method("contentEquals", takes=1)
def content_equals(_run: Run, text: str, arguments: Args) -> Value:
    return text == string(arguments[0], "contentEquals")


@STRINGS.method("compareToIgnoreCase", takes=1)
def compare_ignoring_case(_run: Run, text: str, arguments: Args) -> Value:
    return compare(text.lower(), string(arguments[0], "compareToIgnoreCase").lower())


@STRINGS.method("compareTo", takes=1)
def compare_to(_run: Run, text: str, arguments: Args) -> Value:
    other = string(arguments[0], "compareTo")
    differing = next((ord(one) - ord(two) for one, two in zip(text, other, strict=False) if one != two), None)
    return len(text) - len(other) if differing is None else differing


@STRINGS.method("indexOf", takes=1, most=2)
def index_of(_run: Run, text: str, arguments: Args) -> Value:
    start = whole(arguments[1], "indexOf()") if len(arguments) == 2 else 0
    return text.find(string(arguments[0], "indexOf"), max(0, start))


@STRINGS.method("lastIndexOf", takes=1, most=2)
def last_index_of(_run: Run, text: str, arguments: Args) -> Value:
    wanted = string(arguments[0], "lastIndexOf")
    if len(arguments) == 1:
        return text.rfind(wanted)
    return text.rfind(wanted, 0, max(0, whole(arguments[1], "lastIndexOf()") + len(wanted)))


@STRINGS.method("getAt", takes=1)
def get_at(_run: Run, text: str, arguments: Args) -> Value:
    at = whole(arguments[0], "an index")
    if not -len(text) <= at < len(text):
        raise Fault(
            f"the text has {len(text)} characters, there is none at {at}", f"{'Array' if at < 0 else 'String'}IndexOutOfBoundsException"
        )
    return text[at]


@STRINGS.method("charAt", takes=1)
def char_at(_run: Run, text: str, arguments: Args) -> Value:
    at = whole(arguments[0], "an index")
    if not 0 <= at < len(text):
        raise Fault(f"the text has {len(text)} characters, there is none at {at}", "StringIndexOutOfBoundsException")
    return text[at]


@STRINGS.method("codePointAt", takes=1)
def code_point_at(run: Run, text: str, arguments: Args) -> Value:
    return ord(text_of(char_at(run, text, arguments)))


@STRINGS.method("substring", "subSequence", takes=1, most=2)
def substring(_run: Run, text: str, arguments: Args) -> Value:
    start = whole(arguments[0], "substring()")
    end = whole(arguments[1], "substring()") if len(arguments) == 2 else len(text)
    if not 0 <= start <= end <= len(text):
        raise Fault(f"substring({start}, {end}) of a text with {len(text)} characters", "StringIndexOutOfBoundsException")
    return text[start:end]


@STRINGS.method("take", takes=1)
def take(_run: Run, text: str, arguments: Args) -> Value:
    return text[: max(0, whole(arguments[0], "take()"))]


@STRINGS.method("takeRight", takes=1)
def take_right(_run: Run, text: str, arguments: Args) -> Value:
    count = whole(arguments[0], "takeRight()")
    return text[-count:] if count > 0 else ""


@STRINGS.method("drop", takes=1)
def drop(_run: Run, text: str, arguments: Args) -> Value:
    return text[max(0, whole(arguments[0], "drop()")) :]


@STRINGS.method("dropRight", takes=1)
def drop_right(_run: Run, text: str, arguments: Args) -> Value:
    count = whole(arguments[0], "dropRight()")
    return text[: max(0, len(text) - count)] if count > 0 else text


@STRINGS.method("takeBefore", takes=1)
def take_before(_run: Run, text: str, arguments: Args) -> Value:
    before, found, _ = text.partition(string(arguments[0], "takeBefore") or "\0")
    return before if found else ""


@STRINGS.method("takeAfter", takes=1)
def take_after(_run: Run, text: str, arguments: Args) -> Value:
    return text.partition(string(arguments[0], "takeAfter") or "\0")[2]


@STRINGS.method("takeBetween", takes=1, most=2)
def take_between(_run: Run, text: str, arguments: Args) -> Value:
    opening, closing = string(arguments[0], "takeBetween"), string(arguments[-1], "takeBetween")
    rest = text.partition(opening or "\0")[2]
    inside, found, _ = rest.partition(closing or "\0")
    return inside if found else ""


@STRINGS.method("replace", takes=2)
def replace(run: Run, text: str, arguments: Args) -> Value:
    old, new = string(arguments[0], "replace"), string(arguments[1], "replace")
    count = text.count(old)
    run.text(len(text) + count * max(0, len(new) - len(old)))
    run.spend(count >> 2)
    return text.replace(old, new)


@STRINGS.method("concat", takes=1)
def concat(_run: Run, text: str, arguments: Args) -> Value:
    return text + string(arguments[0], "concat")


@STRINGS.method("plus", takes=1)
def plus(_run: Run, text: str, arguments: Args) -> Value:
    return text + text_of(arguments[0])


@STRINGS.method("minus", takes=1)
def minus(run: Run, text: str, arguments: Args) -> Value:
    return text_minus(run, text, arguments[0])


def _repeat(run: Run, text: str, count: int) -> str:
    run.text(len(text) * max(0, count))
    return text * max(0, count)


@STRINGS.method("repeat", "multiply", takes=1)
def repeat(run: Run, text: str, arguments: Args) -> Value:
    count = whole(arguments[0], "repeat()")
    if count < 0:
        raise Fault(f"repeat() cannot repeat {count} times", "IllegalArgumentException")
    return _repeat(run, text, count)


@STRINGS.method("center", takes=1, most=2)
def center(run: Run, text: str, arguments: Args) -> Value:
    width = whole(arguments[0], "center()")
    filler = string(arguments[1], "center") if len(arguments) == 2 else " "
    missing = max(0, width - len(text))
    left = missing // 2
    return (_repeat(run, filler, left)[:left] + text + _repeat(run, filler, missing - left)[: missing - left]) if filler else text


def _padding(run: Run, text: str, arguments: Args) -> str:
    filler = string(arguments[1], "padding") if len(arguments) == 2 else " "
    missing = whole(arguments[0], "padding") - len(text)
    return _repeat(run, filler, -(-missing // len(filler)))[: max(0, missing)] if filler else ""


@STRINGS.method("padLeft", takes=1, most=2)
def pad_left(run: Run, text: str, arguments: Args) -> Value:
    return _padding(run, text, arguments) + text


@STRINGS.method("padRight", takes=1, most=2)
def pad_right(run: Run, text: str, arguments: Args) -> Value:
    return text + _padding(run, text, arguments)


@STRINGS.method("tokenize", most=1)
def tokenize(run: Run, text: str, arguments: Args) -> Value:
    separators = set(string(arguments[0], "tokenize")) if arguments else set(" \t\n\r\f")
    found: list[Value] = []
    start = 0
    for at, char in enumerate(text):
        if char in separators:
            if at > start:
                found.append(text[start:at])
            start = at + 1
    if start < len(text):
        found.append(text[start:])
    run.items(len(found))
    return found


@STRINGS.method("readLines", "lines")
def read_lines(_run: Run, text: str, _arguments: Args) -> Value:
    lines: list[Value] = list(text.replace("\r\n", "\n").split("\n"))
    return lines[:-1] if lines[-1] == "" else lines


@STRINGS.method("toList", "toCharArray", "getChars")
def to_list(run: Run, text: str, _arguments: Args) -> Value:
    run.items(len(text))
    return list[Value](text)


@STRINGS.method("toSet")
def to_set(_run: Run, text: str, _arguments: Args) -> Value:
    return SetValue(dict.fromkeys(text))


@STRINGS.method("toInteger", "toLong", "toBigInteger", "toShort")
def to_integer(_run: Run, text: str, _arguments: Args) -> Value:
    return parse_whole(text)


@STRINGS.method("toBigDecimal")
def to_decimal(_run: Run, text: str, _arguments: Args) -> Value:
    return parse_decimal(text)


@STRINGS.method("toDouble", "toFloat")
def to_floating(_run: Run, text: str, _arguments: Args) -> Value:
    return parse_floating(text)


@STRINGS.method("toCharacter")
def to_character(_run: Run, text: str, _arguments: Args) -> Value:
    return text[:1]


@STRINGS.method("toBoolean")
def to_boolean(_run: Run, text: str, _arguments: Args) -> Value:
    return text.strip().lower() in ("true", "y", "1")


@STRINGS.method("isNumber", "isBigDecimal", "isDouble", "isFloat")
def is_number(_run: Run, text: str, _arguments: Args) -> Value:
    try:
        parse_decimal(text)
    except Fault:
        return False
    return True


@STRINGS.method("isInteger", "isLong", "isBigInteger")
def is_integer(_run: Run, text: str, _arguments: Args) -> Value:
    try:
        parse_whole(text)
    except Fault:
        return False
    return True
