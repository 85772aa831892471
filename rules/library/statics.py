"""Every class of the library: what `new` makes, and the receivers of static calls."""

from collections.abc import Callable

from rules.library import statics_collections, statics_dates, statics_numbers, statics_text, temporal_classes
from rules.library.addresses import ADDRESSES, make_address
from rules.library.classes import StaticClass, type_value
from rules.library.dates import DateValue
from rules.library.durations import DURATIONS, PERIODS
from rules.library.errors import HIERARCHY, ErrorValue
from rules.library.iterators import OPTIONALS
from rules.library.names import last_part
from rules.library.statics_dates import CALENDARS, FORMAT
from rules.library.statics_numbers import RANDOM
from rules.library.statics_text import BUILDER, CODER, JSON, OUTPUT
from rules.library.temporal import FORMATTERS, TEMPORALS, UNITS, ZONES
from rules.state import Run
from rules.values import Host, Value, text_of

__all__ = ["JSON", "MAKERS", "OBJECT_TABLES", "OUTPUT", "STATICS", "STATIC_NAMES", "DateValue", "StaticClass", "maker", "type_value"]
Args = list[Value]
_MODULES = (statics_collections, statics_dates, statics_numbers, statics_text, temporal_classes)
STATICS: dict[str, Host] = {one.name: one for module in _MODULES for one in module.CLASSES}


def _issue_key(_run: Run, arguments: Args) -> Value:
    names = ("id", "key", "entityType")
    found: dict[Value, Value] = dict(zip(names, arguments, strict=False))
    found["urn"] = found.get("key")
    return found


MAKERS: dict[str, Callable[[Run, Args], Value]] = {
    **{name: make for module in _MODULES for name, make in module.MAKERS.items()},
    "URI": make_address,
    "BasicIssueKey": _issue_key,
    "Object": lambda _run, _arguments: Plain(),
}


class Plain(Host):
    """What `new Object()` makes."""

    kind = "an object"

    def text(self) -> str:
        return "java.lang.Object"


OBJECT_TABLES = (
    JSON, BUILDER, CODER, RANDOM, FORMAT, CALENDARS, TEMPORALS, UNITS, ZONES, FORMATTERS, DURATIONS, PERIODS, ADDRESSES, OPTIONALS,
)  # fmt: skip
"""The methods of what the classes make."""
STATIC_NAMES = frozenset(name for one in STATICS.values() if isinstance(one, StaticClass) for name in one.table)


def maker(name: str) -> Callable[[Run, Args], Value] | None:
    """What `new name(...)` does, None where the class is not available."""
    last = last_part(name)
    if last in HIERARCHY:
        return lambda _run, arguments: _error(last, arguments)
    return MAKERS.get(last)


def _error(name: str, arguments: Args) -> Value:
    first = arguments[0] if arguments else None
    if isinstance(first, ErrorValue):
        return ErrorValue(name, first.text(), first)
    return ErrorValue(name, None if first is None else text_of(first), *arguments[1:2])
