"""`twinline rules` as it is called: files in, JSON and exit codes out."""

import json
from pathlib import Path

import pytest
from pydantic import JsonValue
from typer.testing import CliRunner, Result

from cli.main import build

SAMPLES = Path(__file__).parents[2] / "docs" / "rules" / "samples"


def twinline(*words: str | Path) -> Result:
    return CliRunner().invoke(build("rules"), ["rules", *map(str, words)])


@pytest.fixture
def script(tmp_path: Path) -> Path:
    return tmp_path / "script.groovy"


def written(path: Path, content: JsonValue) -> Path:
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_check_finds_everything(script: Path) -> None:
    script.write_text("import com.atlassian.jira.Foo\nissue.summary = repplica.summary\nnodeHelper.getUsr('x')\n")
    result = twinline("check", script, "--json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert [list(one) for one in found] == [["file", "line", "column", "severity", "code", "message", "instead"]] * 3
    assert [(one["line"], one["column"], one["severity"], one["code"]) for one in found] == [
        (1, 1, "warning", "tracker-client"),
        (2, 17, "error", "unknown-variable"),
        (3, 12, "error", "unknown-helper"),
    ]
    assert found[0]["file"] == str(script)
    assert "httpClient" in found[0]["instead"]
    assert "did you mean 'replica'?" in found[1]["message"]
    shown = twinline("check", script)
    assert shown.exit_code == 1
    assert "line 2, column 17" in shown.stdout
    assert shown.stdout.startswith("warning: ")
    assert shown.stdout.endswith("3 findings\n")


def test_warnings_alone_are_no_failure(script: Path) -> None:
    script.write_bytes("import scala.concurrent.Await // caf\xe9\n".encode("latin-1"))
    result = twinline("check", script, "--json")
    assert [one["severity"] for one in json.loads(result.stdout)] == ["warning"]
    assert result.exit_code == 0


def test_check_of_a_folder_and_of_a_missing_file(tmp_path: Path) -> None:
    (tmp_path / "a.groovy").write_text("\ufeffreplica.summary = issue.summary\r\n", encoding="utf-8")
    fine = twinline("check", tmp_path)
    assert (fine.exit_code, fine.stdout) == (0, "no findings\n")
    assert json.loads(twinline("check", "--json", tmp_path).stdout) == []
    missing = twinline("check", "--json", tmp_path / "b.groovy", tmp_path / "a.groovy")
    assert missing.exit_code == 1
    assert [one["code"] for one in json.loads(missing.stdout)] == ["unreadable"]


def test_run_outgoing(script: Path) -> None:
    script.write_text("replica.summary = issue.summary\nreplica.status = issue.status\nlog.info 'sent'")
    result = twinline("run", "--outgoing", script, "--item", SAMPLES / "item.json")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {"summary": "Printer on fire", "status": {"name": "Open"}}
    assert result.stderr == "info: sent\n"


def test_run_incoming(script: Path, tmp_path: Path) -> None:
    script.write_text(
        "if (firstSync) {\n  issue.projectKey = 'ACME'\n  syncHelper.syncBackAfterProcessing()\n}\nissue.summary = replica.summary"
    )
    result = twinline("run", "--incoming", script, "--replica", SAMPLES / "replica.json", "--first-sync")
    assert json.loads(result.stdout) == {"project": {"key": "ACME"}, "summary": "Toner is empty", "projectKey": "ACME"}
    assert result.stderr == "effect syncBack: true\n"
    apart = twinline("run", "--incoming", script, "--replica", written(tmp_path / "r.json", {"hubIssue": {"summary": "x"}}), "--effects")
    assert json.loads(apart.stdout) == {"properties": {"summary": "x"}, "effects": {}}


def test_a_call_without_an_answer_fails_and_is_named(script: Path, tmp_path: Path) -> None:
    script.write_text("issue.assignee = nodeHelper.getUserByEmail('ann@acme.test')")
    result = twinline("run", "--incoming", script)
    assert (result.exit_code, result.stdout) == (1, "")
    assert 'nodeHelper.getUserByEmail("ann@acme.test") has no answer' in result.stderr
    assert "line 1, column 29" in result.stderr
    helpers = written(tmp_path / "helpers.json", {"nodeHelper.getUserByEmail": {"*": {"key": "u1"}}})
    assert json.loads(twinline("run", "--incoming", script, "--helpers", helpers).stdout) == {"assignee": {"key": "u1"}}


@pytest.mark.parametrize(
    ("content", "message"),
    [("issue.summary = ", "line 1"), ("throw new Exception('stop')", "stop"), ("def x = repplica", "did you mean 'replica'?")],
)
def test_a_script_that_fails(script: Path, content: str, message: str) -> None:
    script.write_text(content)
    result = twinline("run", "--incoming", script)
    assert (result.exit_code, result.stdout) == (1, "")
    assert message in result.stderr


@pytest.mark.parametrize("option", ["item", "replica", "previous", "helpers"])
def test_files_that_cannot_be_used(script: Path, tmp_path: Path, option: str) -> None:
    script.write_text("")
    for content, message in (("[1]", "has no JSON object"), ("{", "cannot be read")):
        (tmp_path / "x.json").write_text(content)
        result = twinline("run", "--incoming", script, f"--{option}", tmp_path / "x.json")
        assert result.exit_code == 1
        assert f"--{option}" in result.stderr
        assert message in result.stderr
    assert "cannot be read" in twinline("run", "--incoming", tmp_path / "none.groovy").stderr


def test_what_no_encoding_has_is_escaped(script: Path, tmp_path: Path) -> None:
    script.write_text("issue.a = replica.a + 'é'\nlog.info(replica.a)", encoding="utf-8")
    replica = tmp_path / "r.json"
    replica.write_text('{"a": "\\ud800"}')
    result = twinline("run", "--incoming", script, "--replica", replica)
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {"a": "\ud800é"}
    assert result.stderr == "info: \\ud800\n"


def test_one_script_is_needed(script: Path) -> None:
    script.write_text("")
    assert twinline("run").exit_code == 2
    assert twinline("run", "--incoming", script, "--outgoing", script).exit_code == 2


def test_trace(script: Path) -> None:
    script.write_text("def n = 1\nissue.summary = 'x' + n\nlog.info 'done'\nissue.a = null.b")
    result = twinline("trace", "--incoming", script)
    assert result.exit_code == 1
    assert "   2  issue.summary = 'x' + n\n      = \"x1\"\n" in result.stdout
    assert "info: done" in result.stderr
    assert "cannot read 'b' of null" in result.stderr
    found = json.loads(twinline("trace", "--incoming", script, "--json").stdout)
    assert [one["line"] for one in found["steps"]] == [1, 2, 3]
    assert found["result"] is None
    assert found["failure"]


def test_describe() -> None:
    found = json.loads(twinline("describe", "--json").stdout)
    assert {"variables", "shapes", "helpers", "functions", "not_offered", "types", "classes", "constructors", "exceptions"} == set(found)
    texts = next(one for one in found["types"] if one["name"] == "a text")
    assert {"name": "replace", "least": 2, "most": 2} in texts["methods"]
    assert {"TraceType", "JsonOutput"} <= {one["name"] for one in found["classes"]}
    assert {"BasicIssueKey", "Date"} <= set(found["constructors"])
    node = next(one for one in found["helpers"] if one["name"] == "nodeHelper")
    call = next(one for one in node["methods"] if one["name"] == "getIssueType")
    assert call["parameters"][1] == {"name": "project", "type": "text", "optional": True}
    assert "nodeHelper.getIssueType(name, [project]) -> type or null\n" in twinline("describe").stdout
