"""The connector against the fake site, over real HTTP."""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from unittest.mock import ANY

import pytest
from jira_site import APP, BOT, TOKEN, Site, document
from pydantic import JsonValue
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.jira.connector import CAPABILITIES, JiraConnector
from connectors.jira.fake import FakeJira
from connectors.kit.fake import serving
from connectors.kit.interface import Connector, FakeOptions, SystemAccess
from model.errors import Ambiguous, BadInput, LoginRejected, Misconfigured, NotFound, RateLimited, Refused, Unavailable
from model.item import Attachment

OPS: dict[str, JsonValue] = {"project": "OPS"}
HELP: dict[str, JsonValue] = {"project": "HELP"}
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


async def pieces(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def test_read_gives_hub_shapes(jira: JiraConnector, site: Site) -> None:
    connector: Connector = jira
    item = await connector.read((await connector.find(APP, "APP-1")).id)
    assert (item.ref.key, item.ref.url) == ("APP-1", f"{site.url}/browse/APP-1")
    assert item.fields["summary"] == "Checkout shows the wrong total"
    assert item.fields["description"] == "Two coupons are added up twice.\n\nSeen in the shop since Monday."
    assert item.fields["labels"] == [{"label": "checkout"}]
    assert item.fields["type"] == {"name": "Bug", "id": "10002"}
    assert item.fields["status"] == {"name": "To Do", "id": "10000", "category": "new"}
    assignee = item.fields["assignee"]
    assert isinstance(assignee, dict)
    assert (assignee["email"], assignee["displayName"]) == ("bob@acme.test", "Bob Baker")
    assert [one.body for one in item.comments] == ["Reproduced with coupon ACME-10."]
    assert item.marker is None
    assert "comment" not in item.fields


async def test_read_of_an_item_is_one_call_once_the_account_is_known(jira: JiraConnector, site: Site) -> None:
    item_id = (await jira.find(APP, "APP-1")).id
    await jira.add_comment(item_id, "ours", internal=False, marker="c1")
    await jira.read(item_id)
    before = await site.calls()
    item = await jira.read(item_id)
    assert await site.calls() == before + 1
    assert item.comments[-1].marker == "c1"


async def test_custom_fields_come_under_their_display_names(jira: JiraConnector, site: Site) -> None:
    payload: JsonValue = {"fields": {"customfield_10031": "ACME-77", "customfield_10032": {"value": "Major"}}}
    assert (await site.call("PUT", "/issue/APP-1", payload)).status_code == 204
    fields = (await jira.read("APP-1")).fields
    assert fields["Customer reference"] == "ACME-77"
    severity = fields["Severity"]
    assert isinstance(severity, dict)
    assert severity["value"] == "Major"


async def test_create_carries_the_marker_and_shows_what_was_written(jira: JiraConnector, site: Site) -> None:
    fields: dict[str, JsonValue] = {
        "summary": " Printer is out of paper ",
        "description": "It *is* empty.\n\n- tray 1\n- tray 2",
        "labels": [{"label": "zoo"}, {"label": "acme"}],
        "priority": {"name": "high"},
        "assignee": {"key": "5", "email": "ann@acme.test"},
        "type": {"name": "Bug"},
        "due": "2026-12-24",
    }
    written = await jira.create(APP, fields, "twin:1-left")
    item = await jira.read(written.ref.id)
    assert item.marker == "twin:1-left"
    assert {name: item.fields[name] for name in fields} == written.fields
    assert written.fields["labels"] == [{"label": "acme"}, {"label": "zoo"}]
    assert written.fields["summary"] == "Printer is out of paper"
    assert [one["actor"] for one in (await site.state())["log"]] == [BOT]


async def test_default_type_falls_back_to_the_first_of_the_project(jira: JiraConnector) -> None:
    written = await jira.create({"project": "APP", "type": "Incident"}, {"summary": "x"}, "m1")
    assert (await jira.read(written.ref.id)).fields["type"] == {"name": "Task", "id": "10001"}


async def test_update_is_one_call_and_returns_what_jira_made_of_it(jira: JiraConnector, site: Site) -> None:
    item = await jira.read("APP-1")
    before = await site.calls()
    written = await jira.update(item.ref.id, {"summary": "New  ", "description": None, "assignee": None, "labels": [{"label": "b"}]})
    assert await site.calls() == before + 1
    assert written.fields == {"summary": "New", "description": None, "assignee": None, "labels": [{"label": "b"}]}
    assert written.version > item.version
    assert (await jira.read(item.ref.id)).version == written.version


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"priority": {"name": "P0"}}, "priority", "options: 'Highest', 'High', 'Medium', 'Low', 'Lowest'"),
        ({"type": {"name": "Incident"}}, "type", "'Incident'"),
        ({"assignee": {"key": "5", "email": "nobody@acme.test"}}, "assignee", "map the user"),
        ({"labels": [{"label": "two words"}]}, "labels", "contains spaces"),
        ({"summary": "two\nlines"}, "summary", "newline"),
        ({"due": "tomorrow"}, "due", "date"),
        ({"rank": "1"}, "rank", "own fields: 'Customer reference', 'Severity'\\); take it out of the incoming rules"),
        ({"created": "1"}, "created", "incoming rules"),
        ({"parentId": "APP-999"}, "parentId", "bring that under sync first"),
        ({"parentId": ["APP-1"]}, "parentId", "takes text"),
        ({"Severity": 5}, "Severity", "use nodeHelper.getOption"),
        ({"Severity": "Fatal"}, "Severity", "valid value"),
        ({"Customer reference": ["a"]}, "Customer reference", "takes text"),
        ({"reporter": {"key": "5", "email": "nobody@acme.test"}}, "reporter", "map the user"),
        ({"status": {"name": "Done"}}, "status", "transition"),
    ],
)
async def test_a_refused_value_names_its_field(jira: JiraConnector, fields: dict[str, JsonValue], field: str, words: str) -> None:
    item_id = (await jira.find(APP, "APP-1")).id
    with pytest.raises(Refused, match=words) as caught:
        await jira.update(item_id, fields)
    assert caught.value.field == field
    assert "acme-jira" in str(caught.value) or field in str(caught.value)


