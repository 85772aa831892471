"""A connection is made without a deployment file, and printed as one."""

from pathlib import Path

import pytest
import yaml

from model.words import ConnectionStatus, Side
from store import Store
from tests.cli.desk import TOKEN, Desk

SIDES = ("--left", "project=APP", "--right", "repository=acme/app")


async def test_a_connection_is_created_and_accepted(desk: Desk, store: Store):
    await desk.type("apply", str(desk.file))
    made = await desk.type("connection", "create", "app-tasks", "--integration", "jira-github", *SIDES)
    assert (made.code, made.out) == (0, "app-tasks is Pending; run `twinline connection accept app-tasks` to let it begin\n")
    assert (await desk.type("connection", "accept", "app-tasks")).code == 0
    connection = await store.configurations.connection("app-tasks")
    assert (connection.status, connection.configuration.left.settings) == (ConnectionStatus.ACTIVE, {"project": "APP"})

    wrong = await desk.type("connection", "create", "more", "--integration", "jira-github", "--left", "project=NOPE", *SIDES[2:])
    assert (wrong.code, "connections.more.left.settings" in wrong.err) == (1, True)


async def test_what_is_exported_is_applied_and_is_a_model_for_others(desk: Desk, store: Store, tmp_path: Path):
    await desk.type("apply", str(desk.file))
    printed = (await desk.type("connection", "export", "app-bugs")).out
    exported = tmp_path / "app-bugs.yaml"
    exported.write_text(printed)

    assert "    outgoing: |\n" in printed
    assert (TOKEN in printed, list(yaml.safe_load(printed))) == (False, ["workspace", "connections"])
    assert (await desk.type("apply", str(exported))).out == "nothing to change: the deployment matches the file\n"
    assert (await desk.type("connection", "create", "app-2", "--like", str(exported), "--left", "type=Bug")).code == 0
    one, two = [(await store.configurations.connection(name)).configuration for name in ("app-bugs", "app-2")]
    assert two.left.settings == {"project": "APP", "type": "Bug"}
    assert (two.left.incoming, two.side(Side.RIGHT), two.conflicts) == (one.left.incoming, one.side(Side.RIGHT), one.conflicts)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (SIDES, 2, "name the --integration"),
        (("--integration", "jira-github", "--left", "project"), 2, "write key=value"),
        (("--integration", "nope", *SIDES), 1, "nope"),
    ],
)
async def test_what_is_missing_is_told(desk: Desk, arguments: tuple[str, ...], code: int, message: str):
    await desk.type("apply", str(desk.file))
    said = await desk.type("connection", "create", "app-tasks", *arguments)
    assert (said.code, message in said.err) == (code, True), said.err


async def test_a_file_to_begin_with_has_one_connection(desk: Desk, tmp_path: Path):
    await desk.type("apply", str(desk.file))
    none = tmp_path / "none.yaml"
    none.write_text("workspace: acme\n")
    said = await desk.type("connection", "create", "app-tasks", "--like", str(none))
    assert (said.code, "describes no connection; give a file with one" in said.err) == (1, True)
