"""Bodies of closures and functions: parameters, and the last expression as the result."""

from collections.abc import Callable
from dataclasses import replace

from rules import tree
from rules.code import Code, Evaluate
from rules.emit import expression, statement
from rules.library.convert import declared
from rules.limits import Fault, Raised
from rules.scope import ClassPlan, Scope, Script
from rules.state import Closure
from rules.tree_walk import weight
from rules.values import Value


def returning(node: tree.Statement) -> tree.Statement:
    """The statement with its last expressions as what is returned."""
    match node:
        case tree.ExpressionStatement(at, value):
            return tree.Return(at, value)
        case tree.Declare(at, names=(name,)):
            return tree.Several(at, (node, tree.Return(at, tree.Variable(at, name))))
        case tree.Block(statements=(*before, last)):
            return replace(node, statements=(*before, returning(last)))
        case tree.If(then=then, otherwise=otherwise):
            return replace(node, then=returning(then), otherwise=returning(otherwise) if otherwise else None)
        case tree.Try(body=body, catches=catches):
            catches = tuple(replace(one, body=_block(one.body)) for one in catches)
            return replace(node, body=_block(body), catches=catches)
        case tree.Switch(cases=cases):
            return replace(node, cases=tuple(_case(one, last=one is cases[-1]) for one in cases))
        case tree.Labeled(body=body):
            return replace(node, body=returning(body))
        case _:
            return node


def _case(node: tree.Case, *, last: bool) -> tree.Case:
    """A case whose last expression before its `break`, or before the end, is what comes back."""
    match node.body.statements:
        case (*before, tree.ExpressionStatement() as value, tree.Break(label="")):
            return replace(node, body=replace(node.body, statements=(*before, returning(value))))
        case _:
            return replace(node, body=_block(node.body)) if last or node.arrow else node


def _block(node: tree.Block) -> tree.Block:
    found = returning(node)
    return found if isinstance(found, tree.Block) else node


def signature(code: Code, parameters: tuple[tree.Parameter, ...]) -> None:
    """Sets how many arguments the code takes."""
    code.most = len(parameters)
    code.rest = bool(parameters) and (parameters[-1].rest or parameters[-1].type.endswith("[]"))
    code.least = sum(one.default is None for one in parameters) - code.rest
    code.types = tuple("" if one.rest else one.type for one in parameters)


def body(code: Code, parameters: tuple[tree.Parameter, ...], block: tree.Block, scope: Scope, result: str = "") -> None:
    """Compiles the body into the code. The scope is new and the code's own."""
    for index, one in enumerate(parameters):
        scope.declare(one.at, one.name)
        convert = None if one.rest or one.type.endswith("[]") else declared(one.type)
        if convert is not None:
            code.coercions[index] = _as_argument(convert, one)
    for index, one in enumerate(parameters):
        if one.default is not None:
            code.defaults[index] = expression(one.default, scope)
    code.plain = not (code.rest or code.coercions)
    block = _block(block)
    match block.statements:
        case (tree.Return(value=tree.Expression() as only),):
            code.value = expression(only, scope)
        case _:
            code.body = statement(block, scope)
    convert = declared(result) if result else None
    code.result = placed(convert, block.at) if convert and result != "boolean" else convert
    if result == "void":
        code.result = _nothing
    code.size = scope.size
    code.cost = weight(block)


def _as_argument(convert: Callable[[Value], Value], parameter: tree.Parameter) -> Callable[[Value], Value]:
    """An argument that does not fit is a call of a function that is not there, as Groovy sees it."""

    def checked(value: Value) -> Value:
        try:
            return convert(value)
        except Fault as fault:
            message = f"the parameter {parameter.name!r} takes {parameter.type}: {fault.message}"
            raise Fault(message, "MissingMethodException").placed(parameter.at) from None

    return checked


def _nothing(_value: Value) -> Value:
    return None


def placed(convert: Callable[[Value], Value], at: int) -> Callable[[Value], Value]:
    def checked(value: Value) -> Value:
        try:
            return convert(value)
        except Raised as raised:
            raise raised.placed(at) from None

    return checked


@expression.register(tree.ClosureLiteral)
def closure_literal(node: tree.ClosureLiteral, scope: Scope) -> Evaluate:
    return closure_of(node, scope)


def closure_of(node: tree.ClosureLiteral, scope: Scope, *, delegate: bool = False) -> Evaluate:
    """The closure; with `delegate`, names that nothing declares are those of its first argument."""
    code = Code("the closure")
    inner = Scope(scope.script, scope, delegate=delegate)
    if node.parameters is None:
        code.most = 1
        inner.blocks[0]["it"] = inner.hidden()
        body(code, (), node.body, inner)
    else:
        signature(code, node.parameters)
        if delegate and not node.parameters:
            inner.hidden()
            code.most = 1
        body(code, node.parameters, node.body, inner)
    return lambda frame: Closure(code, frame)


def define(script: Script, definitions: list[tree.FunctionDefinition]) -> None:
    """Compiles the script's functions; they may call each other in any order."""
    pending: list[tuple[Code, tree.FunctionDefinition]] = []
    for one in definitions:
        code = Code(f"{one.name}()")
        signature(code, one.parameters)
        known = script.functions.setdefault(one.name, [])
        if any(other.types == code.types and other.most == code.most for other in known):
            script.report(one.at, f"the function {one.name}() is defined twice", "defined-twice")
        known.append(code)
        pending.append((code, one))
    for code, one in pending:
        body(code, one.parameters, one.body, Scope(script), one.type)


def initial(value: tree.Expression, plan: ClassPlan, script: Script) -> Code:
    """The code that computes the value of a field, with `this` as its only variable."""
    code = Code(plan.name, least=1, most=1)
    scope = Scope(script, owner=plan)
    scope.declare(value.at, "this")
    code.value = expression(value, scope)
    code.size = scope.size
    return code
