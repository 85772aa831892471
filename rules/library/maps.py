"""Methods of maps. A closure with two parameters gets key and value, one with one gets the entry."""

from functools import cmp_to_key

from rules.library.lists import put_entry, walk
from rules.library.pairs import Entry
from rules.library.table import Table
from rules.limits import Fault, item_count
from rules.operators import plus
from rules.state import Closure, Run
from rules.values import SetValue, Value, compare, equal, key_of, truth

MAPS: Table[dict[Value, Value]] = Table("a map")
Args = list[Value]
Map = dict[Value, Value]


def call(run: Run, closure: Value, key: Value, value: Value) -> Value:
    run.spend()
    if isinstance(closure, Closure) and closure.code.most > 1:
        return closure.call(run, [key, value])
    return run.call(closure, [Entry(key, value)])


@MAPS.method("size")
def size(_run: Run, entries: Map, _arguments: Args) -> Value:
    return len(entries)


@MAPS.method("isEmpty")
def is_empty(_run: Run, entries: Map, _arguments: Args) -> Value:
    return not entries


@MAPS.method("get", "getAt", takes=1, most=2)
def get(_run: Run, entries: Map, arguments: Args) -> Value:
    key = key_of(arguments[0])
    if len(arguments) == 2:
        return entries.setdefault(key, arguments[1])
    return entries.get(key)


@MAPS.method("getOrDefault", takes=2)
def get_or_default(_run: Run, entries: Map, arguments: Args) -> Value:
    return entries.get(key_of(arguments[0]), arguments[1])


@MAPS.method("put", "putAt", takes=2)
def put(_run: Run, entries: Map, arguments: Args) -> Value:
    key = key_of(arguments[0])
    old = entries.get(key)
    entries[key] = arguments[1]
    item_count(len(entries))
    return old


@MAPS.method("putIfAbsent", takes=2)
def put_if_absent(_run: Run, entries: Map, arguments: Args) -> Value:
    key = key_of(arguments[0])
    if key in entries:
        return entries[key]
    entries[key] = arguments[1]
    item_count(len(entries))
    return None


@MAPS.method("putAll", takes=1)
def put_all(run: Run, entries: Map, arguments: Args) -> Value:
    if not isinstance(arguments[0], dict):
        raise Fault("putAll() needs a map")
    run.spend(len(arguments[0]) >> 4)
    entries.update(arguments[0])
    item_count(len(entries))
    return None


@MAPS.method("remove", takes=1)
def remove(_run: Run, entries: Map, arguments: Args) -> Value:
    return entries.pop(key_of(arguments[0]), None)


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


def pairs(entries: Map) -> list[Value]:
    return [Entry(key, value) for key, value in entries.items()]


@MAPS.method("each", takes=1)
def each(run: Run, entries: Map, arguments: Args) -> Value:
    for key, value in list(entries.items()):
        call(run, arguments[0], key, value)
    return entries


@MAPS.method("eachWithIndex", takes=1)
def each_with_index(run: Run, entries: Map, arguments: Args) -> Value:
    for index, one in enumerate(walk(run, pairs(entries))):
        run.call(arguments[0], [one, index])
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
    value = arguments[0]
    for one in walk(run, pairs(entries)):
        value = run.call(arguments[1], [value, one])
    return value


@MAPS.method("sort", most=1)
def sort(run: Run, entries: Map, arguments: Args) -> Value:
    from_entry = arguments[0] if arguments else None
    run.spend(len(entries))
    ranked = [(run.call(from_entry, [one]) if arguments else one.key, one) for one in _entries(entries)]
    return {one.key: one.value for one in _by_rank(ranked)}


def _entries(entries: Map) -> list[Entry]:
    return [Entry(key, value) for key, value in entries.items()]


def _by_rank(ranked: list[tuple[Value, Entry]]) -> list[Entry]:
    return [entry for _, entry in sorted(ranked, key=cmp_to_key(lambda a, b: compare(a[0], b[0])))]


@MAPS.method("subMap", takes=1)
def sub_map(_run: Run, entries: Map, arguments: Args) -> Value:
    if not isinstance(arguments[0], list):
        raise Fault("subMap() needs a list of keys")
    return {key_of(one): entries[one] for one in arguments[0] if key_of(one) in entries}


@MAPS.method("plus", takes=1)
def plus_map(run: Run, entries: Map, arguments: Args) -> Value:
    return plus(run, entries, arguments[0])
