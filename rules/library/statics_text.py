"""String, encodings, addresses, patterns, UUID and JSON as classes."""

from base64 import b64decode, b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from typing import ClassVar
from urllib.parse import quote_plus, unquote_plus
from uuid import NAMESPACE_OID, UUID, uuid5

from rules.library import json_text
from rules.library.buffers import Buffer
from rules.library.bytes_list import BytesValue, decoded_text, encoded, raw
from rules.library.classes import StaticClass
from rules.library.convert import to_list
from rules.library.format import formatted
from rules.library.numbers import Constant
from rules.library.pattern import pattern
from rules.library.strings import string
from rules.library.strings_patterns import PatternValue, compiled
from rules.library.table import Method, Table
from rules.limits import Fault
from rules.numbers_math import whole
from rules.state import Run
from rules.values import Host, Value, text_of

Args = list[Value]
JSON: Table[Host] = Table("JsonSlurper")
OUTPUT: Table[Host] = Table("JsonOutput")
BUILDER: Table["JsonBuilder"] = Table("JsonBuilder")
STRING: Table[Host] = Table("String")
ENCODER: Table[Host] = Table("URLEncoder")
DECODER: Table[Host] = Table("URLDecoder")
PATTERN: Table[Host] = Table("Pattern")
MATCHER: Table[Host] = Table("Matcher")
BASE64: Table[Host] = Table("Base64")
CODER: Table["Coder"] = Table("a Base64 coder")
UUIDS: Table[Host] = Table("UUID")
SYSTEM: Table[Host] = Table("System")


class JsonSlurper(Host):
    kind = "JsonSlurper"
    methods: ClassVar[Mapping[str, Method]] = JSON


class JsonBuilder(Host):
    kind = "JsonBuilder"
    methods: ClassVar[Mapping[str, Method]] = BUILDER

    def __init__(self, content: Value) -> None:
        self.content = content

    def text(self) -> str:
        return json_text.write(self.content)


class Coder(Host):
    """What Base64.getEncoder() and its kin give."""

    kind = "a Base64 coder"
    methods: ClassVar[Mapping[str, Method]] = CODER

    def __init__(self, *, url: bool = False, padded: bool = True) -> None:
        self.url = url
        self.padded = padded

    def encode(self, data: bytes) -> str:
        found = (urlsafe_b64encode if self.url else b64encode)(data).decode()
        return found if self.padded else found.rstrip("=")


class UuidValue(Host):
    kind = "UUID"

    def __init__(self, of: UUID) -> None:
        self.of = of

    def equals(self, other: Value) -> bool:
        return isinstance(other, UuidValue) and other.of == self.of

    def travels_as_text(self) -> bool:
        return True

    def text(self) -> str:
        return str(self.of)


@JSON.method("parseText", takes=1)
def parse_text(run: Run, _self: Host, arguments: Args) -> Value:
    """What is parsed already, such as an answer of httpClient, stays as it is."""
    if isinstance(arguments[0], dict | list):
        return arguments[0]
    if arguments[0] is None:
        raise Fault("parseText() needs a text, not null", "IllegalArgumentException")
    text = string(arguments[0], "parseText")
    run.spend(len(text) >> 4)
    run.text(len(text))
    return json_text.parse(text)


@JSON.method("parse", takes=1, most=2)
def parse_any(run: Run, self: Host, arguments: Args) -> Value:
    given = arguments[0]
    return parse_text(run, self, [decoded_text(given, "UTF-8") if isinstance(given, list) else given])


@JSON.method("setType", takes=1)
def set_type(_run: Run, self: Host, _arguments: Args) -> Value:
    return self


@OUTPUT.method("toJson", takes=1)
def to_json(run: Run, _self: Host, arguments: Args) -> Value:
    return json_text.write(arguments[0], run)


@OUTPUT.method("prettyPrint", takes=1)
def pretty_print(run: Run, _self: Host, arguments: Args) -> Value:
    return json_text.pretty(json_text.parse(string(arguments[0], "prettyPrint")), run)


@BUILDER.method("toString")
def builder_text(run: Run, self: JsonBuilder, _arguments: Args) -> Value:
    return json_text.write(self.content, run)


@BUILDER.method("toPrettyString")
def builder_pretty(run: Run, self: JsonBuilder, _arguments: Args) -> Value:
    return json_text.pretty(self.content, run)


@BUILDER.method("getContent")
def builder_content(_run: Run, self: JsonBuilder, _arguments: Args) -> Value:
    return self.content


