"""Programs run here, with the answer in the form in which Groovy's is compared."""

import json
from decimal import Decimal

from rules import Limits, RuleErrors, compile_rule
from rules.diagnostics import Diagnostic
from rules.library.buffers import Buffer
from rules.library.classes import StaticClass
from rules.library.dates import DateValue, moment
from rules.library.errors import ErrorClass, ErrorValue, Thrown
from rules.library.iterators import IteratorValue, OptionalValue
from rules.library.numbers import Constant
from rules.library.pairs import Entry
from rules.library.strings_patterns import Matcher, PatternValue
from rules.library.table import Method
from rules.library.temporal import Temporal, ZoneValue
from rules.limits import Fault, LimitReached, Raised
from rules.objects import ClassValue, Instance
from rules.scope import Vocabulary
from rules.state import Invocable, Run
from rules.values import Host, SetValue, Value, floating_text, text_of
from tests.rules.conftest import surroundings
from tests.rules.groovy import Answer

LIMITS = Limits(steps=300_000)


def _print(run: Run, _self: None, arguments: list[Value]) -> Value:
    run.binding["printed"] = f"{run.binding['printed']}{text_of(arguments[0]) if arguments else ''}"
    return None


def _print_line(run: Run, self: None, arguments: list[Value]) -> Value:
    return _print(run, self, [f"{text_of(arguments[0]) if arguments else ''}\n"])


BARE = Vocabulary(
    variables=frozenset(),
    objects={},
    functions={"println": Method(0, 1, _print_line), "print": Method(1, 1, _print)},
    fixed=frozenset(),
    not_yet=frozenset(),
)
"""No host: the language and its library alone."""


def shown(value: Value, depth: int = 0) -> str:
    """The canonical text of a value."""
    if depth > 40:
        return '"..."'
    if value is None or isinstance(value, bool):
        return text_of(value)
    if isinstance(value, Decimal):
        return str(value) + ("G" if str(value).lstrip("-").isdigit() else "")
    if isinstance(value, float):
        return floating_text(value) + "d"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return json.dumps(value)
    if isinstance(value, dict):
        entries = ", ".join(f"{shown(key, depth + 1)}: {shown(one, depth + 1)}" for key, one in value.items())
        return f"[{entries}]" if value else "[:]"
    if isinstance(value, SetValue):
        return f"set[{', '.join(sorted(shown(one, depth + 1) for one in value))}]"
    if isinstance(value, list):
        return f"[{', '.join(shown(one, depth + 1) for one in value)}]"
    return _host(value, depth)


def _host(value: Host, depth: int) -> str:
    if isinstance(value, DateValue):
        at = moment(value)
        fraction = f".{at.microsecond // 1000:03}" if at.microsecond else ""
        return f"{value.kind} {at:%Y-%m-%dT%H:%M:%S}{fraction}Z"
    if isinstance(value, Temporal | ZoneValue):
        return f"{value.of if isinstance(value, Temporal) else 'ZoneId'} {value.text()}"
    if isinstance(value, Entry):
        return f"{shown(value.key, depth + 1)}={shown(value.value, depth + 1)}"
    if isinstance(value, Buffer):
        return json.dumps(value.text())
    if isinstance(value, IteratorValue):
        return "object iterator"
    if isinstance(value, Instance) and value.constant:
        return value.constant
    if isinstance(value, ErrorValue) and value.is_a("Throwable"):
        return f"error {value.name}"
    if isinstance(value, ClassValue | StaticClass | ErrorClass):
        return f"class {value.plan.name if isinstance(value, ClassValue) else value.name}"
    return _plain(value)


def _plain(value: Host) -> str:
    if isinstance(value, Invocable):
        return "closure"
    if isinstance(value, PatternValue):
        return "~" + json.dumps(value.text())
    if isinstance(value, Matcher):
        return "matcher"
    if isinstance(value, Constant | OptionalValue):
        return f"Locale {value.text()}" if isinstance(value, Constant) and value.of == "Locale" else value.text()
    if value.kind in ("UUID", "URI", "Locale", "Duration", "Period"):
        return f"{value.kind} {value.text()}"
    return f"object {value.text().rsplit('@', 1)[0]}"


def play(source: str, limits: Limits = LIMITS) -> Answer:
    """The answer; a limit that was reached is the error `LimitReached`."""
    try:
        program = compile_rule(source, "program", BARE)
    except RuleErrors as errors:
        return Answer(None, "", "compile", str(errors))
    run = Run(surroundings(), {}, limits, None)
    run.binding["printed"] = ""
    try:
        value = shown(program.main.call(run, None, []))
    except Raised as raised:
        return Answer(None, text_of(run.binding["printed"]), error_class(raised), raised.message)
    except RecursionError:
        return Answer(None, text_of(run.binding["printed"]), "LimitReached", "recursion")
    return Answer(value, text_of(run.binding["printed"]), None)


def error_class(raised: Raised) -> str:
    if isinstance(raised, LimitReached):
        return "LimitReached"
    if isinstance(raised, Thrown):
        return raised.value.name
    return raised.kind if isinstance(raised, Fault) else "Raised"


def findings(source: str) -> tuple[Diagnostic, ...]:
    try:
        return compile_rule(source, "program", BARE).warnings
    except RuleErrors as errors:
        return errors.diagnostics
