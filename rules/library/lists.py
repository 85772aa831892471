"""Methods of lists and sets. Those that change the list say so in Groovy, too: add, addAll, remove, clear, sort, unique, push, pop."""

from collections.abc import Iterator
from functools import cmp_to_key

from rules.library.pairs import Entry
from rules.library.table import Table
from rules.limits import Fault, LimitReached, item_count, text_size
from rules.numbers_math import whole
from rules.operators import plus
from rules.state import Closure, Run
from rules.values import SetValue, Value, compare, contains, distinct, equal, key_of, kind_of, text_of, truth

LISTS: Table[list[Value]] = Table("a list")
Args = list[Value]


def same_kind(items: list[Value], result: list[Value]) -> list[Value]:
    return SetValue(distinct(result)) if isinstance(items, SetValue) else result


def walk(run: Run, items: list[Value]) -> Iterator[Value]:
    """The elements; a list that changes meanwhile ends the script rather than the loop's sense."""
    size = len(items)
    for one in items:
        if len(items) != size:
            raise Fault("the list was changed while it was being looped over", "ConcurrentModificationException")
        run.spend()
        yield one


def test(run: Run, arguments: Args, value: Value) -> bool:
    return truth(run.call(arguments[0], [value]) if arguments else value)


@LISTS.method("size")
def size(_run: Run, items: list[Value], _arguments: Args) -> Value:
    return len(items)


@LISTS.method("isEmpty")
def is_empty(_run: Run, items: list[Value], _arguments: Args) -> Value:
    return not items


@LISTS.method("each", takes=1)
def each(run: Run, items: list[Value], arguments: Args) -> Value:
    for one in walk(run, items):
        run.call(arguments[0], [one])
    return items


@LISTS.method("eachWithIndex", takes=1)
def each_with_index(run: Run, items: list[Value], arguments: Args) -> Value:
    for index, one in enumerate(walk(run, items)):
        run.call(arguments[0], [one, index])
    return items


@LISTS.method("reverseEach", takes=1)
def reverse_each(run: Run, items: list[Value], arguments: Args) -> Value:
    for one in walk(run, items[::-1]):
        run.call(arguments[0], [one])
    return items


@LISTS.method("collect", most=1)
def collect(run: Run, items: list[Value], arguments: Args) -> Value:
    if not arguments:
        return list(items)
    return [run.call(arguments[0], [one]) for one in walk(run, items)]


@LISTS.method("collectMany", takes=1)
def collect_many(run: Run, items: list[Value], arguments: Args) -> Value:
    found: list[Value] = []
    for one in walk(run, items):
        part = run.call(arguments[0], [one])
        if not isinstance(part, list):
            raise Fault("the closure of collectMany must give a list")
        run.spend(len(part) >> 4)
        found.extend(part)
        item_count(len(found))
    return found


@LISTS.method("collectEntries", most=1)
def collect_entries(run: Run, items: list[Value], arguments: Args) -> Value:
    found: dict[Value, Value] = {}
    for one in walk(run, items):
        put_entry(found, run.call(arguments[0], [one]) if arguments else one)
    return found


def put_entry(found: dict[Value, Value], entry: Value) -> None:
    """Adds what a closure of collectEntries gave: a map or a pair."""
    if isinstance(entry, dict):
        found.update(entry)
    elif isinstance(entry, list) and len(entry) == 2:
        found[key_of(entry[0])] = entry[1]
    elif isinstance(entry, Entry):
        found[entry.key] = entry.value
    else:
        raise Fault("collectEntries needs [key: value] or [key, value] for each element")
    item_count(len(found))


@LISTS.method("find", most=1)
def find(run: Run, items: list[Value], arguments: Args) -> Value:
    return next((one for one in walk(run, items) if test(run, arguments, one)), None)


@LISTS.method("findResult", takes=1)
def find_result(run: Run, items: list[Value], arguments: Args) -> Value:
    results = (run.call(arguments[0], [one]) for one in walk(run, items))
    return next((one for one in results if one is not None), None)


