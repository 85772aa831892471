"""Loops. Every turn costs a step."""

from rules import tree
from rules.code import Execute, Flow, Frame
from rules.emit import expression, expressions, statement
from rules.library.maps import pairs
from rules.limits import Fault, Raised
from rules.scope import Scope
from rules.values import Value, kind_of, truth

NEXT, BREAK, RETURN = Flow.NEXT, Flow.BREAK, Flow.RETURN


def jump_allowed(at: int, word: str, scope: Scope) -> None:
    """Reports a `break` or `continue` that has nothing to leave."""
    if scope.loops or (word == "break" and scope.switches):
        return
    hint = "; in a closure, return goes on with the next element" if scope.parent else ""
    scope.script.report(at, f"{word!r} is not inside a loop{hint}")


def _body(node: tree.Statement, scope: Scope) -> Execute:
    scope.loops += 1
    execute = statement(node, scope)
    scope.loops -= 1
    return execute


def elements(value: Value) -> list[Value]:
    """What a for-in goes over: nothing for null, entries of a map, characters of a text."""
    if value is None:
        return []
    if isinstance(value, list):
        return list(value)
    if isinstance(value, dict):
        return pairs(value)
    if isinstance(value, str):
        return list(value)
    raise Fault(f"cannot loop over {kind_of(value)}")


@statement.register(tree.ForIn)
def for_in(node: tree.ForIn, scope: Scope) -> Execute:
    items, at = expression(node.items, scope), node.at
    scope.blocks.append({})
    slot = scope.declare(node.at, node.name)
    body = _body(node.body, scope)
    scope.blocks.pop()

    def execute(frame: Frame) -> Flow:
        try:
            for one in elements(items(frame)):
                frame.run.spend()
                frame.slots[slot] = one
                flow = body(frame)
                if flow is BREAK:
                    break
                if flow is RETURN:
                    return flow
        except Raised as raised:
            raise raised.placed(at) from None
        return NEXT

    return execute


@statement.register(tree.While)
def while_(node: tree.While, scope: Scope) -> Execute:
    return _loop(node, scope, ())


def _loop(node: tree.While, scope: Scope, update: tuple[tree.Expression, ...]) -> Execute:
    condition, at = expression(node.condition, scope), node.at
    body = _body(node.body, scope)
    steps = expressions(update, scope)

    def execute(frame: Frame) -> Flow:
        while truth(condition(frame)):
            try:
                frame.run.spend()
            except Raised as raised:
                raise raised.placed(at) from None
            flow = body(frame)
            if flow is BREAK:
                break
            if flow is RETURN:
                return flow
            for step in steps:
                step(frame)
        return NEXT

    return execute


@statement.register(tree.ForClassic)
def for_classic(node: tree.ForClassic, scope: Scope) -> Execute:
    scope.blocks.append({})
    setup = tuple(statement(one, scope) for one in node.setup)
    condition = node.condition or tree.Constant(node.at, True)
    loop = _loop(tree.While(node.at, condition, node.body), scope, node.update)
    scope.blocks.pop()

    def execute(frame: Frame) -> Flow:
        for one in setup:
            one(frame)
        return loop(frame)

    return execute
