"""Named points before and after every call of the store and of a platform, at which tests wait, fail or kill.

The product has no hooks of its own: what it is given is wrapped.
"""

import dataclasses
import inspect
from collections.abc import Awaitable, Callable
from typing import TypeVar, cast

from store import Store

T = TypeVar("T")
Reach = Callable[[str], Awaitable[None]]

NOUNS = ("configurations", "twins", "transactions", "replicas", "plans", "journal", "inbox", "conflicts", "awaited")
WRITES = frozenset(
    {
        "configurations.set_status",
        "configurations.fail_system",
        "configurations.count_script_failure",
        "configurations.clear_script_failures",
        "configurations.match",
        "twins.start",
        "twins.pair",
        "twins.hold_unless_active",
        "twins.release",
        "twins.set_status",
        "twins.settle",
        "twins.set_base",
        "transactions.queue",
        "transactions.begin",
        "transactions.advance",
        "transactions.explain",
        "transactions.park",
        "transactions.discard",
        "replicas.add",
        "plans.add",
        "journal.open",
        "journal.sent",
        "journal.doubt",
        "journal.acknowledge",
        "journal.reject",
        "journal.settle",
        "inbox.add",
        "inbox.add_polled",
        "inbox.routed",
        "inbox.postpone",
        "inbox.confirm",
        "inbox.save_cursor",
        "conflicts.record",
        "conflicts.resolve",
        "conflicts.restore",
        "conflicts.end_restoring",
    }
)


class _Pointed:
    """Reaches `before <name>.<method>` and `after <name>.<method>` around every coroutine method of `thing`."""

    def __init__(self, thing: object, name: str, reach: Reach) -> None:
        self._thing = thing
        self._name = name
        self._reach = reach

    def __getattr__(self, attribute: str) -> object:
        value = getattr(self._thing, attribute)
        if not inspect.iscoroutinefunction(value):
            return value
        name, reach = f"{self._name}.{attribute}", self._reach

        async def call(*values: object, **named: object) -> object:
            await reach(f"before {name}")
            result = await value(*values, **named)
            await reach(f"after {name}")
            return result

        setattr(self, attribute, call)
        return call


def pointed(thing: T, name: str, reach: Reach) -> T:
    """`thing` with a point before and after each of its coroutine methods; a point that raises is as if the process had died there."""
    return cast("T", _Pointed(thing, name, reach))


def pointed_store(store: Store, reach: Reach) -> Store:
    """The store with points named `before twins.settle`, `after journal.sent` and so on."""
    return dataclasses.replace(store, **{noun: pointed(getattr(store, noun), noun, reach) for noun in NOUNS})
