"""The two entry points of compiling, which the `compile_*` modules fill."""

from functools import singledispatch

from rules import tree
from rules.code import Evaluate, Execute
from rules.scope import Scope


@singledispatch
def expression(node: tree.Expression, scope: Scope) -> Evaluate:
    """The closure that computes the expression; problems go to the scope's script."""
    raise TypeError(f"{type(node).__name__} has no compiler ({scope.size})")


@singledispatch
def statement(node: tree.Statement, scope: Scope) -> Execute:
    """The closure that carries the statement out; problems go to the scope's script."""
    raise TypeError(f"{type(node).__name__} has no compiler ({scope.size})")


def expressions(nodes: tuple[tree.Expression, ...], scope: Scope) -> tuple[Evaluate, ...]:
    return tuple(expression(one, scope) for one in nodes)
