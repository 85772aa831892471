"""Operators, assignments, casts and choices between values."""

from collections.abc import Callable
from operator import add, eq, ge, gt, le, lt, ne, sub

from rules import tree
from rules.code import Evaluate, Frame
from rules.compile_targets import target
from rules.emit import expression
from rules.library.convert import cast, coercion, is_instance, unknown_type
from rules.library.names import last_part
from rules.library.strings_patterns import find_operator, make_pattern, match_operator
from rules.limits import Raised
from rules.numbers_math import number
from rules.operators import OPERATORS, Operator, inverted, negative
from rules.scope import Scope
from rules.state import Run
from rules.values import Host, Value, truth

_OPERATORS: dict[str, Operator] = {**OPERATORS, "=~": find_operator, "==~": match_operator}


def _sign(_run: Run, value: Value) -> Value:
    return number(value, "'+'")


@expression.register(tree.Unary)
def unary(node: tree.Unary, scope: Scope) -> Evaluate:
    if node.operator == "-" and isinstance(node.operand, tree.Constant) and isinstance(node.operand.value, int | float):
        return expression(tree.Constant(node.at, -node.operand.value), scope)
    operand, at = expression(node.operand, scope), node.at
    if node.operator == "!":
        return lambda frame: not truth(operand(frame))
    operate = {"-": _minus, "~": _tilde}.get(node.operator, _sign)

    def evaluate(frame: Frame) -> Value:
        value = operand(frame)
        try:
            return operate(frame.run, value)
        except Raised as raised:
            raise raised.placed(at) from None

    return evaluate


def _tilde(run: Run, value: Value) -> Value:
    return inverted(value) if isinstance(value, int) else make_pattern(run, value)


def _minus(run: Run, value: Value) -> Value:
    method = value.listed().get("negative") if isinstance(value, Host) else None
    return method.call(run, value, []) if method else negative(value)


@expression.register(tree.Binary)
def binary(node: tree.Binary, scope: Scope) -> Evaluate:
    left, right = expression(node.left, scope), expression(node.right, scope)
    if node.operator == "&&":
        return lambda frame: truth(left(frame)) and truth(right(frame))
    if node.operator == "||":
        return lambda frame: truth(left(frame)) or truth(right(frame))
    if node.operator in ("==", "!=") and isinstance(node.right, tree.Constant) and isinstance(node.right.value, str):
        return _text_equality(left, node.right.value, node.operator == "==", node.at)
    if node.operator in ON_WHOLE_NUMBERS:
        return _on_whole_numbers(node.operator, left, right, node.at)
    return operation(_OPERATORS[node.operator], left, right, node.at)


ON_WHOLE_NUMBERS: dict[str, Callable[[int, int], bool | int]] = {
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
    "==": eq,
    "!=": ne,
    "+": add,
    "-": sub,
}
"""The operators that two whole numbers can take at once."""
_SAFE = 1 << 1000


def _on_whole_numbers(operator: str, left: Evaluate, right: Evaluate, at: int) -> Evaluate:
    operate, quick = _OPERATORS[operator], ON_WHOLE_NUMBERS[operator]

    def evaluate(frame: Frame) -> Value:
        first, second = left(frame), right(frame)
        if type(first) is int and type(second) is int and -_SAFE < first < _SAFE and -_SAFE < second < _SAFE:
            return quick(first, second)
        try:
            return operate(frame.run, first, second)
        except Raised as raised:
            raise raised.placed(at) from None

    return evaluate


def _text_equality(left: Evaluate, wanted: str, same: bool, at: int) -> Evaluate:
    """`x == "text"`, the most frequent comparison, in one step for texts and null."""
    general = OPERATORS["=="]

    def evaluate(frame: Frame) -> Value:
        value = left(frame)
        if value is None or isinstance(value, str):
            return (value == wanted) is same
        try:
            return general(frame.run, value, wanted) is same
        except Raised as raised:
            raise raised.placed(at) from None

    return evaluate


