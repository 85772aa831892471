"""Every command that talks to the API answers as JSON too."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from pydantic import JsonValue
from typer.core import TyperGroup
from typer.main import get_command

from cli.main import build
from model.words import ItemState, OperationStatus
from store import Store
from tests.cli.desk import TOKEN, Desk

PATIENCE = 60
WITHOUT_API = {
    "up",
    "demo",
    "worker",
    "api",
    "fake",
    "rules run",
    "connector new",
    "connector check",
}


def _without_json(group: TyperGroup, prefix: str = "") -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from _without_json(command, f"{prefix}{name} ")
        elif not any("--json" in one.opts for one in command.params):
            yield f"{prefix}{name}"


def test_every_command_that_talks_to_the_api_has_the_option():
    program = get_command(build())
    assert isinstance(program, TyperGroup)
    assert set(_without_json(program)) == WITHOUT_API


class Answers:
    """Commands that are typed with --json, and what they answer."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def of(self, *words: str, code: int = 0) -> JsonValue:
        said = await self._desk.type(*words, "--json")
        assert said.code == code, said.err
        return cast("JsonValue", json.loads(said.out))

    async def object(self, *words: str, code: int = 0) -> dict[str, JsonValue]:
        return cast("dict[str, JsonValue]", await self.of(*words, code=code))


@pytest.fixture
async def answers(desk: Desk) -> Answers:
    trigger = "    triggers:\n      - {side: left, name: labelled, query: 'project = APP AND labels = sync'}\n"
    desk.file.write_text(desk.file.read_text() + trigger)
    await desk.type("apply", str(desk.file))
    return Answers(desk)


async def test_versions_and_triggers(answers: Answers, tmp_path: Path):
    script = tmp_path / "out.groovy"
    script.write_text("replica.key = issue.key\n")
    await answers.of("version", "draft", "app-bugs")
    edited = await answers.object("version", "edit", "app-bugs", "2", "--left-outgoing", str(script))
    published = await answers.object("version", "publish", "app-bugs", "2")
    back = await answers.object("version", "rollback", "app-bugs", "1")
    await answers.of("version", "draft", "app-bugs")
    discarded = await answers.object("version", "discard", "app-bugs", "4")
    off = await answers.object("trigger", "off", "app-bugs", "left", "labelled")
    on = await answers.object("trigger", "on", "app-bugs", "left", "labelled")

    assert (edited["status"], published["former"], back["former"]) == ("Draft", 1, 2)
    assert discarded["number"] == 4
    assert (off["active"], on["active"], on["changed"]) == (False, True, True)


async def test_connections_and_the_deployment(answers: Answers):
    copied = await answers.object("connection", "copy", "app-bugs", "app-tasks")
    renamed = await answers.object("connection", "rename", "app-tasks", "tasks")
    exported = await answers.object("connection", "export", "tasks")
    adopted = await answers.object("deployment", "adopt")

    assert (copied["name"], copied["status"], renamed["name"]) == ("app-tasks", "Deactivated", "tasks")
    assert list(cast("dict[str, JsonValue]", exported["connections"])) == ["tasks"]
    assert adopted["connections"] == []


async def test_operations(answers: Answers, store: Store, tmp_path: Path):
    (tmp_path / "pairs.csv").write_text("APP-1,acme/app#1\n")
    (begun,) = cast(
        "list[dict[str, dict[str, str]]]",
        await answers.of("bulk", "connect", "app-bugs", str(tmp_path / "pairs.csv"), "--source", "left"),
    )
    operation = begun["operation"]["id"]
    turned = [cast("dict[str, str]", (await answers.object("operations", how, operation))["operation"]) for how in ("pause", "resume")]
    await store.operation_items.conclude(operation, 1, ItemState.FAILED, "there is no item 'acme/app#1'")
    await store.operations.collected(operation)
    await store.operations.close(operation)
    watched = await answers.object("operations", "watch", operation, code=1)

    assert [one["status"] for one in turned] == ["paused", "running"]
    assert (watched["status"], cast("dict[str, int]", watched["items"])["failed"]) == ("done", 1)
    await answers.of("twin", "relink", "--connection", "app-bugs", "--left", "APP-1", "--right", "acme/app#1", "--source", "left")
    (cleaned,) = cast(
        "list[dict[str, dict[str, str]]]",
        await answers.of("bulk", "cleanup", "--connection", "app-bugs", "--item", "APP-1", "--side", "left"),
    )
    pairs = await answers.of("operations", "pairs", cleaned["operation"]["id"])
    cancelled = await answers.object("operations", "cancel", cleaned["operation"]["id"])
    assert pairs == [{"left": "APP-1", "right": "acme/app#1"}]
    assert cast("dict[str, str]", cancelled["operation"])["status"] == "cancelled"


