"""What a name means that is no local variable: a class, a member of the class around, or a variable of the binding."""

from rules import tree
from rules.code import Evaluate, Frame
from rules.emit import expression
from rules.library.convert import KNOWN_TYPES
from rules.library.dispatch import read_property
from rules.library.errors import HIERARCHY
from rules.library.names import last_part
from rules.library.statics import STATICS, StaticClass, type_value
from rules.limits import Raised
from rules.objects import Instance, class_of
from rules.scope import ClassPlan, Scope, path_of
from rules.values import Host, Value

_PACKAGES = ("scala.", "java.", "javax.", "groovy.", "com.exalate.", "org.codehaus.groovy.", "groovyx.")
BINDING_NAMES = frozenset({"this", "binding", "owner", "delegate"})


def dotted(node: tree.Expression) -> str | None:
    match node:
        case tree.Variable(_, name):
            return name
        case tree.Property(_, owner, tree.Constant(_, str() as name), False, False):
            prefix = dotted(owner)
            return f"{prefix}.{name}" if prefix else None
        case _:
            return None


def taken(name: str, scope: Scope) -> bool:
    """True where the name is a variable, whatever classes there are."""
    script = scope.script
    return scope.find(name) is not None or name in script.assigned or name in script.vocabulary.variables


def own_class(node: tree.Expression, scope: Scope) -> ClassPlan | None:
    """The class of the script that the name means."""
    name = dotted(node)
    if name is None or taken(name.split(".", 1)[0], scope):
        return None
    plan = scope.script.classes.get(last_part(name))
    outer = name.split(".")[:-1]
    return plan if plan and all(one in scope.script.classes for one in outer) else None


def static_class(node: tree.Expression, scope: Scope) -> Host | None:
    """The class of the library or the host that the name means."""
    name = dotted(node)
    if name is None or taken(name.split(".", 1)[0], scope):
        return None
    name = scope.script.aliases.get(name, name)
    last = last_part(name)
    offered = scope.script.vocabulary.statics.get(last)
    if offered is not None:
        return offered
    if ("." in name and not name.startswith(_PACKAGES)) or scope.script.vocabulary.not_offered(name):
        return None
    found = STATICS.get(last)
    if found is None and (last in KNOWN_TYPES or last in HIERARCHY) and last[:1].isupper():
        return type_value(last)
    return found


def class_value(node: tree.Expression, scope: Scope) -> Evaluate | None:
    """How to get at the class that a name or dotted name means, None where it means none."""
    plan = own_class(node, scope)
    if plan is not None:
        chosen = plan
        return lambda frame: class_of(frame.run, chosen)
    static = static_class(node, scope)
    return None if static is None else lambda _frame: static


def refused_path(node: tree.Expression, scope: Scope) -> bool:
    """Reports a dotted name that starts with a package or class that is not offered."""
    name = dotted(node)
    if name is None or "." not in name or taken(name.split(".", 1)[0], scope):
        return False
    name = scope.script.aliases.get(name, name)
    return scope.script.refuse(node.at, name)


def static_table(node: tree.Expression, scope: Scope) -> StaticClass | None:
    found = static_class(node, scope)
    return found if isinstance(found, StaticClass) else None


def binding(node: tree.Variable, scope: Scope) -> Evaluate:
    """A name that no block declares."""
    name, at, script = node.name, node.at, scope.script
    plan = owner_of(scope)
    if plan is not None:
        member = _member(name, plan, scope)
        if member is not None:
            return member
    static = class_value(node, scope)
    if static is not None:
        return static
    if name in script.members and name not in script.assigned:
        return expression(path_of(at, script.members[name]), scope)
    if delegating(scope) is not None and name not in script.vocabulary.variables and name not in script.assigned:
        return _from_delegate(name, at, scope)
    if name not in script.vocabulary.variables and name not in script.assigned and name not in BINDING_NAMES:
        script.unknown_variable(at, name, scope.visible())

    def evaluate(frame: Frame) -> Value:
        variables = frame.run.binding
        return variables[name] if name in variables else frame.run.missing(name, at)

    return evaluate


def owner_of(scope: Scope | None) -> ClassPlan | None:
    """The class whose code this is."""
    while scope is not None:
        if scope.owner is not None:
            return scope.owner
        scope = scope.parent
    return None


def _member(name: str, plan: ClassPlan, scope: Scope) -> Evaluate | None:
    found = scope.find("this")
    if found is None or (name not in plan.field_names() and name not in plan.static_names()):
        return None
    this = local(*found)

    def evaluate(frame: Frame) -> Value:
        owner = this(frame)
        return owner.own(name) if isinstance(owner, Instance) else read_property(frame.run, owner, name)

    return evaluate


def local(depth: int, slot: int) -> Evaluate:
    """A variable so many frames out."""
    if depth == 0:
        return lambda frame: frame.slots[slot]
    if depth == 1:
        return lambda frame: frame.parent.slots[slot]  # type: ignore[union-attr]  # pyright: ignore[reportOptionalMemberAccess]

    def evaluate(frame: Frame) -> Value:
        at: Frame | None = frame
        for _ in range(depth):
            at = at.parent if at else None
        return at.slots[slot] if at else None

    return evaluate


def delegating(scope: Scope | None) -> int | None:
    """How many frames out the closure of `with` or `tap` is in which this is read."""
    depth = 0
    while scope is not None:
        if scope.delegate:
            return depth
        scope, depth = scope.parent, depth + 1
    return None


def _from_delegate(name: str, at: int, scope: Scope) -> Evaluate:
    depth = delegating(scope) or 0
    delegate = local(depth, 0)

    def evaluate(frame: Frame) -> Value:
        try:
            return read_property(frame.run, delegate(frame), name)
        except Raised as raised:
            raise raised.placed(at) from None

    return evaluate
