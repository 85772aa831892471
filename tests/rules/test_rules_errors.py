"""What a script's author is told."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from model.errors import ScriptFailed
from rules import Limits, RuleErrors, compile_rule, run_incoming, run_outgoing
from rules.interface import Lookup, Needed, Received
from tests.rules.conftest import Evaluate, an_item, surroundings

COMPILE: list[tuple[str, str, int, int]] = [
    ("replica.x = isue.key", "there is no variable 'isue'; did you mean 'issue'?", 1, 13),
    ("issue.x = nodeHelper.getUserByEmial('a')", "nodeHelper has no method getUserByEmial(); did you mean 'getUserByEmail'?", 1, 22),
    ("nodeHelper.getStatus()", "nodeHelper.getStatus() takes 1 to 2 arguments, not 0", 1, 12),
    ("'a'.trimm()", "there is no method trimm(); did you mean 'trim'?", 1, 5),
    ("nodeHelpr.getUser('x')", "there is no variable 'nodeHelpr'; did you mean 'nodeHelper'?", 1, 1),
    ("def twice(x) { x }\ntwise(1)", "there is no function twise(); did you mean 'twice'?", 2, 1),
    ("def f(a) { a }\ndef f(b) { b }", "the function f() is defined twice", 2, 5),
    ("def a = 1\ndef a = 2", "the variable 'a' is declared already", 2, 5),
    ("replica = 1", "'replica' is given and cannot be assigned", 1, 1),
    ("new Thread()", "'Thread' is not offered", 1, 1),
    ("new Nothing()", "the class 'Nothing' is not available in sync rules", 1, 1),
    ("class A { }\nclass A { }", "the class A is declared twice", 2, 7),
    ("trait A { }", "a trait is not available", 1, 1),
    ("'x' instanceof Strnig", "the type 'Strnig' is not known here; did you mean 'String'?", 1, 5),
    ("break", "'break' is not inside a loop", 1, 1),
    ("[1].each { continue }", "in a closure, return goes on with the next element", 1, 12),
    ("if (true) {", "'{' is never closed", 1, 11),
    ("def x = (1 + 2", "'(' is never closed", 1, 9),
    ("x = 'abc", "this text is never closed with '", 1, 5),
    ('x = "cost: $"', "write \\$", 1, 5),
    ("x = 'a\\qb'", "is no escape", 1, 5),
    ("def x = 1 2", "unexpected '2'; a statement ends at the line end", 1, 11),
    ("1 = 2", "only a variable, a property or an element can be assigned to", 1, 1),
    ("x = " + "(" * 80 + "1" + ")" * 80, "nested more than 50 levels", 1, 53),
    ("x = " + "1 + " * 300 + "1", "more than 120 parts", 1, 487),
    ("try { } ", "'try' needs a 'catch' or a 'finally'", 1, 1),
    ("Math.floorr(1)", "Math has no method floorr(); did you mean 'floor'?", 1, 6),
    ("x = #", "'#' has no meaning here", 1, 5),
]

WARNINGS: list[tuple[str, str, str]] = [
    ("def x = 1\ndef f() { x }\nf()", "'x' is declared with 'def' in the script", "unseen-variable"),
    ("def twice = { it * 2 }\ndef f() { twice(1) }\nf()", "'twice' is declared with 'def' in the script", "unseen-variable"),
    ("if (firstSync) { def found = 1 }\nreplica.x = found", "'found' is declared in another block", "unseen-variable"),
    ("return\nissue.x = 1", "this is never reached: line 1 leaves before it", "unreachable"),
    ("import org.acme.Tool\nif (false) { Tool.use() }", "'Tool' is not offered", "external-script"),
    ("if (false) { strange(1) }", "there is no function strange()", "unknown-function"),
    ("if (false) { issue.x = qqq }", "there is no variable 'qqq'", "unknown-variable"),
    ("issue.summary.zzz()", "there is no method zzz()", "unknown-method"),
    ("def f(a) { a }\nf(1, 2)", "f() takes 1 argument, not 2", "wrong-arguments"),
    ("import com.atlassian.jira.component.ComponentAccessor", "is not offered", "tracker-client"),
]

RUNTIME: list[tuple[str, str, int, int]] = [
    ("def x = issue.nope.name", "cannot read 'name' of null; write ?.name", 1, 20),
    ("def x = null\nx.trim()", "cannot call trim() on null", 2, 3),
    ("issue.summary.foo", "a text has no property 'foo'", 1, 15),
    ("5.keySet()", "a number has no method keySet()", 1, 3),
    ("null + 1", "'+' does not work with null", 1, 6),
    ("1 / 0", "division by zero", 1, 3),
    ("[] < 1", "cannot compare a list with a number", 1, 4),
    ("'abc'[5]", "there is none at 5", 1, 6),
    ("[].first()", "the list is empty", 1, 4),
    ("'x'.toInteger()", "'x' is no whole number", 1, 5),
    ("int i = 'xy'", "a text cannot be put into 'int'", 1, 5),
    ("throw new com.exalate.api.exception.IssueTrackerException('stop here')", "stop here", 1, 1),
    ("debug.error('look: ' + issue.key)", "look: ACME-7", 1, 7),
    ("httpClient.http('COPY', '/x')", "httpClient knows the methods", 1, 12),
    ("'' * 1e200", "'*' needs a whole number", 1, 4),
    ("[1].add(2**60, 1)", "an index needs a smaller number than", 1, 5),
    ("throw 'x'", "only an exception can be thrown", 1, 1),
    ("issue.key = 'A'", "use the operation Connect", 1, 7),
    ("issue.assignee = 'ann'", "'assignee' takes a user", 1, 7),
    ("'x' ==~ /(/", "a group is never closed", 1, 5),
    ("syncHelper.syncBackAfterProcessing()", "works in incoming rules only", 1, 12),
    ("def l = []\nl << l\nreplica.x = l", "contains itself", 0, 0),
    ("replica.x = { 1 }", "replica.x cannot hold a closure", 0, 0),
    ("def l = [1, 2]\nl.each { l << it }", "changed while it was being looped over", 2, 3),
]

LIMITS: list[tuple[str, str]] = [
    ("while (true) { }", "more than 100000 steps"),
    ("def f() { f() }\nf()", "nested more than 80 deep"),
    ("def s = 'x' * 999999\ns + s", "a text grew beyond 1000000 characters"),
    ("'x' * 2000000", "a text grew beyond"),
    ("'x'.padLeft(100000000)", "a text grew beyond"),
    ("1..200000", "a list or map grew beyond 100000 elements"),
    ("def l = [1]\nwhile (true) { l += l }", "a list or map grew beyond"),
    ("('a' * 1000).replace('a', 'a' * 2000)", "a text grew beyond"),
    ("def n = 9\nwhile (true) { n = n * n }", "a number grew too large"),
    ("('a' * 40) ==~ /(a+)+b/", "more than 100000 steps"),
    ("('a' * 3000) ==~ /a*a*a*a*b/", "more than 100000 steps"),
    ('def l = []\n40.times { l = [l, l] }\nreplica.r = "$l"', "too large to compare or to write out"),
    ("try { while (true) { } } catch (Throwable t) { }", "more than 100000 steps"),
]


@pytest.mark.parametrize(("source", "message", "line", "column"), COMPILE, ids=[one[0][:60] for one in COMPILE])
def test_found_before_running(source: str, message: str, line: int, column: int) -> None:
    with pytest.raises(RuleErrors) as caught:
        compile_rule(source, "incoming")
    first = caught.value.diagnostics[0]
    assert message in first.message
    assert (first.line, first.column) == (line, column)


@pytest.mark.parametrize(("source", "message", "code"), WARNINGS, ids=[one[0][:60] for one in WARNINGS])
def test_what_may_never_be_reached_is_a_warning(source: str, message: str, code: str) -> None:
    program = compile_rule(source, "incoming")
    assert [(one.severity, one.code, one.file) for one in program.warnings] == [("warning", code, "incoming")]
    assert message in program.warnings[0].message


@pytest.mark.parametrize(("source", "message", "line", "column"), RUNTIME, ids=[one[0][:60] for one in RUNTIME])
def test_found_while_running(evaluate: Evaluate, source: str, message: str, line: int, column: int) -> None:
    with pytest.raises(ScriptFailed) as caught:
        evaluate(source)
    assert message in caught.value.message
    assert (caught.value.line, caught.value.column) == (line, column)


@pytest.mark.parametrize(("source", "message"), LIMITS, ids=[one[0][:60] for one in LIMITS])
def test_limits(source: str, message: str) -> None:
    with pytest.raises(ScriptFailed) as caught:
        run_outgoing(compile_rule(source, "outgoing"), an_item(), surroundings(), {}, {}, limits=Limits(steps=100_000))
    assert message in caught.value.message


def test_wall_time_is_limited_by_the_given_clock() -> None:
    ticks = iter(range(1000))
    program = compile_rule("while (true) { }", "outgoing")
    with pytest.raises(ScriptFailed, match="takes longer than 5 seconds"):
        run_outgoing(program, an_item(), surroundings(), {}, {}, limits=Limits(seconds=5), clock=lambda: float(next(ticks)))


def test_all_problems_are_reported_at_once() -> None:
    with pytest.raises(RuleErrors) as caught:
        compile_rule("a1()\nreplica.x = isue.key\n'a'.trimm()", "incoming")
    assert [one.line for one in caught.value.diagnostics] == [1, 2, 3]


def test_findings_are_bounded_but_an_error_is_never_lost() -> None:
    with pytest.raises(RuleErrors) as caught:
        compile_rule("issue.zzz1()\n" * 2000 + "break", "incoming")
    assert len(caught.value.diagnostics) == 1001
    assert [one.line for one in caught.value.diagnostics if one.severity == "error"] == [2001]


def test_all_unreadable_statements_are_reported_at_once() -> None:
    with pytest.raises(RuleErrors) as caught:
        compile_rule("x = \ny = 1 2\nif (true) { z = ) }\nreplica.a = ]", "incoming")
    assert [one.line for one in caught.value.diagnostics] == [3]


def test_a_text_that_is_never_closed_does_not_hide_the_next_line() -> None:
    with pytest.raises(RuleErrors) as caught:
        compile_rule("x = 'abc\ny = f('q\nz = #\nif (x) {\n  a = 1 2\n}\nb = 'ok'", "incoming")
    assert [(one.line, one.message.split(";")[0][:20]) for one in caught.value.diagnostics] == [
        (1, "this text is never c"), (2, "this text is never c"), (3, "the character '#' ha"), (5, "unexpected '2'"),
    ]  # fmt: skip


def test_a_broken_statement_does_not_hide_the_next() -> None:
    with pytest.raises(RuleErrors) as caught:
        compile_rule("x = 1 2\ny = 2\nif (y) {\n z = 1 +* 2\n}\nz = * 2", "incoming")
    assert [one.line for one in caught.value.diagnostics] == [1, 4, 6]


def test_the_place_is_shown_with_a_caret(evaluate: Evaluate) -> None:
    with pytest.raises(ScriptFailed) as caught:
        evaluate("def x = [:]\n\tx.y.z")
    assert caught.value.message.splitlines() == [
        "outgoing, line 2, column 6: cannot read 'z' of null; write ?.z where the value may be missing",
        "    \tx.y.z",
        "    \t    ^",
    ]


def test_the_calls_that_led_there_are_shown(evaluate: Evaluate) -> None:
    with pytest.raises(ScriptFailed) as caught:
        evaluate("def f(x) {\n  x.name\n}\n[null].each {\n  f(it)\n}")
    assert caught.value.message.splitlines() == [
        "outgoing, line 2, column 5: cannot read 'name' of null; write ?.name where the value may be missing",
        "      x.name",
        "        ^",
        "    called by f() in line 5",
        "    called by each() in line 4",
    ]


def test_a_long_chain_of_calls_is_shortened(evaluate: Evaluate) -> None:
    with pytest.raises(ScriptFailed) as caught:
        evaluate("def f(n) { n ? f(n - 1) : null.x }\nf(30)")
    assert caught.value.message.count("called by f()") == 8
    assert "calls more" in caught.value.message


OWN_LIMITS: list[tuple[Limits, str, str]] = [
    (Limits(steps=100), "while (true) { }", "more than 100 steps"),
    (Limits(depth=5), "def f(n) { f(n + 1) }\nf(1)", "nested more than 5 deep"),
    (Limits(text=100), "'x' * 101", "a text grew beyond 100 characters"),
    (Limits(items=50), "(1..60).toList()", "a list or map grew beyond 50 elements"),
    (Limits(allocated=5000), "100.times { 'x' * 100 }", "the script made more than 5000 characters and elements"),
    (Limits(pattern_steps=1000), "('a' * 40) ==~ /(a+)+b/", "patterns take more than 1000 steps"),
    (Limits(calls=2), "5.times { nodeHelper.getPriority('High') }", "asks the platform more than 2 times"),
    (Limits(answer_bytes=100), "20.times { nodeHelper.getPriority('High') }", "answers have more than 100 bytes"),
]


@pytest.mark.parametrize(("limits", "source", "message"), OWN_LIMITS, ids=[one[2] for one in OWN_LIMITS])
def test_every_limit_can_be_set_and_has_its_own_error(limits: Limits, source: str, message: str) -> None:
    answers: dict[Lookup, JsonValue] = {}
    answers[Lookup(name="priority", arguments=("High",))] = {"name": "High", "id": "2"}
    with pytest.raises(ScriptFailed) as caught:
        run_outgoing(compile_rule(source, "outgoing"), an_item(), surroundings(), {}, answers, limits=limits)
    assert message in caught.value.message
    *before, last = source.splitlines()
    guarded = compile_rule("\n".join([*before, f"try {{ {last} }} catch (Throwable t) {{ }}"]), "outgoing")
    with pytest.raises(ScriptFailed):
        run_outgoing(guarded, an_item(), surroundings(), {}, answers, limits=limits)


TOKEN_LINE = (
    "issue replica . ?. *. key summary comments = == + - * / ( ) [ ] { } -> , : ; \n if else for in while switch case default "
    "return break continue try catch finally throw new def String int it x f 1 2.5 'a' \"${x}\" \"$x.y\" /a+/ =~ ==~ ~ ! && || ?: ? "
    ".. ++ -- += << as instanceof null true each collect size nodeHelper getPriority find join Exception as Set"
)  # fmt: skip
TOKENS = re.split(" ", TOKEN_LINE)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(TOKENS), max_size=30), st.booleans())
def test_no_script_breaks_the_interpreter(tokens: list[str], spaced: bool) -> None:
    source = (" " if spaced else "").join(tokens)
    try:
        program = compile_rule(source, "incoming")
        run_outgoing(program, an_item(), surroundings(), {}, {}, limits=Limits(steps=20_000))
        run_incoming(program, Received(replica={}, previous={}, item=None), surroundings(), {}, limits=Limits(steps=20_000))
    except (RuleErrors, ScriptFailed, Needed):
        return


@settings(max_examples=120, deadline=None)
@given(st.text(alphabet="ab(|)[]*+?{}\\^$.d1,-<=!:'", max_size=25), st.text(alphabet="ab1\n-", max_size=15))
def test_no_pattern_breaks_the_interpreter(pattern: str, subject: str) -> None:
    quoted = pattern.replace("\\", "\\\\").replace("'", "\\'").replace("$", "\\$")
    script = f"replica.r = '''{subject}'''.replaceAll('''{quoted} ''', '-').split('''{quoted} ''')"
    try:
        run_outgoing(compile_rule(script, "outgoing"), an_item(), surroundings(), {}, {}, limits=Limits(steps=20_000))
    except (RuleErrors, ScriptFailed):
        return
