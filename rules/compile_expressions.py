"""Values: constants, texts, names, properties, elements, lists, maps, ranges."""

from collections.abc import Callable

from rules import tree
from rules.code import Evaluate, Frame
from rules.compile_calls import arguments_of
from rules.compile_names import binding, class_value, local, refused_path
from rules.emit import expression
from rules.library.dispatch import read_index, read_property, read_slice
from rules.limits import Raised
from rules.objects import Instance
from rules.operators import span
from rules.scope import Scope
from rules.values import Value, key_of, text_of


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
                frame.run.text(size)
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
    if found is not None:
        return local(*found)
    if node.name in ("owner", "delegate") and scope.find("this"):
        return local(*(scope.find("this") or (0, 0)))
    return binding(node, scope)


@expression.register(tree.Property)
def property_(node: tree.Property, scope: Scope) -> Evaluate:
    static = class_value(node, scope)
    if static is not None:
        return static
    if refused_path(node, scope):
        return lambda _frame: None
    if isinstance(node.target, tree.Variable) and node.target.name == "this" and scope.find("this"):
        return _own(node, scope)
    owner, at = expression(node.target, scope), node.at
    name = name_of(node.name, scope)
    safe, fixed = node.safe, node.name.value if isinstance(node.name, tree.Constant) else None
    if node.spread:
        return _spread(owner, name, at)
    if isinstance(fixed, str):
        return _fixed(owner, fixed, at, safe=safe)

    def evaluate(frame: Frame) -> Value:
        value = owner(frame)
        if value is None and safe:
            return None
        try:
            return read_property(frame.run, value, name(frame))
        except Raised as raised:
            raise raised.through(f".{name(frame)}", at) from None

    return evaluate


def _fixed(owner: Evaluate, name: str, at: int, *, safe: bool) -> Evaluate:
    def evaluate(frame: Frame) -> Value:
        value = owner(frame)
        if value is None and safe:
            return None
        try:
            return read_property(frame.run, value, name)
        except Raised as raised:
            raise raised.through(f".{name}", at) from None

    return evaluate


def _own(node: tree.Property, scope: Scope) -> Evaluate:
    """`this.name`: the field itself, without the getter."""
    owner, at, name = expression(node.target, scope), node.at, name_of(node.name, scope)

    def evaluate(frame: Frame) -> Value:
        value, wanted = owner(frame), name(frame)
        if isinstance(value, Instance) and wanted in value.values:
            return value.values[wanted]
        try:
            return read_property(frame.run, value, wanted)
        except Raised as raised:
            raise raised.through(f".{wanted}", at) from None

    return evaluate


def _spread(owner: Evaluate, name: Callable[[Frame], str], at: int) -> Evaluate:
    def evaluate(frame: Frame) -> Value:
        value = owner(frame)
        if value is None:
            return None
        try:
            if isinstance(value, list):
                frame.run.items(len(value))
                return [None if one is None else read_property(frame.run, one, name(frame)) for one in value]
            return [read_property(frame.run, value, name(frame))]
        except Raised as raised:
            raise raised.placed(at) from None

    return evaluate


def name_of(node: tree.Expression, scope: Scope) -> Callable[[Frame], str]:
    if isinstance(node, tree.Constant):
        fixed = text_of(node.value)
        return lambda _frame: fixed
    value = expression(node, scope)
    return lambda frame: text_of(value(frame))


@expression.register(tree.Index)
def index(node: tree.Index, scope: Scope) -> Evaluate:
    owner, at, safe = expression(node.target, scope), node.at, node.safe
    only = node.arguments[0]
    if isinstance(only, tree.Range) and len(node.arguments) == 1 and not only.above:
        return _slice(owner, only, scope, safe=safe)
    keys = arguments_of(node.arguments, scope)

    def evaluate(frame: Frame) -> Value:
        value = owner(frame)
        if value is None and safe:
            return None
        given = keys(frame)
        try:
            return read_index(frame.run, value, given)
        except Raised as raised:
            raise raised.placed(at) from None

    return evaluate


def _slice(owner: Evaluate, node: tree.Range, scope: Scope, *, safe: bool) -> Evaluate:
    low, high, exclusive, at = expression(node.low, scope), expression(node.high, scope), node.exclusive, node.at

    def evaluate(frame: Frame) -> Value:
        value = owner(frame)
        if value is None and safe:
            return None
        start, end = low(frame), high(frame)
        try:
            return read_slice(frame.run, value, start, end, exclusive)
        except Raised as raised:
            raise raised.placed(at) from None

    return evaluate


@expression.register(tree.ListLiteral)
def list_literal(node: tree.ListLiteral, scope: Scope) -> Evaluate:
    items, at = arguments_of(node.items, scope), node.at
    if len(node.items) <= 8 and not any(isinstance(one, tree.Spread) for one in node.items):
        return items

    def evaluate(frame: Frame) -> Value:
        found = items(frame)
        try:
            frame.run.items(len(found))
        except Raised as raised:
            raise raised.placed(at) from None
        return found

    return evaluate


@expression.register(tree.MapLiteral)
def map_literal(node: tree.MapLiteral, scope: Scope) -> Evaluate:
    entries = [_entry(key, value, scope) for key, value in node.entries]
    at = node.at

    def evaluate(frame: Frame) -> Value:
        found: dict[Value, Value] = {}
        try:
            for key, value in entries:
                if key is None:
                    more = value(frame)
                    found.update(more if isinstance(more, dict) else {})
                else:
                    found[key_of(key(frame))] = value(frame)
            frame.run.items(len(found))
        except Raised as raised:
            raise raised.placed(at) from None
        return found

    return evaluate


def _entry(key: tree.Expression, value: tree.Expression, scope: Scope) -> tuple[Evaluate | None, Evaluate]:
    return (None if isinstance(key, tree.Spread) else expression(key, scope)), expression(value, scope)


@expression.register(tree.Range)
def range_(node: tree.Range, scope: Scope) -> Evaluate:
    low, high, at = expression(node.low, scope), expression(node.high, scope), node.at
    exclusive, above = node.exclusive, node.above

    def evaluate(frame: Frame) -> Value:
        start, end = low(frame), high(frame)
        try:
            return span(frame.run, start, end, exclusive=exclusive, above=above)
        except Raised as raised:
            raise raised.placed(at) from None

    return evaluate
