"""A script that tells what each of its statements gives: the tree with a call around every value."""

from dataclasses import fields, is_dataclass, replace
from typing import TypeVar, cast

from rules import tree
from rules.library.table import Method
from rules.state import Run
from rules.values import Value, text_of

TOLD = "told "
"""The name of the function around a value; no script can write it."""
MOST_STEPS = 5000
LONGEST_VALUE = 200
T = TypeVar("T")


def telling(root: tree.Block) -> tree.Block:
    """The same script, each value of a statement and each condition told."""
    return _rebuilt(root)


def _rebuilt(node: T) -> T:
    if isinstance(node, tuple):
        return cast("T", tuple(_rebuilt(one) for one in cast("tuple[object, ...]", node)))
    if not isinstance(node, tree.Node) or not is_dataclass(node):
        return node
    inner = {one.name: _rebuilt(getattr(node, one.name)) for one in fields(node) if one.name != "at"}
    return cast("T", _told(replace(node, **inner)))


def _told(node: tree.Node) -> tree.Node:
    match node:
        case tree.ExpressionStatement(at, value):
            return tree.ExpressionStatement(at, _call(value, at))
        case tree.Declare(at, _, _, value, several) if value is not None and not several:
            return replace(node, value=_call(value, at))
        case tree.If(at, condition) | tree.While(at, condition):
            return replace(node, condition=_call(condition, at))
        case tree.Return(at, value) if value is not None:
            return replace(node, value=_call(value, at))
        case _:
            return node


def _call(value: tree.Expression, at: int) -> tree.Expression:
    return value if isinstance(value, tree.ClosureLiteral) else tree.Call(at, TOLD, (tree.Constant(at, at), value))


def _tell(run: Run, _self: None, arguments: list[Value]) -> Value:
    at, value = arguments
    if len(run.effects.told) < MOST_STEPS and isinstance(at, int):
        text = f'"{value}"' if isinstance(value, str) else text_of(value)
        run.effects.told.append((at, text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"))
    return value


TELLING = {TOLD: Method(2, 2, _tell)}
