"""What is true of the store in memory alone; its promises are those of every store."""

import dataclasses
import inspect

from store import MasterKey
from tests import memory_store


def test_no_promised_method_is_left_to_sql(key: MasterKey) -> None:
    store = memory_store.opened(key)
    for field in dataclasses.fields(store)[1:]:
        value: object = getattr(store, field.name)
        noun = type(value)
        promised = noun.__mro__[1]
        for name, method in inspect.getmembers(promised, inspect.iscoroutinefunction):
            if not name.startswith("_"):
                assert name in vars(noun), f"{field.name}.{name}"
                assert inspect.signature(getattr(noun, name)) == inspect.signature(method), f"{field.name}.{name}"
