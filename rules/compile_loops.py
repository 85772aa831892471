"""Loops. Every turn costs a step."""

from rules import tree
from rules.code import BREAK, CONTINUE, LABELS, NEXT, RETURN, Evaluate, Execute, Flow, Frame
from rules.emit import expression, expressions, statement
from rules.library.pairs import pairs
from rules.limits import Fault, Raised
from rules.scope import Scope
from rules.tree_walk import weight
from rules.values import Host, Value, kind_of, truth


def jump_allowed(at: int, word: str, label: str, scope: Scope) -> None:
    """Reports a `break` or `continue` that has nothing to leave."""
    if label:
        if label not in scope.labels:
            scope.script.report(at, f"there is no loop with the label {label!r} around")
        return
    if scope.loops or (word == "break" and scope.switches):
        return
    hint = "; in a closure, return goes on with the next element" if scope.parent else ""
    scope.script.report(at, f"{word!r} is not inside a loop{hint}")


def label_flow(label: str, word: str, scope: Scope) -> Flow:
    """The number of the jump to a label of the script."""
    at = scope.script.labels.setdefault(label, len(scope.script.labels))
    return LABELS + 2 * at + (word == "continue")


def _body(node: tree.Statement, scope: Scope) -> Execute:
    scope.loops += 1
    execute = statement(node, scope)
    scope.loops -= 1
    return execute


def _mine(scope: Scope) -> tuple[Flow, Flow]:
    """The jumps of the label right before this loop."""
    label = scope.labels[-1] if scope.labels and scope.labels[-1] else ""
    if not label:
        return -1, -1
    scope.labels.append("")
    return label_flow(label, "break", scope), label_flow(label, "continue", scope)


def elements(value: Value) -> list[Value]:
    """What a for-in goes over: nothing for null, entries of a map, characters of a text, a single other value once."""
    if value is None:
        return []
    if isinstance(value, list | str):
        return list(value)
    if isinstance(value, dict):
        return pairs(value)
    if isinstance(value, Host):
        found = value.elements()
        if found is not None:
            return found
        raise Fault(f"cannot loop over {kind_of(value)}")
    return [value]


@statement.register(tree.ForIn)
def for_in(node: tree.ForIn, scope: Scope) -> Execute:
    items, at = expression(node.items, scope), node.at
    scope.blocks.append({})
    slot = scope.declare(node.at, node.name)
    leave, go_on = _mine(scope)
    body = _body(node.body, scope)
    scope.blocks.pop()
    cost = weight(node.body)

    def execute(frame: Frame) -> Flow:
        run, slots = frame.run, frame.slots
        try:
            found = elements(items(frame))
            for one in found:
                run.budget -= cost
                if run.budget < run.look_at:
                    run.spend(0)
                slots[slot] = one
                flow = body(frame)
                if flow:
                    if flow in (BREAK, leave):
                        break
                    if flow not in (CONTINUE, go_on):
                        return flow
        except Raised as raised:
            raise raised.placed(at) from None
        return NEXT

    return execute


@statement.register(tree.While)
def while_(node: tree.While, scope: Scope) -> Execute:
    return _loop(node, scope, ())


def _loop(node: tree.While, scope: Scope, update: tuple[tree.Expression, ...]) -> Execute:
    leave, go_on = _mine(scope)
    condition = expression(node.condition, scope)
    body = _body(node.body, scope)
    cost = weight(node.body) + weight(node.condition) + sum(map(weight, update))
    return _turns(condition, body, expressions(update, scope), (node.at, node.first, leave, go_on, cost))


def _turns(condition: Evaluate, body: Execute, steps: tuple[Evaluate, ...], about: tuple[int, bool, Flow, Flow, int]) -> Execute:
    at, first, leave, go_on, cost = about

    def execute(frame: Frame) -> Flow:
        run, unconditional = frame.run, first
        while unconditional or (met := condition(frame)) is True or (met is not False and truth(met)):
            unconditional = False
            run.budget -= cost
            if run.budget < run.look_at:
                try:
                    run.spend(0)
                except Raised as raised:
                    raise raised.placed(at) from None
            flow = body(frame)
            if flow:
                if flow in (BREAK, leave):
                    break
                if flow not in (CONTINUE, go_on):
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


@statement.register(tree.Labeled)
def labeled(node: tree.Labeled, scope: Scope) -> Execute:
    before = list(scope.labels)
    scope.labels.append(node.label)
    leave = label_flow(node.label, "break", scope)
    body = statement(node.body, scope)
    scope.labels[:] = before

    def execute(frame: Frame) -> Flow:
        flow = body(frame)
        return NEXT if flow == leave else flow

    return execute


__all__ = ["RETURN", "elements", "jump_allowed", "label_flow"]
