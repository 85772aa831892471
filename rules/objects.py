"""Classes that a script declares, as one run has them, and what they make."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from rules.code import Code, Frame
from rules.diagnostics import did_you_mean
from rules.library.convert import is_instance
from rules.library.errors import ERRORS, ErrorValue
from rules.library.names import last_part
from rules.library.table import Method
from rules.limits import Fault
from rules.state import Run
from rules.values import Host, Value, short

if TYPE_CHECKING:
    from rules.scope import ClassPlan

Args = list[Value]


def choose(codes: list[Code], arguments: Args, offset: int = 0) -> Code:
    """The function of one name that takes such arguments; `offset` leaves out leading parameters such as `this`."""
    if len(codes) == 1:
        return codes[0]
    if not codes:
        raise Fault("the class has no constructor to call", "GroovyRuntimeException")
    count = len(arguments)
    fitting = [one for one in codes if one.takes(count)]
    exact = [one for one in fitting if not one.rest] or fitting
    for one in exact:
        if all(_fits(kind, value) for kind, value in zip(one.types[offset:], arguments[offset:], strict=False)):
            return one
    if exact:
        return exact[0]
    raise Fault(codes[0].mismatch(count - offset), "MissingMethodException")


def takes(code: Code, arguments: Args) -> bool:
    """Whether the constructor takes such arguments; the first is `this`."""
    fitting = (_fits(kind, value) for kind, value in zip(code.types[1:], arguments[1:], strict=False))
    return code.takes(len(arguments)) and (all(fitting) or not isinstance(arguments[-1], dict))


def _fits(kind: str, value: Value) -> bool:
    return not kind or value is None or kind in ("Object", "def") or is_instance(kind, value)


def accessor_of(prefix: str, name: str) -> str:
    return f"{prefix}{name[:1].upper()}{name[1:]}"


class ClassValue(Host):
    """A class of the script in one run: its static members, and the making of objects."""

    kind = "a class"
    types = frozenset({"Class"})

    def __init__(self, plan: "ClassPlan") -> None:
        self.plan = plan
        self.values: dict[str, Value] = {}
        self.constants: list[Instance] = []

    def prepare(self, run: Run) -> None:
        """Makes the constants, then the static values, in the order of the script."""
        for ordinal, (name, code) in enumerate(self.plan.constants):
            one = Instance(run, self, name, ordinal)
            self.values[name] = one
            self.constants.append(one)
            arguments = code.call(run, None, [self])
            one.construct(run, arguments if isinstance(arguments, list) else [])
        for plan in reversed(self.plan.lineage()):
            for name, value in plan.statics:
                self.values[name] = value.call(run, None, [self]) if value else None

    def read(self, run: Run, name: str) -> Value:
        if name in self.values:
            return self.values[name]
        getter = self.plan.static_table.get(accessor_of("get", name))
        if getter is not None:
            return getter.call(run, self, [])
        match name:
            case "name" | "simpleName":
                return self.plan.name
            case "class":
                return self
            case _:
                raise Fault(
                    f"{self.plan.name} has no static property {name!r}{did_you_mean(name, self.values)}", "MissingPropertyException"
                )

    def write(self, run: Run, name: str, value: Value) -> None:
        if name not in self.values:
            super().write(run, name, value)
        self.values[name] = value

    def listed(self) -> Mapping[str, Method]:
        return self.plan.static_table

    def elements(self) -> list[Value] | None:
        return [*self.constants] if self.constants else None

    def text(self) -> str:
        return f"class {self.plan.name}"

    def make(self, run: Run, arguments: Args) -> "Instance":
        if self.plan.definition.abstract or self.plan.definition.enum:
            raise Fault(f"{self.plan.name} cannot be made with new", "InstantiationException")
        made = Instance(run, self)
        made.construct(run, arguments)
        return made


class Instance(ErrorValue):
    """An object of such a class. It can be thrown where its class extends an exception."""

    kind = "an object"
    methods: ClassVar[Mapping[str, Method]] = {}

    def __init__(self, run: Run, of: ClassValue, constant: str = "", ordinal: int = 0) -> None:
        super().__init__(of.plan.name, None)
        self.run = run
        self.of = of
        self.constant = constant
        self.ordinal = ordinal
        run.counter += 1
        self.number = run.counter
        self.values: dict[str, Value] = {}

    def construct(self, run: Run, arguments: Args) -> None:
        for plan in reversed(self.of.plan.lineage()):
            for name, convert, code in plan.fields:
                self.values[name] = None if code is None else code.call(run, None, [self])
                if convert and code:
                    self.values[name] = convert(self.values[name])
        self.initialise(run, self.of.plan, arguments)

    def initialise(self, run: Run, plan: "ClassPlan", arguments: Args) -> None:
        """What the constructor of the class, or of one it extends, does."""
        codes = plan.constructors
        if any(takes(one, [self, *arguments]) for one in codes):
            choose(codes, [self, *arguments], 1).call(run, None, [self, *arguments])
        elif len(arguments) == 1 and isinstance(arguments[0], dict) and (not codes or any(one.takes(1) for one in codes)):
            for name, value in arguments[0].items():
                self.write(run, str(name), value)
        elif codes:
            raise Fault(codes[0].mismatch(len(arguments)), "GroovyRuntimeException")
        elif plan.parent is not None and arguments:
            self.initialise(run, plan.parent, arguments)
        elif plan.error_parent or (plan.parent and not arguments and self.is_a("Throwable")):
            self.message = arguments[0] if arguments else None
            self.cause = arguments[1] if len(arguments) > 1 else None
        elif arguments:
            raise Fault(f"{plan.name} has no constructor with {len(arguments)} arguments", "GroovyRuntimeException")

    def own(self, name: str) -> Value:
        """A field or static value, as the code of the class sees it."""
        return self.values[name] if name in self.values else self.of.values.get(name)

    def read(self, run: Run, name: str) -> Value:
        table = self.of.plan.table
        getter = table.get(accessor_of("get", name)) or table.get(accessor_of("is", name))
        if getter is not None and getter.least == 0:
            return getter.call(run, self, [])
        if name in self.values:
            return self.values[name]
        if name in self.of.values:
            return self.of.values[name]
        if name == "class":
            return self.of
        if name in ("message", "cause", "localizedMessage", "stackTrace") and self.is_a("Throwable"):
            return super().read(run, name)
        raise Fault(f"{self.of.plan.name} has no property {name!r}{did_you_mean(name, self.values)}", "MissingPropertyException")

    def write(self, run: Run, name: str, value: Value) -> None:
        setter = self.of.plan.table.get(accessor_of("set", name))
        if setter is not None:
            setter.call(run, self, [value])
        elif name in self.values:
            self.put(name, value)
        elif name in self.of.values:
            self.of.values[name] = value
        else:
            message = f"{self.of.plan.name} has no property {name!r}{did_you_mean(name, self.values)}"
            raise Fault(message, "MissingPropertyException")

    def put(self, name: str, value: Value) -> None:
        """Sets a field, as the code of the class does."""
        if name not in self.values:
            self.of.values[name] = value
            return
        for plan in self.of.plan.lineage():
            for field, convert, _ in plan.fields:
                if field == name and convert:
                    value = convert(value)
        self.values[name] = value

    def held(self, run: Run, name: str) -> Value:
        del run
        return self.own(name)

    def listed(self) -> Mapping[str, Method]:
        return self.of.plan.table

    def is_a(self, name: str) -> bool:
        for plan in self.of.plan.lineage():
            if name == plan.name or name in (last_part(one) for one in plan.definition.interfaces):
                return True
            if plan.error_parent and ErrorValue(plan.error_parent, None).is_a(name):
                return True
        return name in ("Object", "Enum" if self.constant else "Object")

    def _called(self, name: str, *arguments: Value) -> Value:
        return self.of.plan.table[name].call(self.run, self, list(arguments))

    def truth(self) -> bool:
        return bool(self._called("asBoolean")) if "asBoolean" in self.of.plan.table else True

    def equals(self, other: Value) -> bool:
        return self is other or ("equals" in self.of.plan.table and self._called("equals", other) is True)

    def order(self, other: Value) -> int:
        if isinstance(other, Instance) and self.constant and other.of is self.of:
            return (self.ordinal > other.ordinal) - (self.ordinal < other.ordinal)
        if "compareTo" in self.of.plan.table:
            found = self._called("compareTo", other)
            return (found > 0) - (found < 0) if isinstance(found, int) else 0
        return super().order(other)

    def text(self) -> str:
        table = self.of.plan.table
        if "toString" in table and table["toString"].least == 0:
            return short_text(self._called("toString"))
        if self.is_a("Throwable"):
            return self.of.plan.name if self.message is None else f"{self.of.plan.name}: {self.message}"
        return self.constant or f"{self.of.plan.name}@{self.number}"


def short_text(value: Value) -> str:
    return value if isinstance(value, str) else short(value)


def class_of(run: Run, plan: "ClassPlan") -> ClassValue:
    """The run's own class, made at its first use."""
    found = run.classes.get(plan.name)
    if isinstance(found, ClassValue):
        return found
    made = ClassValue(plan)
    run.classes[plan.name] = made
    made.prepare(run)
    return made


def method_of(codes: list[Code]) -> Method:
    """The method of a table that runs the functions of one name with the receiver in front."""

    def call(run: Run, target: Value, arguments: Args) -> Value:
        given = [target, *arguments]
        return choose(codes, given, 1).call(run, None, given)

    least = min(one.least for one in codes) - 1
    most = max(200 if one.rest else one.most for one in codes) - 1
    return Method(least, most, call)


def error_methods() -> dict[str, Method]:
    return dict(ERRORS)


__all__ = ["ClassValue", "Frame", "Instance", "choose", "class_of", "error_methods", "method_of"]
