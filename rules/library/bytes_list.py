"""Bytes: a list of numbers from -128 to 127, as `"text".bytes` gives it."""

from base64 import b64encode

from rules.limits import Fault
from rules.values import Value, text_of

_ENCODINGS = {"utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "ascii", "ascii": "ascii", "iso-8859-1": "latin-1", "utf-16": "utf-16"}


class BytesValue(list[Value]):
    """Bytes as Java has them, signed."""

    def __init__(self, data: bytes) -> None:
        super().__init__(one - 256 if one > 127 else one for one in data)


def raw(items: list[Value]) -> bytes:
    """The bytes that the numbers mean; a Fault where one is none."""
    try:
        return bytes(one & 0xFF for one in items if isinstance(one, int) or _no_byte(one))  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue]
    except (ValueError, TypeError) as problem:
        raise Fault("this is no list of bytes", "IllegalArgumentException") from problem


def _no_byte(value: Value) -> bool:
    raise Fault(f"{text_of(value)[:40]!r} is no byte", "IllegalArgumentException")


def _encoding(name: Value) -> str:
    found = _ENCODINGS.get(text_of(name).lower())
    if found is None:
        raise Fault(f"the encoding {text_of(name)[:40]!r} is not available; use UTF-8", "UnsupportedEncodingException")
    return found


def encoded(text: str, name: Value) -> bytes:
    return text.encode(_encoding(name), errors="replace")


def decoded_text(items: list[Value], name: Value) -> str:
    return raw(items).decode(_encoding(name), errors="replace")


def base64_of(items: list[Value]) -> str:
    return b64encode(raw(items)).decode()
