"""Which table answers: properties, elements and methods of any value."""

from collections.abc import Mapping
from decimal import Decimal

from rules.diagnostics import did_you_mean
from rules.library import lists_change, lists_groups, lists_order, maps_groups, strings_patterns, strings_walk
from rules.library.buffers import BUFFERS, Buffer
from rules.library.classes import TYPES, type_name_of, type_value
from rules.library.common import BOOLEANS, CLOSURES, COMMON
from rules.library.dates import DATES
from rules.library.errors import ERRORS, ErrorValue
from rules.library.iterators import ITERATORS
from rules.library.lists import LISTS
from rules.library.maps import MAPS, DefaultMap
from rules.library.numbers import NUMBERS
from rules.library.pairs import ENTRIES
from rules.library.statics import OBJECT_TABLES, STATIC_NAMES
from rules.library.strings import STRINGS
from rules.library.table import Method
from rules.limits import Fault
from rules.numbers_math import whole
from rules.state import Invocable, Run
from rules.values import Host, RangeValue, SetValue, Value, compare, key_of, kind_of, text_of

VALUE_TABLES = (
    STRINGS, LISTS, MAPS, NUMBERS, BOOLEANS, CLOSURES, DATES, ERRORS, ENTRIES, BUFFERS, ITERATORS, strings_patterns.PATTERNS,
    strings_patterns.MATCHERS, TYPES, COMMON,
)  # fmt: skip
MODULES = (lists_change, lists_groups, lists_order, maps_groups, strings_walk)
"""Imported for what they register."""
METHOD_NAMES = frozenset(name for table in (*VALUE_TABLES, *OBJECT_TABLES) for name in table) | STATIC_NAMES
_TABLES: dict[type, Mapping[str, Method]] = {
    str: STRINGS, list: LISTS, dict: MAPS, int: NUMBERS, Decimal: NUMBERS, float: NUMBERS, bool: BOOLEANS, SetValue: LISTS,
    RangeValue: LISTS,
}  # fmt: skip


STANDS_FOR = frozenset({"name", "label", "key", "email", "username", "displayName"})
"""What a text is of itself: a status, a label, a user may have been sent as a text."""


def read_property(run: Run, target: Value, name: str) -> Value:
    """`target.name`. A list gives the property of each element that is not null; an unknown key of a map gives null."""
    if isinstance(target, dict):
        if name in target:
            return target[name]
        return _missing_key(run, target, name)
    if isinstance(target, Host):
        if name == "class" and not target.is_a("Class") and not isinstance(target, ErrorValue):
            return type_value(type_name_of(target))
        return target.read(run, name)
    if isinstance(target, list):
        return _read_list(run, target, name)
    if target is None:
        raise Fault(f"cannot read {name!r} of null; write ?.{name} where the value may be missing", "NullPointerException")
    if name == "value" or (name in STANDS_FOR and isinstance(target, str)):
        return target
    return _by_getter(run, target, name)


def _read_list(run: Run, target: list[Value], name: str) -> Value:
    if name == "empty":
        return not target
    if name == "length" and not any(isinstance(one, dict | Host) for one in target):
        return len(target)
    if name == "indices":
        return list(range(len(target)))
    if name in ("from", "to") and isinstance(target, RangeValue) and target:
        low, high = (target[0], target[-1]) if compare(target[0], target[-1]) <= 0 else (target[-1], target[0])
        return low if name == "from" else high
    if name == "class":
        return type_value(type_name_of(target))
    run.spend(len(target))
    return [read_property(run, one, name) for one in target if one is not None]


def _by_getter(run: Run, target: Value, name: str) -> Value:
    table, stem = listed_methods(target), name[:1].upper() + name[1:]
    for method in (table.get(f"get{stem}"), table.get(f"is{stem}"), COMMON.get(f"get{stem}")):
        if method is not None and method.least == 0:
            return method.call(run, target, [])
    raise Fault(f"{kind_of(target)} has no property {name!r}", "MissingPropertyException")


def _missing_key(run: Run, target: dict[Value, Value], name: str) -> Value:
    if name.endswith("Str") and name[:-3] in target:
        value = target[name[:-3]]
        return None if value is None else text_of(value)
    return target.absent(run, name) if isinstance(target, DefaultMap) else None


