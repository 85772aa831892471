"""Helpers with a table of answers, HTTP, conversions of text, and the trace."""

import pytest
from pydantic import JsonValue

from model.item import Fields
from rules import compile_rule, run_outgoing
from rules.interface import Lookup, Needed
from rules.trial import Given, try_incoming, try_outgoing
from tests.rules.conftest import an_item, surroundings


def value(script: str, answers: Fields) -> JsonValue:
    found = try_incoming(compile_rule(f"issue.a = {script}", "incoming"), Given(answers=answers))
    assert found.failure == ""
    assert found.result is not None
    return found.result["a"]


ANN: Fields = {"key": "u1"}
TABLES: list[tuple[str, Fields, JsonValue]] = [
    ("nodeHelper.getUserByEmail('a@b')", {"nodeHelper.getUserByEmail": {"a@b": ANN}}, ANN),
    ("nodeHelper.getUserByEmail('a@b', 'X')", {"nodeHelper.getUserByEmail": {"a@b": ANN}}, ANN),
    ("nodeHelper.getUserByEmail('a@b', 'X')", {"nodeHelper.getUserByEmail": {"a@b, X": ANN, "a@b": None}}, ANN),
    ("nodeHelper.getUserByEmail('c@d')", {"nodeHelper.getUserByEmail": {"a@b": None, "*": ANN}}, ANN),
    ("nodeHelper.getUserByEmail(null)", {"nodeHelper.getUserByEmail": {"*": ANN}}, ANN),
    ("nodeHelper.getUserByEmail(null)", {}, None),
    ("nodeHelper.getUserByEmail('c@d')", {"nodeHelper": {"getUserByEmail": {"*": ANN}}}, ANN),
    ("nodeHelper.getOption(issue, 'Team', 'Red')", {"nodeHelper.getOption": {"Team, Red": 1}}, 1),
    ("nodeHelper.getOption(issue, 'Team', 'Red')", {"nodeHelper.getOption": {"Red": 2}}, 2),
    ("nodeHelper.getLocalIssueFromRemoteId(12L)?.key", {"nodeHelper.getLocalIssueFromRemoteId": {"12": {"key": "A-1"}}}, "A-1"),
    ("nodeHelper.getLabel('x').label", {"nodeHelper.getLabel": {"*": {"label": "y"}}}, "y"),
    ("syncHelper.getTrackerUrl()", {"syncHelper.getTrackerUrl": "https://acme.test"}, "https://acme.test"),
    ("syncHelper.getTrackerUrl()", {"syncHelper.getTrackerUrl": {"*": "https://acme.test"}}, "https://acme.test"),
    ("httpClient.get('/x').a", {"httpClient.get": {"/x": {"a": 1}}}, 1),
    ("httpClient.get('/x', [q: 'y'])[0]", {"httpClient.get": {"GET /x": [5]}}, 5),
    ("httpClient.get('/x', true).a", {"httpClient.get": {"*": {"a": 2}}}, 2),
    ("httpClient.post('/x', '{}').id", {"httpClient.post": {"/x": {"code": 201, "body": {"id": 7}}}}, 7),
    (
        "httpClient.http('GET', '/x', null, null, null) { req, res -> req.method + res.code }",
        {"httpClient.http": {"*": {"code": 404}}},
        "GET404",
    ),
    ("httpClient.http('POST', '/x', '{}', [:], [:]) { it.body.id }", {"httpClient.http": {"POST /x": {"id": 9}}}, 9),
    ("httpClient.http('DELETE', '/x').id", {"httpClient.http": {"/x": {"id": 3}}}, 3),
    ("httpClient.delete('/x') { res -> res.code }", {"httpClient.delete": {"/x": {"code": 204, "body": None}}}, 204),
]


@pytest.mark.parametrize(("script", "answers", "expected"), TABLES)
def test_answers_by_argument(script: str, answers: Fields, expected: JsonValue) -> None:
    assert value(script, answers) == expected


UNANSWERED: list[tuple[str, Fields, str]] = [
    ("nodeHelper.getPriority('High')", {}, 'nodeHelper.getPriority("High") has no answer; put {"nodeHelper.getPriority": {"High": "..."}}'),
    ("nodeHelper.getPriority('High')", {"nodeHelper.getPriority": {"Low": 1}}, '{"nodeHelper.getPriority": {"High": "..."}}'),
    ("syncHelper.getTrackerUrl()", {}, "syncHelper.getTrackerUrl() has no answer"),
    ("httpClient.get('/x')", {}, '{"httpClient.get": {"/x": "..."}}'),
    ("httpClient.http('PUT', '/x', '{}', null, null)", {}, '{"httpClient.http": {"PUT /x": "..."}}'),
    ("[1].collect { nodeHelper.getUser('u1') }", {}, "nodeHelper.getUser"),
    ("httpClient.get('/x')", {"httpClient.get": {"*": {"code": 403, "body": "no"}}}, "GET '/x' was answered 403: no"),
]


