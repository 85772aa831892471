"""Finds connectors: every package beside `kit` that has a `DECLARATION`, and those of other distributions by entry point.

A distribution names its own under the group `twinline.connectors`: `acme_tracker = "acme_tracker:DECLARATION"`.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from connectors.kit.interface import Declaration
from model.errors import BadInput, Misconfigured

GROUP = "twinline.connectors"


@dataclass(frozen=True)
class Found:
    """A connector, and the package that has its files."""

    package: str
    declaration: Declaration


@cache
def declarations() -> dict[str, Declaration]:
    """All connectors by kind, sorted; Misconfigured where a distribution's cannot be used."""
    return {kind: one.declaration for kind, one in _found().items()}


def declaration(kind: str) -> Declaration:
    """The connector of that kind; BadInput with the known kinds otherwise."""
    return found(kind).declaration


def found(kind: str) -> Found:
    """The connector of that kind with its package; BadInput with the known kinds otherwise."""
    known = _found()
    if kind not in known:
        raise BadInput(f"unknown system kind {kind!r}; known kinds: {', '.join(known)}")
    return known[kind]


@cache
def _found() -> dict[str, Found]:
    by_kind: dict[str, Found] = {}
    for one in (*_own(), *_of_others()):
        kind = one.declaration.kind
        if kind in by_kind:
            raise Misconfigured(f"the packages {by_kind[kind].package!r} and {one.package!r} both declare the kind {kind!r}; uninstall one")
        by_kind[kind] = one
    return dict(sorted(by_kind.items()))


def _own() -> Iterator[Found]:
    home = Path(__file__).parent.parent
    for name in sorted(found.name for found in pkgutil.iter_modules([str(home)]) if found.ispkg and found.name != "kit"):
        yield Found(f"connectors.{name}", importlib.import_module(f"connectors.{name}").DECLARATION)


def _of_others() -> Iterator[Found]:
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        yield Found(point.module, _loaded(point))


def _loaded(point: EntryPoint) -> Declaration:
    try:
        loaded: object = point.load()
    except (ImportError, AttributeError) as error:
        raise Misconfigured(
            f"the connector {point.name!r} cannot be loaded from {point.value!r}: {error}; repair or uninstall it"
        ) from error
    if not isinstance(loaded, Declaration):
        raise Misconfigured(f"the connector {point.name!r} is no Declaration at {point.value!r}; repair or uninstall it")
    return loaded
