"""Method calls and references."""

from rules import tree
from rules.code import Evaluate, Frame
from rules.compile_calls import Arguments, arguments_of
from rules.compile_functions import closure_of
from rules.compile_names import class_value, local, own_class, owner_of, refused_path, static_table
from rules.emit import expression
from rules.library.dispatch import call_method, has_method
from rules.limits import Raised
from rules.objects import ClassValue
from rules.scope import ClassPlan, Scope
from rules.state import Invocable, Run
from rules.values import Value, text_of

_DELEGATING = ("with", "tap")


@expression.register(tree.MethodCall)
def method_call(node: tree.MethodCall, scope: Scope) -> Evaluate:
    name, at, safe = node.name, node.at, node.safe
    if refused_path(tree.Property(at, node.target, tree.Constant(at, name), False, False), scope):
        return lambda _frame: None
    plan = owner_of(scope)
    if plan is not None and isinstance(node.target, tree.Variable) and node.target.name == "super":
        return _parent_method(node, plan, scope)
    known = len(scope.script.diagnostics)
    owner = class_value(node.target, scope) or expression(node.target, scope)
    if all(one.code not in ("not-offered", "unknown-class", "unknown-method") for one in scope.script.diagnostics[known:]):
        _check(node, scope)
    arguments = _delegating(node, scope) or arguments_of(node.arguments, scope)
    if node.spread:
        return _spread(owner, arguments, node)
    what = f"{name}()"

    def evaluate(frame: Frame) -> Value:
        value = owner(frame)
        if value is None and safe:
            return None
        values = arguments(frame)
        try:
            return call_method(frame.run, value, name, values)
        except Raised as raised:
            raise raised.through(what, at) from None

    return evaluate


def _delegating(node: tree.MethodCall, scope: Scope) -> Arguments | None:
    """The argument of `with` and `tap`: a closure in which the names of the object can be used bare."""
    if node.name not in _DELEGATING or len(node.arguments) != 1 or not isinstance(node.arguments[0], tree.ClosureLiteral):
        return None
    only = closure_of(node.arguments[0], scope, delegate=True)
    return lambda frame: [only(frame)]


def _spread(owner: Evaluate, arguments: Arguments, node: tree.MethodCall) -> Evaluate:
    name, at, what = node.name, node.at, f"{node.name}()"

    def evaluate(frame: Frame) -> Value:
        value = owner(frame)
        if value is None:
            return None
        values = arguments(frame)
        try:
            if isinstance(value, list):
                frame.run.items(len(value))
                return [None if one is None else call_method(frame.run, one, name, list(values)) for one in value]
            return [call_method(frame.run, value, name, values)]
        except Raised as raised:
            raise raised.through(what, at) from None

    return evaluate


def _check(node: tree.MethodCall, scope: Scope) -> None:
    script = scope.script
    if own_class(node.target, scope) is not None:
        return
    static = static_table(node.target, scope)
    if static is not None:
        if node.name not in static.table and not has_method(static, node.name):
            script.unknown(node.at, f"{static.name} has no method {node.name}()", node.name, static.table, "unknown-method")
        return
    receiver = node.target.name if isinstance(node.target, tree.Variable) else ""
    hidden = scope.find(receiver) is not None
    counted = 0 if any(isinstance(one, tree.Spread) for one in node.arguments) else len(node.arguments)
    if receiver not in ("this", "super"):
        script.check_method(node.at, "" if hidden else receiver, node.name, counted)


def _parent_method(node: tree.MethodCall, plan: ClassPlan, scope: Scope) -> Evaluate:
    parent, name, at = plan.parent, node.name, node.at
    arguments = arguments_of(node.arguments, scope)
    this = local(*(scope.find("this") or (0, 0)))
    if parent is None or name not in parent.table:
        if name not in ("toString", "equals", "hashCode"):
            scope.script.report(at, f"the class that {plan.name} extends has no method {name}()", "unknown-method")
        return lambda frame: call_method(frame.run, text_of(this(frame)), name, arguments(frame))
    method = parent.table

    def evaluate(frame: Frame) -> Value:
        values = arguments(frame)
        try:
            return method[name].call(frame.run, this(frame), values)
        except Raised as raised:
            raise raised.through(f"{name}()", at) from None

    return evaluate


@expression.register(tree.DynamicCall)
def dynamic_call(node: tree.DynamicCall, scope: Scope) -> Evaluate:
    owner, name, at, safe = expression(node.target, scope), expression(node.name, scope), node.at, node.safe
    arguments = arguments_of(node.arguments, scope)

    def evaluate(frame: Frame) -> Value:
        value = owner(frame)
        if value is None and safe:
            return None
        called = text_of(name(frame))
        values = arguments(frame)
        try:
            return call_method(frame.run, value, called, values)
        except Raised as raised:
            raise raised.through(f"{called}()", at) from None

    return evaluate


class Reference(Invocable):
    """`x.&name`: the method of a value, as a closure."""

    def __init__(self, target: Value, name: str) -> None:
        self.target = target
        self.name = name

    def call(self, run: Run, arguments: list[Value]) -> Value:
        run.enter()
        if self.name == "new" and isinstance(self.target, ClassValue):
            found: Value = self.target.make(run, arguments)
        elif has_method(self.target, self.name) or not arguments:
            found = call_method(run, self.target, self.name, arguments)
        else:
            found = call_method(run, arguments[0], self.name, arguments[1:])
        run.depth -= 1
        return found


@expression.register(tree.MethodPointer)
def method_pointer(node: tree.MethodPointer, scope: Scope) -> Evaluate:
    script, name, at = scope.script, node.name, node.at
    if isinstance(node.target, tree.Variable) and node.target.name == "this" and name in script.functions:
        code = script.functions[name][0]
        names = tuple(tree.Parameter(at, f"argument{index}", "", None) for index in range(code.most))
        called = tree.Call(at, name, tuple(tree.Variable(at, one.name) for one in names))
        return closure_of(tree.ClosureLiteral(at, names, tree.Block(at, (tree.ExpressionStatement(at, called),))), scope)
    target = class_value(node.target, scope) or expression(node.target, scope)
    return lambda frame: Reference(target(frame), name)
