"""Collections, Arrays, List.of and their kin, Objects, Optional."""

from collections.abc import Callable
from functools import cmp_to_key

from rules.library.classes import StaticClass
from rules.library.common import hash_of
from rules.library.convert import to_list
from rules.library.iterators import OptionalValue
from rules.library.lists import LISTS
from rules.library.lists_order import max_of, min_of, sort
from rules.library.pairs import Entry
from rules.library.statics_numbers import RandomValue, seed_of
from rules.library.table import Table
from rules.limits import Fault
from rules.numbers_math import whole
from rules.state import Run
from rules.values import Host, SetValue, Value, compare, distinct, equal, key_of, text_of

Args = list[Value]
COLLECTIONS: Table[Host] = Table("Collections")
ARRAYS: Table[Host] = Table("Arrays")
LIST: Table[Host] = Table("List")
SET: Table[Host] = Table("Set")
MAP: Table[Host] = Table("Map")
OBJECTS: Table[Host] = Table("Objects")
OPTIONAL: Table[Host] = Table("Optional")


def _items(value: Value, method: str) -> list[Value]:
    if isinstance(value, list):
        return value
    raise Fault(f"{method}() needs a list", "NullPointerException" if value is None else "MissingMethodException")


@COLLECTIONS.method("emptyList")
def empty_list(_run: Run, _self: Host, _arguments: Args) -> Value:
    return []


@COLLECTIONS.method("emptyMap")
def empty_map(_run: Run, _self: Host, _arguments: Args) -> Value:
    return {}


@COLLECTIONS.method("emptySet")
def empty_set(_run: Run, _self: Host, _arguments: Args) -> Value:
    return SetValue()


@COLLECTIONS.method("singletonList", "singleton", takes=1)
def singleton(_run: Run, _self: Host, arguments: Args) -> Value:
    return [arguments[0]]


@COLLECTIONS.method("unmodifiableList", "unmodifiableMap", "unmodifiableSet", "synchronizedList", "unmodifiableCollection", takes=1)
def unmodifiable(_run: Run, _self: Host, arguments: Args) -> Value:
    return arguments[0]


@COLLECTIONS.method("sort", takes=1, most=2)
def sort_in_place(run: Run, _self: Host, arguments: Args) -> Value:
    sort(run, _items(arguments[0], "sort"), arguments[1:])
    return None


@COLLECTIONS.method("reverse", takes=1)
def reverse(_run: Run, _self: Host, arguments: Args) -> Value:
    _items(arguments[0], "reverse").reverse()
    return None


@COLLECTIONS.method("shuffle", takes=1, most=2)
def shuffle(run: Run, _self: Host, arguments: Args) -> Value:
    items = _items(arguments[0], "shuffle")
    given = arguments[1] if len(arguments) == 2 else None
    source = given if isinstance(given, RandomValue) else RandomValue(seed_of(run))
    run.spend(len(items))
    for at in range(len(items), 1, -1):
        other = source.below(at)
        items[at - 1], items[other] = items[other], items[at - 1]
    return None


@COLLECTIONS.method("max", takes=1, most=2)
def maximum(run: Run, _self: Host, arguments: Args) -> Value:
    return max_of(run, _items(arguments[0], "max"), arguments[1:])


@COLLECTIONS.method("min", takes=1, most=2)
def minimum(run: Run, _self: Host, arguments: Args) -> Value:
    return min_of(run, _items(arguments[0], "min"), arguments[1:])


@COLLECTIONS.method("frequency", takes=2)
def frequency(_run: Run, _self: Host, arguments: Args) -> Value:
    return sum(equal(one, arguments[1]) for one in _items(arguments[0], "frequency"))


@COLLECTIONS.method("nCopies", takes=2)
def copies(run: Run, _self: Host, arguments: Args) -> Value:
    count = max(0, whole(arguments[0], "nCopies()"))
    run.items(count)
    return [arguments[1]] * count


@COLLECTIONS.method("addAll", takes=1, most=50)
def add_all(run: Run, _self: Host, arguments: Args) -> Value:
    return LISTS["addAll"].call(run, _items(arguments[0], "addAll"), [arguments[1:]])


@ARRAYS.method("asList", "stream", most=50)
def as_list(_run: Run, _self: Host, arguments: Args) -> Value:
    return list(arguments[0]) if len(arguments) == 1 and isinstance(arguments[0], list) else list(arguments)


@ARRAYS.method("toString", "deepToString", takes=1)
def array_text(_run: Run, _self: Host, arguments: Args) -> Value:
    return text_of(arguments[0])


@ARRAYS.method("sort", takes=1, most=2)
def sort_array(run: Run, self: Host, arguments: Args) -> Value:
    return sort_in_place(run, self, arguments)


@ARRAYS.method("fill", takes=2)
def fill(_run: Run, _self: Host, arguments: Args) -> Value:
    items = _items(arguments[0], "fill")
    items[:] = [arguments[1]] * len(items)
    return None


@ARRAYS.method("copyOfRange", takes=3)
def copy_of_range(_run: Run, _self: Host, arguments: Args) -> Value:
    return _items(arguments[0], "copyOfRange")[whole(arguments[1], "copyOfRange()") : whole(arguments[2], "copyOfRange()")]


