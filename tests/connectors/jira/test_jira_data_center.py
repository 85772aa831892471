"""The connector against the fake as a Data Center, over real HTTP."""

import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from jira_site import APP, BOT, TOKEN, Site, pat
from pydantic import JsonValue
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.jira.connector import JiraConnector
from connectors.jira.fake import FakeJira
from connectors.kit.fake import serving
from connectors.kit.interface import FakeOptions
from model.errors import BadInput, LoginRejected, Misconfigured, NotFound, Refused, Unavailable
from model.item import Attachment

RICH = "## Steps\n\n1. open\n\n   - **now**\n\n| a | b |\n| --- | --- |\n| 1 | `x` |"
WIKI = "h2. Steps\n\n# open\n#* *now*\n\n||a||b||\n|1|{{x}}|"


@pytest.fixture
async def jira(center: Site) -> AsyncIterator[JiraConnector]:
    connector = JiraConnector(pat(center.url))
    yield connector
    await connector.aclose()


async def test_a_token_alone_or_a_name_and_password_log_in(center: Site, jira: JiraConnector) -> None:
    await jira.check({"project": "SYNC", "type": "Epic", "internal_role": "Developers"})
    basic = JiraConnector(center.access())
    await basic.check(None)
    await basic.aclose()
    wrong = JiraConnector(pat(center.url, "stale-token"))
    with pytest.raises(LoginRejected, match="personal access token") as caught:
        await wrong.check(None)
    assert "stale-token" not in str(caught.value)
    await wrong.aclose()


async def test_the_dialect_is_asked_once(center: Site, jira: JiraConnector) -> None:
    with pytest.raises(Unavailable, match="read an item first"):
        jira.as_read("x")
    item_id = (await jira.find(APP, "APP-2")).id
    assert await center.calls() == 2
    await jira.read(item_id)
    assert await center.calls() == 3
    assert jira.as_read("*x*  y") == "*x*  y"


@pytest.mark.parametrize("told", ["Mars", ""])
async def test_a_deployment_of_another_kind_is_misconfigured(told: str) -> None:
    async def info(_: Request) -> Response:
        return JSONResponse({"deploymentType": told})

    async with serving(Starlette(routes=[Route("/rest/api/2/serverInfo", info)])) as url:
        connector = JiraConnector(pat(url))
        for call in (connector.check(None), connector.read("APP-1")):
            with pytest.raises(Misconfigured, match=f"{told!r} deployment of Jira, which is neither Jira Cloud nor Jira Data Center"):
                await call
        await connector.aclose()


async def test_rich_text_people_and_markers_are_written_and_read(center: Site, jira: JiraConnector) -> None:
    fields: dict[str, JsonValue] = {
        "summary": "Printer is out of paper", "description": RICH, "labels": [{"label": "acme"}], "type": {"name": "Bug"},
        "assignee": {"key": "5", "email": "ann@acme.test"}, "priority": {"name": "high"},
    }  # fmt: skip
    written = await jira.create(APP, fields, "twin:1-left")
    item = await jira.read(written.ref.id)
    assert item.marker == "twin:1-left"
    assert {name: item.fields[name] for name in fields} == written.fields
    assert written.fields["description"] == RICH
    stored = (await center.item(written.ref.key))["fields"]
    assert isinstance(stored, dict)
    assert stored["description"] == WIKI
    assignee = item.fields["assignee"]
    assert isinstance(assignee, dict)
    assert (assignee["username"], str(assignee["key"])[:8]) == ("ann", "JIRAUSER")
    changed = await jira.update(item.ref.id, {"description": "Now *told*", "assignee": {"username": "bob"}})
    assert changed.fields["description"] == "Now *told*"
    assert changed.version == (await jira.read(item.ref.id)).version
    with pytest.raises(Refused, match="map the user"):
        await jira.update(item.ref.id, {"assignee": {"username": "nobody"}})
    moved = await jira.transition(item.ref.id, "Done")
    assert moved.fields["status"] == (await jira.read(item.ref.id)).fields["status"]


@pytest.mark.parametrize("key", ["OPS-1", "HELP-1"])
async def test_comments_keep_their_privacy_and_marker(center: Site, jira: JiraConnector, key: str) -> None:
    item_id = (await jira.find({"project": key.partition("-")[0]}, key)).id
    inside = await jira.add_comment(item_id, "for **us**", internal=True, marker="c-9")
    public = await jira.add_comment(item_id, "for [~all]", internal=False, marker="c-10")
    edited = await jira.edit_comment(item_id, inside.id, "for us only")
    assert (edited.internal, edited.marker, edited.body) == (True, "c-9", "for us only")
    other = JiraConnector(pat(center.url))
    read = {one.id: (one.internal, one.marker) for one in (await other.read(item_id)).comments}
    await other.aclose()
    assert (read[inside.id], read[public.id]) == ((True, "c-9"), (False, "c-10"))
    again = {one.id: one.internal for one in (await jira.read(item_id)).comments}
    assert (again[inside.id], again[public.id]) == (True, False)
    assert await jira.find_comment(item_id, "c-10") == public
    await jira.delete_comment(item_id, public.id)
    await jira.delete_comment(item_id, public.id)


