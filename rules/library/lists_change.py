"""List methods that change the list or regroup it."""

from rules.library.lists import LISTS, Args, other, same_kind, walk
from rules.limits import Fault, item_count
from rules.numbers_math import whole
from rules.state import Run
from rules.values import SetValue, Value, contains, distinct, equal, key_of, truth


def append(items: list[Value], value: Value) -> bool:
    """False where a set has it already."""
    if isinstance(items, SetValue) and contains(items, value):
        return False
    items.append(value)
    item_count(len(items))
    return True


@LISTS.method("add", "push", takes=1, most=2)
def add(_run: Run, items: list[Value], arguments: Args) -> Value:
    if len(arguments) == 2:
        items.insert(whole(arguments[0], "an index"), arguments[1])
        return None
    return append(items, arguments[0])


@LISTS.method("leftShift", takes=1)
def left_shift(_run: Run, items: list[Value], arguments: Args) -> Value:
    append(items, arguments[0])
    return items


@LISTS.method("addAll", takes=1)
def add_all(run: Run, items: list[Value], arguments: Args) -> Value:
    added = list(other(arguments[0]))
    run.spend(len(added) >> 2)
    size = len(items)
    for one in added:
        append(items, one)
    return len(items) > size


@LISTS.method("remove", takes=1)
def remove(_run: Run, items: list[Value], arguments: Args) -> Value:
    at = arguments[0]
    if isinstance(at, int) and not isinstance(at, bool) and not isinstance(items, SetValue):
        if not -len(items) <= at < len(items):
            raise Fault(f"the list has {len(items)} elements, there is none at {at}", "IndexOutOfBoundsException")
        return items.pop(at)
    found = next((index for index, one in enumerate(items) if equal(one, at)), -1)
    if found >= 0:
        items.pop(found)
    return found >= 0


@LISTS.method("removeAll", takes=1)
def remove_all(run: Run, items: list[Value], arguments: Args) -> Value:
    return _keep(run, items, arguments[0], when=False)


@LISTS.method("retainAll", takes=1)
def retain_all(run: Run, items: list[Value], arguments: Args) -> Value:
    return _keep(run, items, arguments[0], when=True)


def _keep(run: Run, items: list[Value], selector: Value, *, when: bool) -> bool:
    if isinstance(selector, list):
        run.spend(len(items) * len(selector) >> 4)
        kept = [one for one in items if contains(selector, one) is when]
    else:
        kept = [one for one in walk(run, items) if truth(run.call(selector, [one])) is when]
    changed = len(kept) != len(items)
    items[:] = kept
    return changed


@LISTS.method("clear")
def clear(_run: Run, items: list[Value], _arguments: Args) -> Value:
    items.clear()
    return None


@LISTS.method("pop")
def pop(_run: Run, items: list[Value], _arguments: Args) -> Value:
    if not items:
        raise Fault("the list is empty", "NoSuchElementException")
    return items.pop()


@LISTS.method("unique", most=2)
def unique(run: Run, items: list[Value], arguments: Args) -> Value:
    chosen = _by_key(run, items, arguments[-1]) if arguments and not isinstance(arguments[-1], bool) else distinct(items)
    if arguments and arguments[0] is False:
        return chosen
    items[:] = chosen
    return items


@LISTS.method("toUnique", most=1)
def to_unique(run: Run, items: list[Value], arguments: Args) -> Value:
    return _by_key(run, items, arguments[0]) if arguments else distinct(items)


def _by_key(run: Run, items: list[Value], closure: Value) -> list[Value]:
    keys: list[Value] = []
    chosen: list[Value] = []
    for one in walk(run, items):
        key = run.call(closure, [one])
        run.spend(len(keys) >> 4)
        if not contains(keys, key):
            keys.append(key)
            chosen.append(one)
    return chosen


@LISTS.method("groupBy", takes=1)
def group_by(run: Run, items: list[Value], arguments: Args) -> Value:
    groups: dict[Value, list[Value]] = {}
    for one in walk(run, items):
        groups.setdefault(key_of(run.call(arguments[0], [one])), []).append(one)
    return {key: group for key, group in groups.items()}  # noqa: C416  widens the type of the values


@LISTS.method("countBy", takes=1)
def count_by(run: Run, items: list[Value], arguments: Args) -> Value:
    counts: dict[Value, int] = {}
    for one in walk(run, items):
        key = key_of(run.call(arguments[0], [one]))
        counts[key] = counts.get(key, 0) + 1
    return {key: count for key, count in counts.items()}  # noqa: C416  widens the type of the values


@LISTS.method("split", takes=1)
def split(run: Run, items: list[Value], arguments: Args) -> Value:
    yes: list[Value] = []
    no: list[Value] = []
    for one in walk(run, items):
        (yes if truth(run.call(arguments[0], [one])) else no).append(one)
    return [same_kind(items, yes), same_kind(items, no)]


@LISTS.method("withIndex")
def with_index(_run: Run, items: list[Value], _arguments: Args) -> Value:
    return [[one, index] for index, one in enumerate(items)]


@LISTS.method("collate", takes=1)
def collate(_run: Run, items: list[Value], arguments: Args) -> Value:
    size = whole(arguments[0], "collate()")
    if size < 1:
        raise Fault("collate() needs a positive size")
    return [items[at : at + size] for at in range(0, len(items), size)]


@LISTS.method("transpose")
def transpose(_run: Run, items: list[Value], _arguments: Args) -> Value:
    rows = [other(one) for one in items]
    return [list(one) for one in zip(*rows, strict=False)]