async def test_transition_goes_by_the_target_status(jira: JiraConnector) -> None:
    written = await jira.transition("APP-1", "in progress")
    assert written.fields["status"] == {"name": "In Progress", "id": "3", "category": "indeterminate"}
    assert (await jira.read("APP-1")).fields["status"] == written.fields["status"]


async def test_transition_to_where_it_is_writes_nothing(jira: JiraConnector, site: Site) -> None:
    await jira.transition("APP-1", "To Do")
    assert (await site.state())["log"] == []


async def test_an_unreachable_status_is_refused_with_the_reachable_ones(jira: JiraConnector) -> None:
    with pytest.raises(Refused, match=r"from 'To Do' to 'Done' \(reachable: 'In Progress'\)") as caught:
        await jira.transition("OPS-1", "Done")
    assert caught.value.field == "status"


@pytest.mark.parametrize(("settings", "key"), [(OPS, "OPS-1"), (HELP, "HELP-1")])
async def test_internal_comments_stay_internal(jira: JiraConnector, settings: dict[str, JsonValue], key: str, site: Site) -> None:
    item_id = (await jira.find(settings, key)).id
    added = await jira.add_comment(item_id, "for **us**", internal=True, marker="c-9")
    edited = await jira.edit_comment(item_id, added.id, "for us only")
    assert (added.internal, edited.internal, edited.marker, edited.body) == (True, True, "c-9", "for us only")
    public = await jira.add_comment(item_id, "for all", internal=False, marker="c-10")
    read = {one.id: (one.internal, one.marker) for one in (await jira.read(item_id)).comments}
    assert (read[added.id], read[public.id]) == ((True, "c-9"), (False, "c-10"))
    unprivileged = (await site.call("GET", f"/issue/{key}/comment", name="bob")).json()
    assert [one["jsdPublic"] for one in unprivileged["comments"] if one["id"] == added.id] == ([False] if key == "HELP-1" else [])


async def test_the_role_of_internal_comments_is_a_setting(jira: JiraConnector, site: Site) -> None:
    item_id = (await jira.find({"project": "HELP"}, "HELP-1")).id
    assert item_id
    found = await jira.find({"project": "OPS", "internal_role": "Developers"}, "OPS-1")
    with pytest.raises(Refused, match="not a member of the project role: Developers"):
        await jira.add_comment(found.id, "psst", internal=True, marker="c")
    assert len((await site.state())["log"]) == 0


