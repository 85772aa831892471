"""The syntax tree. `at` is the offset in the source that errors point to.

Nothing changes a node once it is made; the classes are not frozen because that makes a script's nodes three times as slow to make.
"""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(slots=True)
class Node:
    at: int


@dataclass(slots=True)
class Expression(Node):
    pass


@dataclass(slots=True)
class Statement(Node):
    pass


@dataclass(slots=True)
class Constant(Expression):
    value: bool | int | Decimal | float | str | None


@dataclass(slots=True)
class Text(Expression):
    """An interpolated text."""

    parts: tuple[str | Expression, ...]


@dataclass(slots=True)
class Variable(Expression):
    name: str


@dataclass(slots=True)
class Property(Expression):
    target: Expression
    name: Expression
    safe: bool
    spread: bool


@dataclass(slots=True)
class Index(Expression):
    target: Expression
    arguments: tuple[Expression, ...]
    safe: bool = False


@dataclass(slots=True)
class Spread(Expression):
    """`*list` among arguments and elements, `*:map` among the entries of a map (as a key)."""

    value: Expression


@dataclass(slots=True)
class Call(Expression):
    """`f(x)`: a script function, a built-in one, or a variable that holds a closure."""

    name: str
    arguments: tuple[Expression, ...]


@dataclass(slots=True)
class Invoke(Expression):
    """The value of an expression called as a closure."""

    callee: Expression
    arguments: tuple[Expression, ...]


@dataclass(slots=True)
class MethodCall(Expression):
    target: Expression
    name: str
    arguments: tuple[Expression, ...]
    safe: bool
    spread: bool


@dataclass(slots=True)
class DynamicCall(Expression):
    """`x."$name"(...)`."""

    target: Expression
    name: Expression
    arguments: tuple[Expression, ...]
    safe: bool


@dataclass(slots=True)
class MethodPointer(Expression):
    """`x.&name`."""

    target: Expression
    name: str


@dataclass(slots=True)
class New(Expression):
    type: str
    arguments: tuple[Expression, ...]


@dataclass(slots=True)
class NewArray(Expression):
    """`new int[3][]` or `new String[]{...}`: `sizes` is empty where the elements are given."""

    type: str
    sizes: tuple[Expression, ...]
    items: tuple[Expression, ...]


@dataclass(slots=True)
class ListLiteral(Expression):
    items: tuple[Expression, ...]


@dataclass(slots=True)
class MapLiteral(Expression):
    entries: tuple[tuple[Expression, Expression], ...]


@dataclass(slots=True)
class Range(Expression):
    low: Expression
    high: Expression
    exclusive: bool
    above: bool = False


@dataclass(slots=True)
class Unary(Expression):
    operator: str
    operand: Expression


@dataclass(slots=True)
class Binary(Expression):
    operator: str
    left: Expression
    right: Expression


@dataclass(slots=True)
class Ternary(Expression):
    condition: Expression
    then: Expression
    otherwise: Expression


@dataclass(slots=True)
class Elvis(Expression):
    value: Expression
    otherwise: Expression


@dataclass(slots=True)
class Assign(Expression):
    """`operator` is empty for plain assignment, else the operator before the `=`."""

    target: Expression
    operator: str
    value: Expression


@dataclass(slots=True)
class Step(Expression):
    """`++` and `--`."""

    target: Expression
    operator: str
    before: bool


@dataclass(slots=True)
class Cast(Expression):
    """`x as T`, and `(T) x` where `strict`."""

    type: str
    value: Expression
    strict: bool = False


@dataclass(slots=True)
class InstanceOf(Expression):
    type: str
    value: Expression
    negated: bool


@dataclass(slots=True)
class Parameter(Node):
    """`rest` takes all further arguments as a list."""

    name: str
    type: str
    default: Expression | None
    rest: bool = False


@dataclass(slots=True)
class Block(Statement):
    statements: tuple[Statement, ...]


@dataclass(slots=True)
class ClosureLiteral(Expression):
    """`parameters` is None where the closure has the implicit `it`."""

    parameters: tuple[Parameter, ...] | None
    body: Block


@dataclass(slots=True)
class ExpressionStatement(Statement):
    value: Expression


@dataclass(slots=True)
class Declare(Statement):
    """`names` has several for `def (a, b) = list`."""

    type: str
    names: tuple[str, ...]
    value: Expression | None
    several: bool


@dataclass(slots=True)
class Several(Statement):
    """Statements without a scope of their own: `def a = 1, b = 2`."""

    statements: tuple[Statement, ...]


@dataclass(slots=True)
class AssignSeveral(Statement):
    """`(a, b) = list`."""

    targets: tuple[Expression, ...]
    value: Expression


@dataclass(slots=True)
class Assert(Statement):
    """`source` is the condition as it was written."""

    condition: Expression
    message: Expression | None
    source: str


@dataclass(slots=True)
class Labeled(Statement):
    label: str
    body: Statement


@dataclass(slots=True)
class If(Statement):
    condition: Expression
    then: Statement
    otherwise: Statement | None


@dataclass(slots=True)
class ForIn(Statement):
    name: str
    items: Expression
    body: Statement


@dataclass(slots=True)
class ForClassic(Statement):
    setup: tuple[Statement, ...]
    condition: Expression | None
    update: tuple[Expression, ...]
    body: Statement


@dataclass(slots=True)
class While(Statement):
    """`first`: the body comes before the condition, as in `do`."""

    condition: Expression
    body: Statement
    first: bool = False


@dataclass(slots=True)
class Case(Node):
    """`match` is None for `default`; `arrow` cases do not fall through."""

    match: Expression | None
    body: Block
    arrow: bool = False


@dataclass(slots=True)
class Switch(Statement):
    value: Expression
    cases: tuple[Case, ...]


@dataclass(slots=True)
class Catch(Node):
    types: tuple[str, ...]
    name: str
    body: Block


@dataclass(slots=True)
class Try(Statement):
    body: Block
    catches: tuple[Catch, ...]
    finally_: Block | None


@dataclass(slots=True)
class Throw(Statement):
    value: Expression


@dataclass(slots=True)
class Return(Statement):
    value: Expression | None


@dataclass(slots=True)
class Break(Statement):
    label: str = ""


@dataclass(slots=True)
class Continue(Statement):
    label: str = ""


@dataclass(slots=True)
class Import(Statement):
    """`alias` is empty where the last part of the name is what is used; `static` imports a member."""

    name: str
    alias: str = ""
    static: bool = False


@dataclass(slots=True)
class FunctionDefinition(Statement):
    """`type` is what is declared to come back; `static` matters in a class only."""

    name: str
    parameters: tuple[Parameter, ...]
    body: Block
    type: str = ""
    static: bool = False


@dataclass(slots=True)
class Field(Node):
    """A field of a class."""

    name: str
    type: str
    value: Expression | None
    static: bool


@dataclass(slots=True)
class EnumConstant(Node):
    name: str
    arguments: tuple[Expression, ...]


@dataclass(slots=True)
class ClassDefinition(Statement):
    """A class or an enum; `parent` is empty or a name. Constructors are methods with the name of the class, `promised` abstract ones."""

    name: str
    parent: str
    interfaces: tuple[str, ...]
    constants: tuple[EnumConstant, ...]
    fields: tuple[Field, ...]
    methods: tuple[FunctionDefinition, ...]
    enum: bool
    abstract: bool
    promised: tuple[str, ...] = ()
