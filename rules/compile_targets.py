"""What can be assigned to: variables, properties and elements."""

from collections.abc import Callable

from rules import tree
from rules.code import Evaluate, Frame, Store
from rules.compile_names import class_value, delegating, local, owner_of
from rules.emit import expression, expressions
from rules.library.dispatch import read_index, read_property, write_index, write_property
from rules.limits import Raised
from rules.objects import ClassValue, Instance
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
        return _member(name, scope) or _delegate(name, scope) or _bind(node, scope)
    depth, slot = found
    if depth == 0:

        def here(frame: Frame, value: Value) -> None:
            frame.slots[slot] = value

        return here

    def store(frame: Frame, value: Value) -> None:
        at: Frame | None = frame
        for _ in range(depth):
            at = at.parent if at else None
        if at:
            at.slots[slot] = value

    return store


def _bind(node: tree.Variable, scope: Scope) -> Store:
    name = node.name
    if name in scope.script.vocabulary.objects or name in scope.script.vocabulary.fixed:
        message = f"{name!r} is given and cannot be assigned; set its properties, or choose another name"
        scope.script.report(node.at, message, "given-variable", instead="set its properties, or choose another name")

    def bind(frame: Frame, value: Value) -> None:
        frame.run.binding[name] = value

    return bind


def _member(name: str, scope: Scope) -> Store | None:
    plan, found = owner_of(scope), scope.find("this")
    if plan is None or found is None or (name not in plan.field_names() and name not in plan.static_names()):
        return None
    this = local(*found)

    def store(frame: Frame, value: Value) -> None:
        owner = this(frame)
        if isinstance(owner, Instance):
            owner.put(name, value)
        elif isinstance(owner, ClassValue):
            owner.values[name] = value

    return store


def _delegate(name: str, scope: Scope) -> Store | None:
    """Inside the closure of `with`: a property of the object."""
    depth = delegating(scope)
    if depth is None or name in scope.script.vocabulary.variables:
        return None
    delegate = local(depth, 0)
    return lambda frame, value: write_property(frame.run, delegate(frame), name, value)


def _property(node: tree.Property, scope: Scope) -> tuple[Evaluate, Store]:
    owner = class_value(node.target, scope) or expression(node.target, scope)
    name, at, safe = expression(node.name, scope), node.at, node.safe
    own = isinstance(node.target, tree.Variable) and node.target.name == "this"

    def write(frame: Frame, value: Value) -> None:
        holder = owner(frame)
        if holder is None and safe:
            return
        wanted = text_of(name(frame))
        try:
            if own and isinstance(holder, Instance) and wanted in holder.values:
                holder.put(wanted, value)
            else:
                write_property(frame.run, holder, wanted, value)
        except Raised as raised:
            raise raised.through(f".{wanted}", at) from None

    def read(frame: Frame) -> Value:
        holder = owner(frame)
        return None if holder is None and safe else read_property(frame.run, holder, text_of(name(frame)))

    return _placed(read, at), write


def _index(node: tree.Index, scope: Scope) -> tuple[Evaluate, Store]:
    owner, keys, at = expression(node.target, scope), expressions(node.arguments, scope), node.at

    def write(frame: Frame, value: Value) -> None:
        holder = owner(frame)
        key = keys[0](frame) if len(keys) == 1 else [one(frame) for one in keys]
        try:
            write_index(frame.run, holder, key, value)
        except Raised as raised:
            raise raised.placed(at) from None

    return _placed(lambda frame: read_index(frame.run, owner(frame), [key(frame) for key in keys]), at), write


def _placed(read: Callable[[Frame], Value], at: int) -> Evaluate:
    def evaluate(frame: Frame) -> Value:
        try:
            return read(frame)
        except Raised as raised:
            raise raised.placed(at) from None

    return evaluate