@ARRAYS.method("equals", takes=2)
def arrays_equal(_run: Run, _self: Host, arguments: Args) -> Value:
    return equal(arguments[0], arguments[1])


@LIST.method("of", "copyOf", most=50)
def list_of(_run: Run, _self: Host, arguments: Args) -> Value:
    return list(arguments[0]) if len(arguments) == 1 and isinstance(arguments[0], list) else list(arguments)


@SET.method("of", "copyOf", most=50)
def set_of(_run: Run, _self: Host, arguments: Args) -> Value:
    return SetValue(distinct(arguments[0] if len(arguments) == 1 and isinstance(arguments[0], list) else arguments))


@MAP.method("of", most=50)
def map_of(_run: Run, _self: Host, arguments: Args) -> Value:
    return {key_of(key): value for key, value in zip(arguments[::2], arguments[1::2], strict=False)}


@MAP.method("entry", takes=2)
def map_entry(_run: Run, _self: Host, arguments: Args) -> Value:
    return Entry(arguments[0], arguments[1])


@MAP.method("copyOf", takes=1)
def copy_of_map(_run: Run, _self: Host, arguments: Args) -> Value:
    return dict(arguments[0]) if isinstance(arguments[0], dict) else {}


@OBJECTS.method("equals", takes=2)
def objects_equal(_run: Run, _self: Host, arguments: Args) -> Value:
    return equal(arguments[0], arguments[1])


@OBJECTS.method("isNull", takes=1)
def is_null(_run: Run, _self: Host, arguments: Args) -> Value:
    return arguments[0] is None


@OBJECTS.method("nonNull", takes=1)
def non_null(_run: Run, _self: Host, arguments: Args) -> Value:
    return arguments[0] is not None


@OBJECTS.method("requireNonNull", takes=1, most=2)
def require(_run: Run, _self: Host, arguments: Args) -> Value:
    if arguments[0] is None:
        raise Fault(text_of(arguments[1]) if len(arguments) == 2 else "a value is needed here, not null", "NullPointerException")
    return arguments[0]


@OBJECTS.method("requireNonNullElse", takes=2)
def require_else(_run: Run, _self: Host, arguments: Args) -> Value:
    return arguments[1] if arguments[0] is None else arguments[0]


@OBJECTS.method("toString", takes=1, most=2)
def objects_text(_run: Run, _self: Host, arguments: Args) -> Value:
    return arguments[1] if arguments[0] is None and len(arguments) == 2 else text_of(arguments[0])


@OBJECTS.method("hash", most=20)
def objects_hash(_run: Run, _self: Host, arguments: Args) -> Value:
    return hash_of(list(arguments), 0)


@OPTIONAL.method("of", "ofNullable", takes=1)
def optional_of(_run: Run, _self: Host, arguments: Args) -> Value:
    return OptionalValue(arguments[0])


@OPTIONAL.method("empty")
def optional_empty(_run: Run, _self: Host, _arguments: Args) -> Value:
    return OptionalValue(None)


CLASSES: tuple[StaticClass, ...] = (
    StaticClass("Collections", COLLECTIONS, {"EMPTY_LIST": [], "EMPTY_MAP": {}}), StaticClass("Arrays", ARRAYS), StaticClass("List", LIST),
    StaticClass("Set", SET), StaticClass("Map", MAP), StaticClass("Objects", OBJECTS), StaticClass("Optional", OPTIONAL),
)  # fmt: skip


def _map(_run: Run, arguments: Args) -> Value:
    return dict(arguments[0]) if arguments and isinstance(arguments[0], dict) else {}


def _sorted_map(_run: Run, arguments: Args) -> Value:
    given = arguments[0] if arguments and isinstance(arguments[0], dict) else {}
    return SortedMap({key: given[key] for key in sorted(given, key=cmp_to_key(compare))})


class SortedMap(dict[Value, Value]):
    """A map in the order of its keys."""

    def __setitem__(self, key: Value, value: Value) -> None:
        known = key in self
        super().__setitem__(key, value)
        if not known and len(self) > 1:
            entries = sorted(self.items(), key=cmp_to_key(lambda one, other: compare(one[0], other[0])))
            self.clear()
            super().update(entries)


def _list(_run: Run, arguments: Args) -> Value:
    return to_list(arguments[0]) if arguments and not isinstance(arguments[0], int) else []


def _set(_run: Run, arguments: Args) -> Value:
    return SetValue(distinct(to_list(arguments[0]))) if arguments and not isinstance(arguments[0], int) else SetValue()


def _sorted_set(_run: Run, arguments: Args) -> Value:
    return SetValue(sorted(distinct(to_list(arguments[0])), key=cmp_to_key(compare))) if arguments else SortedSet()


class SortedSet(SetValue):
    """A set in order."""

    def append(self, value: Value) -> None:
        super().append(value)
        self.sort(key=cmp_to_key(compare))


MAKERS: dict[str, Callable[[Run, Args], Value]] = {
    **dict.fromkeys(("ArrayList", "LinkedList", "Vector", "ArrayDeque", "Stack"), _list),
    **dict.fromkeys(("HashMap", "LinkedHashMap", "Hashtable", "Properties"), _map),
    "TreeMap": _sorted_map,
    **dict.fromkeys(("HashSet", "LinkedHashSet"), _set),
    "TreeSet": _sorted_set,
    "Tuple": lambda _run, arguments: list(arguments),
}
