"""Finds connectors: every package beside `kit` that has a `DECLARATION`."""

import importlib
import pkgutil
from functools import cache
from pathlib import Path

from connectors.kit.interface import Declaration
from model.errors import BadInput


@cache
def declarations() -> dict[str, Declaration]:
    """All connectors by kind, sorted."""
    home = Path(__file__).parent.parent
    names = sorted(found.name for found in pkgutil.iter_modules([str(home)]) if found.ispkg and found.name != "kit")
    loaded: list[Declaration] = [importlib.import_module(f"connectors.{name}").DECLARATION for name in names]
    return {one.kind: one for one in loaded}


def declaration(kind: str) -> Declaration:
    """The connector of that kind; BadInput with the known kinds otherwise."""
    known = declarations()
    if kind not in known:
        raise BadInput(f"unknown system kind {kind!r}; known kinds: {', '.join(known)}")
    return known[kind]
