"""Methods of maps. A closure with two parameters gets key and value, one with one gets the entry."""

from rules.library.lists import put_entry
from rules.library.pairs import Entry, pairs
from rules.library.table import Table
from rules.limits import Fault
from rules.operators import plus
from rules.state import Invocable, Run
from rules.values import SetValue, Value, equal, key_of, kind_of, truth

MAPS: Table[dict[Value, Value]] = Table("a map")
Args = list[Value]
Map = dict[Value, Value]


class DefaultMap(dict[Value, Value]):
    """What `withDefault` gives: a map that makes the values it does not have."""

    def __init__(self, entries: Map, closure: Value) -> None:
        super().__init__(entries)
        self.closure = closure

    def absent(self, run: Run, key: Value) -> Value:
        """The new value for a key that is not there."""
        made = self[key_of(key)] = run.call(self.closure, [key])
        return made


def call(run: Run, closure: Value, key: Value, value: Value, of: Map | None = None) -> Value:
    run.spend()
    if isinstance(closure, Invocable) and closure.wants > 1:
        return closure.call(run, [key, value])
    return run.call(closure, [Entry(key, value, of)])


def map_of(value: Value, method: str) -> Map:
    if isinstance(value, dict):
        return value
    raise Fault(f"{method}() needs a map, not {kind_of(value)}", "NullPointerException" if value is None else "MissingMethodException")


@MAPS.method("size")
def size(_run: Run, entries: Map, _arguments: Args) -> Value:
    return len(entries)


@MAPS.method("isEmpty")
def is_empty(_run: Run, entries: Map, _arguments: Args) -> Value:
    return not entries


@MAPS.method("get", "getAt", takes=1, most=2)
def get(run: Run, entries: Map, arguments: Args) -> Value:
    key = key_of(arguments[0])
    if len(arguments) == 2:
        return entries.setdefault(key, arguments[1])
    if isinstance(entries, DefaultMap) and key not in entries:
        return entries.absent(run, key)
    return entries.get(key)


@MAPS.method("getOrDefault", takes=2)
def get_or_default(_run: Run, entries: Map, arguments: Args) -> Value:
    return entries.get(key_of(arguments[0]), arguments[1])


@MAPS.method("put", "putAt", takes=2)
def put(run: Run, entries: Map, arguments: Args) -> Value:
    key = key_of(arguments[0])
    old = entries.get(key)
    entries[key] = arguments[1]
    if len(entries) & 15 == 0:
        run.items(len(entries))
    return old


@MAPS.method("putIfAbsent", takes=2)
def put_if_absent(_run: Run, entries: Map, arguments: Args) -> Value:
    key = key_of(arguments[0])
    if key in entries:
        return entries[key]
    entries[key] = arguments[1]
    return None


@MAPS.method("putAll", takes=1)
def put_all(run: Run, entries: Map, arguments: Args) -> Value:
    more = arguments[0]
    if isinstance(more, list):
        for one in more:
            put_entry(entries, one)
    else:
        entries.update(map_of(more, "putAll"))
    run.items(len(entries))
    return None


@MAPS.method("remove", takes=1, most=2)
def remove(_run: Run, entries: Map, arguments: Args) -> Value:
    key = key_of(arguments[0])
    if len(arguments) == 2:
        matching = key in entries and equal(entries[key], arguments[1])
        return matching and entries.pop(key, None) is not run_out
    return entries.pop(key, None)


run_out: Value = Entry(None, None)


@MAPS.method("removeAll", takes=1)
def remove_all(run: Run, entries: Map, arguments: Args) -> Value:
    return _keep(run, entries, arguments[0], when=False)


@MAPS.method("retainAll", takes=1)
def retain_all(run: Run, entries: Map, arguments: Args) -> Value:
    return _keep(run, entries, arguments[0], when=True)


def _keep(run: Run, entries: Map, closure: Value, *, when: bool) -> bool:
    away = [key for key, value in list(entries.items()) if truth(call(run, closure, key, value)) is not when]
    for key in away:
        entries.pop(key, None)
    return bool(away)