@BUILDER.method("call", takes=1)
def builder_call(_run: Run, self: JsonBuilder, arguments: Args) -> Value:
    self.content = arguments[0]
    return self.content


@STRING.method("valueOf", "copyValueOf", takes=1)
def string_value_of(_run: Run, _self: Host, arguments: Args) -> Value:
    given = arguments[0]
    return "".join(map(text_of, given)) if isinstance(given, list) and all(isinstance(one, str) for one in given) else text_of(given)


@STRING.method("join", takes=2, most=50)
def string_join(run: Run, _self: Host, arguments: Args) -> Value:
    pieces = [text_of(one) for one in (to_list(arguments[1]) if isinstance(arguments[1], list) else arguments[1:])]
    separator = text_of(arguments[0])
    run.text(sum(map(len, pieces)) + len(separator) * len(pieces))
    return separator.join(pieces)


@STRING.method("format", takes=1, most=50)
def string_format(run: Run, _self: Host, arguments: Args) -> Value:
    given = arguments[1:] if isinstance(arguments[0], Constant) else arguments
    if not given:
        raise Fault("format() needs a text", "MissingMethodException")
    return formatted(run, string(given[0], "format"), given[1:])


@ENCODER.method("encode", takes=1, most=2)
def url_encode(_run: Run, _self: Host, arguments: Args) -> Value:
    return quote_plus(string(arguments[0], "encode"), safe="*-._", errors="replace")


@DECODER.method("decode", takes=1, most=2)
def url_decode(_run: Run, _self: Host, arguments: Args) -> Value:
    return unquote_plus(string(arguments[0], "decode"))


_FLAGS = {"UNIX_LINES": 1, "CASE_INSENSITIVE": 2, "COMMENTS": 4, "MULTILINE": 8, "LITERAL": 16, "DOTALL": 32, "UNICODE_CASE": 64}
_LETTERS = {2: "i", 8: "m", 32: "s", 64: "u"}


@PATTERN.method("quote", takes=1)
def pattern_quote(_run: Run, _self: Host, arguments: Args) -> Value:
    text = string(arguments[0], "quote")
    return f"\\Q{text}\\E" if "\\E" not in text else "\\Q" + text.replace("\\E", "\\E\\\\E\\Q") + "\\E"


@PATTERN.method("compile", takes=1, most=2)
def pattern_compile(run: Run, _self: Host, arguments: Args) -> Value:
    flags = whole(arguments[1], "Pattern.compile()") if len(arguments) == 2 else 0
    letters = "".join(letter for number, letter in _LETTERS.items() if flags & number)
    source = string(arguments[0], "compile")
    if flags & 16:
        source = text_of(pattern_quote(run, _self, [source]))
    return PatternValue(run, pattern(f"(?{letters}){source}" if letters else source))


@PATTERN.method("matches", takes=2)
def pattern_matches(run: Run, _self: Host, arguments: Args) -> Value:
    return compiled(arguments[0]).whole(run, string(arguments[1], "matches")) is not None


@MATCHER.method("quoteReplacement", takes=1)
def quote_replacement(_run: Run, _self: Host, arguments: Args) -> Value:
    return string(arguments[0], "quoteReplacement").replace("\\", "\\\\").replace("$", "\\$")


@BASE64.method("getEncoder", "getMimeEncoder")
def get_encoder(_run: Run, _self: Host, _arguments: Args) -> Value:
    return Coder()


@BASE64.method("getUrlEncoder")
def get_url_encoder(_run: Run, _self: Host, _arguments: Args) -> Value:
    return Coder(url=True)


@BASE64.method("getDecoder", "getMimeDecoder")
def get_decoder(_run: Run, _self: Host, _arguments: Args) -> Value:
    return Coder()


@BASE64.method("getUrlDecoder")
def get_url_decoder(_run: Run, _self: Host, _arguments: Args) -> Value:
    return Coder(url=True)


def _bytes(value: Value) -> bytes:
    return raw(value) if isinstance(value, list) else encoded(string(value, "Base64"), "UTF-8")


@CODER.method("encodeToString", takes=1)
def encode_to_string(_run: Run, self: Coder, arguments: Args) -> Value:
    return self.encode(_bytes(arguments[0]))


@CODER.method("encode", takes=1)
def encode(_run: Run, self: Coder, arguments: Args) -> Value:
    return BytesValue(self.encode(_bytes(arguments[0])).encode())


@CODER.method("withoutPadding")
def without_padding(_run: Run, self: Coder, _arguments: Args) -> Value:
    return Coder(url=self.url, padded=False)


