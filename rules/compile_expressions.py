"""Expressions to Python closures."""

from collections.abc import Callable

from rules import tree
from rules.code import Evaluate, Frame
from rules.compile_calls import static_class
from rules.compile_targets import target
from rules.emit import expression, expressions
from rules.library.convert import coercion, is_instance, unknown_type
from rules.library.dispatch import read_index, read_property, read_slice
from rules.library.strings_patterns import find_operator, make_pattern, match_operator
from rules.limits import Raised, text_size
from rules.numbers_math import number
from rules.operators import OPERATORS, Operator, negative, span
from rules.scope import Scope
from rules.state import Run
from rules.values import Value, key_of, text_of, truth

_OPERATORS: dict[str, Operator] = {**OPERATORS, "=~": find_operator, "==~": match_operator}


@expression.register(tree.Constant)
def constant(node: tree.Constant, scope: Scope) -> Evaluate:
    del scope
    value = node.value
    return lambda _frame: value


@expression.register(tree.Text)
def text(node: tree.Text, scope: Scope) -> Evaluate:
    parts = [_piece(one, scope) for one in node.parts]
    at = node.at

    def evaluate(frame: Frame) -> Value:
        pieces = [part(frame) for part in parts]
        size = sum(map(len, pieces))
        if size > 64:
            try:
                text_size(size)
                frame.run.spend(size >> 6)
            except Raised as raised:
                raise raised.placed(at) from None
        return "".join(pieces)

    return evaluate


def _piece(part: str | tree.Expression, scope: Scope) -> Callable[[Frame], str]:
    if isinstance(part, str):
        return lambda _frame: part
    value = expression(part, scope)
    return lambda frame: text_of(value(frame))


@expression.register(tree.Variable)
def variable(node: tree.Variable, scope: Scope) -> Evaluate:
    found = scope.find(node.name)
    if found is None:
        return _binding(node, scope)
    depth, slot = found
    if depth == 0:
        return lambda frame: frame.slots[slot]

    def evaluate(frame: Frame) -> Value:
        at: Frame | None = frame
        for _ in range(depth):
            at = at.parent if at else None
        return at.slots[slot] if at else None

    return evaluate


def _binding(node: tree.Variable, scope: Scope) -> Evaluate:
    name, at, script = node.name, node.at, scope.script
    static = static_class(node, scope)
    if static is not None:
        return lambda _frame: static
    if name not in script.vocabulary.variables and name not in script.assigned:
        script.unknown_variable(at, name, scope.visible())

    def evaluate(frame: Frame) -> Value:
        return frame.run.binding.get(name)

    return evaluate


@expression.register(tree.Property)
def property_(node: tree.Property, scope: Scope) -> Evaluate:
    static = static_class(node, scope)
    if static is not None:
        return lambda _frame: static
    owner, at = expression(node.target, scope), node.at
    name = _name(node.name, scope)
    safe, spread = node.safe, node.spread

    def evaluate(frame: Frame) -> Value:
        value = owner(frame)
        if value is None and safe:
            return None
        try:
            if spread and isinstance(value, list):
                return [None if one is None else read_property(frame.run, one, name(frame)) for one in value]
            return read_property(frame.run, value, name(frame))
        except Raised as raised:
            raise raised.placed(at) from None

    return evaluate


def _name(node: tree.Expression, scope: Scope) -> Callable[[Frame], str]:
    if isinstance(node, tree.Constant):
        fixed = text_of(node.value)
        return lambda _frame: fixed
    value = expression(node, scope)
    return lambda frame: text_of(value(frame))


@expression.register(tree.Index)
def index(node: tree.Index, scope: Scope) -> Evaluate:
    owner, at = expression(node.target, scope), node.at
    only = node.arguments[0]
    if isinstance(only, tree.Range) and len(node.arguments) == 1:
        return _slice(owner, only, scope)
    keys = expressions(node.arguments, scope)

    def evaluate(frame: Frame) -> Value:
        value = owner(frame)
        try:
            return read_index(frame.run, value, [key(frame) for key in keys])
        except Raised as raised:
            raise raised.placed(at) from None

    return evaluate


