"""StringBuilder and StringBuffer: texts that grow in place. Other methods are those of the text they hold."""

from collections.abc import Mapping
from typing import ClassVar

from rules.library.table import Method, Table
from rules.limits import Fault
from rules.numbers_math import whole
from rules.state import Run
from rules.values import Host, Value, text_of

BUFFERS: Table["Buffer"] = Table("a StringBuilder")
Args = list[Value]


class Buffer(Host):
    kind = "a StringBuilder"
    methods: ClassVar[Mapping[str, Method]] = BUFFERS
    types = frozenset({"StringBuilder", "StringBuffer", "CharSequence", "StringWriter"})

    def __init__(self, text: str = "") -> None:
        self.pieces = [text]
        self.size = len(text)

    def text(self) -> str:
        if len(self.pieces) > 1:
            self.pieces = ["".join(self.pieces)]
        return self.pieces[0]

    def truth(self) -> bool:
        return self.size > 0

    def put(self, run: Run, text: str) -> None:
        """Replaces what it holds."""
        run.text(len(text))
        self.pieces, self.size = [text], len(text)

    def add(self, run: Run, text: str) -> None:
        self.size += len(text)
        if self.size > 64:
            run.text(self.size if self.size > run.limits.text else len(text))
        self.pieces.append(text)

    def place(self, value: Value, most: int) -> int:
        at = whole(value, "an index")
        if not 0 <= at <= most:
            raise Fault(f"the text has {self.size} characters, there is none at {at}", "StringIndexOutOfBoundsException")
        return at


@BUFFERS.method("append", "leftShift", "write", "print", takes=1)
def append(run: Run, value: Buffer, arguments: Args) -> Value:
    value.add(run, text_of(arguments[0]))
    return value


@BUFFERS.method("println", most=1)
def append_line(run: Run, value: Buffer, arguments: Args) -> Value:
    value.add(run, f"{text_of(arguments[0]) if arguments else ''}\n")
    return value


@BUFFERS.method("length", "size")
def length(_run: Run, value: Buffer, _arguments: Args) -> Value:
    return value.size


@BUFFERS.method("setLength", takes=1)
def set_length(run: Run, value: Buffer, arguments: Args) -> Value:
    size = whole(arguments[0], "setLength()")
    run.text(size)
    value.put(run, value.text()[: max(0, size)].ljust(size, "\0"))
    return None


@BUFFERS.method("insert", takes=2)
def insert(run: Run, value: Buffer, arguments: Args) -> Value:
    text, at = value.text(), value.place(arguments[0], value.size)
    value.put(run, text[:at] + text_of(arguments[1]) + text[at:])
    return value


@BUFFERS.method("delete", takes=2)
def delete(run: Run, value: Buffer, arguments: Args) -> Value:
    text, at = value.text(), value.place(arguments[0], value.size)
    value.put(run, text[:at] + text[max(at, whole(arguments[1], "delete()")) :])
    return value


@BUFFERS.method("deleteCharAt", takes=1)
def delete_char(run: Run, value: Buffer, arguments: Args) -> Value:
    text, at = value.text(), value.place(arguments[0], value.size - 1)
    value.put(run, text[:at] + text[at + 1 :])
    return value


@BUFFERS.method("setCharAt", takes=2)
def set_char(run: Run, value: Buffer, arguments: Args) -> Value:
    text, at = value.text(), value.place(arguments[0], value.size - 1)
    value.put(run, text[:at] + text_of(arguments[1]) + text[at + 1 :])
    return None


@BUFFERS.method("replace", takes=3)
def replace(run: Run, value: Buffer, arguments: Args) -> Value:
    text, at = value.text(), value.place(arguments[0], value.size)
    value.put(run, text[:at] + text_of(arguments[2]) + text[max(at, whole(arguments[1], "replace()")) :])
    return value


@BUFFERS.method("reverse")
def reverse(run: Run, value: Buffer, _arguments: Args) -> Value:
    value.put(run, value.text()[::-1])
    return value


@BUFFERS.method("plus", takes=1)
def plus(run: Run, value: Buffer, arguments: Args) -> Value:
    run.text(value.size)
    return value.text() + text_of(arguments[0])
