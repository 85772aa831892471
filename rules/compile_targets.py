"""What can be assigned to: variables, properties and elements.."""

from collections.abc import Callable

from rules import tree
from rules.code import Evaluate, Frame, Store
from rules.emit import expression
from rules.library.dispatch import read_index, read_property, write_index, write_property
from rules.limits import Raised
from rules.scope import Scope
from rules.values import Value, text_of


def target(node: tree.Expression, scope: Scope) -> tuple[Evaluate, Store]:
    """How to read and how to write."""
    match node:
        case tree.Variable():
            return expression(node, scope), store_variable(node, scope)
        case tree.Property():
            return _property(node, scope)
        case tree.Index():
            return _index(node, scope)
        case _:
            scope.script.report(node.at, "only a variable, a property or an element can be assigned to")
            return expression(node, scope), lambda _frame, _value: None


def store_variable(node: tree.Variable, scope: Scope) -> Store:
    found, name = scope.find(node.name), node.name
    if found is None:
        if name in scope.script.vocabulary.objects or name in scope.script.vocabulary.fixed:
            scope.script.report(node.at, f"{name!r} is given and cannot be assigned; set its properties, or choose another name")

        def bind(frame: Frame, value: Value) -> None:
            frame.run.binding[name] = value

        return bind
    depth, slot = found

    def store(frame: Frame, value: Value) -> None:
        at: Frame | None = frame
        for _ in range(depth):
            at = at.parent if at else None
        if at:
            at.slots[slot] = value

    return store


def _property(node: tree.Property, scope: Scope) -> tuple[Evaluate, Store]:
    owner, name, at, safe = expression(node.target, scope), expression(node.name, scope), node.at, node.safe

    def write(frame: Frame, value: Value) -> None:
        holder = owner(frame)
        if holder is None and safe:
            return
        try:
            write_property(frame.run, holder, text_of(name(frame)), value)
        except Raised as raised:
            raise raised.placed(at) from None

    def read(frame: Frame) -> Value:
        holder = owner(frame)
        return None if holder is None and safe else read_property(frame.run, holder, text_of(name(frame)))

    return _placed(read, at), write


def _index(node: tree.Index, scope: Scope) -> tuple[Evaluate, Store]:
    owner, key, at = expression(node.target, scope), expression(node.arguments[0], scope), node.at
    if len(node.arguments) != 1 or isinstance(node.arguments[0], tree.Range):
        scope.script.report(at, "only a single element can be assigned to")

    def write(frame: Frame, value: Value) -> None:
        try:
            write_index(frame.run, owner(frame), key(frame), value)
        except Raised as raised:
            raise raised.placed(at) from None

    return _placed(lambda frame: read_index(frame.run, owner(frame), [key(frame)]), at), write


def _placed(read: Callable[[Frame], Value], at: int) -> Evaluate:
    def evaluate(frame: Frame) -> Value:
        try:
            return read(frame)
        except Raised as raised:
            raise raised.placed(at) from None

    return evaluate
