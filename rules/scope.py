"""Names while compiling: which variable is meant, and what is wrong with the ones that are not known."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass

from rules import tree
from rules.code import Code
from rules.diagnostics import Diagnostic, diagnose, did_you_mean
from rules.library.dispatch import METHOD_NAMES, accessor
from rules.library.table import Method


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the host offers: variables, the methods of its objects by variable, and names that are known but not there yet."""

    variables: frozenset[str]
    objects: Mapping[str, Mapping[str, Method]]
    functions: Mapping[str, Method]
    fixed: frozenset[str]
    not_yet: frozenset[str]
    methods: frozenset[str] = METHOD_NAMES


class Script:
    """What is known of the whole script while it is compiled."""

    def __init__(self, source: str, root: tree.Block, vocabulary: Vocabulary) -> None:
        self.source = source
        self.vocabulary = vocabulary
        self.diagnostics: list[Diagnostic] = []
        self.functions: dict[str, Code] = {}
        self.assigned: set[str] = set()
        self.script_locals: set[str] = set()
        for statement in root.statements:
            if isinstance(statement, tree.Declare):
                self.script_locals.update(statement.names)
        for node in nodes(root):
            if isinstance(node, tree.Assign) and isinstance(node.target, tree.Variable):
                self.assigned.add(node.target.name)

    def report(self, at: int, message: str, code: str = "script", instead: str = "") -> None:
        self.diagnostics.append(diagnose(self.source, at, message, code=code, instead=instead))

    def unknown_variable(self, at: int, name: str, visible: Iterable[str]) -> None:
        if name in self.vocabulary.not_yet:
            self.report(at, f"{name!r} is not available yet")
        elif name in self.script_locals:
            self.report(at, f"{name!r} is declared with 'def' in the script, so functions do not see it; leave the 'def' out, or pass it")
        else:
            known = {*visible, *self.assigned, *self.vocabulary.variables}
            self.report(at, f"there is no variable {name!r}{did_you_mean(name, known)}", "unknown-variable")

    def check_method(self, at: int, receiver: str, name: str, count: int) -> None:
        """Reports a method that the receiver (a variable's name, or empty) cannot have."""
        listed = self.vocabulary.objects.get(receiver)
        if listed is None:
            self._check_any(at, name, count)
        elif name in listed:
            method = listed[name]
            if not method.least <= count <= method.most:
                wanted = str(method.least) if method.least == method.most else f"{method.least} to {method.most}"
                self.report(at, f"{receiver}.{name}() takes {wanted} argument{'' if wanted == '1' else 's'}, not {count}", "arguments")
        elif f"{receiver}.{name}" in self.vocabulary.not_yet:
            self.report(at, f"{receiver}.{name}() is not available yet")
        elif receiver not in ("connection", "relation"):
            self.report(at, f"{receiver} has no method {name}(){did_you_mean(name, listed)}", "unknown-method")

    def _check_any(self, at: int, name: str, count: int) -> None:
        if name not in self.vocabulary.methods and not accessor(name, count) and name not in self.assigned:
            self.report(at, f"there is no method {name}(){did_you_mean(name, self.vocabulary.methods)}", "unknown-method")


def nodes(root: tree.Node) -> Iterable[tree.Node]:
    """Every node of the tree, without recursion."""
    pending: list[object] = [root]
    while pending:
        one = pending.pop()
        if isinstance(one, tuple):
            pending.extend(one)  # pyright: ignore[reportUnknownArgumentType]
        elif isinstance(one, tree.Node) and is_dataclass(one):
            yield one
            pending.extend(getattr(one, each.name) for each in fields(one))


@dataclass(slots=True)
class Scope:
    """The variables of one function, closure or script; `blocks` are the ones open now, innermost last."""

    script: Script
    parent: "Scope | None" = None
    top: bool = False
    blocks: list[dict[str, int]] = field(default_factory=lambda: [{}])
    size: int = 0
    loops: int = 0
    switches: int = 0

    def declare(self, at: int, name: str) -> int:
        if name in self.visible():
            self.script.report(at, f"the variable {name!r} is declared already")
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
