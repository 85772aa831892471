"""From source text to a program, or to everything that is wrong with it."""

from dataclasses import dataclass, replace

from rules import compile_calls, compile_expressions, compile_loops, compile_statements, limits, tree
from rules.code import Code
from rules.compile_functions import define
from rules.diagnostics import RuleErrors, diagnose
from rules.emit import statement
from rules.host.not_offered import foremost, not_offered
from rules.host.vocabulary import VOCABULARY
from rules.parser_statements import parse
from rules.scope import Scope, Script
from rules.tracing import TELLING, telling

COMPILERS = (compile_calls, compile_expressions, compile_loops, compile_statements)
"""Imported for what they register."""


@dataclass(frozen=True, slots=True)
class Program:
    """A compiled script: immutable, may be kept and run any number of times."""

    name: str
    source: str
    main: Code


def compile_rule(source: str, name: str, *, traced: bool = False) -> Program:
    """The program; raises RuleErrors with all that was found. A `traced` one tells what its statements give."""
    if len(source) > limits.SOURCE:
        raise RuleErrors(name, [diagnose("", 0, f"the script has more than {limits.SOURCE} characters")])
    try:
        return _compile(source, name, traced=traced)
    except RecursionError:
        raise RuleErrors(name, [diagnose(source, 0, "the script is nested too deeply; use variables and functions")]) from None


def _compile(source: str, name: str, *, traced: bool) -> Program:
    root, faults = parse(source)
    refused = not_offered(source, root, [one.at for one in faults], VOCABULARY.variables)
    if faults:
        raise RuleErrors(name, foremost(refused, [diagnose(source, one.at, one.message, code="syntax") for one in faults]))
    vocabulary = replace(VOCABULARY, functions={**VOCABULARY.functions, **TELLING}) if traced else VOCABULARY
    root = telling(root) if traced else root
    script = Script(source, root, vocabulary)
    define(script, [one for one in root.statements if isinstance(one, tree.FunctionDefinition)])
    scope = Scope(script, top=True)
    main = Code("the script", body=statement(root, scope))
    main.size = scope.size
    if refused or script.diagnostics:
        raise RuleErrors(name, foremost(refused, script.diagnostics))
    return Program(name, source, main)
