"""What is deliberately not offered is named before the script runs, with what to write instead."""

import pytest

from rules.compile import check_rule
from rules.host.not_offered import AREAS, not_offered
from rules.parser_statements import parse

USES: list[tuple[str, str, str]] = [
    ("import scala.concurrent.Await", "scala", "scala.concurrent.Await"),
    ("def creds = await(httpClient.get('/x'))", "scala", "await"),
    ("import play.api.libs.ws.WSClient", "play", "play.api.libs.ws.WSClient"),
    ("def j = play.api.libs.json.Json.parse('{}')", "play", "play.api.libs.json.Json.parse"),
    ("def s = injector.instanceOf('x')", "injector", "injector"),
    ("import services.replication.PreparedHttpClient", "internals", "services.replication.PreparedHttpClient"),
    ("def r = syncHelper.twinTraceRepository", "internals", "syncHelper.twinTraceRepository"),
    ("def m = com.atlassian.jira.component.ComponentAccessor.issueManager", "tracker-client", "com.atlassian"),
    ("def m = ComponentAccessor.getIssueManager()", "tracker-client", "ComponentAccessor"),
    ("def c = httpClient.azureClient", "tracker-client", "httpClient.azureClient"),
    ("def c = httpClient.ws().url('x')", "tracker-client", "httpClient.ws"),
    ("def c = replica.x.getCredentials()", "credentials", "getCredentials"),
    ("Thread.sleep(100)", "threads", "Thread"),
    ("def f = new File('/etc/passwd')", "files", "File"),
    ("def f = new java.io.FileReader('x')", "files", "java.io.FileReader"),
    ("def u = new URL('https://acme.test')", "network", "URL"),
    ("def c = issue.metaClass", "reflection", "metaClass"),
    ("def c = ''.getClassLoader()", "reflection", "getClassLoader"),
    ("sleep(1000)", "threads", "sleep"),
    ("issue.metaClass.foo = { 1 }", "reflection", "issue.metaClass.foo"),
    ("System.exit(1)", "process", "System.exit"),
    ("def g = play.api.Play$.MODULE$.current()", "play", "play.api.Play$.MODULE$.current"),
    ("def p = scala.Some$.MODULE$.<String>apply('x')", "scala", "scala.Some$.MODULE$.apply"),
    ("def t = syncHelper.twinTraceRepository.find('x')", "internals", "syncHelper.twinTraceRepository.find"),
    ("def p = 'ls'.execute()", "process", "execute"),
    ("def c = javax.crypto.Cipher.getInstance('AES')", "crypto", "javax.crypto.Cipher.getInstance"),
    ("def d = org.jsoup.Jsoup.parse('x')", "html-parser", "org.jsoup.Jsoup.parse"),
    ("def x = new XmlSlurper().parseText('<a/>')", "xml", "XmlSlurper"),
    ("def s = groovy.sql.Sql.newInstance('x')", "database", "groovy.sql.Sql.newInstance"),
    ("Status.receive()", "external-script", "Status"),
    ("AcmeTools.convert(issue)", "external-script", "AcmeTools"),
    ("right.issue.summary = left.issue.summary", "visual-mode", "left"),
    ("@Grab('a:b:1')\ndef x = 1", "grab", "@Grab"),
]


@pytest.mark.parametrize(("source", "code", "name"), USES, ids=[one[0] for one in USES])
def test_named_with_what_to_write_instead(source: str, code: str, name: str) -> None:
    (found,) = (one for one in check_rule(source, "incoming") if one.line == 1 and one.code == code)
    assert name in found.message
    assert found.severity == ("warning" if source.startswith("import ") or name == "AcmeTools" else "error")
    assert found.instead
    assert f"instead: {found.instead}" in found.render("incoming")


def test_every_area_has_a_case() -> None:
    assert {code for _, code, _ in USES} == {area.code for area in AREAS}


@pytest.mark.parametrize(
    "source",
    [
        "import scala.Tuple2\nimport java.net.URLEncoder\nimport com.exalate.basic.domain.BasicIssueKey\nimport java.io.IOException",
        "class Tools { }\nTools.run()",
        "def box = [issue: 1]\nissue.x = box.issue",
        "JsonOuput.toJson(issue)",
        "def services = [a: 1]\nissue.x = services.a",
        "def Status(x) { x }\ndef injector = 1\nissue.x = injector",
        "issue.x = replica.ws\nreplica.each { it }\nissue.Status = entity.Status",
        "def reply = [accessToken: 'x']\nissue.x = reply.accessToken",
    ],
)
def test_what_only_looks_like_it_passes(source: str) -> None:
    root, faults = parse(source)
    assert not_offered(source, root, [one.at for one in faults]) == []


def test_other_findings_of_a_script_are_told_too() -> None:
    found = check_rule("import com.atlassian.jira.Foo\nissue.x = repplica.y", "incoming")
    assert [(one.line, one.severity, one.code) for one in found] == [(1, "warning", "tracker-client"), (2, "error", "unknown-variable")]


def test_a_helper_that_is_handed_on_is_known_by_its_methods() -> None:
    source = "class Fields {\n  static receive(issue, replica, nodeHelper) { issue.assignee = nodeHelper.getUserByEmail(replica.email) }\n}"
    assert check_rule(f"{source}\nFields.receive(issue, replica, nodeHelper)", "incoming") == ()