async def test_comments_are_found_by_marker_and_removed_once(
    jira: JiraConnector, opened: Callable[[SystemAccess], JiraConnector], site: Site
) -> None:
    item_id = (await jira.find(APP, "APP-2")).id
    added = await jira.add_comment(item_id, "hello", internal=False, marker="c-1")
    other = opened(site.access())
    assert [one.marker for one in (await other.read(item_id)).comments] == ["c-1"]
    assert await other.find_comment(item_id, "c-1") == added
    assert await other.find_comment(item_id, "c-2") is None
    await jira.delete_comment(item_id, added.id)
    await jira.delete_comment(item_id, added.id)
    with pytest.raises(NotFound):
        await jira.edit_comment(item_id, added.id, "late")


async def test_attachments_travel_whole(jira: JiraConnector, site: Site) -> None:
    item_id = (await jira.find(APP, "APP-2")).id
    content = b"\x00acme" * 5000
    like = Attachment(id="", filename="übersicht.bin", mimetype="application/x-acme", size=len(content))
    added = await jira.upload(item_id, like, pieces(content[:7], content[7:]), "a-1")
    assert (added.filename, added.mimetype, added.size) == (like.filename, like.mimetype, like.size)
    assert await jira.find_attachment(item_id, "a-1", like) == added
    assert await jira.find_attachment(item_id, "a-1", like.model_copy(update={"size": 1})) is None
    [read] = (await jira.read(item_id)).attachments
    async with jira.download(read) as stream:
        received = b"".join([piece async for piece in stream])
    assert received == content
    stored = (await site.item("APP-2"))["attachments"]
    assert isinstance(stored, list)
    assert isinstance(stored[0], dict)
    assert stored[0]["sha256"] == hashlib.sha256(content).hexdigest()
    await jira.delete_attachment(item_id, added.id)
    await jira.delete_attachment(item_id, added.id)
    assert (await jira.read(item_id)).attachments == ()


async def test_find_by_marker_sees_the_item_only_after_the_index_lag(jira: JiraConnector, site: Site) -> None:
    await site.control(lag_s=600)
    since = datetime.now(UTC) - timedelta(minutes=1)
    written = await jira.create(APP, {"summary": "lost answer"}, "twin:7")
    assert await jira.find_by_marker(APP, "twin:7", since) is None
    await site.control(lag_s=0)
    found = await jira.find_by_marker(APP, "twin:7", since)
    assert found is not None
    assert found.ref == written.ref
    assert await jira.find_by_marker(APP, "twin:8", since) is None


async def test_a_lost_answer_is_ambiguous_and_found_again(jira: JiraConnector, site: Site) -> None:
    await jira.lookup(APP, "issue_type", ("Task",))
    await site.control(lose_response=1)
    with pytest.raises(Ambiguous):
        await jira.create(APP, {"summary": "once"}, "twin:9")
    found = await jira.find_by_marker(APP, "twin:9", datetime.now(UTC) - timedelta(minutes=1))
    assert found is not None
    assert found.fields["summary"] == "once"


async def test_failures_are_told_apart(jira: JiraConnector, site: Site) -> None:
    with pytest.raises(NotFound, match="acme-jira has no APP-99"):
        await jira.read("APP-99")
    await site.control(down=True)
    with pytest.raises(Unavailable):
        await jira.read("APP-1")
    with pytest.raises(Ambiguous):
        await jira.update("10001", {"summary": "x"})
    await site.control(down=False, reject_next=1)
    with pytest.raises(RateLimited) as caught:
        await jira.read("APP-1")
    assert caught.value.retry_after == 1


