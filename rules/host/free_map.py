"""The methods of a map on objects whose properties are free: an item, a replica, custom fields."""

from rules.library.json_text import JsonHost
from rules.library.maps import MAPS
from rules.library.table import Method, Table
from rules.state import Run
from rules.values import Value, text_of

FREE: Table[JsonHost] = Table("an object with free properties")
_READING = (
    "size", "isEmpty", "getOrDefault", "containsKey", "containsValue", "keySet", "values", "entrySet", "each", "eachWithIndex", "collect",
    "collectEntries", "findAll", "find", "any", "every", "count", "inject", "subMap",
)  # fmt: skip


def _reading(name: str) -> None:
    method = MAPS[name]

    def read(run: Run, host: JsonHost, arguments: list[Value]) -> Value:
        return method.call(run, host.as_map(), arguments)

    FREE[name] = Method(method.least, method.most, read)


for _name in _READING:
    if _name in MAPS:
        _reading(_name)


@FREE.method("get", takes=1, most=2)
def get(run: Run, host: JsonHost, arguments: list[Value]) -> Value:
    found = host.read(run, text_of(arguments[0]))
    return arguments[1] if found is None and len(arguments) == 2 else found


@FREE.method("put", "putAt", takes=2)
def put(run: Run, host: JsonHost, arguments: list[Value]) -> Value:
    host.write(run, text_of(arguments[0]), arguments[1])
    return None


@FREE.method("putAll", takes=1)
def put_all(run: Run, host: JsonHost, arguments: list[Value]) -> Value:
    given = arguments[0].as_map() if isinstance(arguments[0], JsonHost) else arguments[0]
    for name, value in given.items() if isinstance(given, dict) else ():
        host.write(run, text_of(name), value)
    return None
