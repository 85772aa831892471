"""The syntax tree. `at` is the offset in the source that errors point to."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Node:
    at: int


@dataclass(frozen=True, slots=True)
class Expression(Node):
    pass


@dataclass(frozen=True, slots=True)
class Statement(Node):
    pass


@dataclass(frozen=True, slots=True)
class Constant(Expression):
    value: bool | int | Decimal | str | None


@dataclass(frozen=True, slots=True)
class Text(Expression):
    """An interpolated text."""

    parts: tuple[str | Expression, ...]


@dataclass(frozen=True, slots=True)
class Variable(Expression):
    name: str


@dataclass(frozen=True, slots=True)
class Property(Expression):
    target: Expression
    name: Expression
    safe: bool
    spread: bool


@dataclass(frozen=True, slots=True)
class Index(Expression):
    target: Expression
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Call(Expression):
    """`f(x)`: a script function, a built-in one, or a variable that holds a closure."""

    name: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Invoke(Expression):
    """The value of an expression called as a closure."""

    callee: Expression
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class MethodCall(Expression):
    target: Expression
    name: str
    arguments: tuple[Expression, ...]
    safe: bool
    spread: bool


@dataclass(frozen=True, slots=True)
class New(Expression):
    type: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class ListLiteral(Expression):
    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class MapLiteral(Expression):
    entries: tuple[tuple[Expression, Expression], ...]


@dataclass(frozen=True, slots=True)
class Range(Expression):
    low: Expression
    high: Expression
    exclusive: bool


@dataclass(frozen=True, slots=True)
class Unary(Expression):
    operator: str
    operand: Expression


@dataclass(frozen=True, slots=True)
class Binary(Expression):
    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Ternary(Expression):
    condition: Expression
    then: Expression
    otherwise: Expression


@dataclass(frozen=True, slots=True)
class Elvis(Expression):
    value: Expression
    otherwise: Expression


@dataclass(frozen=True, slots=True)
class Assign(Expression):
    """`operator` is empty for plain assignment, else the operator before the `=`."""

    target: Expression
    operator: str
    value: Expression


@dataclass(frozen=True, slots=True)
class Step(Expression):
    """`++` and `--`."""

    target: Expression
    operator: str
    before: bool


@dataclass(frozen=True, slots=True)
class Cast(Expression):
    """`x as T` and `(T) x`."""

    type: str
    value: Expression


@dataclass(frozen=True, slots=True)
class InstanceOf(Expression):
    type: str
    value: Expression
    negated: bool


@dataclass(frozen=True, slots=True)
class Parameter(Node):
    name: str
    type: str
    default: Expression | None


@dataclass(frozen=True, slots=True)
class Block(Statement):
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class ClosureLiteral(Expression):
    """`parameters` is None where the closure has the implicit `it`."""

    parameters: tuple[Parameter, ...] | None
    body: Block


@dataclass(frozen=True, slots=True)
class ExpressionStatement(Statement):
    value: Expression


@dataclass(frozen=True, slots=True)
class Declare(Statement):
    """`names` has several for `def (a, b) = list`."""

    type: str
    names: tuple[str, ...]
    value: Expression | None
    several: bool


@dataclass(frozen=True, slots=True)
class If(Statement):
    condition: Expression
    then: Statement
    otherwise: Statement | None


@dataclass(frozen=True, slots=True)
class ForIn(Statement):
    name: str
    items: Expression
    body: Statement


@dataclass(frozen=True, slots=True)
class ForClassic(Statement):
    setup: tuple[Statement, ...]
    condition: Expression | None
    update: tuple[Expression, ...]
    body: Statement


@dataclass(frozen=True, slots=True)
class While(Statement):
    condition: Expression
    body: Statement


@dataclass(frozen=True, slots=True)
class Case(Node):
    """`match` is None for `default`."""

    match: Expression | None
    body: Block


@dataclass(frozen=True, slots=True)
class Switch(Statement):
    value: Expression
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Catch(Node):
    types: tuple[str, ...]
    name: str
    body: Block


@dataclass(frozen=True, slots=True)
class Try(Statement):
    body: Block
    catches: tuple[Catch, ...]
    finally_: Block | None


@dataclass(frozen=True, slots=True)
class Throw(Statement):
    value: Expression


@dataclass(frozen=True, slots=True)
class Return(Statement):
    value: Expression | None


@dataclass(frozen=True, slots=True)
class Break(Statement):
    pass


@dataclass(frozen=True, slots=True)
class Continue(Statement):
    pass


@dataclass(frozen=True, slots=True)
class Import(Statement):
    name: str


@dataclass(frozen=True, slots=True)
class FunctionDefinition(Statement):
    name: str
    parameters: tuple[Parameter, ...]
    body: Block