async def test_check_tells_what_is_wrong(jira: JiraConnector, opened: Callable[[SystemAccess], JiraConnector], site: Site) -> None:
    await jira.check(None)
    await jira.check({"project": "APP", "type": "bug", "internal_role": "Developers"})
    with pytest.raises(Misconfigured, match=r"'NOPE' \(it sees: APP, HELP, OPS, SYNC\)"):
        await jira.check({"project": "NOPE"})
    with pytest.raises(Misconfigured, match="'Task', 'Bug', 'Story'"):
        await jira.check({"project": "APP", "type": "Incident"})
    with pytest.raises(Misconfigured, match="'Administrators', 'Developers'"):
        await jira.check({"project": "APP", "internal_role": "Nobody"})
    with pytest.raises(LoginRejected, match="API token") as caught:
        await opened(site.access(token="stale-token")).check(None)
    assert "stale-token" not in str(caught.value)


@pytest.mark.parametrize(("status", "body"), [(200, b"<html>Log in</html>"), (200, b'{"hello": 1}'), (404, b"nothing here")])
async def test_an_address_that_is_not_jira_is_misconfigured(
    opened: Callable[[SystemAccess], JiraConnector], site: Site, status: int, body: bytes
) -> None:
    async def page(scope: object, receive: object, send: Callable[[dict[str, object]], Awaitable[None]]) -> None:
        del scope, receive
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": body})

    async with serving(page) as url:
        connector = opened(site.access(url=url))
        with pytest.raises(Misconfigured, match=r"acme\.atlassian\.net"):
            await connector.check(None)
        await connector.aclose()


async def test_a_dead_token_that_jira_treats_as_anonymous_is_noticed(opened: Callable[[SystemAccess], JiraConnector], site: Site) -> None:
    async def anonymous(_: Request) -> Response:
        return JSONResponse({"issues": [], "isLast": True}, headers={"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"})

    async with serving(Starlette(routes=[Route("/{path:path}", anonymous, methods=["GET", "POST", "PUT"])])) as url:
        connector = opened(site.access(url=url))
        with pytest.raises(LoginRejected, match="expired"):
            await connector.read("APP-1")
        with pytest.raises(LoginRejected, match="expired"):
            await connector.update("10001", {"summary": "x"})
        await connector.aclose()


async def test_trigger_queries(jira: JiraConnector) -> None:
    await jira.check_query(APP, "labels = sync AND status != Done ORDER BY created")
    with pytest.raises(BadInput, match="Field 'universe' does not exist"):
        await jira.check_query(APP, "universe = 42")
    with pytest.raises(BadInput, match="The value 'Nope' does not exist for the field 'status'"):
        await jira.check_query(APP, "status = Nope")
    found = await jira.search(APP, 'summary ~ "order by" OR type = Bug order by created DESC', None)
    assert [one.key for one in found] == ["APP-1"]
    assert len(await jira.search(APP, "", None)) == 3
    assert await jira.search(APP, "type = Bug", datetime.now(UTC) + timedelta(minutes=2)) == ()


async def test_the_feed_starts_now_and_misses_nothing(jira: JiraConnector, site: Site) -> None:
    start = await jira.changes(APP, "")
    assert start.changes == ()
    await site.call("POST", "/issue/APP-3/comment", {"body": document("seen?")})
    page = await jira.changes(APP, start.cursor)
    newest = page.changes[-1]
    assert newest.key == "APP-3"
    assert newest.version == (await jira.read("APP-3")).version
    assert not page.more
    again = await jira.changes(APP, page.cursor)
    assert newest in again.changes


async def test_the_feed_pages_through_many_changes(opened: Callable[[SystemAccess], JiraConnector], site: Site) -> None:
    issues: list[JsonValue] = [{"project": "OPS", "summary": f"n{number}"} for number in range(250)]
    async with serving(FakeJira(FakeOptions(user=BOT, secret=TOKEN, seed={"issues": issues}))) as url:
        jira = opened(site.access(url=url))
        seen: list[str] = []
        sizes: list[int] = []
        cursor, more = (await jira.changes(OPS, "")).cursor, True
        while more:
            page = await jira.changes(OPS, cursor)
            seen += [one.key for one in page.changes]
            sizes.append(len(page.changes))
            cursor, more = page.cursor, page.more
        await jira.aclose()
    assert seen == [f"OPS-{number}" for number in range(1, 251)]
    assert sizes == [100, 100, 50]