async def test_files_are_read_from_where_data_center_keeps_them(center: Site, jira: JiraConnector) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield content

    content = bytes(range(256)) * 50
    item_id = (await jira.find(APP, "APP-2")).id
    like = Attachment(id="", filename="übersicht.bin", mimetype="application/x-acme", size=len(content))
    added = await jira.upload(item_id, like, pieces(), "a-1")
    assert await jira.find_attachment(item_id, "a-1", like) == added
    [read] = (await jira.read(item_id)).attachments
    async with jira.download(read) as stream:
        received = b"".join([piece async for piece in stream])
    assert hashlib.sha256(received).hexdigest() == hashlib.sha256(content).hexdigest()


async def test_pages_of_the_feed_miss_nothing_while_issues_change() -> None:
    issues: list[JsonValue] = [{"project": "OPS", "summary": f"n{number}"} for number in range(250)]
    seed: dict[str, JsonValue] = {"deployment": "Server", "issues": issues}
    async with serving(FakeJira(FakeOptions(user=BOT, secret=TOKEN, seed=seed))) as url:
        jira = JiraConnector(pat(url))
        cursor = (await jira.changes({"project": "OPS"}, "")).cursor
        seen: set[str] = set()
        more, pages = True, 0
        while more:
            page = await jira.changes({"project": "OPS"}, cursor)
            seen |= {one.key for one in page.changes}
            cursor, more, pages = page.cursor, page.more, pages + 1
            await jira.update(page.changes[-1].id, {"summary": "moved to the front"})
        found = await jira.search({"project": "OPS"}, "summary ~ front", None)
        await jira.aclose()
    assert (seen, pages) == ({f"OPS-{number}" for number in range(1, 251)}, 3)
    assert len(found) == 3


async def test_queries_and_lookups(jira: JiraConnector) -> None:
    await jira.check_query(APP, "labels = sync AND status != Done ORDER BY created")
    with pytest.raises(BadInput, match="Field 'universe' does not exist"):
        await jira.check_query(APP, "universe = 42")
    ann = await jira.lookup(APP, "user_by_email", ("ann@acme.test",))
    assert isinstance(ann, dict)
    assert await jira.lookup(APP, "user", (str(ann["key"]),)) == ann
    assert await jira.lookup(APP, "user_by_username", ("ann",)) == ann
    assert await jira.lookup(APP, "user_assignable", ("APP", str(ann["key"]))) is True
    assert await jira.lookup(APP, "user", ("JIRAUSER0",)) is None
    option = await jira.lookup(APP, "option", ("Severity", "Major"))
    assert isinstance(option, dict)
    assert option["id"] == "10102"
    with pytest.raises(Misconfigured, match=r"'NOPE' \(it sees: APP, HELP, OPS, SYNC\)"):
        await jira.check({"project": "NOPE"})
    with pytest.raises(NotFound, match="APP-99"):
        await jira.read("APP-99")


async def test_a_created_item_is_found_by_its_marker(center: Site, jira: JiraConnector) -> None:
    since = datetime.now(UTC) - timedelta(minutes=1)
    written = await jira.create(APP, {"summary": "once"}, "twin:7")
    found = await jira.find_by_marker(APP, "twin:7", since)
    assert found is not None
    assert found.ref == written.ref
    assert await jira.find_by_marker(APP, "twin:8", since) is None


async def test_the_fake_has_nothing_of_clouds_own(center: Site) -> None:
    for path in (
        "/rest/api/3/myself",
        "/rest/api/2/search/jql?jql=project=APP",
        "/rest/api/2/project/search",
        "/rest/webhooks/1.0/webhook",
    ):
        assert (await center.http.get(path)).status_code == 404, path
    assert (await center.http.get("/rest/api/2/serverInfo")).json()["deploymentType"] == "Server"
    everything = (await center.http.get("/rest/api/2/search?maxResults=2&startAt=1")).json()
    assert (everything["total"], everything["startAt"], len(everything["issues"])) == (5, 1, 2)
    wrong = await center.http.get("/rest/api/2/myself", headers={"Authorization": "Bearer nope"})
    assert (wrong.status_code, wrong.headers["x-seraph-loginreason"]) == (401, "AUTHENTICATED_FAILED")
