"""URI: an address and its parts."""

from collections.abc import Mapping
from typing import ClassVar
from urllib.parse import SplitResult, urljoin, urlsplit

from rules.library.strings import string
from rules.library.table import Method, Table
from rules.limits import Fault
from rules.state import Run
from rules.values import Host, Value, text_of

ADDRESSES: Table["Address"] = Table("URI")
Args = list[Value]


class Address(Host):
    kind = "URI"
    methods: ClassVar[Mapping[str, Method]] = ADDRESSES

    def __init__(self, written: str) -> None:
        self.written = written
        try:
            self.parts: SplitResult = urlsplit(written)
            self.port = -1 if self.parts.port is None else self.parts.port
        except ValueError as problem:
            raise Fault(f"{written[:60]!r} is no address: {problem}", "URISyntaxException") from problem
        if " " in written:
            raise Fault(f"{written[:60]!r} is no address: it has a space", "URISyntaxException")

    def read(self, run: Run, name: str) -> Value:
        getter = ADDRESSES.get(f"get{name[:1].upper()}{name[1:]}")
        return getter.call(run, self, []) if getter else super().read(run, name)

    def equals(self, other: Value) -> bool:
        return isinstance(other, Address) and other.written == self.written

    def travels_as_text(self) -> bool:
        return True

    def text(self) -> str:
        return self.written


def _part(names: tuple[str, ...], attribute: str) -> None:
    def get(_run: Run, value: Address, _arguments: Args) -> Value:
        found = {
            "scheme": value.parts.scheme, "host": value.parts.hostname, "path": value.parts.path, "query": value.parts.query,
            "fragment": value.parts.fragment, "authority": value.parts.netloc, "user": value.parts.username,
        }[attribute]  # fmt: skip
        return found or ("" if attribute == "path" else None)

    ADDRESSES.method(*names)(get)


for _names, _attribute in (
    (("getScheme",), "scheme"), (("getHost",), "host"), (("getPath", "getRawPath"), "path"), (("getQuery", "getRawQuery"), "query"),
    (("getFragment",), "fragment"), (("getAuthority",), "authority"), (("getUserInfo",), "user"),
):  # fmt: skip
    _part(_names, _attribute)


@ADDRESSES.method("getPort")
def get_port(_run: Run, value: Address, _arguments: Args) -> Value:
    return value.port


@ADDRESSES.method("resolve", takes=1)
def resolve(_run: Run, value: Address, arguments: Args) -> Value:
    return Address(urljoin(value.written, text_of(arguments[0])))


def make_address(_run: Run, arguments: Args) -> Value:
    if len(arguments) == 1:
        return Address(string(arguments[0], "new URI"))
    scheme, user, host, port, path, query, fragment = (*arguments, *[None] * 7)[:7]
    if len(arguments) == 3:
        return Address(f"{text_of(scheme)}:{text_of(user)}{'' if host is None else '#' + text_of(host)}")
    if len(arguments) in (4, 5):
        scheme, host, path, query, fragment, user, port = (*arguments, *[None] * 7)[:7]
        fragment = arguments[-1]
        query = arguments[3] if len(arguments) == 5 else None
    place = (
        "" if host is None else f"//{'' if user is None else text_of(user) + '@'}{text_of(host)}{'' if port in (None, -1) else f':{port}'}"
    )
    tail = ("" if query is None else f"?{text_of(query)}") + ("" if fragment is None else f"#{text_of(fragment)}")
    return Address(f"{'' if scheme is None else text_of(scheme) + ':'}{place}{'' if path is None else text_of(path)}{tail}")
