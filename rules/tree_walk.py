"""Going over a syntax tree without recursion."""

from collections.abc import Callable, Iterable
from dataclasses import fields
from operator import attrgetter

from rules import tree

_PLAIN = frozenset({"str", "int", "bool", "str | None", "tuple[str, ...]", "bool | int | Decimal | float | str | None"})
_APART = (tree.ClosureLiteral, tree.ForIn, tree.While, tree.ForClassic, tree.ClassDefinition, tree.FunctionDefinition)
Parts = Callable[[tree.Node], tuple[object, ...]]
_PARTS: dict[type[tree.Node], Parts] = {}


def _parts(kind: type[tree.Node]) -> Parts:
    """How to get at what a node of the kind holds that may be, or hold, other nodes."""
    names = [one.name for one in fields(kind) if str(getattr(one.type, "__name__", one.type)) not in _PLAIN]
    _PARTS[kind] = attrgetter(*names) if len(names) > 1 else _single(names)
    return _PARTS[kind]


def _single(names: list[str]) -> Parts:
    if not names:
        return lambda _one: ()
    get = attrgetter(names[0])
    return lambda one: (get(one),)


def nodes(root: tree.Node) -> Iterable[tree.Node]:
    """Every node of the tree."""
    pending: list[object] = [root]
    while pending:
        one = pending.pop()
        if type(one) is tuple:
            pending.extend(one)  # pyright: ignore[reportUnknownArgumentType]
        elif isinstance(one, tree.Node):
            yield one
            kind = type(one)
            pending.extend((_PARTS.get(kind) or _parts(kind))(one))


def weight(root: tree.Node) -> int:
    """How many steps one execution costs: the nodes, without the bodies of closures, loops and classes, which cost by themselves."""
    count, first = 0, True
    parts: list[object] = [root]
    while parts:
        one = parts.pop()
        if type(one) is tuple:
            parts.extend(one)  # pyright: ignore[reportUnknownArgumentType]
        elif isinstance(one, tree.Node) and (first or not isinstance(one, _APART)):
            first = False
            count += 1
            kind = type(one)
            parts.extend((_PARTS.get(kind) or _parts(kind))(one))
    return count
