"""What the connector promises, run against the fake and against a real Redmine alike."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from redmine_site import AGENT, SETTINGS, Site, acting, an_hour_ago, chunks, connected, created, new_marker

from connectors.kit.interface import Change
from connectors.redmine.client import PAGE
from connectors.redmine.connector import RedmineConnector
from connectors.redmine.feed import Cursor
from model.errors import BadInput, LoginRejected, Misconfigured, NotFound, Refused
from model.item import Attachment, Fields, Work

MARKDOWN = "Hello **Ann**\n\n- one\n- two\n\n```\ncode\n```"
TEXT_FILE = Attachment(id="", filename="notes é.txt", mimetype="text/plain", size=11)

Case = Callable[[RedmineConnector, Site], Awaitable[None]]


async def check_accepts_the_account_and_the_project(redmine: RedmineConnector, site: Site) -> None:
    del site
    await redmine.check(None)
    await redmine.check({"project": "ops", "tracker": "support"})


async def check_names_what_is_wrong(redmine: RedmineConnector, site: Site) -> None:
    with pytest.raises(Misconfigured, match=r"no project 'nope'.*'ops', 'sync'|no project 'nope'.*'sync', 'ops'"):
        await redmine.check({"project": "nope"})
    with pytest.raises(Misconfigured, match=r"no tracker 'Epic' \(trackers: 'Bug', 'Feature', 'Support'\)"):
        await redmine.check({"project": "sync", "tracker": "Epic"})
    async with connected(site, "unknownkey") as stranger:
        with pytest.raises(LoginRejected) as caught:
            await stranger.check(None)
        assert "unknownkey" not in caught.value.message


async def the_account_and_its_rights_are_told(redmine: RedmineConnector, site: Site) -> None:
    del site
    me = await redmine.account({"project": "sync"})
    assert "(agent)" in me.name
    assert [(one.name, one.remedy) for one in me.permissions if not one.given] == []
    assert "make comments private" in {one.name for one in me.permissions}
    assert (await redmine.account(None)).permissions == ()


async def a_created_issue_carries_fields_and_marker(redmine: RedmineConnector, site: Site) -> None:
    del site
    marker = new_marker()
    due = (date.today() + timedelta(days=30)).isoformat()  # noqa: DTZ011
    written = await redmine.create(
        SETTINGS,
        {
            "summary": "Crash <b> & é😀",
            "description": MARKDOWN,
            "type": {"name": "Feature"},
            "priority": {"name": "High"},
            "assignee": {"email": "ann@acme.test"},
            "due": due,
        },
        marker,
    )
    item = await redmine.read(written.ref.id)
    assert item.fields["status"] == written.fields["status"]
    assert item.marker == marker
    assert item.ref == written.ref
    assert {name: item.fields[name] for name in written.fields} == written.fields
    assert item.fields["description"] == MARKDOWN
    assert item.fields["summary"] == "Crash <b> & é😀"
    assert item.fields["type"] == {"name": "Feature", "id": "2"}
    assert item.fields["priority"] == {"name": "High", "id": "3"}
    assert item.fields["status"] == {"name": "New", "id": "1", "category": "new"}
    assert item.fields["due"] == due
    ann = {"key": "6", "username": "ann", "email": "ann@acme.test", "displayName": "Ann Archer"}
    assert item.fields["assignee"] == ann
    assert item.fields["project"] == {"key": "sync", "name": "Sync", "id": "1"}


async def the_marker_finds_the_issue(redmine: RedmineConnector, site: Site) -> None:
    del site
    marker = new_marker()
    written = await redmine.create(SETTINGS, {"summary": "Marked"}, marker)
    found = await redmine.find_by_marker(SETTINGS, marker, an_hour_ago())
    assert found is not None
    assert found.ref.id == written.ref.id
    assert found.fields["description"] is None
    assert await redmine.find_by_marker(SETTINGS, marker[:-1], an_hour_ago()) is None
    assert await redmine.find_by_marker({"project": "ops"}, marker, an_hour_ago()) is None
    assert await redmine.whereabouts(SETTINGS, found) == ""
    assert await redmine.whereabouts({"project": "ops"}, found) == "was moved to project 'sync'"


async def an_update_answers_what_was_written(redmine: RedmineConnector, site: Site) -> None:
    del site
    item_id = await created(redmine, description="Old", assignee={"username": "bob"})
    marker = (await redmine.read(item_id)).marker
    written = await redmine.update(
        item_id,
        {
            "summary": "New",
            "description": MARKDOWN + "\n\n\n",
            "status": {"name": "in progress"},
            "assignee": None,
            "priority": {"name": "Low"},
        },
    )
    item = await redmine.read(item_id)
    assert written.version == item.version
    assert item.marker == marker
    assert {name: item.fields[name] for name in written.fields} == written.fields
    assert written.fields == {
        "summary": "New",
        "description": MARKDOWN,
        "status": {"name": "In Progress", "id": "2", "category": "indeterminate"},
        "assignee": None,
        "priority": {"name": "Low", "id": "1"},
    }
    closed = await redmine.transition(item_id, "Closed")
    assert closed.fields["status"] == {"name": "Closed", "id": "5", "category": "done"}


async def a_missing_option_is_refused_with_the_options(redmine: RedmineConnector, site: Site) -> None:
    del site
    item_id = await created(redmine)
    with pytest.raises(
        Refused, match=r"'priority' has no option 'P0' \(options: 'Low', 'Normal', 'High', 'Urgent', 'Immediate'\)"
    ) as caught:
        await redmine.update(item_id, {"priority": {"name": "P0"}})
    assert caught.value.field == "priority"
    with pytest.raises(Refused, match=r"no member of the project is 'eve@acme\.test'"):
        await redmine.update(item_id, {"assignee": {"email": "eve@acme.test", "key": "6"}})
    with pytest.raises(Refused, match="'Weather' cannot be written"):
        await redmine.update(item_id, {"Weather": "fine"})
    with pytest.raises(Refused, match="Subject cannot be blank") as blank:
        await redmine.update(item_id, {"summary": ""})
    assert blank.value.field == "summary"


async def a_status_that_the_workflow_forbids_is_refused(redmine: RedmineConnector, site: Site) -> None:
    item_id = await created(redmine)
    await redmine.transition(item_id, "Closed")
    async with connected(site, "bob") as developer:
        with pytest.raises(Refused, match=r"'status'.*not 'New': from 'Closed' the workflow allows Twinline's role: none") as caught:
            await developer.transition(item_id, "New")
    assert caught.value.field == "status"
    assert (await redmine.read(item_id)).fields["status"] == {"name": "Closed", "id": "5", "category": "done"}


async def a_custom_field_is_read_and_written_by_name(redmine: RedmineConnector, site: Site) -> None:
    del site
    item_id = await created(redmine)
    written = await redmine.update(item_id, {"External ID": "ACME-7"})
    assert written.fields == {"External ID": "ACME-7"}
    assert (await redmine.update(item_id, {"External ID": None})).fields == {"External ID": None}


async def comments_live_their_life(redmine: RedmineConnector, site: Site) -> None:
    item_id = await created(redmine)
    async with acting(site, "ann") as ann:
        await ann.update(item_id, {"notes": "From **Ann**"})
    marker = new_marker()
    public = await redmine.add_comment(item_id, "Seen.\n\nThanks", internal=False, marker=marker)
    private = await redmine.add_comment(item_id, "For us only", internal=True, marker=new_marker())
    item = await redmine.read(item_id)
    assert [(one.body, one.internal, one.marker is not None) for one in item.comments] == [
        ("From **Ann**", False, False),
        ("Seen.\n\nThanks", False, True),
        ("For us only", True, True),
    ]
    assert item.comments[1:] == (public, private)
    assert item.comments[0].author == {"key": "6", "username": "ann", "email": "ann@acme.test", "displayName": "Ann Archer"}
    edited = await redmine.edit_comment(item_id, public.id, "Seen again")
    assert edited == await redmine.find_comment(item_id, marker)
    assert edited.body == "Seen again"
    await redmine.delete_comment(item_id, public.id)
    await redmine.delete_comment(item_id, public.id)
    assert await redmine.find_comment(item_id, marker) is None
    assert len((await redmine.read(item_id)).comments) == 2
    with pytest.raises(NotFound):
        await redmine.edit_comment(item_id, public.id, "Too late")


async def a_note_edit_changes_the_version_that_is_read(redmine: RedmineConnector, site: Site) -> None:
    item_id = await created(redmine)
    async with acting(site, "ann") as ann:
        await ann.update(item_id, {"notes": "First"})
        before = await redmine.read(item_id)
        await ann.edit_journal(before.comments[0].id, "Second")
    after = await redmine.read(item_id)
    assert after.comments[0].body == "Second"
    assert after.version != before.version
    assert after.updated == before.updated


async def a_note_edit_surfaces_though_no_listing_tells(redmine: RedmineConnector, site: Site) -> None:
    item_id = await created(redmine)
    async with acting(site, "ann") as ann:
        await ann.update(item_id, {"notes": "First"})
        comment = (await redmine.read(item_id)).comments[0]
        idle = Cursor(since=datetime.now(UTC) + timedelta(days=1)).model_dump_json()
        assert item_id not in {one.id for _ in range(2) for one in (await redmine.changes(SETTINGS, idle)).changes}
        await ann.edit_journal(comment.id, "Second")
    told = [one for _ in range(2) for one in (await redmine.changes(SETTINGS, idle)).changes if one.id == item_id]
    assert [one.version for one in told] == [(await redmine.read(item_id)).version]


async def spent_time_lives_its_life(redmine: RedmineConnector, site: Site) -> None:
    del site
    item_id, marker = await created(redmine), new_marker()
    work = Work(started=datetime(2026, 3, 1, 9, 30, tzinfo=UTC), spent=5401, comment="Repair\n\nof the pump [twinline:x]")
    shown = redmine.work_logs.as_read(work)
    assert (shown.started, shown.spent, shown.comment) == (datetime(2026, 3, 1, 12, tzinfo=UTC), 5400, "Repair of the pump")
    added = await redmine.work_logs.add(item_id, work, marker)
    assert (added.text, added.marker) == (shown.text, marker)
    [read] = (await redmine.read(item_id)).work_logs
    assert (read.id, read.text, read.marker) == (added.id, shown.text, marker)
    assert (read.author or {})["username"] == "agent"
    again = await redmine.work_logs.find(item_id, marker, work)
    assert again is not None
    assert again.id == added.id
    assert await redmine.work_logs.find(item_id, new_marker(), work) is None
    edited = await redmine.work_logs.edit(item_id, added.id, work.model_copy(update={"spent": 1200}))
    [read] = (await redmine.read(item_id)).work_logs
    assert (read.text, read.spent, read.marker) == (edited.text, 1188, marker)
    await redmine.work_logs.delete(item_id, added.id)
    await redmine.work_logs.delete(item_id, added.id)
    assert (await redmine.read(item_id)).work_logs == ()
    with pytest.raises(NotFound):
        await redmine.work_logs.edit(item_id, added.id, work)


async def time_that_a_person_logs_surfaces_though_no_listing_of_issues_tells(redmine: RedmineConnector, site: Site) -> None:
    item_id = await created(redmine)
    version = (await redmine.read(item_id)).version
    cursor = (await redmine.changes(SETTINGS, "")).cursor
    async with acting(site, "bob") as bob:
        entry: Fields = {"issue_id": int(item_id), "hours": 0.25, "spent_on": "2026-03-01", "comments": "By hand", "activity_id": 9}
        await bob.log_time(entry)
    told: list[Change] = []
    for _ in range(3):
        page = await redmine.changes(SETTINGS, cursor)
        cursor = page.cursor
        told += [one for one in page.changes if one.id == item_id]
    item = await redmine.read(item_id)
    assert item.version in [one.version for one in told]
    assert item.version != version
    [log] = item.work_logs
    assert (log.spent, log.comment, log.marker, (log.author or {})["username"]) == (900, "By hand", None, "bob")
    page = await redmine.changes(SETTINGS, cursor)
    assert item.version not in [one.version for one in page.changes]


async def time_is_paged(redmine: RedmineConnector, site: Site) -> None:
    item_id = await created(redmine)
    start = Cursor.model_validate_json((await redmine.changes(SETTINGS, "")).cursor)
    work = Work(started=datetime(2026, 3, 1, 9, 30, tzinfo=UTC), spent=3600)
    for number in range(PAGE + 2):
        await redmine.work_logs.add(item_id, work.model_copy(update={"comment": f"Part {number}"}), new_marker())
    assert {one.comment for one in (await redmine.read(item_id)).work_logs} == {f"Part {number}" for number in range(PAGE + 2)}
    assert start.logged is not None
    async with acting(site, AGENT) as client:
        logged = await redmine.work_logs.since(await client.project("sync"), start.logged)
    assert logged.issues == (item_id,)
    assert logged.newest >= start.logged + PAGE + 2


async def files_keep_name_type_and_bytes(redmine: RedmineConnector, site: Site) -> None:
    del site
    item_id = await created(redmine)
    marker = new_marker()
    added = await redmine.upload(item_id, TEXT_FILE, chunks(b"hello ", b"world"), marker)
    assert (added.filename, added.mimetype, added.size, added.marker) == ("notes é.txt", "text/plain", 11, marker)
    assert (await redmine.read(item_id)).attachments == (added,)
    assert await redmine.find_attachment(item_id, marker, TEXT_FILE) == added
    async with redmine.download(added) as content:
        assert b"".join([part async for part in content]) == b"hello world"
    await redmine.delete_attachment(item_id, added.id)
    await redmine.delete_attachment(item_id, added.id)
    assert (await redmine.read(item_id)).attachments == ()


async def the_feed_starts_now_and_shows_what_changes(redmine: RedmineConnector, site: Site) -> None:
    start = await redmine.changes(SETTINGS, "")
    assert start.changes == ()
    marker = new_marker()
    item_id = (await redmine.create(SETTINGS, {"summary": "Fresh"}, marker)).ref.id
    page = await redmine.changes(SETTINGS, start.cursor)
    assert [(one.key, one.marker) for one in page.changes if one.id == item_id] == [(f"#{item_id}", marker)]
    async with acting(site, "ann") as ann:
        await ann.update(item_id, {"notes": "A note"})
    assert item_id in {one.id for one in (await redmine.changes(SETTINGS, page.cursor)).changes}
    await redmine.transition(item_id, "Closed")
    assert item_id in {one.id for one in (await redmine.changes(SETTINGS, page.cursor)).changes}
    elsewhere = await redmine.changes({"project": "ops"}, start.cursor)
    assert item_id not in {one.id for one in elsewhere.changes}


async def queries_select_issues(redmine: RedmineConnector, site: Site) -> None:
    del site
    word = new_marker().rpartition(":")[2]
    bug = await created(redmine, summary=f"{word} bug")
    feature = await created(redmine, summary=f"{word} feature", type={"name": "Feature"})
    await redmine.update(bug, {"status": {"name": "Closed"}})
    by_query = {
        query: {one.id for one in await redmine.search(SETTINGS, query, None)}
        for query in (f"subject=~{word}", f"subject=~{word}&status_id=*", f"subject=~{word}&status_id=*&tracker_id=1|3")
    }
    assert list(by_query.values()) == [{feature}, {bug, feature}, {bug}]
    assert {one.id for one in await redmine.search(SETTINGS, f"subject=~{word}", an_hour_ago())} == {feature}
    await redmine.check_query(SETTINGS, "status_id=open&cf_1=x")


async def bad_queries_are_told(redmine: RedmineConnector, site: Site) -> None:
    del site
    with pytest.raises(BadInput, match="no issue filter 'labels'"):
        await redmine.check_query(SETTINGS, "labels=sync")
    with pytest.raises(BadInput, match="Due date is invalid"):
        await redmine.check_query(SETTINGS, "due_date=soon")
    with pytest.raises(BadInput, match="is not of the form"):
        await redmine.check_query(SETTINGS, "all my issues")
    with pytest.raises(BadInput, match="needs a value"):
        await redmine.check_query(SETTINGS, "subject=")


async def an_absent_issue_is_not_found(redmine: RedmineConnector, site: Site) -> None:
    item_id = await created(redmine)
    assert (await redmine.find(SETTINGS, f"{site.url}/issues/{item_id}#note-1")).id == item_id
    assert (await redmine.find(SETTINGS, f"#{item_id}")).id == item_id
    for call in (
        redmine.read("999999"),
        redmine.find(SETTINGS, "999999"),
        redmine.find(SETTINGS, "x"),
        redmine.find({"project": "ops"}, item_id),
    ):
        with pytest.raises(NotFound):
            await call


async def rules_get_their_answers(redmine: RedmineConnector, site: Site) -> None:
    del site
    ann = {"key": "6", "username": "ann", "email": "ann@acme.test", "displayName": "Ann Archer"}
    answers = {
        ("issue_type", "bug"): {"name": "Bug", "id": "1"},
        ("priority", "High"): {"name": "High", "id": "3"},
        ("status", "Closed"): {"name": "Closed", "id": "5"},
        ("project", "ops"): {"key": "ops", "name": "Operations", "id": "2"},
        ("user", "6"): ann,
        ("user_by_email", "Ann@acme.test"): ann,
        ("user_by_username", "ann"): ann,
        ("issue_type", "Epic"): None,
        ("project", "nope"): None,
        ("user_by_email", "eve@acme.test"): None,
    }
    assert {ask: await redmine.lookup(SETTINGS, ask[0], (ask[1],)) for ask in answers} == answers


CASES: tuple[Case, ...] = (
    check_accepts_the_account_and_the_project,
    check_names_what_is_wrong,
    the_account_and_its_rights_are_told,
    a_created_issue_carries_fields_and_marker,
    the_marker_finds_the_issue,
    an_update_answers_what_was_written,
    a_missing_option_is_refused_with_the_options,
    a_status_that_the_workflow_forbids_is_refused,
    a_custom_field_is_read_and_written_by_name,
    comments_live_their_life,
    a_note_edit_changes_the_version_that_is_read,
    a_note_edit_surfaces_though_no_listing_tells,
    spent_time_lives_its_life,
    time_that_a_person_logs_surfaces_though_no_listing_of_issues_tells,
    time_is_paged,
    files_keep_name_type_and_bytes,
    the_feed_starts_now_and_shows_what_changes,
    queries_select_issues,
    bad_queries_are_told,
    an_absent_issue_is_not_found,
    rules_get_their_answers,
)
