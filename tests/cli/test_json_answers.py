"""Commands that change something answer as JSON too."""

import json

from tests.cli.desk import TOKEN, Desk


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
