"""Methods of lists and sets. Those that change the list say so in Groovy, too: add, addAll, remove, clear, sort, unique, push, pop."""

from collections.abc import Iterator

from rules.library.pairs import Entry
from rules.library.table import Table
from rules.limits import Fault, LimitReached
from rules.numbers_math import arithmetic, number, whole
from rules.operators import case_matches, plus, span
from rules.state import Invocable, Run
from rules.values import Host, SetValue, Value, contains, distinct, equal, key_of, kind_of, strictly_equal, text_of, truth

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
    closure = arguments[0]
    if not isinstance(closure, Invocable):
        raise Fault(f"each() needs a closure, not {kind_of(closure)}", "MissingMethodException")
    for one in walk(run, items):
        closure.call(run, [one])
    return items


@LISTS.method("forEach", takes=1)
def for_each(run: Run, items: list[Value], arguments: Args) -> Value:
    each(run, items, arguments)
    return None


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


@LISTS.method("collect", most=2)
def collect(run: Run, items: list[Value], arguments: Args) -> Value:
    if not arguments:
        return list(items)
    found = [run.call(arguments[-1], [one]) for one in walk(run, items)]
    if len(arguments) == 2 and isinstance(arguments[0], list):
        arguments[0].extend(found)
        return arguments[0]
    return found


@LISTS.method("collectMany", takes=1)
def collect_many(run: Run, items: list[Value], arguments: Args) -> Value:
    found: list[Value] = []
    for one in walk(run, items):
        part = run.call(arguments[0], [one])
        if not isinstance(part, list):
            raise Fault("the closure of collectMany must give a list")
        run.items(len(part))
        found.extend(part)
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
    if arguments and not isinstance(arguments[0], Invocable):
        return same_kind(items, [one for one in walk(run, items) if case_matches(run, one, arguments[0])])
    return find_all(run, items, arguments)


@LISTS.method("any", most=1)
def any_of(run: Run, items: list[Value], arguments: Args) -> Value:
    return any(test(run, arguments, one) for one in walk(run, items))


@LISTS.method("every", most=1)
def every(run: Run, items: list[Value], arguments: Args) -> Value:
    return all(test(run, arguments, one) for one in walk(run, items))


@LISTS.method("count", takes=1)
def count(run: Run, items: list[Value], arguments: Args) -> Value:
    if arguments and not isinstance(arguments[0], Invocable):
        return sum(equal(one, arguments[0]) for one in walk(run, items))
    return sum(test(run, arguments, one) for one in walk(run, items))


@LISTS.method("contains", takes=1)
def contains_one(_run: Run, items: list[Value], arguments: Args) -> Value:
    return any(strictly_equal(one, arguments[0]) for one in items)


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
    found = value.elements() if isinstance(value, Host) else None
    if found is None:
        raise Fault(
            f"this method needs a list, not {kind_of(value)}", "NullPointerException" if value is None else "MissingMethodException"
        )
    return found


@LISTS.method("indexOf", takes=1)
def index_of(_run: Run, items: list[Value], arguments: Args) -> Value:
    return next((index for index, one in enumerate(items) if strictly_equal(one, arguments[0])), -1)


@LISTS.method("lastIndexOf", takes=1)
def last_index_of(_run: Run, items: list[Value], arguments: Args) -> Value:
    return next((at for at in range(len(items) - 1, -1, -1) if equal(items[at], arguments[0])), -1)


@LISTS.method("first", "head", "element", "getFirst")
def first(_run: Run, items: list[Value], _arguments: Args) -> Value:
    if not items:
        raise Fault("the list is empty; test it first, or use find()", "NoSuchElementException")
    return items[0]


@LISTS.method("last", "getLast")
def last(_run: Run, items: list[Value], _arguments: Args) -> Value:
    if not items:
        raise Fault("the list is empty; test it first", "NoSuchElementException")
    return items[-1]


@LISTS.method("get", takes=1)
def get(_run: Run, items: list[Value], arguments: Args) -> Value:
    index = whole(arguments[0], "an index")
    if not 0 <= index < len(items):
        raise Fault(f"the list has {len(items)} elements, there is none at {index}", "IndexOutOfBoundsException")
    return items[index]


@LISTS.method("getAt", takes=1)
def get_at(_run: Run, items: list[Value], arguments: Args) -> Value:
    index = whole(arguments[0], "an index")
    return items[index] if -len(items) <= index < len(items) else None


