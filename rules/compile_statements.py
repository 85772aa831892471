"""Statements to Python closures that say how they ended."""

from rules import tree
from rules.code import BREAK, CONTINUE, NEXT, RETURN, Evaluate, Execute, Flow, Frame
from rules.compile_loops import jump_allowed, label_flow
from rules.compile_targets import target
from rules.emit import expression, statement
from rules.library.convert import declared, default_value, is_instance, unknown_type
from rules.library.dispatch import read_index
from rules.library.errors import caught, thrown
from rules.library.names import last_part
from rules.limits import Fault, Raised
from rules.operators import case_matches
from rules.scope import Scope
from rules.values import Value, text_of, truth

_LEAVING = (tree.Return, tree.Throw, tree.Break, tree.Continue)
_DEFINITIONS = (tree.FunctionDefinition, tree.ClassDefinition)


def _unreachable(node: tree.Block, scope: Scope) -> None:
    """Reports what comes behind a statement that leaves the block."""
    left: tree.Statement | None = None
    for one in node.statements:
        if left is not None and not isinstance(one, _DEFINITIONS):
            line = scope.script.source.count("\n", 0, left.at) + 1
            scope.script.report(one.at, f"this is never reached: line {line} leaves before it", "unreachable", severity="warning")
            return
        left = one if isinstance(one, _LEAVING) else left


def _in_turn(steps: tuple[Execute, ...]) -> Execute:
    def execute(frame: Frame) -> Flow:
        for step in steps:
            flow = step(frame)
            if flow:
                return flow
        return NEXT

    return execute


@statement.register(tree.Block)
def block(node: tree.Block, scope: Scope) -> Execute:
    _unreachable(node, scope)
    scope.blocks.append({})
    steps = tuple(statement(one, scope) for one in node.statements)
    scope.blocks.pop()
    if len(steps) == 1:
        return steps[0]
    return _in_turn(steps)


@statement.register(tree.ExpressionStatement)
def expression_statement(node: tree.ExpressionStatement, scope: Scope) -> Execute:
    value = expression(node.value, scope)

    def execute(frame: Frame) -> Flow:
        value(frame)
        return NEXT

    return execute


@statement.register(tree.Declare)
def declare(node: tree.Declare, scope: Scope) -> Execute:
    value = expression(node.value, scope) if node.value else expression(tree.Constant(node.at, default_value(node.type)), scope)
    slots = [scope.declare(node.at, name) for name in node.names]
    if node.several:
        return _declare_several(value, slots, node.at)
    slot, at, convert = slots[0], node.at, declared(node.type)
    if convert is None:

        def plain(frame: Frame) -> Flow:
            frame.slots[slot] = value(frame)
            return NEXT

        return plain

    def execute(frame: Frame) -> Flow:
        result = value(frame)
        try:
            frame.slots[slot] = convert(result)
        except Raised as raised:
            raise raised.placed(at) from None
        return NEXT

    return execute


@statement.register(tree.Several)
def several(node: tree.Several, scope: Scope) -> Execute:
    return _in_turn(tuple(statement(one, scope) for one in node.statements))


@statement.register(tree.AssignSeveral)
def assign_several(node: tree.AssignSeveral, scope: Scope) -> Execute:
    stores = [target(one, scope)[1] for one in node.targets]
    value, at = expression(node.value, scope), node.at

    def execute(frame: Frame) -> Flow:
        values = value(frame)
        try:
            found = [read_index(frame.run, values, [index]) for index in range(len(stores))]
        except Raised as raised:
            raise raised.placed(at) from None
        for store, one in zip(stores, found, strict=True):
            store(frame, one)
        return NEXT

    return execute


@statement.register(tree.Assert)
def assert_(node: tree.Assert, scope: Scope) -> Execute:
    condition, at = expression(node.condition, scope), node.at
    message = expression(node.message, scope) if node.message else None
    source = f"({node.source})" if isinstance(node.condition, tree.Binary) else node.source

    def execute(frame: Frame) -> Flow:
        if not truth(condition(frame)):
            told = text_of(message(frame)) + ". Expression: " + source if message else f"assert {source}"
            raise Fault(told, "PowerAssertionError" if message is None else "AssertionError").placed(at)
        return NEXT

    return execute


def _declare_several(value: Evaluate, slots: list[int], at: int) -> Execute:
    def execute(frame: Frame) -> Flow:
        values = value(frame)
        try:
            for index, slot in enumerate(slots):
                frame.slots[slot] = read_index(frame.run, values, [index])
        except Raised as raised:
            raise raised.placed(at) from None
        return NEXT

    return execute


@statement.register(tree.If)
def if_(node: tree.If, scope: Scope) -> Execute:
    condition = expression(node.condition, scope)
    then = statement(node.then, scope)
    otherwise = statement(node.otherwise, scope) if node.otherwise else None

    def execute(frame: Frame) -> Flow:
        met = condition(frame)
        if met is True or (met is not False and truth(met)):
            return then(frame)
        return otherwise(frame) if otherwise else NEXT

    return execute


