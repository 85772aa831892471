"""List methods that regroup the elements."""

from itertools import islice, permutations, product

from rules.library.bytes_list import base64_of, raw
from rules.library.iterators import IteratorValue, OptionalValue
from rules.library.lists import LISTS, Args, any_of, every, other, same_kind, test, walk
from rules.library.lists_order import ordered
from rules.limits import Fault
from rules.numbers_math import whole
from rules.state import Run
from rules.values import Value, distinct, equal, key_of, text_of, truth


@LISTS.method("groupBy", takes=1, most=5)
def group_by(run: Run, items: list[Value], arguments: Args) -> Value:
    groups: dict[Value, Value] = {}
    for one in walk(run, items):
        group = groups.setdefault(key_of(run.call(arguments[0], [one])), [])
        if isinstance(group, list):
            group.append(one)
    if len(arguments) > 1:
        return {key: group_by(run, group, arguments[1:]) for key, group in groups.items() if isinstance(group, list)}
    return groups


@LISTS.method("countBy", takes=1)
def count_by(run: Run, items: list[Value], arguments: Args) -> Value:
    counts: dict[Value, Value] = {}
    for one in walk(run, items):
        key = key_of(run.call(arguments[0], [one]))
        before = counts.get(key, 0)
        counts[key] = (before if isinstance(before, int) else 0) + 1
    return counts


@LISTS.method("split", takes=1)
def split(run: Run, items: list[Value], arguments: Args) -> Value:
    yes: list[Value] = []
    no: list[Value] = []
    for one in walk(run, items):
        (yes if truth(run.call(arguments[0], [one])) else no).append(one)
    return [same_kind(items, yes), same_kind(items, no)]


@LISTS.method("withIndex", most=1)
def with_index(run: Run, items: list[Value], arguments: Args) -> Value:
    first = whole(arguments[0], "withIndex()") if arguments else 0
    run.items(2 * len(items))
    return [[one, first + at] for at, one in enumerate(items)]


@LISTS.method("indexed", most=1)
def indexed(_run: Run, items: list[Value], arguments: Args) -> Value:
    first = whole(arguments[0], "indexed()") if arguments else 0
    return {first + at: one for at, one in enumerate(items)}


