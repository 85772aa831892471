"""Names while compiling: which variable is meant, and what is wrong with the ones that are not known."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from rules import tree
from rules.code import Code
from rules.diagnostics import Diagnostic, diagnose, did_you_mean, likeness
from rules.library.dispatch import METHOD_NAMES, accessor
from rules.library.functions import functions
from rules.library.names import last_part
from rules.library.refused import instead_of
from rules.library.table import Method
from rules.state import Run
from rules.tree_walk import nodes
from rules.values import Host, Value

MOST_FINDINGS = 1000
MOST_HINTS = 200
"""Of so many findings on, a name is not compared with all that is known: it takes a millisecond each."""
Maker = Callable[[Run, list[Value]], Value]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the host offers: variables, the methods of its objects by variable, and names that are known but not there yet.

    `makers` are the host's classes for `new`, by last name, `statics` its classes and enums with static members. `refused` has names
    (of variables, classes or packages) that are known and not offered, with what to write instead.
    """

    variables: frozenset[str]
    objects: Mapping[str, Mapping[str, Method]]
    functions: Mapping[str, Method]
    fixed: frozenset[str]
    not_yet: frozenset[str]
    methods: frozenset[str] = METHOD_NAMES
    makers: Mapping[str, Maker] = field(default_factory=dict[str, Maker])
    statics: Mapping[str, Host] = field(default_factory=dict[str, Host])
    refused: Mapping[str, str] = field(default_factory=dict[str, str])

    def not_offered(self, name: str) -> str | None:
        """What to write instead of a name that is known and not offered, None for any other."""
        return self.refused.get(name) or self.refused.get(last_part(name)) or instead_of(name)


@dataclass(slots=True, eq=False)
class ClassPlan:
    """A class of the script as far as it is known while compiling; every run makes its own class of it."""

    definition: tree.ClassDefinition
    parent: "ClassPlan | None" = None
    error_parent: str = ""
    fields: list[tuple[str, "Callable[[Value], Value] | None", Code | None]] = field(
        default_factory=list[tuple[str, "Callable[[Value], Value] | None", Code | None]]
    )
    statics: list[tuple[str, Code | None]] = field(default_factory=list[tuple[str, Code | None]])
    constants: list[tuple[str, Code]] = field(default_factory=list[tuple[str, Code]])
    constructors: list[Code] = field(default_factory=list[Code])
    methods: dict[str, list[Code]] = field(default_factory=dict[str, list[Code]])
    static_methods: dict[str, list[Code]] = field(default_factory=dict[str, list[Code]])
    table: dict[str, Method] = field(default_factory=dict[str, Method])
    static_table: dict[str, Method] = field(default_factory=dict[str, Method])

    @property
    def name(self) -> str:
        return self.definition.name

    def lineage(self) -> "list[ClassPlan]":
        """The class and those it extends, itself first."""
        found: list[ClassPlan] = [self]
        at = self.parent
        while at is not None and at not in found:
            found.append(at)
            at = at.parent
        return found

    def field_names(self) -> set[str]:
        return {one.name for plan in self.lineage() for one in plan.definition.fields if not one.static}

    def static_names(self) -> set[str]:
        found = {one.name for plan in self.lineage() for one in plan.definition.fields if one.static}
        return found | {one.name for one in self.definition.constants}

    def has_method(self, name: str) -> bool:
        if self.definition.enum and name in ("values", "valueOf", "name", "ordinal"):
            return True
        return any(name in plan.definition.promised or any(one.name == name for one in plan.definition.methods) for plan in self.lineage())


_SURVEYED = frozenset({tree.Assign, tree.AssignSeveral, tree.Declare, tree.MapLiteral, tree.Parameter, tree.ForIn})