@LISTS.method("findAll", most=1)
def find_all(run: Run, items: list[Value], arguments: Args) -> Value:
    return same_kind(items, [one for one in walk(run, items) if test(run, arguments, one)])


@LISTS.method("findIndexOf", takes=1)
def find_index_of(run: Run, items: list[Value], arguments: Args) -> Value:
    return next((index for index, one in enumerate(walk(run, items)) if test(run, arguments, one)), -1)


@LISTS.method("grep", most=1)
def grep(run: Run, items: list[Value], arguments: Args) -> Value:
    if arguments and not isinstance(arguments[0], Closure):
        return [one for one in walk(run, items) if equal(one, arguments[0])]
    return find_all(run, items, arguments)


@LISTS.method("any", most=1)
def any_of(run: Run, items: list[Value], arguments: Args) -> Value:
    return any(test(run, arguments, one) for one in walk(run, items))


@LISTS.method("every", most=1)
def every(run: Run, items: list[Value], arguments: Args) -> Value:
    return all(test(run, arguments, one) for one in walk(run, items))


@LISTS.method("count", most=1)
def count(run: Run, items: list[Value], arguments: Args) -> Value:
    if arguments and not isinstance(arguments[0], Closure):
        return sum(equal(one, arguments[0]) for one in walk(run, items))
    return sum(test(run, arguments, one) for one in walk(run, items))


@LISTS.method("contains", takes=1)
def contains_one(_run: Run, items: list[Value], arguments: Args) -> Value:
    return contains(items, arguments[0])


@LISTS.method("containsAll", takes=1)
def contains_all(run: Run, items: list[Value], arguments: Args) -> Value:
    wanted = other(arguments[0])
    run.spend(len(items) * len(wanted) >> 4)
    return all(contains(items, one) for one in wanted)


@LISTS.method("disjoint", takes=1)
def disjoint(run: Run, items: list[Value], arguments: Args) -> Value:
    return not intersect(run, items, arguments)


def other(value: Value) -> list[Value]:
    if isinstance(value, list):
        return value
    raise Fault(f"this method needs a list, not {kind_of(value)}")


@LISTS.method("indexOf", takes=1)
def index_of(_run: Run, items: list[Value], arguments: Args) -> Value:
    return next((index for index, one in enumerate(items) if equal(one, arguments[0])), -1)


@LISTS.method("first", "head")
def first(_run: Run, items: list[Value], _arguments: Args) -> Value:
    if not items:
        raise Fault("the list is empty; test it first, or use find()", "NoSuchElementException")
    return items[0]


@LISTS.method("last")
def last(_run: Run, items: list[Value], _arguments: Args) -> Value:
    if not items:
        raise Fault("the list is empty; test it first", "NoSuchElementException")
    return items[-1]


@LISTS.method("get", "getAt", takes=1)
def get(_run: Run, items: list[Value], arguments: Args) -> Value:
    index = whole(arguments[0], "an index")
    if not -len(items) <= index < len(items):
        raise Fault(f"the list has {len(items)} elements, there is none at {index}", "IndexOutOfBoundsException")
    return items[index]


@LISTS.method("take", takes=1)
def take(_run: Run, items: list[Value], arguments: Args) -> Value:
    return items[: max(0, whole(arguments[0], "take()"))]


@LISTS.method("takeRight", takes=1)
def take_right(_run: Run, items: list[Value], arguments: Args) -> Value:
    wanted = whole(arguments[0], "takeRight()")
    return items[-wanted:] if wanted > 0 else []


@LISTS.method("drop", takes=1)
def drop(_run: Run, items: list[Value], arguments: Args) -> Value:
    return items[max(0, whole(arguments[0], "drop()")) :]


@LISTS.method("tail")
def tail(_run: Run, items: list[Value], _arguments: Args) -> Value:
    return items[1:]


@LISTS.method("reverse")
def reverse(_run: Run, items: list[Value], _arguments: Args) -> Value:
    return items[::-1]


@LISTS.method("join", most=1)
def join(_run: Run, items: list[Value], arguments: Args) -> Value:
    separator = text_of(arguments[0]) if arguments else ""
    pieces = [text_of(one) for one in items]
    text_size(sum(map(len, pieces)) + len(separator) * len(pieces))
    return separator.join(pieces)