@statement.register(tree.Switch)
def switch(node: tree.Switch, scope: Scope) -> Execute:
    value, at = expression(node.value, scope), node.at
    labels = [expression(one.match, scope) if one.match else None for one in node.cases]
    scope.switches += 1
    bodies = [statement(one.body, scope) for one in node.cases]
    scope.switches -= 1
    default = next((index for index, label in enumerate(labels) if label is None), len(bodies))
    arrows = [one.arrow for one in node.cases]

    def choose(frame: Frame, chosen: Value) -> int:
        for index, label in enumerate(labels):
            if label and case_matches(frame.run, chosen, label(frame)):
                return index
        return default

    def execute(frame: Frame) -> Flow:
        try:
            start = choose(frame, value(frame))
        except Raised as raised:
            raise raised.placed(at) from None
        for index in range(start, len(bodies)):
            flow = bodies[index](frame)
            if flow:
                return NEXT if flow == BREAK else flow
            if arrows[index]:
                break
        return NEXT

    return execute


@statement.register(tree.Try)
def try_(node: tree.Try, scope: Scope) -> Execute:
    attempt = statement(node.body, scope)
    catches = [_catch(one, scope) for one in node.catches]
    final = statement(node.finally_, scope) if node.finally_ else None

    def guarded(frame: Frame) -> Flow:
        depth = frame.run.depth
        try:
            return attempt(frame)
        except Fault as fault:
            frame.run.depth = depth
            error = caught(fault)
            for types, slot, handle in catches:
                if any(is_instance(one, error) for one in types):
                    frame.slots[slot] = error
                    return handle(frame)
            raise

    def execute(frame: Frame) -> Flow:
        depth = frame.run.depth
        try:
            flow = guarded(frame)
        except Fault:
            frame.run.depth = depth
            flow = final(frame) if final else NEXT
            if flow:
                return flow
            raise
        result = frame.result
        ended = final(frame) if final else NEXT
        if not ended:
            frame.result = result
        return ended or flow

    return execute


def _catch(node: tree.Catch, scope: Scope) -> tuple[tuple[str, ...], int, Execute]:
    script = scope.script
    for name in node.types:
        problem = None if last_part(name) in script.classes else unknown_type(name)
        if problem and not script.refuse(node.at, script.aliases.get(name, name)):
            near = problem.split("'")[3] if problem.count("'") > 3 else ""
            script.report(node.at, problem, "unknown-class", severity="error" if near else "warning", instead=near)
    scope.blocks.append({})
    slot = scope.declare(node.at, node.name)
    handle = statement(node.body, scope)
    scope.blocks.pop()
    return node.types or ("Exception",), slot, handle


@statement.register(tree.Throw)
def throw(node: tree.Throw, scope: Scope) -> Execute:
    value, at = expression(node.value, scope), node.at

    def execute(frame: Frame) -> Flow:
        raise thrown(value(frame)).placed(at)

    return execute


@statement.register(tree.Return)
def return_(node: tree.Return, scope: Scope) -> Execute:
    if node.value is None:
        return lambda _frame: RETURN
    value = expression(node.value, scope)

    def execute(frame: Frame) -> Flow:
        frame.result = value(frame)
        return RETURN

    return execute


@statement.register(tree.Break)
def break_(node: tree.Break, scope: Scope) -> Execute:
    jump_allowed(node.at, "break", node.label, scope)
    flow = label_flow(node.label, "break", scope) if node.label else BREAK
    return lambda _frame: flow


@statement.register(tree.Continue)
def continue_(node: tree.Continue, scope: Scope) -> Execute:
    jump_allowed(node.at, "continue", node.label, scope)
    flow = label_flow(node.label, "continue", scope) if node.label else CONTINUE
    return lambda _frame: flow


@statement.register(tree.Import)
def import_(node: tree.Import, scope: Scope) -> Execute:
    instead = scope.script.vocabulary.not_offered(node.name.removesuffix(".*"))
    if instead is not None and last_part(node.name) not in scope.script.vocabulary.statics:
        message = f"{node.name!r} is not offered; {instead}"
        scope.script.report(node.at, message, "not-offered", severity="warning", instead=instead)
    return lambda _frame: NEXT


@statement.register(tree.FunctionDefinition)
def function_definition(node: tree.FunctionDefinition, scope: Scope) -> Execute:
    if not scope.top or len(scope.blocks) > 2:
        scope.script.report(node.at, f"define the function {node.name}() at the top level of the script, or use a closure")
    return lambda _frame: NEXT


@statement.register(tree.ClassDefinition)
def class_definition(node: tree.ClassDefinition, scope: Scope) -> Execute:
    if not scope.top or len(scope.blocks) > 2:
        scope.script.report(node.at, f"declare the class {node.name} at the top level of the script")
    return lambda _frame: NEXT