@CODER.method("decode", takes=1)
def decode(_run: Run, self: Coder, arguments: Args) -> Value:
    data = _bytes(arguments[0])
    padded = data + b"=" * (-len(data) % 4)
    try:
        return BytesValue(urlsafe_b64decode(padded) if self.url else b64decode(padded, validate=True))
    except ValueError as problem:
        raise Fault("this text is no Base64", "IllegalArgumentException") from problem


@UUIDS.method("randomUUID")
def random_uuid(run: Run, _self: Host, _arguments: Args) -> Value:
    run.counter += 1
    around = run.surroundings
    seed = uuid5(NAMESPACE_OID, f"{around.connection}|{around.local_system}|{around.now.isoformat()}|{run.counter}")
    return UuidValue(UUID(bytes=seed.bytes, version=4))


@UUIDS.method("fromString", takes=1)
def uuid_from_string(_run: Run, _self: Host, arguments: Args) -> Value:
    try:
        return UuidValue(UUID(string(arguments[0], "fromString")))
    except ValueError as problem:
        raise Fault("this text is no UUID", "IllegalArgumentException") from problem


@SYSTEM.method("currentTimeMillis")
def current_time(run: Run, _self: Host, _arguments: Args) -> Value:
    return int(run.surroundings.now.timestamp() * 1000)


@SYSTEM.method("nanoTime")
def nano_time(run: Run, _self: Host, _arguments: Args) -> Value:
    return int(run.surroundings.now.timestamp() * 1000) * 1_000_000


@SYSTEM.method("lineSeparator")
def line_separator(_run: Run, _self: Host, _arguments: Args) -> Value:
    return "\n"


def _charset(name: str) -> Constant:
    return Constant(name, "Charset")


_CHARSETS: dict[str, Value] = {
    "UTF_8": _charset("UTF-8"), "US_ASCII": _charset("US-ASCII"), "ISO_8859_1": _charset("ISO-8859-1"), "UTF_16": _charset("UTF-16"),
}  # fmt: skip
_LOCALES: dict[str, Value] = {
    name: Constant(shown, "Locale")
    for name, shown in (("ENGLISH", "en"), ("US", "en_US"), ("UK", "en_GB"), ("ROOT", ""), ("GERMANY", "de_DE"), ("FRANCE", "fr_FR"))
}
LOCALE: Table[Host] = Table("Locale")


@LOCALE.method("getDefault")
def default_locale(_run: Run, _self: Host, _arguments: Args) -> Value:
    return _LOCALES["US"]


CLASSES: tuple[StaticClass, ...] = (
    StaticClass("JsonOutput", OUTPUT), StaticClass("String", STRING), StaticClass("URLEncoder", ENCODER),
    StaticClass("URLDecoder", DECODER), StaticClass("Pattern", PATTERN, dict(_FLAGS)), StaticClass("Matcher", MATCHER),
    StaticClass("Base64", BASE64), StaticClass("UUID", UUIDS), StaticClass("System", SYSTEM),
    StaticClass("StandardCharsets", {}, _CHARSETS),
    StaticClass("Locale", LOCALE, _LOCALES),
    StaticClass("JsonParserType", {}, {one: one for one in ("LAX", "INDEX_OVERLAY", "CHAR_BUFFER")}),
)  # fmt: skip


def _string(_run: Run, arguments: Args) -> Value:
    if arguments and isinstance(arguments[0], BytesValue):
        return decoded_text(arguments[0], arguments[1] if len(arguments) > 1 else "UTF-8")
    if arguments and isinstance(arguments[0], list):
        return "".join(map(text_of, arguments[0]))
    return text_of(arguments[0]) if arguments else ""


def _buffer(_run: Run, arguments: Args) -> Value:
    return Buffer("" if not arguments or isinstance(arguments[0], int) else string(arguments[0], "new StringBuilder"))


MAKERS: dict[str, Callable[[Run, Args], Value]] = {
    "JsonSlurper": lambda _run, _arguments: JsonSlurper(),
    "JsonSlurperClassic": lambda _run, _arguments: JsonSlurper(),
    "JsonOutput": lambda _run, _arguments: CLASSES[0],
    "JsonBuilder": lambda _run, arguments: JsonBuilder(arguments[0] if arguments else {}),
    "String": _string,
    **dict.fromkeys(("StringBuilder", "StringBuffer", "StringWriter"), _buffer),
    "Locale": lambda _run, arguments: Constant("_".join(map(text_of, arguments)), "Locale"),
}
