"""Methods of texts that need no pattern."""

from rules.library.table import Table
from rules.limits import Fault, item_count, text_size
from rules.numbers_math import parse_decimal, parse_whole, whole
from rules.state import Run
from rules.values import SetValue, Value, compare, kind_of, text_of

STRINGS: Table[str] = Table("a text")
Args = list[Value]


def string(value: Value, method: str) -> str:
    if isinstance(value, str):
        return value
    raise Fault(f"{method}() needs a text, not {kind_of(value)}")


@STRINGS.method("size", "length")
def size(_run: Run, text: str, _arguments: Args) -> Value:
    return len(text)


@STRINGS.method("isEmpty")
def is_empty(_run: Run, text: str, _arguments: Args) -> Value:
    return not text


@STRINGS.method("isBlank", "isAllWhitespace")
def is_blank(_run: Run, text: str, _arguments: Args) -> Value:
    return not text.strip()


@STRINGS.method("trim", "strip")
def trim(_run: Run, text: str, _arguments: Args) -> Value:
    return text.strip()


@STRINGS.method("toLowerCase")
def to_lower_case(_run: Run, text: str, _arguments: Args) -> Value:
    return text.lower()


@STRINGS.method("toUpperCase")
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


@STRINGS.method("startsWith", takes=1)
def starts_with(_run: Run, text: str, arguments: Args) -> Value:
    return text.startswith(string(arguments[0], "startsWith"))


@STRINGS.method("endsWith", takes=1)
def ends_with(_run: Run, text: str, arguments: Args) -> Value:
    return text.endswith(string(arguments[0], "endsWith"))


@STRINGS.method("equalsIgnoreCase", takes=1)
def equals_ignore_case(_run: Run, text: str, arguments: Args) -> Value:
    return isinstance(arguments[0], str) and arguments[0].lower() == text.lower()


@STRINGS.method("compareTo", takes=1)
def compare_to(_run: Run, text: str, arguments: Args) -> Value:
    return compare(text, arguments[0])


@STRINGS.method("indexOf", takes=1, most=2)
def index_of(_run: Run, text: str, arguments: Args) -> Value:
    start = whole(arguments[1], "indexOf()") if len(arguments) == 2 else 0
    return text.find(string(arguments[0], "indexOf"), max(0, start))


@STRINGS.method("lastIndexOf", takes=1)
def last_index_of(_run: Run, text: str, arguments: Args) -> Value:
    return text.rfind(string(arguments[0], "lastIndexOf"))


@STRINGS.method("charAt", "getAt", takes=1)
def char_at(_run: Run, text: str, arguments: Args) -> Value:
    at = whole(arguments[0], "an index")
    if not -len(text) <= at < len(text):
        raise Fault(f"the text has {len(text)} characters, there is none at {at}", "IndexOutOfBoundsException")
    return text[at]


@STRINGS.method("substring", takes=1, most=2)
def substring(_run: Run, text: str, arguments: Args) -> Value:
    start = whole(arguments[0], "substring()")
    end = whole(arguments[1], "substring()") if len(arguments) == 2 else len(text)
    if not 0 <= start <= end <= len(text):
        raise Fault(f"substring({start}, {end}) of a text with {len(text)} characters", "IndexOutOfBoundsException")
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


@STRINGS.method("replace", takes=2)
def replace(run: Run, text: str, arguments: Args) -> Value:
    old, new = string(arguments[0], "replace"), text_of(arguments[1])
    count = text.count(old)
    text_size(len(text) + count * (len(new) - len(old)))
    run.spend(count >> 2)
    return text.replace(old, new)


@STRINGS.method("concat", takes=1)
def concat(_run: Run, text: str, arguments: Args) -> Value:
    return text + string(arguments[0], "concat")


@STRINGS.method("plus", takes=1)
def plus(_run: Run, text: str, arguments: Args) -> Value:
    return text + text_of(arguments[0])


@STRINGS.method("minus", takes=1)
def minus(_run: Run, text: str, arguments: Args) -> Value:
    return text.replace(text_of(arguments[0]), "", 1)


def _repeat(run: Run, text: str, count: int) -> str:
    text_size(len(text) * max(0, count))
    run.spend(len(text) * max(0, count) >> 6)
    return text * max(0, count)


@STRINGS.method("repeat", "multiply", takes=1)
def repeat(run: Run, text: str, arguments: Args) -> Value:
    return _repeat(run, text, whole(arguments[0], "repeat()"))


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
def tokenize(_run: Run, text: str, arguments: Args) -> Value:
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
    item_count(len(found))
    return found


@STRINGS.method("readLines")
def read_lines(_run: Run, text: str, _arguments: Args) -> Value:
    lines: list[Value] = list(text.replace("\r\n", "\n").split("\n"))
    return lines[:-1] if lines[-1] == "" else lines


@STRINGS.method("eachLine", takes=1)
def each_line(run: Run, text: str, arguments: Args) -> Value:
    for line in text.replace("\r\n", "\n").split("\n"):
        run.call(arguments[0], [line])
    return None


@STRINGS.method("toList", "toCharArray")
def to_list(_run: Run, text: str, _arguments: Args) -> Value:
    item_count(len(text))
    return list[Value](text)


@STRINGS.method("toSet")
def to_set(_run: Run, text: str, _arguments: Args) -> Value:
    return SetValue(dict.fromkeys(text))


@STRINGS.method("toInteger", "toLong", "toBigInteger")
def to_integer(_run: Run, text: str, _arguments: Args) -> Value:
    return parse_whole(text)


@STRINGS.method("toBigDecimal", "toDouble", "toFloat")
def to_decimal(_run: Run, text: str, _arguments: Args) -> Value:
    return parse_decimal(text)


@STRINGS.method("toBoolean")
def to_boolean(_run: Run, text: str, _arguments: Args) -> Value:
    return text.strip().lower() in ("true", "y", "1")


@STRINGS.method("isNumber", "isBigDecimal")
def is_number(_run: Run, text: str, _arguments: Args) -> Value:
    try:
        parse_decimal(text)
    except Fault:
        return False
    return True


@STRINGS.method("isInteger", "isLong")
def is_integer(_run: Run, text: str, _arguments: Args) -> Value:
    try:
        parse_whole(text)
    except Fault:
        return False
    return True


@STRINGS.method("stripIndent")
def strip_indent(_run: Run, text: str, _arguments: Args) -> Value:
    lines = text.split("\n")
    indents = [len(one) - len(one.lstrip()) for one in lines if one.strip()]
    shared = min(indents, default=0)
    return "\n".join(one[shared:] for one in lines)