@LISTS.method("collate", takes=1, most=3)
def collate(run: Run, items: list[Value], arguments: Args) -> Value:
    size = whole(arguments[0], "collate()")
    rest = arguments[-1] if isinstance(arguments[-1], bool) else True
    step = whole(arguments[1], "collate()") if len(arguments) > 1 and not isinstance(arguments[1], bool) else size
    if size < 1 or step < 1:
        raise Fault("collate() needs a positive size", "IllegalArgumentException")
    run.items(len(items) // step * size)
    found = [items[at : at + size] for at in range(0, len(items), step)]
    return [*(one for one in found if rest or len(one) == size)]


@LISTS.method("chop", takes=1, most=20)
def chop(_run: Run, items: list[Value], arguments: Args) -> Value:
    found: list[Value] = []
    at = 0
    for one in arguments:
        size = whole(one, "chop()")
        found.append(items[at:] if size < 0 else items[at : at + size])
        at = len(items) if size < 0 else at + size
    return found


@LISTS.method("transpose")
def transpose(run: Run, items: list[Value], _arguments: Args) -> Value:
    rows = [other(one) for one in items]
    run.items(sum(map(len, rows)))
    return [list(one) for one in zip(*rows, strict=False)]


@LISTS.method("combinations", most=1)
def combinations(run: Run, items: list[Value], arguments: Args) -> Value:
    rows = [one if isinstance(one, list) else [one] for one in items]
    size = 1
    for one in rows:
        size *= len(one)
        run.items(size * len(rows))
    found: list[Value] = [list(one)[::-1] for one in product(*rows[::-1])]
    return [run.call(arguments[0], [one]) for one in found] if arguments else found


@LISTS.method("permutations")
def all_orders(run: Run, items: list[Value], _arguments: Args) -> Value:
    found = [list(one) for one in islice(permutations(items), run.limits.items)]
    run.items(len(found) * len(items))
    return [*found]


@LISTS.method("subsequences")
def subsequences(run: Run, items: list[Value], _arguments: Args) -> Value:
    if len(items) > 16:
        raise Fault("subsequences() takes a list of up to 16 elements", "IllegalArgumentException")
    run.items(1 << len(items))
    chosen = ([one for at, one in enumerate(items) if mask >> at & 1] for mask in range(1, 1 << len(items)))
    return [*chosen]


@LISTS.method("inits")
def inits(run: Run, items: list[Value], _arguments: Args) -> Value:
    run.items(len(items) * len(items))
    return [items[:end] for end in range(len(items), -1, -1)]


@LISTS.method("tails")
def tails(run: Run, items: list[Value], _arguments: Args) -> Value:
    run.items(len(items) * len(items))
    return [items[start:] for start in range(len(items) + 1)]


@LISTS.method("findIndexValues", takes=1)
def find_index_values(run: Run, items: list[Value], arguments: Args) -> Value:
    return [at for at, one in enumerate(walk(run, items)) if test(run, arguments, one)]


@LISTS.method("findLastIndexOf", takes=1)
def find_last_index_of(run: Run, items: list[Value], arguments: Args) -> Value:
    found = [at for at, one in enumerate(walk(run, items)) if test(run, arguments, one)]
    return found[-1] if found else -1


@LISTS.method("findResults", takes=1)
def find_results(run: Run, items: list[Value], arguments: Args) -> Value:
    results = (run.call(arguments[0], [one]) for one in walk(run, items))
    return [one for one in results if one is not None]


@LISTS.method("collectNested", takes=1)
def collect_nested(run: Run, items: list[Value], arguments: Args) -> Value:
    run.enter()
    found = [collect_nested(run, one, arguments) if isinstance(one, list) else run.call(arguments[0], [one]) for one in walk(run, items)]
    run.depth -= 1
    return found


@LISTS.method("subList", takes=2)
def sub_list(_run: Run, items: list[Value], arguments: Args) -> Value:
    start, end = (whole(one, "subList()") for one in arguments)
    if not 0 <= start <= end <= len(items):
        raise Fault(f"subList({start}, {end}) of a list with {len(items)} elements", "IndexOutOfBoundsException")
    return items[start:end]


@LISTS.method("iterator", "listIterator")
def iterator(_run: Run, items: list[Value], _arguments: Args) -> Value:
    return IteratorValue(items)


@LISTS.method("toListString", most=1)
def to_list_string(_run: Run, items: list[Value], _arguments: Args) -> Value:
    return text_of(items)


@LISTS.method("step", takes=1, most=2)
def step(run: Run, items: list[Value], arguments: Args) -> Value:
    by = whole(arguments[0], "step()")
    if by < 1:
        raise Fault("step() needs a positive step", "IllegalArgumentException")
    if len(arguments) == 1:
        return list(items[::by])
    for one in items[::by]:
        run.spend()
        run.call(arguments[1], [one])
    return None


@LISTS.method("by", takes=1)
def by(run: Run, items: list[Value], arguments: Args) -> Value:
    return step(run, items, arguments)


@LISTS.method("containsWithinBounds", takes=1)
def within(_run: Run, items: list[Value], arguments: Args) -> Value:
    return any(equal(one, arguments[0]) for one in items)


@LISTS.method("encodeBase64")
def encode_base64(_run: Run, items: list[Value], _arguments: Args) -> Value:
    return base64_of(items)


@LISTS.method("encodeHex")
def encode_hex(_run: Run, items: list[Value], _arguments: Args) -> Value:
    return raw(items).hex()


@LISTS.method("filter", takes=1)
def filtered(run: Run, items: list[Value], arguments: Args) -> Value:
    return [one for one in walk(run, items) if test(run, arguments, one)]


@LISTS.method("map", "mapToInt", "mapToLong", "mapToObj", takes=1)
def mapped(run: Run, items: list[Value], arguments: Args) -> Value:
    return [run.call(arguments[0], [one]) for one in walk(run, items)]


@LISTS.method("limit", takes=1)
def limit(_run: Run, items: list[Value], arguments: Args) -> Value:
    return items[: max(0, whole(arguments[0], "limit()"))]


@LISTS.method("skip", takes=1)
def skip(_run: Run, items: list[Value], arguments: Args) -> Value:
    return items[max(0, whole(arguments[0], "skip()")) :]


@LISTS.method("distinct")
def distinct_of(run: Run, items: list[Value], _arguments: Args) -> Value:
    run.spend(len(items) >> 2)
    return distinct(items)


@LISTS.method("sorted", most=1)
def sorted_of(run: Run, items: list[Value], arguments: Args) -> Value:
    return ordered(run, items, arguments)


LISTS.method("anyMatch", takes=1)(any_of)
LISTS.method("allMatch", takes=1)(every)


@LISTS.method("noneMatch", takes=1)
def none_match(run: Run, items: list[Value], arguments: Args) -> Value:
    return not any(test(run, arguments, one) for one in walk(run, items))


@LISTS.method("findFirst", "findAny")
def find_first(_run: Run, items: list[Value], _arguments: Args) -> Value:
    return OptionalValue(items[0] if items else None)