@pytest.mark.parametrize(("script", "answers", "message"), UNANSWERED)
def test_a_call_without_an_answer_is_named(script: str, answers: Fields, message: str) -> None:
    found = try_incoming(
        compile_rule(f"try {{ issue.a = {script} }} catch (NullPointerException e) {{ }}", "incoming"), Given(answers=answers)
    )
    assert found.result is None
    assert message in found.failure
    assert found.failure.startswith("incoming, line 1, column ")


@pytest.mark.parametrize(
    ("script", "arguments"),
    [
        ("httpClient.get('/x')", ("GET", "/x", None, None, None)),
        ("httpClient.get('/x', [jql: 'a'])", ("GET", "/x", '{"jql":"a"}', None, None)),
        ("httpClient.put('/x', [a: 1])", ("PUT", "/x", None, '{"a":1}', None)),
        ("httpClient.http('patch', '/x', '[]', [q: ['y']], [h: ['z']])", ("PATCH", "/x", '{"q":["y"]}', "[]", '{"h":["z"]}')),
        ("httpClient.http('PATCH', '/x', [q: 'y'], '[]', [:])", ("PATCH", "/x", '{"q":"y"}', "[]", None)),
    ],
)
def test_http_is_one_question(script: str, arguments: tuple[str | None, ...]) -> None:
    program = compile_rule(f"replica.a = {script}", "outgoing")
    with pytest.raises(Needed) as caught:
        run_outgoing(program, an_item(), surroundings(), {}, {})
    question = Lookup(name="http", arguments=arguments)
    assert caught.value.lookups == (question,)
    answer: JsonValue = {"code": 200, "body": {"b": 1}, "headers": {}}
    answers = dict.fromkeys(caught.value.lookups, answer)
    assert run_outgoing(program, an_item(), surroundings(), {}, answers).fields == {"a": {"b": 1}}


TEXTS: list[tuple[str, str]] = [
    ("nodeHelper.toMarkDownFromHtml('<h2>Hi</h2><p>Tom <b>b</b> <a href=\"https://x\">l</a></p>')", "## Hi\n\nTom **b** [l](https://x)"),
    ("nodeHelper.toMarkDownFromHtml('<ul><li>a<ol><li>b</li></ol></li></ul>')", "- a\n  1. b"),
    ("nodeHelper.toMarkDownFromHtml('<pre>a\\n  b</pre><script>x</script>')", "```\na\n  b\n```"),
    ("nodeHelper.toMarkDownFromHtml('<table><tr><th>A</th></tr><tr><td>1</td></tr></table>')", "| A |\n| --- |\n| 1 |"),
    ('nodeHelper.toMarkDownFromHtml(\'<blockquote>q<br>r</blockquote><hr><img src="i" alt="p">\')', "> q\n> r\n\n---![p](i)"),
    ("nodeHelper.stripHtml('<p>a &lt; b</p><br/>c')", "a < b\n\nc"),
    ("nodeHelper.stripHtml('a < b')", "a < b"),
]


@pytest.mark.parametrize(("script", "expected"), TEXTS)
def test_conversions_of_text(script: str, expected: str) -> None:
    assert value(script, {}) == expected


def test_html_of_a_property() -> None:
    script = "replica.a = nodeHelper.getHtmlField(issue, 'description')\nreplica.b = nodeHelper.getHtmlComments(issue).body"
    given = Given(item={"description": "**b** <i>", "comments": ["*x*"]})
    assert try_outgoing(compile_rule(script, "outgoing"), given).result == {
        "a": "<p><strong>b</strong> &lt;i&gt;</p>",
        "b": ["<p><em>x</em></p>"],
    }


def test_work_logs() -> None:
    script = (
        "issue.workLogs = workLogHelper.addWorkLog('2026/03/01', '1d 2h', 'Repair', workLogHelper.filterLocal(issue.workLogs))\n"
        "issue.workLogs = workLogHelper.mergeNewWorkLogs([], replica.workLogs, issue.workLogs)"
    )
    given = Given(item={"workLogs": [{"id": "1", "roleLevel": "x"}]}, replica={"workLogs": [{"id": "w1", "startDate": 0, "timeSpent": 5}]})
    found = try_incoming(compile_rule(script, "incoming"), given).result
    assert found == {
        "workLogs": [
            {"id": None, "remoteId": None, "startDate": 1772323200000, "timeSpent": 36000, "comment": "Repair", "author": None},
            {"id": None, "startDate": 0, "timeSpent": 5, "remoteId": "w1"},
        ]
    }


def test_trace_tells_every_statement() -> None:
    script = 'def n = 1\nif (n > 0) {\n  issue.a = [1, 2].collect { it * 2 }\n}\nissue.b = "x${n}"\nreturn'
    found = try_incoming(compile_rule(script, "incoming", traced=True), Given())
    assert [(one.line, one.value) for one in found.steps] == [
        (1, "1"), (2, "true"), (3, "2"), (3, "4"), (3, "[2, 4]"), (5, '"x1"'),
    ]  # fmt: skip
    assert found.steps[0].source == "def n = 1"
    assert found.result == try_incoming(compile_rule(script, "incoming"), Given()).result


def test_the_log_is_bounded() -> None:
    found = try_incoming(compile_rule("2000.times { log.info('x' * 3000) }", "incoming"), Given())
    assert (len(found.lines), len(found.lines[0])) == (1000, 2000)