class Script:
    """What is known of the whole script while it is compiled."""

    def __init__(self, source: str, root: tree.Block, vocabulary: Vocabulary) -> None:
        self.source = source
        self.vocabulary = vocabulary
        self.diagnostics: list[Diagnostic] = []
        self.refused = False
        self.functions: dict[str, list[Code]] = {}
        self.classes: dict[str, ClassPlan] = {}
        self.aliases: dict[str, str] = {}
        self.members: dict[str, str] = {}
        self.language = functions(vocabulary.functions)
        self.labels: dict[str, int] = {}
        self.assigned: set[str] = set()
        self.script_locals: set[str] = set()
        self.declared: set[str] = set()
        self.own_names: set[str] = set()
        for statement in root.statements:
            self._top(statement)
        for node in nodes(root):
            if type(node) in _SURVEYED:
                self._survey(node)

    def _survey(self, node: tree.Node) -> None:
        """Notes the names that the script itself brings: variables, and what its maps and objects are given."""
        match node:
            case tree.Assign(target=tree.Variable(name=name)):
                self.assigned.add(name)
            case tree.Assign(target=tree.Property(name=tree.Constant(value=str() as name))):
                self.own_names.add(name)
            case tree.AssignSeveral(targets=targets):
                self.assigned.update(one.name for one in targets if isinstance(one, tree.Variable))
            case tree.Declare(names=names):
                self.declared.update(names)
            case tree.MapLiteral(entries=entries):
                self.own_names.update(str(key.value) for key, _ in entries if isinstance(key, tree.Constant))
            case tree.Parameter(name=name) | tree.ForIn(name=name):
                self.declared.add(name)
            case _:
                pass

    def _top(self, statement: tree.Statement) -> None:
        if isinstance(statement, tree.Declare):
            self.script_locals.update(statement.names)
        elif isinstance(statement, tree.Several):
            for one in statement.statements:
                self._top(one)
        elif isinstance(statement, tree.Import):
            named = self.members if statement.static else self.aliases
            named[statement.alias or last_part(statement.name)] = statement.name

    def report(
        self, at: int, message: str, code: str = "script", *, severity: Literal["error", "warning"] = "error", instead: str = ""
    ) -> None:
        if len(self.diagnostics) >= MOST_FINDINGS and (severity == "warning" or self.refused):
            return
        self.refused = self.refused or severity == "error"
        self.diagnostics.append(diagnose(self.source, at, message, code=code, severity=severity, instead=instead))

    def refuse(self, at: int, name: str) -> bool:
        """Reports a name that is known and not offered; false for any other."""
        instead = self.vocabulary.not_offered(name)
        if instead is None:
            return False
        self.report(at, f"{name!r} is not offered; {instead}", "not-offered", instead=instead)
        return True

    def unknown(self, at: int, message: str, name: str, known: Iterable[str], code: str) -> None:
        """Reports a name that nothing here has: an error where one is near, else a warning, for it may never be reached."""
        hint = did_you_mean(name, known) if len(self.diagnostics) < MOST_HINTS else ""
        near = hint.split("'")[1] if hint else ""
        sure = bool(near) and (code == "unknown-variable" or (len(name) > 4 and likeness(name, near) >= 0.8))
        self.report(at, f"{message}{hint}", code, severity="error" if sure else "warning", instead=near)

    def unknown_variable(self, at: int, name: str, visible: Iterable[str]) -> None:
        if name in self.vocabulary.not_yet:
            self.report(at, f"{name!r} is not available yet", "not-yet")
        elif self.refuse(at, name) or (name in self.aliases and self.refuse(at, self.aliases[name])):
            return
        elif name in self.aliases:
            message = f"the class {self.aliases[name]!r} is not available in sync rules"
            self.report(at, message, "unknown-class", severity="warning", instead="a class of the library, or script functions")
        elif name in self.script_locals:
            message = f"{name!r} is declared with 'def' in the script, so functions do not see it; leave the 'def' out, or pass it"
            self.report(at, message, "unseen-variable", severity="warning", instead="leave the 'def' out, or pass it")
        elif name in self.declared:
            message = f"{name!r} is declared in another block or function, and not seen here; declare it before, outside the block"
            self.report(at, message, "unseen-variable", severity="warning", instead="declare it before, outside the block")
        else:
            known = {*visible, *self.assigned, *self.vocabulary.variables}
            self.unknown(at, f"there is no variable {name!r}", name, known, "unknown-variable")

    def check_method(self, at: int, receiver: str, name: str, count: int) -> None:
        """Reports a method that the receiver (a variable's name, or empty) cannot have."""
        listed = self.vocabulary.objects.get(receiver)
        if listed is None:
            self._check_any(at, name, count)
        elif name in listed:
            method = listed[name]
            if not method.least <= count <= method.most:
                wanted = str(method.least) if method.least == method.most else f"{method.least} to {method.most}"
                message = f"{receiver}.{name}() takes {wanted} argument{'' if wanted == '1' else 's'}, not {count}"
                self.report(at, message, "wrong-arguments")
        elif f"{receiver}.{name}" in self.vocabulary.not_yet:
            self.report(at, f"{receiver}.{name}() is not available yet", "not-yet")
        elif receiver not in ("connection", "relation") and not self.refuse(at, f"{receiver}.{name}"):
            hint = did_you_mean(name, listed)
            near = hint.split("'")[1] if hint else ""
            self.report(at, f"{receiver} has no method {name}(){hint}", "unknown-helper", instead=near)

    def _check_any(self, at: int, name: str, count: int) -> None:
        known = self.vocabulary.methods
        if name in known or accessor(name, count) or name in self.assigned or self._own_method(name) or self.refuse(at, f".{name}"):
            return
        self.unknown(at, f"there is no method {name}()", name, known, "unknown-method")

    def _own_method(self, name: str) -> bool:
        return name in self.declared or name in self.own_names or any(one.has_method(name) for one in self.classes.values())


def path_of(at: int, name: str) -> tree.Expression:
    """A dotted name as the expression that it is."""
    first, *rest = name.split(".")
    found: tree.Expression = tree.Variable(at, first)
    for one in rest:
        found = tree.Property(at, found, tree.Constant(at, one), False, False)
    return found


@dataclass(slots=True, eq=False)
class Scope:
    """The variables of one function, closure or script; `blocks` are the ones open now, innermost last."""

    script: Script
    parent: "Scope | None" = None
    top: bool = False
    owner: ClassPlan | None = None
    delegate: bool = False
    blocks: list[dict[str, int]] = field(default_factory=lambda: [{}])
    size: int = 0
    loops: int = 0
    switches: int = 0
    labels: list[str] = field(default_factory=list[str])

    def declare(self, at: int, name: str) -> int:
        if self.find(name) is not None and not (name == "it" and "it" not in self.blocks[-1]):
            self.script.report(at, f"the variable {name!r} is declared already", "declared-twice")
        self.blocks[-1][name] = self.size
        self.size += 1
        return self.size - 1

    def hidden(self) -> int:
        """A slot without a name."""
        self.size += 1
        return self.size - 1

    def visible(self) -> set[str]:
        names = {name for block in self.blocks for name in block}
        return names | (self.parent.visible() if self.parent else set[str]())

    def find(self, name: str) -> tuple[int, int] | None:
        """How many frames out, and which slot; None where it is no local variable."""
        depth = 0
        scope: Scope | None = self
        while scope is not None:
            for block in reversed(scope.blocks):
                if name in block:
                    return depth, block[name]
            scope, depth = scope.parent, depth + 1
        return None