def write_property(run: Run, target: Value, name: str, value: Value) -> None:
    if isinstance(target, Host):
        target.write(run, name, value)
    elif isinstance(target, dict):
        target[name] = value
        if len(target) & 15 == 0:
            run.items(len(target))
    elif isinstance(target, list):
        run.spend(len(target))
        for one in target:
            write_property(run, one, name, value)
    elif target is None:
        raise Fault(f"cannot set {name!r} of null; test the value first", "NullPointerException")
    else:
        raise Fault(f"the property {name!r} of {kind_of(target)} cannot be set", "MissingPropertyException")


def listed_methods(target: Value) -> Mapping[str, Method]:
    """The methods of the value, beside those that every value has."""
    found = _TABLES.get(type(target))
    if found is not None:
        return found
    if isinstance(target, Invocable):
        return CLOSURES
    if isinstance(target, Host):
        return target.listed()
    if isinstance(target, list):
        return LISTS
    return MAPS if isinstance(target, dict) else COMMON


def has_method(target: Value, name: str) -> bool:
    return name in listed_methods(target) or name in COMMON


_ON_NULL = frozenset({"toString", "equals", "is", "asBoolean", "with", "iterator", "getClass", "asType"})


def call_method(run: Run, target: Value, name: str, arguments: list[Value]) -> Value:
    """`target.name(arguments)`, with the properties' `getX()`, `isX()` and `setX(v)`."""
    if target is None and name not in _ON_NULL:
        raise Fault(f"cannot call {name}() on null; write ?.{name}() where the value may be missing", "NullPointerException")
    method = listed_methods(target).get(name)
    if method is None:
        return _unlisted(run, target, name, arguments)
    if not method.least <= len(arguments) <= method.most:
        return _misfit(run, target, name, arguments, method)
    run.budget -= 1
    if run.budget < run.look_at:
        run.spend(0)
    if isinstance(target, str | list | dict) and len(target) > 63:
        run.spend(len(target) >> 6)
    result = method.call(run, target, arguments)
    if isinstance(result, str):
        if len(result) > 64:
            run.text(len(result))
    elif isinstance(result, list | dict) and len(result) > 8 and result is not target:
        run.items(len(result))
    return result


def _misfit(run: Run, target: Value, name: str, arguments: list[Value], method: Method) -> Value:
    common = COMMON.get(name)
    if common is not None and common.least <= len(arguments) <= common.most:
        return common.call(run, target, arguments)
    wanted = str(method.least) if method.least == method.most else f"{method.least} to {method.most}"
    message = f"{name}() takes {wanted} argument{'' if wanted == '1' else 's'}, not {len(arguments)}"
    raise Fault(message, "MissingMethodException")


def _unlisted(run: Run, target: Value, name: str, arguments: list[Value]) -> Value:
    common = COMMON.get(name)
    if common is not None and common.least <= len(arguments) <= common.most:
        return common.call(run, target, arguments)
    if isinstance(target, Buffer) and name in STRINGS:
        return call_method(run, target.text(), name, arguments)
    if isinstance(target, dict) and isinstance(target.get(name), Host):
        return run.call(target[name], arguments)
    if isinstance(target, dict | Host) and not isinstance(target, Invocable):
        stem = accessor(name, len(arguments))
        if stem and name.startswith("set"):
            write_property(run, target, stem, arguments[0])
            return target
        if stem:
            return read_property(run, target, stem)
    if isinstance(target, Host):
        held = target.held(run, name)
        if held is not None:
            return run.call(held, arguments)
    known = [*listed_methods(target), *COMMON]
    raise Fault(f"{kind_of(target)} has no method {name}(){did_you_mean(name, known)}", "MissingMethodException")


def accessor(name: str, arguments: int) -> str:
    """The property behind `getX`, `isX` or `setX`, empty where the name is no accessor with so many arguments."""
    for prefix, count in (("get", 0), ("is", 0), ("set", 1)):
        rest = name[len(prefix) :]
        if arguments == count and name.startswith(prefix) and rest[:1].isupper():
            return rest[0].lower() + rest[1:]
    return ""