def _slice(owner: Evaluate, node: tree.Range, scope: Scope) -> Evaluate:
    low, high, exclusive, at = expression(node.low, scope), expression(node.high, scope), node.exclusive, node.at

    def evaluate(frame: Frame) -> Value:
        value = owner(frame)
        try:
            return read_slice(frame.run, value, low(frame), high(frame), exclusive)
        except Raised as raised:
            raise raised.placed(at) from None

    return evaluate


@expression.register(tree.ListLiteral)
def list_literal(node: tree.ListLiteral, scope: Scope) -> Evaluate:
    items = expressions(node.items, scope)
    return lambda frame: [item(frame) for item in items]


@expression.register(tree.MapLiteral)
def map_literal(node: tree.MapLiteral, scope: Scope) -> Evaluate:
    entries = [(expression(key, scope), expression(value, scope)) for key, value in node.entries]
    at = node.at

    def evaluate(frame: Frame) -> Value:
        try:
            return {key_of(key(frame)): value(frame) for key, value in entries}
        except Raised as raised:
            raise raised.placed(at) from None

    return evaluate


@expression.register(tree.Range)
def range_(node: tree.Range, scope: Scope) -> Evaluate:
    exclusive = node.exclusive

    def operate(run: Run, low: Value, high: Value) -> Value:
        return span(run, low, high, exclusive)

    return _operation(operate, expression(node.low, scope), expression(node.high, scope), node.at)


@expression.register(tree.Unary)
def unary(node: tree.Unary, scope: Scope) -> Evaluate:
    operand, at = expression(node.operand, scope), node.at
    if node.operator == "!":
        return lambda frame: not truth(operand(frame))
    operate: Callable[[Value], Value] = {"-": negative, "~": make_pattern}.get(node.operator, lambda value: number(value, "'+'"))

    def evaluate(frame: Frame) -> Value:
        value = operand(frame)
        try:
            return operate(value)
        except Raised as raised:
            raise raised.placed(at) from None

    return evaluate


@expression.register(tree.Binary)
def binary(node: tree.Binary, scope: Scope) -> Evaluate:
    left, right = expression(node.left, scope), expression(node.right, scope)
    if node.operator == "&&":
        return lambda frame: truth(left(frame)) and truth(right(frame))
    if node.operator == "||":
        return lambda frame: truth(left(frame)) or truth(right(frame))
    return _operation(_OPERATORS[node.operator], left, right, node.at)


def _operation(operate: Operator, left: Evaluate, right: Evaluate, at: int) -> Evaluate:
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
    change = _elvis_assign if node.operator == "?" else _OPERATORS[node.operator]
    compute = _operation(change, read, value, at)

    def compound(frame: Frame) -> Value:
        result = compute(frame)
        store(frame, result)
        return result

    return compound


def _elvis_assign(_run: Run, old: Value, new: Value) -> Value:
    return old if truth(old) else new


@expression.register(tree.Step)
def step(node: tree.Step, scope: Scope) -> Evaluate:
    read, store = target(node.target, scope)
    operate, at, before = _OPERATORS[node.operator], node.at, node.before

    def evaluate(frame: Frame) -> Value:
        old = read(frame)
        try:
            new = operate(frame.run, old, 1)
        except Raised as raised:
            raise raised.placed(at) from None
        store(frame, new)
        return new if before else old

    return evaluate


@expression.register(tree.Cast)
def cast_(node: tree.Cast, scope: Scope) -> Evaluate:
    value, at = expression(node.value, scope), node.at
    convert = coercion(node.type)
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
    problem = unknown_type(node.type)
    if problem:
        scope.script.report(node.at, problem)
    value, name, negated = expression(node.value, scope), node.type, node.negated
    return lambda frame: is_instance(name, value(frame)) is not negated
