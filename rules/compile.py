"""From source text to a program, or to everything that is wrong with it."""

from dataclasses import dataclass, replace

from rules import compile_calls, compile_expressions, compile_loops, compile_methods, compile_operators, compile_statements, limits, tree
from rules.code import Code
from rules.compile_classes import announce, define_classes
from rules.compile_functions import define, returning
from rules.diagnostics import Diagnostic, RuleErrors, diagnose, ordered
from rules.emit import statement
from rules.host.not_offered import foremost, not_offered
from rules.host.vocabulary import VOCABULARY
from rules.parser_statements import parse
from rules.scope import Scope, Script, Vocabulary
from rules.tracing import TELLING, telling

COMPILERS = (compile_calls, compile_expressions, compile_loops, compile_methods, compile_operators, compile_statements)
"""Imported for what they register."""


@dataclass(frozen=True, slots=True)
class Program:
    """A compiled script: immutable, may be kept and run any number of times."""

    name: str
    source: str
    main: Code
    warnings: tuple[Diagnostic, ...] = ()


def check_rule(source: str, name: str, vocabulary: Vocabulary = VOCABULARY) -> tuple[Diagnostic, ...]:
    """Everything found in the script, errors and warnings, in source order."""
    try:
        return compile_rule(source, name, vocabulary).warnings
    except RuleErrors as errors:
        return errors.diagnostics


def compile_rule(source: str, name: str, vocabulary: Vocabulary = VOCABULARY, *, traced: bool = False) -> Program:
    """The program; raises RuleErrors with all that was found where that has an error. A `traced` one tells what its statements give."""
    if len(source) > limits.SOURCE:
        raise RuleErrors(name, [diagnose("", 0, f"the script has more than {limits.SOURCE} characters")])
    try:
        return _compile(source, name, vocabulary, traced=traced)
    except RecursionError:
        raise RuleErrors(name, [diagnose(source, 0, "the script is nested too deeply; use variables and functions")]) from None


def _compile(source: str, name: str, vocabulary: Vocabulary, *, traced: bool) -> Program:
    root, faults = parse(source)
    refused = not_offered(source, root, [one.at for one in faults], {*vocabulary.variables, *vocabulary.makers, *vocabulary.statics})
    if faults:
        raise RuleErrors(name, foremost(refused, [diagnose(source, one.at, one.message) for one in faults]))
    if traced:
        vocabulary, root = replace(vocabulary, functions={**vocabulary.functions, **TELLING}), telling(root)
    script = Script(source, root, vocabulary)
    announce(script, [one for one in root.statements if isinstance(one, tree.ClassDefinition)])
    define(script, [one for one in root.statements if isinstance(one, tree.FunctionDefinition)])
    define_classes(script)
    scope = Scope(script, top=True)
    main = Code("the script", body=statement(_with_result(root), scope))
    main.size = scope.size
    found = foremost(refused, script.diagnostics)
    if any(one.severity == "error" for one in found):
        raise RuleErrors(name, found)
    return Program(name, source, main, ordered(name, found))


def _with_result(root: tree.Block) -> tree.Statement:
    """The script with its last expression as its value; where functions and classes stand does not matter."""
    definitions = tree.FunctionDefinition | tree.ClassDefinition
    first = [one for one in root.statements if isinstance(one, definitions)]
    rest = [one for one in root.statements if not isinstance(one, definitions)]
    return returning(tree.Block(root.at, (*first, *rest)))
