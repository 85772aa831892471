from tests.cli.desk import Desk


async def test_a_version_is_drafted_edited_compared_published_and_taken_back(desk: Desk):
    await desk.type("apply", str(desk.file))
    script = desk.file.with_name("out.groovy")
    script.write_text("replica.key = issue.key\n")
    drafted = await desk.type("version", "draft", "app-bugs", "--why", "shorter")
    edited = await desk.type("version", "edit", "app-bugs", "2", "--left-outgoing", str(script))
    compared = await desk.type("version", "diff", "app-bugs", "2")
    published = await desk.type("version", "publish", "app-bugs", "2", "--why", "agreed")
    back = await desk.type("version", "rollback", "app-bugs", "1")
    listed = await desk.type("version", "list", "app-bugs")

    assert drafted.out == "version 2 of app-bugs is a draft, from version 1\n"
    assert edited.out.startswith("version 2 of app-bugs is changed"), edited.err
    assert "  +replica.key = issue.key" in compared.out.splitlines()
    assert published.out == "version 2 of app-bugs is active; version 1 is archived\n"
    assert back.out == "version 3 of app-bugs is active; version 2 is archived\n"
    assert [line.split()[:3] for line in listed.out.splitlines()[1:]] == [
        ["3", "Active", "1"],
        ["2", "Archived", "1"],
        ["1", "Archived", "-"],
    ]
    assert "    replica.key = issue.key" in (await desk.type("version", "show", "app-bugs", "2")).out


async def test_a_draft_takes_what_a_file_says_and_mistakes_have_its_lines(desk: Desk):
    await desk.type("apply", str(desk.file))
    await desk.type("version", "draft", "app-bugs")
    whole = desk.file.read_text()
    desk.file.write_text(whole.replace("project: APP", "project: OPS"))
    edited = await desk.type("version", "edit", "app-bugs", "2", str(desk.file))
    desk.file.write_text(whole.replace("project: APP", "project: NOPE"))
    refused = await desk.type("version", "edit", "app-bugs", "2", str(desk.file))

    assert edited.code == 0, edited.err
    assert (await desk.type("version", "diff", "app-bugs", "2")).out == "left.settings: {'project': 'APP'} → {'project': 'OPS'}\n"
    assert refused.code == 1
    assert "acme.yaml line 10: connections.app-bugs.left.settings: " in refused.err
    assert (await desk.type("version", "edit", "app-bugs", "2")).code == 2
    assert (await desk.type("version", "discard", "app-bugs", "2")).out == "draft 2 of app-bugs is forgotten\n"