def read_index(run: Run, target: Value, keys: list[Value]) -> Value:
    """`target[key]`: outside a list it is null, outside a text a Fault. A range or a list of indexes gives a part."""
    if len(keys) > 1:
        return _part(run, target, keys)
    key = keys[0] if keys else None
    if isinstance(target, dict):
        found = target.get(key_of(key))
        if found is None and isinstance(target, DefaultMap) and key_of(key) not in target:
            return target.absent(run, key)
        return found
    if isinstance(key, list):
        return _part(run, target, key)
    if isinstance(target, list):
        if isinstance(key, str):
            return read_property(run, target, key)
        at = whole(key, "an index")
        if at < -len(target):
            raise Fault(f"the list has {len(target)} elements, there is none at {at}", "ArrayIndexOutOfBoundsException")
        return target[at] if at < len(target) else None
    if target is None:
        raise Fault(f"cannot read element {text_of(key)[:40]} of null; test the value first, or write ?[", "NullPointerException")
    if isinstance(key, str) and (not isinstance(target, Host) or "getAt" not in target.listed()):
        return read_property(run, target, key)
    return call_method(run, target, "getAt", [key])


def _part(run: Run, target: Value, keys: list[Value]) -> Value:
    run.items(len(keys))
    if isinstance(target, str):
        return "".join(
            text_of(_part(run, target, one) if isinstance(one, list) else call_method(run, target, "getAt", [one])) for one in keys
        )
    found: list[Value] = []
    for one in keys:
        value = read_index(run, target, [one])
        found += value if isinstance(one, list) and isinstance(value, list) else [value]
    return found


def read_slice(run: Run, target: Value, low: Value, high: Value, exclusive: bool) -> Value:
    """`target[low..high]` without building the range; negative ends count from the end."""
    if isinstance(target, Host) and "getAt" in target.listed():
        return call_method(run, target, "getAt", [list(range(whole(low, "an index"), whole(high, "an index") + (not exclusive)))])
    if not isinstance(target, str | list):
        message = f"a range index needs a text or a list, not {kind_of(target)}"
        raise Fault(message, "NullPointerException" if target is None else "MissingMethodException")
    size = len(target)
    start, end = whole(low, "an index"), whole(high, "an index")
    if exclusive and start == end:
        return "" if isinstance(target, str) else []
    if exclusive:
        end += -1 if start < end else 1
    start, end = start + size if start < 0 else start, end + size if end < 0 else end
    if exclusive and whole(high, "an index") < 0 <= whole(low, "an index"):
        end = whole(high, "an index") + size - 1
        if end < start:
            return "" if isinstance(target, str) else []
    backwards = start > end
    for at in (start, end):
        if not 0 <= at < size and not (at == size == start == end and not exclusive and isinstance(target, list)):
            kind = "StringIndexOutOfBoundsException" if isinstance(target, str) else "IndexOutOfBoundsException"
            raise Fault(f"{kind_of(target)} with {size} elements has none at {at}", kind)
    run.items(abs(end - start))
    part = target[end : start + 1][::-1] if backwards else target[start : end + 1]
    return part if isinstance(part, str) else list(part)


def write_index(run: Run, target: Value, key: Value, value: Value) -> None:
    """`target[key] = value`; a list grows with nulls up to the index, a range replaces a part."""
    if isinstance(target, dict):
        target[key_of(key)] = value
        if len(target) & 15 == 0:
            run.items(len(target))
    elif isinstance(target, list):
        _write_list(run, target, key, value)
    elif isinstance(target, Host) and "putAt" in target.listed():
        call_method(run, target, "putAt", [key, value])
    elif isinstance(key, str):
        write_property(run, target, key, value)
    else:
        raise Fault(f"an element of {kind_of(target)} cannot be set", "MissingMethodException")


def _write_list(run: Run, target: list[Value], key: Value, value: Value) -> None:
    if isinstance(key, list):
        start, end = (whole(key[0], "an index"), whole(key[-1], "an index") + 1) if key else (0, 0)
        target[start : end or len(target)] = value if isinstance(value, list) else [value]
        run.items(len(target))
        return
    if isinstance(key, str):
        write_property(run, target, key, value)
        return
    at = whole(key, "an index")
    at = at + len(target) if at < 0 else at
    if at < 0:
        raise Fault(f"the list has {len(target)} elements, there is none at {at - len(target)}", "ArrayIndexOutOfBoundsException")
    if at >= len(target):
        run.items(at + 1)
        target.extend([None] * (at + 1 - len(target)))
    target[at] = value
