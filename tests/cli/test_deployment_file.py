from pathlib import Path

import pytest
from pydantic import JsonValue

from cli.declaration import read
from model.deployment import Deployment
from model.errors import BadInput
from operations.problems import Problem, Rejected

FILE = """\
workspace: acme
systems:
  acme-jira:
    kind: jira
    url: $ACME_URL
    credentials:
      user: bot@acme.test
      token: ${ACME_TOKEN}
    poll: 5s
  acme-github: {kind: github, url: "https://api.acme.test", credentials: {token: $$literal}}
integrations:
  jira-github: {left: acme-jira, right: acme-github}
connections:
  app-bugs:
    integration: jira-github
    left:
      settings: {project: APP}
      outgoing: rules/out.groovy
      incoming: |
        issue.summary = replica.summary
    right: {settings: {repository: acme/app}}
    triggers:
      - {side: left, query: "project = APP"}
"""
ENVIRONMENT = {"ACME_URL": "https://acme.test", "ACME_TOKEN": "token-4711"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "out.groovy").write_text("replica.key = issue.key\n")
    written = tmp_path / "acme.yaml"
    written.write_text(FILE)
    return written


def _inside(value: JsonValue, *place: str) -> JsonValue:
    for name in place:
        assert isinstance(value, dict)
        value = value[name]
    return value


def test_variables_and_rules_are_filled_in(file: Path):
    content = read(file, ENVIRONMENT).content

    assert _inside(content, "systems", "acme-jira", "url") == "https://acme.test"
    assert _inside(content, "systems", "acme-jira", "credentials", "token") == "token-4711"
    assert _inside(content, "systems", "acme-github", "credentials", "token") == "$literal"
    assert _inside(content, "connections", "app-bugs", "left", "outgoing") == "replica.key = issue.key\n"
    assert _inside(content, "connections", "app-bugs", "left", "incoming") == "issue.summary = replica.summary\n"
    assert Deployment.model_validate(content).systems["acme-jira"].poll == 5.0


def test_a_dollar_elsewhere_is_a_dollar(file: Path):
    file.write_text(FILE.replace('query: "project = APP"', "query: $APP"))
    read(file, ENVIRONMENT)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("workspace: acme", "workspace: [acme", "acme.yaml line 2 column 8: this is not YAML: "),
        ("    poll: 5s", "    pol: 5s", "acme.yaml line 9: systems.acme-jira.pol: is not known here; known are kind, url, "),
        ("    poll: 5s", "    poll: soon", "acme.yaml line 9: systems.acme-jira.poll: 'soon' is not a duration"),
        ("    poll: 5s", "    kind: github", "acme.yaml line 9: systems.acme-jira.kind is there twice"),
        ("$ACME_URL", "$ACME_URI", "acme.yaml line 5: systems.acme-jira.url: the environment variable ACME_URI is not set"),
        ("rules/out.groovy", "rules/no.groovy", "acme.yaml line 18: connections.app-bugs.left.outgoing: 'rules/no.groovy' in "),
        ("side: left", "side: top", "acme.yaml line 23: connections.app-bugs.triggers.0.side: input should be 'left' or 'right'"),
        ("side: left,", "sid: left,", "acme.yaml line 23: connections.app-bugs.triggers.0.sid: is not known here; known are side, query"),
        ("    integration: jira-github\n", "", "acme.yaml line 14: connections.app-bugs.integration: is missing; add it"),
        ("app-bugs", "App Bugs", "acme.yaml line 14: connections.App Bugs: is not a name"),
        ("workspace: acme", "workspaces: acme", "acme.yaml line 1: workspaces: is not known here; known are workspace, systems, "),
        ("project: APP}", "project: 2026-01-01}", "acme.yaml line 17: connections.app-bugs.left.settings.project: '2026-01-01' is read as"),
        ("project: APP}", "1: APP}", "acme.yaml line 17: connections.app-bugs.left.settings: the key 1 is not text"),
    ],
)
def test_mistakes_are_told_with_their_lines(file: Path, old: str, new: str, message: str):
    file.write_text(FILE.replace(old, new))

    with pytest.raises(BadInput) as refused:
        read(file, ENVIRONMENT)
    assert message in str(refused.value)


def test_all_mistakes_of_a_file_are_told_and_no_secret(file: Path):
    file.write_text(FILE.replace("poll: 5s", "poll: soon").replace("user: bot@acme.test", "user: {a: b}"))

    with pytest.raises(Rejected) as refused:
        read(file, ENVIRONMENT)
    assert len(refused.value.problems) == 2
    assert "4711" not in str(refused.value)


@pytest.mark.parametrize("content", ["", "just text\n", "- a\n"])
def test_a_file_without_keys_is_refused(file: Path, content: str):
    file.write_text(content)

    with pytest.raises(BadInput, match=r"acme\.yaml line 1: there must be keys such as systems"):
        read(file, ENVIRONMENT)


def test_a_missing_file_is_told(tmp_path: Path):
    with pytest.raises(BadInput, match=r"nothing\.yaml cannot be read"):
        read(tmp_path / "nothing.yaml", {})


def test_a_place_inside_a_rule_has_the_line_of_the_rule(file: Path):
    places = read(file, ENVIRONMENT).places
    found = places.located(Problem(place="connections.app-bugs.left.incoming line 3 column 5", message="wrong"))

    assert str(found) == "acme.yaml line 19: connections.app-bugs.left.incoming line 3 column 5: wrong"
