"""Which table answers: properties, elements and methods of any value."""

from collections.abc import Mapping
from decimal import Decimal

from rules.diagnostics import did_you_mean
from rules.library import lists_change, strings_patterns
from rules.library.errors import ERRORS
from rules.library.lists import LISTS
from rules.library.maps import MAPS
from rules.library.numbers import CLOSURES, COMMON, DATES, NUMBERS
from rules.library.pairs import ENTRIES
from rules.library.strings import STRINGS
from rules.library.table import Method
from rules.limits import Fault, item_count, text_size
from rules.numbers_math import whole
from rules.state import Closure, Run
from rules.values import Host, Value, key_of, kind_of, text_of

VALUE_TABLES = (
    STRINGS, LISTS, MAPS, NUMBERS, CLOSURES, DATES, ERRORS, ENTRIES, strings_patterns.PATTERNS, strings_patterns.MATCHERS, COMMON
)  # fmt: skip
METHOD_NAMES = frozenset(name for table in VALUE_TABLES for name in table) | frozenset(lists_change.LISTS)


def read_property(run: Run, target: Value, name: str) -> Value:
    """`target.name`. A list gives the property of each element that is not null; an unknown key of a map gives null."""
    if isinstance(target, Host):
        return target.read(run, name)
    if isinstance(target, dict):
        return _read_map(target, name)
    if isinstance(target, list):
        if name == "empty":
            return not target
        run.spend(len(target))
        return [read_property(run, one, name) for one in target if one is not None]
    if target is None:
        raise Fault(f"cannot read {name!r} of null; write ?.{name} where the value may be missing", "NullPointerException")
    if name == "value":
        return target
    if name == "empty" and isinstance(target, str):
        return not target
    raise Fault(f"{kind_of(target)} has no property {name!r}", "MissingPropertyException")


def _read_map(target: dict[Value, Value], name: str) -> Value:
    if name in target:
        return target[name]
    if name.endswith("Str") and name[:-3] in target:
        value = target[name[:-3]]
        return None if value is None else text_of(value)
    return None


def write_property(run: Run, target: Value, name: str, value: Value) -> None:
    if isinstance(target, Host):
        target.write(run, name, value)
    elif isinstance(target, dict):
        target[name] = value
        item_count(len(target))
    elif isinstance(target, list):
        run.spend(len(target))
        for one in target:
            write_property(run, one, name, value)
    elif target is None:
        raise Fault(f"cannot set {name!r} of null; test the value first", "NullPointerException")
    else:
        raise Fault(f"the property {name!r} of {kind_of(target)} cannot be set", "MissingPropertyException")


def _table(target: Value) -> Mapping[str, Method]:
    if isinstance(target, Host):
        return CLOSURES if isinstance(target, Closure) else target.listed()
    if isinstance(target, str):
        return STRINGS
    if isinstance(target, list):
        return LISTS
    if isinstance(target, dict):
        return MAPS
    if isinstance(target, int | Decimal) and not isinstance(target, bool):
        return NUMBERS
    return COMMON


def call_method(run: Run, target: Value, name: str, arguments: list[Value]) -> Value:
    """`target.name(arguments)`, with the properties' `getX()`, `isX()` and `setX(v)`."""
    if target is None and name not in ("toString", "equals", "is"):
        raise Fault(f"cannot call {name}() on null; write ?.{name}() where the value may be missing", "NullPointerException")
    method = _table(target).get(name)
    if method is None:
        return _unlisted(run, target, name, arguments)
    if not method.least <= len(arguments) <= method.most:
        raise Fault(_arity(name, method, len(arguments)), "MissingMethodException")
    run.spend(1 + (len(target) >> 6) if isinstance(target, str | list | dict) else 1)
    result = method.call(run, target, arguments)
    if isinstance(result, str):
        text_size(len(result))
        run.spend(len(result) >> 6)
    elif isinstance(result, list | dict):
        item_count(len(result))
        run.spend(len(result) >> 4)
    return result


def _arity(name: str, method: Method, count: int) -> str:
    wanted = str(method.least) if method.least == method.most else f"{method.least} to {method.most}"
    return f"{name}() takes {wanted} argument{'' if wanted == '1' else 's'}, not {count}"


def _unlisted(run: Run, target: Value, name: str, arguments: list[Value]) -> Value:
    common = COMMON.get(name)
    if common is not None and common.least <= len(arguments) <= common.most:
        return common.call(run, target, arguments)
    if isinstance(target, dict) and isinstance(target.get(name), Closure):
        return run.call(target[name], arguments)
    if isinstance(target, dict | Host) and not isinstance(target, Closure):
        stem = accessor(name, len(arguments))
        if stem and name.startswith("set"):
            write_property(run, target, stem, arguments[0])
            return target
        if stem:
            return read_property(run, target, stem)
    known = [*_table(target), *COMMON]
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
    key = keys[0]
    if isinstance(target, dict):
        return target.get(key_of(key))
    if isinstance(key, str):
        return read_property(run, target, key)
    if isinstance(key, list):
        return _part(run, target, key)
    if isinstance(target, list):
        at = whole(key, "an index")
        return target[at] if -len(target) <= at < len(target) else None
    return call_method(run, target, "getAt", [key])


def _part(run: Run, target: Value, keys: list[Value]) -> Value:
    run.spend(len(keys))
    if isinstance(target, str):
        if len(keys) > 1 and keys[-1] == -1 and keys[0] is not None and whole(keys[0], "an index") >= 0:
            return target[whole(keys[0], "an index") :]
        return "".join(text_of(call_method(run, target, "getAt", [one])) for one in keys)
    return [read_index(run, target, [one]) for one in keys]


def read_slice(run: Run, target: Value, low: Value, high: Value, exclusive: bool) -> Value:
    """`target[low..high]` without building the range; negative ends count from the end."""
    if not isinstance(target, str | list):
        raise Fault(f"a range index needs a text or a list, not {kind_of(target)}")
    size = len(target)
    start, end = whole(low, "an index"), whole(high, "an index")
    start, end = start + size if start < 0 else start, end + size if end < 0 else end
    backwards = start > end
    if exclusive:
        end += 1 if backwards else -1
        if start > end and not backwards:
            return "" if isinstance(target, str) else []
    for at in (start, end):
        if not 0 <= at < size and not (at == size == start and not exclusive):
            raise Fault(f"{kind_of(target)} with {size} elements has none at {at}", "IndexOutOfBoundsException")
    run.spend(abs(end - start) >> 6)
    part = target[end : start + 1][::-1] if backwards else target[start : end + 1]
    return part if isinstance(part, str) else list(part)


def write_index(run: Run, target: Value, key: Value, value: Value) -> None:
    """`target[key] = value`; a list grows with nulls up to the index."""
    if isinstance(target, dict):
        target[key_of(key)] = value
        item_count(len(target))
    elif isinstance(target, list):
        at = whole(key, "an index")
        at = at + len(target) if at < 0 else at
        if at < 0:
            raise Fault(f"the list has {len(target)} elements, there is none at {at - len(target)}", "IndexOutOfBoundsException")
        item_count(at)
        run.spend(max(0, at - len(target)) >> 4)
        target.extend([None] * (at + 1 - len(target)))
        target[at] = value
    elif isinstance(key, str):
        write_property(run, target, key, value)
    else:
        raise Fault(f"an element of {kind_of(target)} cannot be set")
