"""The sync-rule language: `compile_rule` once, then `run_outgoing` and `run_incoming` on values."""

from rules.compile import Program, check_rule, compile_rule
from rules.diagnostics import Diagnostic, RuleErrors
from rules.limits import Limits
from rules.run import run_incoming, run_outgoing

__all__ = [
    "Diagnostic",
    "Limits",
    "Program",
    "RuleErrors",
    "check_rule",
    "compile_rule",
    "run_incoming",
    "run_outgoing",
]