@LISTS.method("flatten")
def flatten(run: Run, items: list[Value], _arguments: Args) -> Value:
    found: list[Value] = []
    pending: list[Iterator[Value]] = [iter(items)]
    while pending:
        run.spend()
        one = next(pending[-1], run_out)
        if one is run_out:
            pending.pop()
        elif isinstance(one, list):
            if len(pending) > 200:
                raise LimitReached("a list is nested too deeply, or contains itself")
            pending.append(iter(one))
        else:
            found.append(one)
            item_count(len(found))
    return same_kind(items, found)


run_out: Value = Entry(None, None)


@LISTS.method("plus", takes=1)
def plus_list(run: Run, items: list[Value], arguments: Args) -> Value:
    return plus(run, items, arguments[0])


@LISTS.method("minus", takes=1)
def minus_list(run: Run, items: list[Value], arguments: Args) -> Value:
    away: list[Value] = arguments[0] if isinstance(arguments[0], list) else [arguments[0]]
    run.spend(len(items) * len(away) >> 4)
    return same_kind(items, [one for one in items if not contains(away, one)])


@LISTS.method("intersect", takes=1)
def intersect(run: Run, items: list[Value], arguments: Args) -> Value:
    wanted = other(arguments[0])
    run.spend(len(items) * len(wanted) >> 4)
    return same_kind(items, [one for one in distinct(items) if contains(wanted, one)])


@LISTS.method("toSet")
def to_set(_run: Run, items: list[Value], _arguments: Args) -> Value:
    return SetValue(distinct(items))


@LISTS.method("toList")
def to_list(_run: Run, items: list[Value], _arguments: Args) -> Value:
    return list(items)


@LISTS.method("inject", takes=1, most=2)
def inject(run: Run, items: list[Value], arguments: Args) -> Value:
    rest = list(items)
    if len(arguments) == 1 and not rest:
        raise Fault("inject without a start value needs a list that is not empty", "NoSuchElementException")
    value = arguments[0] if len(arguments) == 2 else rest.pop(0)
    for one in walk(run, rest):
        value = run.call(arguments[-1], [value, one])
    return value


@LISTS.method("sum", most=1)
def sum_of(run: Run, items: list[Value], arguments: Args) -> Value:
    total: Value = None
    for index, one in enumerate(walk(run, items)):
        value = run.call(arguments[0], [one]) if arguments else one
        total = plus(run, total, value) if index else value
    return total


def _ordered(run: Run, items: list[Value], arguments: Args) -> list[Value]:
    run.spend(len(items))
    closure = arguments[0] if arguments else None
    if not isinstance(closure, Closure):
        return sorted(items, key=cmp_to_key(compare))
    if closure.code.most == 2:
        return sorted(items, key=cmp_to_key(lambda a, b: whole(closure.call(run, [a, b]), "the closure of sort()")))
    keys = [closure.call(run, [one]) for one in items]
    order = sorted(range(len(items)), key=cmp_to_key(lambda a, b: compare(keys[a], keys[b])))
    return [items[index] for index in order]


@LISTS.method("sort", most=2)
def sort(run: Run, items: list[Value], arguments: Args) -> Value:
    mutate = not (arguments and arguments[0] is False)
    ordered = _ordered(run, items, [one for one in arguments if isinstance(one, Closure)])
    if mutate:
        items[:] = ordered
        return items
    return ordered


@LISTS.method("toSorted", most=1)
def to_sorted(run: Run, items: list[Value], arguments: Args) -> Value:
    return _ordered(run, items, arguments)


@LISTS.method("min", most=1)
def min_of(run: Run, items: list[Value], arguments: Args) -> Value:
    return next(iter(_ordered(run, [one for one in items if one is not None], arguments)), None)


@LISTS.method("max", most=1)
def max_of(run: Run, items: list[Value], arguments: Args) -> Value:
    present: list[Value] = [one for one in items if one is not None]
    ordered = _ordered(run, present[::-1], arguments)
    return ordered[-1] if ordered else None
