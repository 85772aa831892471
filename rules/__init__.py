"""The sync-rule language: `compile_rule` once, then `run_outgoing` and `run_incoming` on values."""

from rules.compile import Program, compile_rule
from rules.diagnostics import Diagnostic, RuleErrors
from rules.limits import Limits
from rules.run import run_incoming, run_outgoing, run_sending

__all__ = [
    "Diagnostic",
    "Limits",
    "Program",
    "RuleErrors",
    "compile_rule",
    "run_incoming",
    "run_outgoing",
    "run_sending",
]
