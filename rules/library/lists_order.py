"""Sorting, smallest and largest."""

from collections.abc import Callable
from functools import cmp_to_key

from rules.library.lists import LISTS, Args
from rules.limits import Fault
from rules.numbers_math import whole
from rules.state import Invocable, Run
from rules.values import SetValue, Value, compare, kind_of


def ordered(run: Run, items: list[Value], arguments: Args) -> list[Value]:
    """The elements in order: their own, by what a closure gives for each, or as a closure with two parameters says."""
    run.spend(len(items))
    closure = next((one for one in arguments if one is not None), None)
    if closure is None:
        return sorted(items, key=cmp_to_key(_counted(run)))
    if not isinstance(closure, Invocable):
        raise Fault(f"a closure is needed here, not {kind_of(closure)}", "MissingMethodException")
    if closure.wants == 2:
        return sorted(items, key=cmp_to_key(lambda a, b: whole(closure.call(run, [a, b]), "the closure of sort()")))
    keys = [closure.call(run, [one]) for one in items]
    compared = _counted(run)
    order = sorted(range(len(items)), key=cmp_to_key(lambda a, b: compared(keys[a], keys[b])))
    return [items[index] for index in order]


def _counted(run: Run) -> Callable[[Value, Value], int]:
    def compared(left: Value, right: Value) -> int:
        run.spend()
        return compare(left, right)

    return compared


@LISTS.method("sort", most=2)
def sort(run: Run, items: list[Value], arguments: Args) -> Value:
    mutate = not (arguments and arguments[0] is False) and not isinstance(items, SetValue)
    found = ordered(run, items, [one for one in arguments if not isinstance(one, bool)])
    if mutate:
        items[:] = found
        return items
    return found


@LISTS.method("toSorted", most=1)
def to_sorted(run: Run, items: list[Value], arguments: Args) -> Value:
    return ordered(run, items, arguments)


@LISTS.method("min", most=1)
def min_of(run: Run, items: list[Value], arguments: Args) -> Value:
    return next(iter(ordered(run, [one for one in items if one is not None], arguments)), None)


@LISTS.method("max", most=1)
def max_of(run: Run, items: list[Value], arguments: Args) -> Value:
    present: list[Value] = [one for one in items if one is not None]
    found = ordered(run, present[::-1], arguments)
    return found[-1] if found else None
