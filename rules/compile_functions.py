"""Bodies of closures and functions: parameters, and the last expression as the result."""

from collections.abc import Callable
from dataclasses import replace

from rules import tree
from rules.code import Code, Evaluate
from rules.emit import expression, statement
from rules.library.convert import declared
from rules.limits import Raised
from rules.scope import Scope, Script
from rules.state import Closure
from rules.values import Value


def returning(node: tree.Statement) -> tree.Statement:
    """The statement with its last expressions as what is returned."""
    match node:
        case tree.ExpressionStatement(at, value):
            return tree.Return(at, value)
        case tree.Block(statements=(*before, last)):
            return replace(node, statements=(*before, returning(last)))
        case tree.If(then=then, otherwise=otherwise):
            return replace(node, then=returning(then), otherwise=returning(otherwise) if otherwise else None)
        case tree.Try(body=body, catches=catches):
            catches = tuple(replace(one, body=_block(one.body)) for one in catches)
            return replace(node, body=_block(body), catches=catches)
        case tree.Switch(cases=(*before, last)):
            return replace(node, cases=(*before, replace(last, body=_block(last.body))))
        case _:
            return node


def _block(node: tree.Block) -> tree.Block:
    found = returning(node)
    return found if isinstance(found, tree.Block) else node


def signature(code: Code, parameters: tuple[tree.Parameter, ...]) -> None:
    """Sets how many arguments the code takes."""
    code.most = len(parameters)
    code.least = sum(one.default is None for one in parameters)


def body(code: Code, parameters: tuple[tree.Parameter, ...], block: tree.Block, scope: Scope) -> None:
    """Compiles the body into the code. The scope is new and the code's own."""
    for index, one in enumerate(parameters):
        scope.declare(one.at, one.name)
        convert = declared(one.type)
        if convert is not None:
            code.coercions[index] = _placed(convert, one.at)
    for index, one in enumerate(parameters):
        if one.default is not None:
            code.defaults[index] = expression(one.default, scope)
    code.body = statement(_block(block), scope)
    code.size = scope.size


def _placed(convert: Callable[[Value], Value], at: int) -> Callable[[Value], Value]:
    def checked(value: Value) -> Value:
        try:
            return convert(value)
        except Raised as raised:
            raise raised.placed(at) from None

    return checked


@expression.register(tree.ClosureLiteral)
def closure_literal(node: tree.ClosureLiteral, scope: Scope) -> Evaluate:
    code = Code("the closure")
    inner = Scope(scope.script, scope)
    if node.parameters is None:
        code.most = 1
        inner.blocks[0]["it"] = inner.hidden()
        body(code, (), node.body, inner)
    else:
        signature(code, node.parameters)
        body(code, node.parameters, node.body, inner)
    return lambda frame: Closure(code, frame)


def define(script: Script, definitions: list[tree.FunctionDefinition]) -> None:
    """Compiles the script's functions; they may call each other in any order."""
    for one in definitions:
        if one.name in script.functions:
            script.report(one.at, f"the function {one.name}() is defined twice")
        code = Code(f"{one.name}()")
        signature(code, one.parameters)
        script.functions[one.name] = code
    for one in definitions:
        body(script.functions[one.name], one.parameters, one.body, Scope(script))
