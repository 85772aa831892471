"""Calls: script functions, built-in ones, closures, methods, and `new`."""

from rules import tree
from rules.code import Evaluate, Frame
from rules.diagnostics import did_you_mean
from rules.emit import expression, expressions
from rules.library.convert import last_part
from rules.library.dispatch import call_method
from rules.library.errors import HIERARCHY
from rules.library.statics import MAKERS, STATICS, StaticClass, maker
from rules.limits import Raised
from rules.scope import Scope
from rules.values import Host, Value

_PACKAGES = ("java.", "groovy.", "scala.", "com.exalate.")


def static_class(node: tree.Expression, scope: Scope) -> Host | None:
    """The class that a name or a dotted name means."""
    name = _dotted(node)
    if name is None or scope.find(name.split(".", 1)[0]) is not None:
        return None
    if "." in name and not name.startswith(_PACKAGES):
        return None
    return STATICS.get(last_part(name))


def _dotted(node: tree.Expression) -> str | None:
    match node:
        case tree.Variable(_, name):
            return name
        case tree.Property(_, owner, tree.Constant(_, str() as name), False, False):
            prefix = _dotted(owner)
            return f"{prefix}.{name}" if prefix else None
        case _:
            return None


@expression.register(tree.Call)
def call(node: tree.Call, scope: Scope) -> Evaluate:
    name, at, script = node.name, node.at, scope.script
    arguments = expressions(node.arguments, scope)
    if scope.find(name) is None and name not in script.assigned:
        if name in script.functions:
            return _function(node, arguments, scope)
        if name in script.vocabulary.functions:
            return _built_in(node, arguments, scope)
        if name not in script.vocabulary.variables:
            known = {*script.functions, *script.vocabulary.functions, *scope.visible()}
            script.report(at, f"there is no function {name}(){did_you_mean(name, known)}", "unknown-function")
            return lambda _frame: None
    return _invocation(expression(tree.Variable(at, name), scope), arguments, at)


def _function(node: tree.Call, arguments: tuple[Evaluate, ...], scope: Scope) -> Evaluate:
    code, at = scope.script.functions[node.name], node.at
    if not code.least <= len(arguments) <= code.most:
        scope.script.report(at, code.mismatch(len(arguments)))

    def evaluate(frame: Frame) -> Value:
        values = [one(frame) for one in arguments]
        try:
            return code.call(frame.run, None, values)
        except Raised as raised:
            raise raised.placed(at) from None

    return evaluate


def _built_in(node: tree.Call, arguments: tuple[Evaluate, ...], scope: Scope) -> Evaluate:
    method, at = scope.script.vocabulary.functions[node.name], node.at
    if not method.least <= len(arguments) <= method.most:
        scope.script.report(at, f"{node.name}() does not take {len(arguments)} arguments")

    def evaluate(frame: Frame) -> Value:
        values = [one(frame) for one in arguments]
        try:
            return method.call(frame.run, None, values)
        except Raised as raised:
            raise raised.placed(at) from None

    return evaluate


@expression.register(tree.Invoke)
def invoke(node: tree.Invoke, scope: Scope) -> Evaluate:
    return _invocation(expression(node.callee, scope), expressions(node.arguments, scope), node.at)


def _invocation(callee: Evaluate, arguments: tuple[Evaluate, ...], at: int) -> Evaluate:
    def evaluate(frame: Frame) -> Value:
        function = callee(frame)
        values = [one(frame) for one in arguments]
        try:
            return frame.run.call(function, values)
        except Raised as raised:
            raise raised.placed(at) from None

    return evaluate


@expression.register(tree.MethodCall)
def method_call(node: tree.MethodCall, scope: Scope) -> Evaluate:
    name, at, safe, spread = node.name, node.at, node.safe, node.spread
    static = static_class(node.target, scope)
    _check(node, static, scope)
    owner = expression(node.target, scope)
    arguments = expressions(node.arguments, scope)

    def evaluate(frame: Frame) -> Value:
        value = owner(frame)
        if value is None and safe:
            return None
        values = [one(frame) for one in arguments]
        try:
            if spread and isinstance(value, list):
                return [None if one is None else call_method(frame.run, one, name, list(values)) for one in value]
            return call_method(frame.run, value, name, values)
        except Raised as raised:
            raise raised.placed(at) from None

    return evaluate


def _check(node: tree.MethodCall, static: Host | None, scope: Scope) -> None:
    if isinstance(static, StaticClass):
        if node.name not in static.table:
            message = f"{static.name} has no method {node.name}(){did_you_mean(node.name, static.table)}"
            scope.script.report(node.at, message, "unknown-method")
        return
    receiver = node.target.name if isinstance(node.target, tree.Variable) else ""
    hidden = scope.find(receiver) is not None
    scope.script.check_method(node.at, "" if hidden else receiver, node.name, len(node.arguments))


@expression.register(tree.New)
def new(node: tree.New, scope: Scope) -> Evaluate:
    make, at = maker(node.type), node.at
    arguments = expressions(node.arguments, scope)
    if make is None:
        hint = did_you_mean(last_part(node.type), [*MAKERS, *HIERARCHY])
        scope.script.report(at, f"the class {node.type!r} is not available in sync rules{hint}", "unknown-class")
        return lambda _frame: None
    made = make

    def evaluate(frame: Frame) -> Value:
        try:
            return made(frame.run, [one(frame) for one in arguments])
        except Raised as raised:
            raise raised.placed(at) from None

    return evaluate