@LISTS.method("peek")
def peek(_run: Run, items: list[Value], _arguments: Args) -> Value:
    return items[0] if items else None


@LISTS.method("take", takes=1)
def take(_run: Run, items: list[Value], arguments: Args) -> Value:
    return same_kind(items, items[: max(0, whole(arguments[0], "take()"))])


@LISTS.method("takeRight", takes=1)
def take_right(_run: Run, items: list[Value], arguments: Args) -> Value:
    wanted = whole(arguments[0], "takeRight()")
    return same_kind(items, items[-wanted:] if wanted > 0 else [])


@LISTS.method("drop", takes=1)
def drop(_run: Run, items: list[Value], arguments: Args) -> Value:
    return same_kind(items, items[max(0, whole(arguments[0], "drop()")) :])


@LISTS.method("dropRight", takes=1)
def drop_right(_run: Run, items: list[Value], arguments: Args) -> Value:
    return same_kind(items, items[: max(0, len(items) - max(0, whole(arguments[0], "dropRight()")))])


@LISTS.method("takeWhile", takes=1)
def take_while(run: Run, items: list[Value], arguments: Args) -> Value:
    end = next((at for at, one in enumerate(walk(run, items)) if not test(run, arguments, one)), len(items))
    return same_kind(items, items[:end])


@LISTS.method("dropWhile", takes=1)
def drop_while(run: Run, items: list[Value], arguments: Args) -> Value:
    start = next((at for at, one in enumerate(walk(run, items)) if not test(run, arguments, one)), len(items))
    return same_kind(items, items[start:])


@LISTS.method("tail")
def tail(_run: Run, items: list[Value], _arguments: Args) -> Value:
    if not items:
        raise Fault("the list is empty; test it first", "NoSuchElementException")
    return same_kind(items, items[1:])


@LISTS.method("init")
def init(_run: Run, items: list[Value], _arguments: Args) -> Value:
    if not items:
        raise Fault("the list is empty; test it first", "NoSuchElementException")
    return same_kind(items, items[:-1])


@LISTS.method("reverse", "reversed", "asReversed", most=1)
def reverse(_run: Run, items: list[Value], arguments: Args) -> Value:
    if arguments and arguments[0] is True:
        items.reverse()
        return items
    return items[::-1]


@LISTS.method("join", most=1)
def join(run: Run, items: list[Value], arguments: Args) -> Value:
    separator = text_of(arguments[0]) if arguments else ""
    pieces = [text_of(one) for one in items]
    run.text(sum(map(len, pieces)) + len(separator) * len(pieces))
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
    run.items(len(found))
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


@LISTS.method("toList", "clone", "asList", "toArray", "asImmutable", "asUnmodifiable", "asSynchronized", "stream", "boxed", most=1)
def to_list(_run: Run, items: list[Value], _arguments: Args) -> Value:
    return list(items)


@LISTS.method("getIndices")
def indices(run: Run, items: list[Value], _arguments: Args) -> Value:
    return span(run, 0, len(items), exclusive=True)


@LISTS.method("inject", takes=1, most=2)
def inject(run: Run, items: list[Value], arguments: Args) -> Value:
    rest = list(items)
    if len(arguments) == 1 and not rest:
        raise Fault("inject without a start value needs a list that is not empty", "NoSuchElementException")
    value = arguments[0] if len(arguments) == 2 else rest.pop(0)
    for one in walk(run, rest):
        value = run.call(arguments[-1], [value, one])
    return value


@LISTS.method("sum", most=2)
def sum_of(run: Run, items: list[Value], arguments: Args) -> Value:
    closure = arguments[-1] if arguments and isinstance(arguments[-1], Invocable) else None
    started = bool(arguments) and not isinstance(arguments[0], Invocable)
    total: Value = arguments[0] if started else None
    for index, one in enumerate(walk(run, items)):
        value = closure.call(run, [one]) if closure else one
        total = plus(run, total, value) if index or started else value
    return total


@LISTS.method("average", most=1)
def average(run: Run, items: list[Value], arguments: Args) -> Value:
    if not items:
        raise Fault("the list is empty; test it first", "NullPointerException")
    return arithmetic("/", number(sum_of(run, items, arguments), "average()"), len(items))