async def test_a_bulk_operation_that_is_waited_for_is_told_as_it_ended(answers: Answers, store: Store, tmp_path: Path):
    (tmp_path / "pairs.csv").write_text("APP-1,acme/app#1\n")
    command = ("bulk", "connect", "app-bugs", str(tmp_path / "pairs.csv"), "--source", "left", "--wait")
    waiting = asyncio.create_task(answers.of(*command, code=1))
    async with asyncio.timeout(PATIENCE):
        while not (begun := await store.operations.listing(None, OperationStatus.RUNNING, 1)):
            await asyncio.sleep(0.05)
    await store.operation_items.conclude(begun[0].id, 1, ItemState.FAILED, "there is no item 'acme/app#1'")
    await store.operations.collected(begun[0].id)
    await store.operations.close(begun[0].id)
    (ended,) = cast("list[dict[str, dict[str, JsonValue]]]", await waiting)
    assert ended["operation"]["status"] == "done"


async def test_pairs_members_and_the_audit_log(answers: Answers, monkeypatch: pytest.MonkeyPatch):
    await answers.of("sync", "app-bugs", "APP-1", "--side", "left")
    retried = await answers.object("retry", "--all")
    added = await answers.object("member", "add", "ada@acme.test", "--role", "owner")
    issued = cast("dict[str, JsonValue]", added["issued"])
    monkeypatch.setenv("TWINLINE_TOKEN", str(issued["text"]))
    await answers.of("member", "add", "ben@acme.test", "--role", "viewer")
    token = await answers.object("token", "create", "ben@acme.test")
    revoked = await answers.object("token", "revoke", cast("dict[str, str]", token["token"])["id"])
    raised = await answers.object("member", "role", "ben@acme.test", "operator")
    removed = await answers.object("member", "remove", "ben@acme.test")
    exported = cast("list[dict[str, JsonValue]]", await answers.of("audit", "export"))

    assert (retried["told"], revoked["member"], raised["role"], removed["name"]) == (0, "ben@acme.test", "operator", "ben@acme.test")
    assert revoked["revoked"]
    assert [one["operation"] for one in exported[:3]] == ["remove_member", "change_role", "revoke_token"]
    assert await answers.of("audit", "export", "--until", "2020-01-01") == []
    assert await answers.object("audit", "list", "--who", "nobody") == []


async def test_the_log_is_json_or_csv(desk: Desk):
    assert (await desk.type("audit", "export", "--format", "csv", "--json")).code == 2


async def test_applying_answers_with_the_difference(desk: Desk):
    dry = await desk.type("apply", str(desk.file), "--dry-run", "--json")
    assert not json.loads((await desk.type("apply", str(desk.file), "--dry-run", "--json")).out)["applied"]
    done = await desk.type("apply", str(desk.file), "--json")

    assert [one["name"] for one in json.loads(dry.out)["differences"]] == ["acme-jira", "acme-github", "jira-github", "app-bugs"]
    assert json.loads(done.out)["applied"]
    assert TOKEN not in done.out


async def test_a_mistake_is_told_with_its_line(desk: Desk):
    desk.file.write_text(desk.file.read_text().replace("project: APP", "project: NOPE"))
    refused = await desk.type("apply", str(desk.file), "--json")
    assert (refused.code, refused.out) == (1, "")
    assert "acme.yaml line 10: connections.app-bugs.left.settings: " in refused.err


async def test_steering_answers_with_what_was_recorded(desk: Desk):
    await desk.type("apply", str(desk.file))
    off = json.loads((await desk.type("connection", "deactivate", "app-bugs", "--json")).out)
    on = json.loads((await desk.type("connection", "activate", "app-bugs", "--json")).out)
    started = json.loads((await desk.type("sync", "app-bugs", "APP-1", "--side", "left", "--json")).out)
    pair = ("--connection", "app-bugs", "--left", "APP-2", "--right", "acme/app#1", "--source", "left")
    linked = json.loads((await desk.type("twin", "relink", *pair, "--json")).out)
    twin = started["twin"]["id"]
    unlinked = json.loads((await desk.type("twin", "unlink", twin, "--force", "--json")).out)

    assert (off["status"], on["status"], on["changed"]) == ("Deactivated", "Active", True)
    assert (started["new"], linked["source"], unlinked["twin"]["id"]) == (True, "left", twin)
    assert started["warnings"]
