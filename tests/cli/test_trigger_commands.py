"""`twinline trigger ...`."""

import json

from tests.cli.desk import Desk

QUERY = "project = APP AND labels = sync"


async def test_triggers_are_listed_shown_and_switched(desk: Desk):
    written = desk.file.read_text()
    desk.file.write_text(
        f"{written}    triggers:\n      - {{side: left, name: labelled, query: {QUERY!r}, notes: ours, schedule: {{every: 24h}}}}\n"
    )
    await desk.type("apply", str(desk.file))
    listed = await desk.type("trigger", "list", "app-bugs")
    off = await desk.type("trigger", "off", "app-bugs", "left", "labelled")
    shown = await desk.type("trigger", "show", "app-bugs", "left", "labelled")
    on = await desk.type("trigger", "on", "app-bugs", "left", "labelled")
    assert listed.out.splitlines()[1].split()[:4] == ["left", "labelled", "on", "issue"]
    assert off.out.splitlines()[-1] == "labelled is off (app-bugs, version 2)"
    assert shown.out.splitlines()[0] == "labelled  off  issue of acme-jira, left side of app-bugs"
    assert "schedule: every 86400 s" in shown.out
    assert on.out.splitlines()[-1] == "labelled is on (app-bugs, version 3)"


async def test_a_query_is_tried_before_it_is_saved(desk: Desk):
    await desk.type("apply", str(desk.file))
    told = await desk.type("trigger", "test", "app-bugs", "left", "--query", QUERY)
    bad = await desk.type("trigger", "test", "app-bugs", "left", "--query", "a === b")
    both = await desk.type("trigger", "test", "app-bugs", "left", "labelled", "--query", QUERY)
    assert "0 items would come under sync, 0 already are, 0 were unlinked and stay alone" in told.out
    as_json = await desk.type("trigger", "test", "app-bugs", "left", "--query", QUERY, "--json")
    assert json.loads(as_json.out)["starts"] == 0
    assert (bad.code, both.code) == (1, 2)
    assert "does not accept the query 'a === b'" in bad.err
