"""The language's own methods and classes for editors, from the tables that the language uses."""

from collections.abc import Mapping

from pydantic import JsonValue

from rules.host.classes import CLASSES, NAMED, Constants
from rules.library.dispatch import VALUE_TABLES
from rules.library.errors import HIERARCHY
from rules.library.statics import MAKERS, OBJECT_TABLES, STATICS, StaticClass
from rules.library.table import Method


def library_json() -> dict[str, JsonValue]:
    """`types`: methods by kind of value; `classes`: static members; `constructors` and `exceptions`: names for `new`."""
    classes = {**STATICS, **NAMED}
    return {
        "types": [{"name": table.kind, "methods": _methods(table)} for table in (*VALUE_TABLES, *OBJECT_TABLES)],
        "classes": [_class(name, one) for name, one in sorted(classes.items()) if isinstance(one, StaticClass)],
        "constructors": [*sorted({*MAKERS, *CLASSES})],
        "exceptions": [*sorted(HIERARCHY)],
    }


def _class(name: str, one: StaticClass) -> JsonValue:
    names = one.values if isinstance(one, Constants) else tuple(one.fixed)
    return {"name": name, "methods": _methods(one.table), "constants": [*sorted(names)]}


def _methods(table: Mapping[str, Method]) -> JsonValue:
    return [{"name": name, "least": one.least, "most": one.most} for name, one in sorted(table.items())]
