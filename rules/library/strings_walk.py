"""Text methods that go over characters and lines, and those for margins, numbers of letters and encodings."""

import re
from base64 import b64decode, b64encode

from rules.library.bytes_list import BytesValue, encoded
from rules.library.format import formatted
from rules.library.strings import STRINGS, string
from rules.limits import Fault
from rules.numbers_math import whole
from rules.state import Invocable, Run
from rules.values import Value, text_of, truth

Args = list[Value]


def _lines(text: str) -> list[str]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines[:-1] if lines[-1] == "" else lines


@STRINGS.method("eachLine", takes=1, most=2)
def each_line(run: Run, text: str, arguments: Args) -> Value:
    closure, first = arguments[-1], whole(arguments[0], "eachLine()") if len(arguments) == 2 else 0
    found: Value = None
    numbered = isinstance(closure, Invocable) and closure.wants == 2
    for at, line in enumerate(_lines(text)):
        run.spend()
        found = run.call(closure, [line, first + at] if numbered else [line])
    return found


def _over(run: Run, text: str, closure: Value) -> list[tuple[str, Value]]:
    run.items(len(text))
    run.spend(len(text))
    return [(one, run.call(closure, [one])) for one in text]


@STRINGS.method("each", takes=1)
def each(run: Run, text: str, arguments: Args) -> Value:
    _over(run, text, arguments[0])
    return text


@STRINGS.method("eachWithIndex", takes=1)
def each_with_index(run: Run, text: str, arguments: Args) -> Value:
    for at, one in enumerate(text):
        run.spend()
        run.call(arguments[0], [one, at])
    return text


@STRINGS.method("collect", takes=1)
def collect(run: Run, text: str, arguments: Args) -> Value:
    return [found for _, found in _over(run, text, arguments[0])]


@STRINGS.method("any", takes=1)
def any_of(run: Run, text: str, arguments: Args) -> Value:
    return any(truth(run.call(arguments[0], [one])) for one in text)


@STRINGS.method("every", takes=1)
def every(run: Run, text: str, arguments: Args) -> Value:
    return all(truth(run.call(arguments[0], [one])) for one in text)


@STRINGS.method("count", takes=1)
def count(run: Run, text: str, arguments: Args) -> Value:
    if isinstance(arguments[0], Invocable):
        return sum(truth(found) for _, found in _over(run, text, arguments[0]))
    wanted = text_of(arguments[0])
    return sum(text.startswith(wanted, at) for at in range(len(text))) if wanted else 0


@STRINGS.method("takeWhile", takes=1)
def take_while(run: Run, text: str, arguments: Args) -> Value:
    end = next((at for at, one in enumerate(text) if not truth(run.call(arguments[0], [one]))), len(text))
    return text[:end]


@STRINGS.method("dropWhile", takes=1)
def drop_while(run: Run, text: str, arguments: Args) -> Value:
    start = next((at for at, one in enumerate(text) if not truth(run.call(arguments[0], [one]))), len(text))
    return text[start:]


@STRINGS.method("stripIndent", most=1)
def strip_indent(_run: Run, text: str, arguments: Args) -> Value:
    lines = text.split("\n")
    indents = [len(one) - len(one.lstrip()) for one in lines if one.strip()]
    shared = whole(arguments[0], "stripIndent()") if arguments else min(indents, default=0)
    return "\n".join(one[max(0, shared) :] for one in lines)


@STRINGS.method("stripMargin", most=1)
def strip_margin(_run: Run, text: str, arguments: Args) -> Value:
    margin = text_of(arguments[0]) if arguments else "|"
    stripped = ((one, one.lstrip()) for one in text.split("\n"))
    return "\n".join(bare[len(margin) :] if bare.startswith(margin) else one for one, bare in stripped)


@STRINGS.method("normalize")
def normalize(_run: Run, text: str, _arguments: Args) -> Value:
    return text.replace("\r\n", "\n").replace("\r", "\n")


@STRINGS.method("denormalize")
def denormalize(run: Run, text: str, arguments: Args) -> Value:
    return normalize(run, text, arguments)


@STRINGS.method("tr", takes=2)
def tr(_run: Run, text: str, arguments: Args) -> Value:
    before, after = _expanded(string(arguments[0], "tr")), _expanded(string(arguments[1], "tr"))
    if not after:
        raise Fault("tr() needs characters to put in their place", "IllegalArgumentException")
    after += after[-1] * (len(before) - len(after))
    return text.translate({ord(one): after[at] for at, one in reversed(list(enumerate(before)))})


def _expanded(characters: str) -> str:
    """With `a-e` written out."""
    return re.sub(r"(.)-(.)", lambda found: "".join(map(chr, range(ord(found[1]), ord(found[2]) + 1))), characters)


@STRINGS.method("next")
def next_text(_run: Run, text: str, _arguments: Args) -> Value:
    return text[:-1] + chr(min(ord(text[-1]) + 1, 0xFFFF)) if text else "\0"


@STRINGS.method("previous")
def previous_text(_run: Run, text: str, _arguments: Args) -> Value:
    return text[:-1] + chr(max(ord(text[-1]) - 1, 0)) if text else ""


@STRINGS.method("intern")
def intern(_run: Run, text: str, _arguments: Args) -> Value:
    return text


@STRINGS.method("getBytes", most=1)
def get_bytes(run: Run, text: str, arguments: Args) -> Value:
    run.items(len(text))
    return BytesValue(encoded(text, arguments[0] if arguments else "UTF-8"))


@STRINGS.method("encodeBase64")
def encode_base64(run: Run, text: str, _arguments: Args) -> Value:
    run.text(2 * len(text))
    return b64encode(encoded(text, "UTF-8")).decode()


@STRINGS.method("decodeBase64")
def decode_base64(run: Run, text: str, _arguments: Args) -> Value:
    run.items(len(text))
    return BytesValue(decoded(text))


def decoded(text: str) -> bytes:
    try:
        return b64decode(text.encode("ascii"), validate=True)
    except ValueError as problem:
        raise Fault("this text is no Base64", "IllegalArgumentException") from problem


@STRINGS.method("formatted", takes=0, most=20)
def formatted_text(run: Run, text: str, arguments: Args) -> Value:
    return formatted(run, text, arguments)