async def test_the_feed_sees_late_index_entries_within_its_overlap(jira: JiraConnector, site: Site) -> None:
    start = await jira.changes(APP, "")
    await site.control(lag_s=600)
    written = await jira.create(APP, {"summary": "late"}, "m-late")
    behind = await jira.changes(APP, start.cursor)
    assert written.ref.id not in {one.id for one in behind.changes}
    await site.control(lag_s=0)
    page = await jira.changes(APP, behind.cursor)
    assert [one.marker for one in page.changes if one.id == written.ref.id] == ["m-late"]


async def test_an_expired_page_token_starts_the_feed_over(jira: JiraConnector) -> None:
    start = await jira.changes(APP, "")
    expired = start.cursor.replace('"token":""', '"token":"gone"')
    page = await jira.changes(APP, expired)
    assert (page.changes, page.more) == ((), True)
    assert '"token":""' in page.cursor


async def test_lookups(jira: JiraConnector, site: Site) -> None:
    ann = await jira.lookup(APP, "user_by_email", ("ann@acme.test",))
    assert isinstance(ann, dict)
    assert ann["displayName"] == "Ann Archer"
    assert await jira.lookup(APP, "user", (str(ann["key"]),)) == ann
    assert await jira.lookup(APP, "user_by_username", ("ann archer",)) == ann
    assert await jira.lookup(APP, "priority", ("high",)) == {"name": "High", "id": "2"}
    assert await jira.lookup(APP, "status", ("Done",)) == {"name": "Done", "id": "10001", "category": "done"}
    assert await jira.lookup(APP, "issue_type", ("Story",)) == {"name": "Story", "id": "10003"}
    assert await jira.lookup(APP, "project", ("OPS",)) == {"key": "OPS", "name": "Acme Operations", "id": "10001"}
    assert await jira.lookup(APP, "resolution", ("done",)) == {"name": "Done", "id": "10000"}
    assert await jira.lookup(APP, "default_issue_type", ("*",)) == {"name": "Task", "id": "10001"}
    assert await jira.lookup(APP, "default_issue_type", ("NOPE",)) is None
    severity = {"id": "customfield_10032", "name": "Severity", "type": "option"}
    for name in ("severity", "customfield_10032", "10032"):
        assert await jira.lookup(APP, "custom_field", (name, None, None)) == severity
    for name in ("version", "component", "custom_field", "weather"):
        assert await jira.lookup(APP, name, ("nothing of that name", None)) is None
    option = await jira.lookup(APP, "option", ("Severity", "Major"))
    assert isinstance(option, dict)
    assert option["id"] == "10102"
    before = await site.calls()
    for name in ("issue_type", "priority", "status", "user_by_email"):
        assert await jira.lookup(APP, name, (None,)) is None
    assert await jira.lookup(APP, "priority", ("P0",)) is None
    assert await site.calls() == before


async def test_find_takes_keys_ids_and_addresses(jira: JiraConnector) -> None:
    found = await jira.find(APP, "APP-2")
    assert await jira.find(APP, found.id) == found
    assert await jira.find(APP, "https://acme.atlassian.net/browse/APP-2?focus=1") == found
    with pytest.raises(NotFound, match="project 'OPS'"):
        await jira.find(APP, "OPS-1")
    with pytest.raises(NotFound, match="use the form APP-12"):
        await jira.find(APP, "the printer one")


def test_capabilities_name_what_update_takes() -> None:
    assert "status" in CAPABILITIES.writable
    assert CAPABILITIES.status_by == "transition"


async def test_links_are_read_from_both_ends(jira: JiraConnector, site: Site) -> None:
    body: dict[str, JsonValue] = {"type": {"name": "Blocks"}, "inwardIssue": {"key": "APP-1"}, "outwardIssue": {"key": "APP-2"}}
    assert (await site.call("POST", "/issueLink", body)).status_code == 201
    first, second = await jira.read("APP-1"), await jira.read("APP-2")
    known = {"id": ANY, "linkTypeName": "Blocks"}
    there = {"otherIssueId": second.ref.id, "otherIssueKey": "APP-2"}
    assert first.fields["issueLinks"] == [{**known, **there, "linkName": "blocks", "isOutward": True}]
    here = {"otherIssueId": first.ref.id, "otherIssueKey": "APP-1"}
    assert second.fields["issueLinks"] == [{**known, **here, "linkName": "is blocked by", "isOutward": False}]
