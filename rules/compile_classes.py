"""Classes and enums of the script: what is known before anything runs."""

from rules import tree
from rules.code import Code
from rules.compile_functions import body, initial, signature
from rules.library.convert import declared
from rules.library.errors import HIERARCHY
from rules.library.names import last_part
from rules.library.table import Method
from rules.limits import Fault
from rules.objects import ClassValue, error_methods, method_of
from rules.scope import ClassPlan, Scope, Script
from rules.state import Run
from rules.values import Value, short

Definitions = list[tree.ClassDefinition]
_IGNORED_PARENTS = frozenset({"Script", "Object"})


def announce(script: Script, definitions: Definitions) -> None:
    """Makes the classes known by name, so that functions and classes can use each other in any order."""
    for one in definitions:
        if one.name in script.classes:
            script.report(one.at, f"the class {one.name} is declared twice", "defined-twice")
        script.classes[one.name] = ClassPlan(one)
    for plan in script.classes.values():
        _parent(plan, script)


def _parent(plan: ClassPlan, script: Script) -> None:
    name = last_part(plan.definition.parent)
    if name in script.classes and name != plan.name:
        plan.parent = script.classes[name]
        if plan in plan.parent.lineage():
            script.report(plan.definition.at, f"the class {plan.name} extends itself", "class")
            plan.parent = None
    elif name in HIERARCHY:
        plan.error_parent = name
    elif name and name not in _IGNORED_PARENTS and not script.refuse(plan.definition.at, name):
        message = f"{plan.name} cannot extend {name!r}: only classes of the script and exceptions can be extended"
        script.report(plan.definition.at, message, "unknown-class")


def define_classes(script: Script) -> None:
    """Compiles the members; parents first, so that their methods are inherited."""
    for plan in script.classes.values():
        _announce_methods(plan)
    for plan in sorted(script.classes.values(), key=lambda one: len(one.lineage())):
        plan.table.update(_inherited(plan))
        plan.static_table.update({name: method_of(codes) for name, codes in plan.static_methods.items()})
        if plan.parent:
            plan.static_table.update({name: one for name, one in plan.parent.static_table.items() if name not in plan.static_table})
        if plan.definition.enum:
            plan.static_table.update(_ENUM)
            plan.table.update({name: one for name, one in _CONSTANT.items() if name not in plan.table})
    for plan in script.classes.values():
        _members(plan, script)


def _announce_methods(plan: ClassPlan) -> None:
    for one in plan.definition.methods:
        code = Code(f"{plan.name}.{one.name}()")
        signature(code, (_this(one), *one.parameters))
        if one.name == plan.name:
            plan.constructors.append(code)
        else:
            (plan.static_methods if one.static else plan.methods).setdefault(one.name, []).append(code)


def _this(one: tree.FunctionDefinition) -> tree.Parameter:
    return tree.Parameter(one.at, "this", "", None)


def _inherited(plan: ClassPlan) -> dict[str, Method]:
    """The methods of objects: those of exceptions, of the class extended, then its own, the statics among them."""
    found: dict[str, Method] = {}
    if any(one.error_parent for one in plan.lineage()):
        found.update(error_methods())
    codes: dict[str, list[Code]] = {}
    for one in reversed(plan.lineage()):
        for name, own in [*one.methods.items(), *one.static_methods.items()]:
            kept = [each for each in codes.get(name, []) if all(each.most != new.most for new in own)]
            codes[name] = [*own, *kept]
    found.update({name: method_of(each) for name, each in codes.items()})
    return found


def _members(plan: ClassPlan, script: Script) -> None:
    pending = {name: list(codes) for name, codes in {**plan.methods}.items()}
    static = {name: list(codes) for name, codes in plan.static_methods.items()}
    constructors = list(plan.constructors)
    for one in plan.definition.methods:
        code = constructors.pop(0) if one.name == plan.name else (static if one.static else pending)[one.name].pop(0)
        body(code, (_this(one), *one.parameters), one.body, Scope(script, owner=plan), "" if one.name == plan.name else one.type)
    for name, found in ((one.name, one.arguments) for one in plan.definition.constants):
        plan.constants.append((name, initial(tree.ListLiteral(plan.definition.at, found), plan, script)))
    for one in plan.definition.fields:
        value = initial(one.value, plan, script) if one.value else None
        if one.static:
            plan.statics.append((one.name, value))
        else:
            plan.fields.append((one.name, declared(one.type), value or _blank(one, plan, script)))


def _blank(one: tree.Field, plan: ClassPlan, script: Script) -> Code | None:
    start: dict[str, bool | int | float] = {"boolean": False, "int": 0, "long": 0, "short": 0, "byte": 0, "double": 0.0, "float": 0.0}
    if one.type not in start:
        return None
    return initial(tree.Constant(one.at, start[one.type]), plan, script)


def _values(_run: Run, target: ClassValue, _arguments: list[Value]) -> Value:
    return [*target.constants]


def _value_of(_run: Run, target: ClassValue, arguments: list[Value]) -> Value:
    found = next((one for one in target.constants if one.constant == arguments[0]), None)
    if found is None:
        names = ", ".join(one.constant for one in target.constants[:20])
        raise Fault(f"{target.plan.name} has no constant {short(arguments[0])!r} (there are: {names})", "IllegalArgumentException")
    return found


_ENUM = {"values": Method(0, 0, _values), "valueOf": Method(1, 1, _value_of)}
_CONSTANT = {
    "name": Method(0, 0, lambda _run, one, _arguments: one.constant),
    "ordinal": Method(0, 0, lambda _run, one, _arguments: one.ordinal),
    "compareTo": Method(1, 1, lambda _run, one, arguments: one.order(arguments[0])),
    "values": Method(0, 0, lambda run, one, arguments: _values(run, one.of, arguments)),
    "valueOf": Method(1, 1, lambda run, one, arguments: _value_of(run, one.of, arguments)),
}
