"""Calls: script functions, built-in ones, closures, and `new`."""

from collections.abc import Callable

from rules import tree
from rules.code import Code, Evaluate, Frame
from rules.compile_names import class_value, delegating, local, owner_of, refused_path, taken
from rules.diagnostics import did_you_mean
from rules.emit import expression, expressions
from rules.library.convert import default_value
from rules.library.dispatch import call_method
from rules.library.errors import HIERARCHY
from rules.library.names import last_part
from rules.library.statics import MAKERS, maker
from rules.limits import Fault, Raised
from rules.objects import Instance, choose, class_of
from rules.scope import ClassPlan, Maker, Scope, path_of
from rules.values import Value

Arguments = Callable[[Frame], list[Value]]


def arguments_of(nodes: tuple[tree.Expression, ...], scope: Scope) -> Arguments:
    """How to get at the values of arguments or elements, spread ones in their place."""
    if any(isinstance(one, tree.Spread) for one in nodes):
        return _spread(nodes, scope)
    parts = expressions(nodes, scope)
    match parts:
        case ():
            return lambda _frame: []
        case (only,):
            return lambda frame: [only(frame)]
        case (first, second):
            return lambda frame: [first(frame), second(frame)]
        case _:
            return lambda frame: [one(frame) for one in parts]


def _spread(nodes: tuple[tree.Expression, ...], scope: Scope) -> Arguments:
    parts = [(expression(one.value if isinstance(one, tree.Spread) else one, scope), isinstance(one, tree.Spread)) for one in nodes]

    def evaluate(frame: Frame) -> list[Value]:
        found: list[Value] = []
        for part, spread in parts:
            value = part(frame)
            if spread and isinstance(value, list):
                found.extend(value)
            elif not spread or value is not None:
                found.append(value)
        frame.run.items(len(found))
        return found

    return evaluate


@expression.register(tree.Spread)
def spread(node: tree.Spread, scope: Scope) -> Evaluate:
    scope.script.report(node.at, "'*' before a value spreads a list among arguments or elements only")
    return expression(node.value, scope)


@expression.register(tree.Call)
def call(node: tree.Call, scope: Scope) -> Evaluate:
    name, script = node.name, scope.script
    plan = owner_of(scope)
    if plan is not None and name in ("super", "this"):
        return _constructor(node, plan, scope)
    if scope.find(name) is None and name not in script.assigned:
        if plan is not None and plan.has_method(name):
            return _own_method(node, scope)
        if name in script.functions:
            return _function(node, scope)
        if name in script.members:
            return _imported(node, scope)
        if delegating(scope) is not None and name not in script.vocabulary.variables:
            return _delegated(node, scope)
        if name in script.vocabulary.functions:
            return _built_in(node, scope)
        if name not in script.vocabulary.variables and (plan is None or name not in plan.field_names() | plan.static_names()):
            return _unknown(node, scope)
    return _invocation(name, expression(tree.Variable(node.at, name), scope), arguments_of(node.arguments, scope), node.at)


def _unknown(node: tree.Call, scope: Scope) -> Evaluate:
    script, name, at = scope.script, node.name, node.at
    arguments = arguments_of(node.arguments, scope)
    if name in script.declared:
        script.unknown_variable(at, name, scope.visible())
    elif not script.refuse(at, name):
        known = {*script.functions, *script.vocabulary.functions, *scope.visible()}
        script.unknown(at, f"there is no function {name}()", name, known, "unknown-function")

    def evaluate(frame: Frame) -> Value:
        arguments(frame)
        if name in frame.run.binding:
            return frame.run.call(frame.run.binding[name], arguments(frame))
        raise Fault(f"there is no function {name}()", "MissingMethodException").placed(at)

    return evaluate


def _imported(node: tree.Call, scope: Scope) -> Evaluate:
    owner, name = scope.script.members[node.name].rsplit(".", 1)
    return expression(tree.MethodCall(node.at, path_of(node.at, owner), name, node.arguments, False, False), scope)


def _constructor(node: tree.Call, plan: ClassPlan, scope: Scope) -> Evaluate:
    """`super(...)` and `this(...)` at the start of a constructor."""
    arguments, at = arguments_of(node.arguments, scope), node.at
    this = local(*(scope.find("this") or (0, 0)))
    parent, own = plan.parent, node.name == "this"

    def evaluate(frame: Frame) -> Value:
        made, values = this(frame), arguments(frame)
        if not isinstance(made, Instance):
            return None
        if own:
            choose(plan.constructors, [made, *values], 1).call(frame.run, None, [made, *values])
        elif parent is not None:
            made.initialise(frame.run, parent, values)
        else:
            made.message = values[0] if values else None
            made.cause = values[1] if len(values) > 1 else None
        return None

    return _placed(evaluate, plan.name, at)


def _own_method(node: tree.Call, scope: Scope) -> Evaluate:
    name, arguments = node.name, arguments_of(node.arguments, scope)
    this = local(*(scope.find("this") or (0, 0)))
    return _placed(lambda frame: call_method(frame.run, this(frame), name, arguments(frame)), f"{name}()", node.at)


