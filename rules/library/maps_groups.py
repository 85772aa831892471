"""Map methods that sort, regroup and compute entries."""

from functools import cmp_to_key

from rules.library.iterators import IteratorValue
from rules.library.lists import walk
from rules.library.lists_order import ordered
from rules.library.maps import MAPS, Args, DefaultMap, Map, call, map_of
from rules.library.pairs import Entry, pairs
from rules.numbers_math import whole
from rules.operators import minus, plus, shift_left
from rules.state import Run
from rules.values import Value, compare, equal, key_of, text_of, truth


@MAPS.method("sort", "toSorted", most=1)
def sort(run: Run, entries: Map, arguments: Args) -> Value:
    if not arguments:
        keys = sorted(entries, key=cmp_to_key(compare))
        return {key_of(key): entries[key_of(key)] for key in keys}
    return {one.key: one.value for one in ordered(run, pairs(entries), arguments) if isinstance(one, Entry)}


@MAPS.method("min", takes=1)
def min_of(run: Run, entries: Map, arguments: Args) -> Value:
    return next(iter(ordered(run, pairs(entries), arguments)), None)


@MAPS.method("max", takes=1)
def max_of(run: Run, entries: Map, arguments: Args) -> Value:
    found = ordered(run, pairs(entries)[::-1], arguments)
    return found[-1] if found else None


@MAPS.method("sum", takes=1)
def sum_of(run: Run, entries: Map, arguments: Args) -> Value:
    total: Value = None
    for index, (key, value) in enumerate(list(entries.items())):
        one = call(run, arguments[0], key, value)
        total = plus(run, total, one) if index else one
    return total


@MAPS.method("groupBy", takes=1)
def group_by(run: Run, entries: Map, arguments: Args) -> Value:
    groups: dict[Value, Value] = {}
    for key, value in list(entries.items()):
        group = groups.setdefault(key_of(call(run, arguments[0], key, value)), {})
        if isinstance(group, dict):
            group[key] = value
    return groups


@MAPS.method("countBy", takes=1)
def count_by(run: Run, entries: Map, arguments: Args) -> Value:
    counts: dict[Value, Value] = {}
    for key, value in list(entries.items()):
        found = key_of(call(run, arguments[0], key, value))
        before = counts.get(found, 0)
        counts[found] = (before if isinstance(before, int) else 0) + 1
    return counts


@MAPS.method("collectMany", takes=1)
def collect_many(run: Run, entries: Map, arguments: Args) -> Value:
    found: list[Value] = []
    for key, value in list(entries.items()):
        part = call(run, arguments[0], key, value)
        found.extend(part if isinstance(part, list) else [part])
        run.items(len(found))
    return found


@MAPS.method("findResult", takes=1)
def find_result(run: Run, entries: Map, arguments: Args) -> Value:
    results = (call(run, arguments[0], key, value) for key, value in list(entries.items()))
    return next((one for one in results if one is not None), None)


@MAPS.method("findResults", takes=1)
def find_results(run: Run, entries: Map, arguments: Args) -> Value:
    results = (call(run, arguments[0], key, value) for key, value in list(entries.items()))
    return [one for one in results if one is not None]


@MAPS.method("reverseEach", takes=1)
def reverse_each(run: Run, entries: Map, arguments: Args) -> Value:
    for key, value in list(entries.items())[::-1]:
        call(run, arguments[0], key, value, entries)
    return entries


@MAPS.method("computeIfAbsent", takes=2)
def compute_if_absent(run: Run, entries: Map, arguments: Args) -> Value:
    key = key_of(arguments[0])
    if entries.get(key) is None:
        entries[key] = run.call(arguments[1], [arguments[0]])
    return entries[key]


@MAPS.method("computeIfPresent", takes=2)
def compute_if_present(run: Run, entries: Map, arguments: Args) -> Value:
    key = key_of(arguments[0])
    return compute(run, entries, arguments) if entries.get(key) is not None else None


@MAPS.method("compute", takes=2)
def compute(run: Run, entries: Map, arguments: Args) -> Value:
    key = key_of(arguments[0])
    return _settled(entries, key, run.call(arguments[1], [arguments[0], entries.get(key)]))


def _settled(entries: Map, key: Value, value: Value) -> Value:
    if value is None:
        entries.pop(key, None)
    else:
        entries[key] = value
    return value


@MAPS.method("merge", takes=3)
def merge(run: Run, entries: Map, arguments: Args) -> Value:
    key, old = key_of(arguments[0]), entries.get(key_of(arguments[0]))
    return _settled(entries, key, arguments[1] if old is None else run.call(arguments[2], [old, arguments[1]]))


@MAPS.method("replace", takes=2)
def replace(_run: Run, entries: Map, arguments: Args) -> Value:
    key = key_of(arguments[0])
    if key not in entries:
        return None
    old, entries[key] = entries[key], arguments[1]
    return old


@MAPS.method("replaceAll", takes=1)
def replace_all(run: Run, entries: Map, arguments: Args) -> Value:
    for key, value in list(entries.items()):
        entries[key] = run.call(arguments[0], [key, value])
    return None


@MAPS.method("withDefault", takes=1)
def with_default(_run: Run, entries: Map, arguments: Args) -> Value:
    return DefaultMap(entries, arguments[0])


@MAPS.method("asImmutable", "asUnmodifiable", "clone")
def copied(_run: Run, entries: Map, _arguments: Args) -> Value:
    return dict(entries)


@MAPS.method("take", takes=1)
def take(_run: Run, entries: Map, arguments: Args) -> Value:
    return dict(list(entries.items())[: max(0, whole(arguments[0], "take()"))])


@MAPS.method("drop", takes=1)
def drop(_run: Run, entries: Map, arguments: Args) -> Value:
    return dict(list(entries.items())[max(0, whole(arguments[0], "drop()")) :])


@MAPS.method("intersect", takes=1)
def intersect(_run: Run, entries: Map, arguments: Args) -> Value:
    other = map_of(arguments[0], "intersect")
    return {key: one for key, one in entries.items() if key in other and equal(one, other[key])}


@MAPS.method("iterator")
def iterator(_run: Run, entries: Map, _arguments: Args) -> Value:
    return IteratorValue(pairs(entries))


@MAPS.method("toMapString", most=1)
def to_map_string(_run: Run, entries: Map, _arguments: Args) -> Value:
    return text_of(entries)


@MAPS.method("grep", takes=1)
def grep(run: Run, entries: Map, arguments: Args) -> Value:
    return [one for one in walk(run, pairs(entries)) if truth(run.call(arguments[0], [one]))]


@MAPS.method("isCase", takes=1)
def is_case(_run: Run, entries: Map, arguments: Args) -> Value:
    return key_of(arguments[0]) in entries


@MAPS.method("leftShift", takes=1)
def left_shift(run: Run, entries: Map, arguments: Args) -> Value:
    one = arguments[0]
    if isinstance(one, Entry):
        entries[key_of(one.key)] = one.value
        return entries
    return shift_left(run, entries, one)


@MAPS.method("minus", takes=1)
def minus_map(run: Run, entries: Map, arguments: Args) -> Value:
    return minus(run, entries, arguments[0])
