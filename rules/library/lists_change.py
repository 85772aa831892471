"""List methods that change the list."""

from rules.library.lists import LISTS, Args, other, walk
from rules.limits import Fault
from rules.numbers_math import whole
from rules.state import Invocable, Run
from rules.values import RangeValue, SetValue, Value, contains, distinct, equal, truth


def append(run: Run, items: list[Value], value: Value) -> bool:
    """False where a set has it already."""
    if isinstance(items, RangeValue):
        raise Fault("a range cannot be changed; use toList() first", "UnsupportedOperationException")
    if isinstance(items, SetValue):
        run.spend(len(items) >> 4)
        if contains(items, value):
            return False
    items.append(value)
    if len(items) & 15 == 0:
        run.items(len(items))
    return True


def _place(items: list[Value], value: Value, most: int) -> int:
    at = whole(value, "an index")
    if not 0 <= at <= most:
        raise Fault(f"the list has {len(items)} elements, there is none at {at}", "IndexOutOfBoundsException")
    return at


@LISTS.method("add", "addLast", "offer", takes=1, most=2)
def add(run: Run, items: list[Value], arguments: Args) -> Value:
    if len(arguments) == 2:
        items.insert(_place(items, arguments[0], len(items)), arguments[1])
        run.items(len(items))
        return None
    return append(run, items, arguments[0])


@LISTS.method("push", "addFirst", takes=1)
def push(run: Run, items: list[Value], arguments: Args) -> Value:
    items.insert(0, arguments[0])
    run.items(len(items))
    return True


@LISTS.method("leftShift", takes=1)
def left_shift(run: Run, items: list[Value], arguments: Args) -> Value:
    append(run, items, arguments[0])
    return items


@LISTS.method("addAll", takes=1, most=2)
def add_all(run: Run, items: list[Value], arguments: Args) -> Value:
    added = list(other(arguments[-1]))
    run.spend(len(added) >> 2)
    if len(arguments) == 2:
        at = _place(items, arguments[0], len(items))
        items[at:at] = added
        run.items(len(items))
        return bool(added)
    size = len(items)
    for one in added:
        append(run, items, one)
    return len(items) > size


@LISTS.method("set", "putAt", takes=2)
def set_at(_run: Run, items: list[Value], arguments: Args) -> Value:
    at = _place(items, arguments[0], len(items) - 1)
    old, items[at] = items[at], arguments[1]
    return old


@LISTS.method("swap", takes=2)
def swap(_run: Run, items: list[Value], arguments: Args) -> Value:
    one, two = (_place(items, at, len(items) - 1) for at in arguments)
    items[one], items[two] = items[two], items[one]
    return items


@LISTS.method("removeAt", takes=1)
def remove_at(_run: Run, items: list[Value], arguments: Args) -> Value:
    return items.pop(_place(items, arguments[0], len(items) - 1))


@LISTS.method("removeElement", takes=1)
def remove_element(_run: Run, items: list[Value], arguments: Args) -> Value:
    found = next((index for index, one in enumerate(items) if equal(one, arguments[0])), -1)
    if found >= 0:
        items.pop(found)
    return found >= 0


@LISTS.method("removeLast", "pollLast")
def remove_last(_run: Run, items: list[Value], _arguments: Args) -> Value:
    if not items:
        raise Fault("the list is empty", "NoSuchElementException")
    return items.pop()


@LISTS.method("poll")
def poll(_run: Run, items: list[Value], _arguments: Args) -> Value:
    return items.pop(0) if items else None


@LISTS.method("remove", "removeFirst", most=1)
def remove(run: Run, items: list[Value], arguments: Args) -> Value:
    at = arguments[0] if arguments else 0
    if isinstance(at, int) and not isinstance(at, bool) and not isinstance(items, SetValue):
        return items.pop(_place(items, at, len(items) - 1))
    return remove_element(run, items, [at])


@LISTS.method("removeAll", "removeIf", takes=1)
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
    return items.pop(0)


@LISTS.method("replaceAll", takes=1)
def replace_all(run: Run, items: list[Value], arguments: Args) -> Value:
    items[:] = [run.call(arguments[0], [one]) for one in walk(run, items)]
    return None


@LISTS.method("unique", most=2)
def unique(run: Run, items: list[Value], arguments: Args) -> Value:
    run.spend(len(items) >> 2)
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
    if isinstance(closure, Invocable) and closure.wants == 2:
        return _by_comparison(run, items, closure)
    for one in walk(run, items):
        key = run.call(closure, [one])
        run.spend(len(keys) >> 4)
        if not contains(keys, key):
            keys.append(key)
            chosen.append(one)
    return chosen


def _by_comparison(run: Run, items: list[Value], closure: Invocable) -> list[Value]:
    chosen: list[Value] = []
    for one in walk(run, items):
        run.spend(len(chosen))
        if all(whole(closure.call(run, [one, other_]), "the closure of unique()") for other_ in chosen):
            chosen.append(one)
    return chosen