def _delegated(node: tree.Call, scope: Scope) -> Evaluate:
    """A call inside the closure of `with`: a method of the object."""
    name, arguments = node.name, arguments_of(node.arguments, scope)
    delegate = local(delegating(scope) or 0, 0)
    return _placed(lambda frame: call_method(frame.run, delegate(frame), name, arguments(frame)), f"{name}()", node.at)


def _function(node: tree.Call, scope: Scope) -> Evaluate:
    codes, at, name = scope.script.functions[node.name], node.at, f"{node.name}()"
    arguments = arguments_of(node.arguments, scope)
    count = len(node.arguments)
    counted = not any(isinstance(one, tree.Spread) for one in node.arguments)
    if counted and not any(one.takes(count) for one in codes) and not (count == 0 and codes[0].least == 1):
        scope.script.report(at, codes[0].mismatch(count), "wrong-arguments", severity="warning")
    if len(codes) > 1:
        return _overloaded(codes, arguments, name, at)
    code = codes[0]

    def evaluate(frame: Frame) -> Value:
        values = arguments(frame)
        try:
            return code.call(frame.run, None, values)
        except Raised as raised:
            raise raised.through(name, at) from None

    return evaluate


def _overloaded(codes: list[Code], arguments: Arguments, name: str, at: int) -> Evaluate:
    def evaluate(frame: Frame) -> Value:
        values = arguments(frame)
        return choose(codes, values).call(frame.run, None, values)

    return _placed(evaluate, name, at)


def _built_in(node: tree.Call, scope: Scope) -> Evaluate:
    method, at = scope.script.vocabulary.functions[node.name], node.at
    arguments = arguments_of(node.arguments, scope)
    if not method.least <= len(node.arguments) <= method.most:
        scope.script.report(at, f"{node.name}() does not take {len(node.arguments)} arguments", "wrong-arguments")
    return _placed(lambda frame: method.call(frame.run, None, arguments(frame)), f"{node.name}()", at)


def _placed(evaluate: Evaluate, what: str, at: int) -> Evaluate:
    def placed(frame: Frame) -> Value:
        try:
            return evaluate(frame)
        except Raised as raised:
            raise raised.through(what, at) from None

    return placed


@expression.register(tree.Invoke)
def invoke(node: tree.Invoke, scope: Scope) -> Evaluate:
    return _invocation("the closure", expression(node.callee, scope), arguments_of(node.arguments, scope), node.at)


def _invocation(name: str, callee: Evaluate, arguments: Arguments, at: int) -> Evaluate:
    def evaluate(frame: Frame) -> Value:
        function = callee(frame)
        values = arguments(frame)
        try:
            return frame.run.call(function, values)
        except Raised as raised:
            raise raised.through(name, at) from None

    return evaluate


@expression.register(tree.New)
def new(node: tree.New, scope: Scope) -> Evaluate:
    arguments, script = arguments_of(node.arguments, scope), scope.script
    plan = script.classes.get(last_part(node.type))
    if plan is not None:
        chosen = plan
        return _placed(lambda frame: class_of(frame.run, chosen).make(frame.run, arguments(frame)), f"new {node.type}", node.at)
    made = _maker(node, scope)
    return _placed(lambda frame: made(frame.run, arguments(frame)), f"new {node.type}", node.at) if made else lambda _frame: None


def _maker(node: tree.New, scope: Scope) -> Maker | None:
    script = scope.script
    name = script.aliases.get(node.type, node.type)
    last = last_part(name)
    offered = script.vocabulary.makers.get(last)
    if offered is not None:
        return offered
    if script.refuse(node.at, name):
        return None
    make = maker(name)
    if make is None:
        known = [*MAKERS, *HIERARCHY, *script.classes, *script.vocabulary.makers]
        hint = did_you_mean(last, known)
        message = f"the class {node.type!r} is not available in sync rules{hint}"
        instead = hint.split("'")[1] if hint else "a class of the library, a class declared in the script, or a map"
        script.report(node.at, message, "unknown-class", instead=instead)
    return make


@expression.register(tree.NewArray)
def new_array(node: tree.NewArray, scope: Scope) -> Evaluate:
    sizes, items = expressions(node.sizes, scope), arguments_of(node.items, scope)
    if not sizes:
        return items
    blank = default_value(node.type)

    def evaluate(frame: Frame) -> Value:
        return _array(frame, [one(frame) for one in sizes], blank)

    return _placed(evaluate, f"new {node.type}[]", node.at)


def _array(frame: Frame, sizes: list[Value], blank: Value) -> Value:
    size = sizes[0] if isinstance(sizes[0], int) else 0
    frame.run.items(size)
    return [_array(frame, sizes[1:], blank) if len(sizes) > 1 else blank for _ in range(max(0, size))]


__all__ = ["arguments_of", "class_value", "refused_path", "taken"]