@MAPS.method("clear")
def clear(_run: Run, entries: Map, _arguments: Args) -> Value:
    entries.clear()
    return None


@MAPS.method("containsKey", takes=1)
def contains_key(_run: Run, entries: Map, arguments: Args) -> Value:
    return key_of(arguments[0]) in entries


@MAPS.method("containsValue", takes=1)
def contains_value(_run: Run, entries: Map, arguments: Args) -> Value:
    return any(equal(one, arguments[0]) for one in entries.values())


@MAPS.method("keySet")
def key_set(_run: Run, entries: Map, _arguments: Args) -> Value:
    return SetValue(entries)


@MAPS.method("values")
def values(_run: Run, entries: Map, _arguments: Args) -> Value:
    return list(entries.values())


@MAPS.method("entrySet")
def entry_set(_run: Run, entries: Map, _arguments: Args) -> Value:
    return SetValue(pairs(entries))


@MAPS.method("each", takes=1)
def each(run: Run, entries: Map, arguments: Args) -> Value:
    for key, value in list(entries.items()):
        call(run, arguments[0], key, value, entries)
    return entries


@MAPS.method("forEach", takes=1)
def for_each(run: Run, entries: Map, arguments: Args) -> Value:
    each(run, entries, arguments)
    return None


@MAPS.method("eachWithIndex", takes=1)
def each_with_index(run: Run, entries: Map, arguments: Args) -> Value:
    closure = arguments[0]
    apart = isinstance(closure, Invocable) and closure.wants == 3
    for index, (key, value) in enumerate(list(entries.items())):
        run.spend()
        run.call(closure, [key, value, index] if apart else [Entry(key, value, entries), index])
    return entries


@MAPS.method("collect", most=1)
def collect(run: Run, entries: Map, arguments: Args) -> Value:
    if not arguments:
        return pairs(entries)
    return [call(run, arguments[0], key, value) for key, value in list(entries.items())]


@MAPS.method("collectEntries", most=1)
def collect_entries(run: Run, entries: Map, arguments: Args) -> Value:
    found: Map = {}
    for key, value in list(entries.items()):
        put_entry(found, call(run, arguments[0], key, value) if arguments else Entry(key, value))
    return found


def _matching(run: Run, entries: Map, arguments: Args) -> Map:
    return {key: value for key, value in list(entries.items()) if truth(call(run, arguments[0], key, value))}


@MAPS.method("findAll", takes=1)
def find_all(run: Run, entries: Map, arguments: Args) -> Value:
    return _matching(run, entries, arguments)


@MAPS.method("find", takes=1)
def find(run: Run, entries: Map, arguments: Args) -> Value:
    items = list(entries.items())
    return next((Entry(key, value) for key, value in items if truth(call(run, arguments[0], key, value))), None)


@MAPS.method("any", takes=1)
def any_of(run: Run, entries: Map, arguments: Args) -> Value:
    return any(truth(call(run, arguments[0], key, value)) for key, value in list(entries.items()))


@MAPS.method("every", takes=1)
def every(run: Run, entries: Map, arguments: Args) -> Value:
    return all(truth(call(run, arguments[0], key, value)) for key, value in list(entries.items()))


@MAPS.method("count", takes=1)
def count(run: Run, entries: Map, arguments: Args) -> Value:
    return len(_matching(run, entries, arguments))


@MAPS.method("inject", takes=2)
def inject(run: Run, entries: Map, arguments: Args) -> Value:
    found, closure = arguments
    apart = isinstance(closure, Invocable) and closure.wants == 3
    for key, value in list(entries.items()):
        run.spend()
        found = run.call(closure, [found, key, value] if apart else [found, Entry(key, value)])
    return found


@MAPS.method("subMap", takes=1)
def sub_map(_run: Run, entries: Map, arguments: Args) -> Value:
    if not isinstance(arguments[0], list):
        raise Fault("subMap() needs a list of keys")
    return {key_of(one): entries[one] for one in arguments[0] if key_of(one) in entries}


@MAPS.method("plus", takes=1)
def plus_map(run: Run, entries: Map, arguments: Args) -> Value:
    return plus(run, entries, arguments[0])