def operation(operate: Operator, left: Evaluate, right: Evaluate, at: int) -> Evaluate:
    def evaluate(frame: Frame) -> Value:
        first, second = left(frame), right(frame)
        try:
            return operate(frame.run, first, second)
        except Raised as raised:
            raise raised.placed(at) from None

    return evaluate


@expression.register(tree.Ternary)
def ternary(node: tree.Ternary, scope: Scope) -> Evaluate:
    condition = expression(node.condition, scope)
    then, otherwise = expression(node.then, scope), expression(node.otherwise, scope)
    return lambda frame: then(frame) if truth(condition(frame)) else otherwise(frame)


@expression.register(tree.Elvis)
def elvis(node: tree.Elvis, scope: Scope) -> Evaluate:
    first, otherwise = expression(node.value, scope), expression(node.otherwise, scope)

    def evaluate(frame: Frame) -> Value:
        value = first(frame)
        return value if truth(value) else otherwise(frame)

    return evaluate


@expression.register(tree.Assign)
def assign(node: tree.Assign, scope: Scope) -> Evaluate:
    read, store = target(node.target, scope)
    value, at = expression(node.value, scope), node.at
    if not node.operator:

        def plain(frame: Frame) -> Value:
            result = value(frame)
            store(frame, result)
            return result

        return plain
    if node.operator == "?":
        return _elvis_assign(read, store, value)
    compute = operation(_OPERATORS[node.operator], read, value, at)

    def compound(frame: Frame) -> Value:
        result = compute(frame)
        store(frame, result)
        return result

    return compound


def _elvis_assign(read: Evaluate, store: Callable[[Frame, Value], None], value: Evaluate) -> Evaluate:
    def evaluate(frame: Frame) -> Value:
        old = read(frame)
        if truth(old):
            return old
        result = value(frame)
        store(frame, result)
        return result

    return evaluate


@expression.register(tree.Step)
def step(node: tree.Step, scope: Scope) -> Evaluate:
    read, store = target(node.target, scope)
    operate, at, before = _next if node.operator == "+" else _previous, node.at, node.before
    change = 1 if node.operator == "+" else -1

    def evaluate(frame: Frame) -> Value:
        old = read(frame)
        try:
            new = old + change if type(old) is int and -_SAFE < old < _SAFE else operate(frame.run, old)
        except Raised as raised:
            raise raised.placed(at) from None
        store(frame, new)
        return new if before else old

    return evaluate


def _next(run: Run, value: Value) -> Value:
    if isinstance(value, str) and value:
        return value[:-1] + chr(min(ord(value[-1]) + 1, 0xFFFF))
    return OPERATORS["+"](run, value, 1)


def _previous(run: Run, value: Value) -> Value:
    if isinstance(value, str) and value:
        return value[:-1] + chr(max(ord(value[-1]) - 1, 0))
    return OPERATORS["-"](run, value, 1)


@expression.register(tree.Cast)
def cast_(node: tree.Cast, scope: Scope) -> Evaluate:
    value, at = expression(node.value, scope), node.at
    plan = scope.script.classes.get(last_part(node.type))
    if plan is not None and not node.strict:
        return expression(tree.New(at, node.type, (node.value,)), scope) if isinstance(node.value, tree.MapLiteral) else value
    convert = cast(node.type) if node.strict else coercion(node.type)
    if convert is None:
        return value

    def evaluate(frame: Frame) -> Value:
        operand = value(frame)
        try:
            return convert(operand)
        except Raised as raised:
            raise raised.placed(at) from None

    return evaluate


@expression.register(tree.InstanceOf)
def instance_of(node: tree.InstanceOf, scope: Scope) -> Evaluate:
    script = scope.script
    name = last_part(script.aliases.get(node.type, node.type))
    if name not in script.classes and not script.refuse(node.at, script.aliases.get(node.type, node.type)):
        problem = unknown_type(name)
        if problem:
            near = problem.split("'")[3] if problem.count("'") > 3 else ""
            script.report(node.at, problem, "unknown-class", severity="error" if near else "warning", instead=near)
    value, negated = expression(node.value, scope), node.negated
    return lambda frame: is_instance(name, value(frame)) is not negated
