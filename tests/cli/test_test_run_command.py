import json

from tests.cli.desk import Desk


async def test_what_a_sync_would_do_is_shown(desk: Desk):
    await desk.type("apply", str(desk.file))
    shown = await desk.type("test-run", "app-bugs", "APP-1", "--side", "left")
    lines = [line.strip() for line in shown.out.splitlines()]

    assert (shown.code, lines[0]) == (0, "app-bugs, version 1 (Active): nothing is written"), shown.err
    assert "APP-1  not under sync yet" in lines
    assert "left → right: makes a new item" in lines
    assert [line.split() for line in lines if line.startswith("summary")] == [
        ["summary", "None", "'Checkout", "shows", "the", "wrong", "total'"]
    ]
    assert any(line.startswith("call: create item (") for line in lines)
    assert (await desk.type("twins")).out == "no twins\n"


async def test_a_query_picks_the_items_and_an_error_ends_with_code_1(desk: Desk):
    await desk.type("apply", str(desk.file))
    broken = desk.file.with_name("broken.groovy")
    broken.write_text("throw new Exception('no')\n")
    await desk.type("version", "draft", "app-bugs")
    await desk.type("version", "edit", "app-bugs", "2", "--left-outgoing", str(broken))
    query = ("test-run", "app-bugs", "--query", "key = APP-1", "--side", "left")
    good = json.loads((await desk.type(*query, "--json")).out)
    bad = await desk.type(*query, "--version", "2")

    assert [one["item"] for one in good["items"]] == ["APP-1"]
    assert bad.code == 1
    assert "would be parked: app-bugs: left outgoing rule" in bad.out
    assert (await desk.type("test-run", "app-bugs")).err.startswith("no item is picked")


async def test_a_replay_says_how_many_differ(desk: Desk):
    await desk.type("apply", str(desk.file))

    done = await desk.type("replay", "app-bugs", "--version", "1", "--last", "5")
    assert done.out == "0 of 0 transactions would have come out differently with version 1\n", done.err
    assert json.loads((await desk.type("replay", "app-bugs", "--version", "1", "--json")).out)["transactions"] == []
