import json
import re
from pathlib import Path

import pytest
import yaml

from cli.declaration import read
from cli.exporting import written
from model.deployment import Deployment
from tests.cli.desk import TOKEN, Desk

VARIABLES = {"ACME_JIRA_USER": "bot@acme.test", "ACME_JIRA_TOKEN": TOKEN, "ACME_GITHUB_TOKEN": TOKEN}


async def test_what_is_exported_is_what_can_be_applied(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    await desk.type("apply", str(desk.file))
    await desk.type("connection", "rename", "app-bugs", "app-faults")
    file = tmp_path / "exported.yaml"
    said = await desk.type("deployment", "export", "--to", str(file))
    shown = await desk.type("deployment", "export")
    assert (said.out, shown.out) == (f"written to {file}\n", file.read_text())
    assert TOKEN not in shown.out
    assert list(yaml.safe_load(shown.out)["connections"]) == ["app-faults"]

    unset = await desk.type("apply", str(file))
    assert "the environment variable ACME_JIRA_TOKEN is not set" in unset.err
    for name, value in VARIABLES.items():
        assert f"#   {name}\n" in shown.out
        monkeypatch.setenv(name, value)
    assert (await desk.type("apply", str(file))).out == "nothing to change: the deployment matches the file\n"


async def test_the_export_as_json_is_masked_and_can_be_applied(desk: Desk, tmp_path: Path):
    await desk.type("apply", str(desk.file))
    said = await desk.type("deployment", "export", "--json")
    (tmp_path / "masked.yaml").write_text(said.out)
    assert json.loads(said.out)["systems"]["acme-github"]["credentials"] == {"token": "***"}
    assert (await desk.type("apply", str(tmp_path / "masked.yaml"))).out == "nothing to change: the deployment matches the file\n"


async def test_a_file_that_cannot_be_written_is_told(desk: Desk, tmp_path: Path):
    said = await desk.type("deployment", "export", "--to", str(tmp_path / "none" / "acme.yaml"))
    assert (said.code, "cannot be written: No such file or directory" in said.err) == (1, True)


def test_awkward_values_are_read_back_as_they_were(tmp_path: Path):
    system = {"kind": "jira", "url": "$odd", "credentials": {"api-token": "a"}, "webhook_secret": "b", "poll": "250ms"}
    side = {"settings": {"project": "yes", "depth": 3}, "outgoing": "a = '\\t'\n\n  b = \"x: y\" # ü\n", "incoming": " lead\ntrail  \n"}
    connection = {
        "integration": "one",
        "left": side,
        "right": {},
        "active": None,
        "triggers": [{"side": "left", "query": "project = APP", "schedule": {"cron": "0 6 * * 1-5"}}],
        "conflicts": {"default": "latest", "status": "left"},
        "users": [{"left": ["ann@acme.test"], "right": ["ann"]}],
    }
    content = {
        "workspace": "acme",
        "systems": {"acme-jira": system},
        "plans": {"small": {"features": ["bulk"]}},
        "integrations": {"one": {"left": "acme-jira", "right": "acme-jira", "capacity": 5, "plan": "small"}},
        "connections": {"app": connection},
    }
    declared = Deployment.model_validate(content)
    file = tmp_path / "acme.yaml"
    file.write_text(written(declared), encoding="utf-8")
    back = Deployment.model_validate(read(file, {"ACME_JIRA_API_TOKEN": "a", "ACME_JIRA_WEBHOOK_SECRET": "b"}).content)
    assert back == declared


def test_variables_of_systems_that_are_called_alike_are_told_apart(tmp_path: Path):
    secrets = {"acme-jira": {"token": "a"}, "acme": {"jira-token": "b", "jira_token": "c"}, "acme-jira-token": {"2": "d"}}
    systems = {name: {"kind": "jira", "url": "https://acme.test", "credentials": values} for name, values in secrets.items()}
    declared = Deployment.model_validate({"workspace": "acme", "systems": systems})
    file = tmp_path / "acme.yaml"
    file.write_text(written(declared), encoding="utf-8")
    variables = re.findall(r"^#   (\w+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    assert variables == ["ACME_JIRA_TOKEN", "ACME_JIRA_TOKEN_3", "ACME_JIRA_TOKEN_4", "ACME_JIRA_TOKEN_2"]
    environment = dict(zip(variables, "abcd", strict=True))
    assert Deployment.model_validate(read(file, environment).content) == declared
