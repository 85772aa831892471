"""What the connector promises, kept against the fake over HTTP."""

from datetime import UTC, datetime, timedelta

import pytest
from azure_site import PATCH, SCRUM, SETTINGS, AzureSite, House, a_fake, an_hour_ago, connected, created, new_marker, opened

from connectors.azure_devops.connector import AzureDevOpsConnector
from model.errors import Ambiguous, BadInput, Gone, LoginRejected, Misconfigured, NotFound, RateLimited, Refused, Stale, Unavailable
from model.item import Attachment, Fields

MARKDOWN = "Hello **Ann**\n\n- one\n- two\n\n```\ncode\n```"
BOB: Fields = {"email": "bob@acme.test"}


async def test_check_accepts_the_account_and_the_project(azure: AzureDevOpsConnector) -> None:
    await azure.check(None)
    await azure.check(SETTINGS)
    await azure.check({"project": "acme operations", "type": "product backlog item"})
    await azure.check({**SETTINGS, "area": "Acme Shop\\Checkout", "iteration": "acme shop"})


async def test_check_names_what_is_wrong(azure: AzureDevOpsConnector, site: AzureSite) -> None:
    with pytest.raises(Misconfigured, match=r"no project 'Nope'.*'Acme Operations', 'Acme Shop'"):
        await azure.check({"project": "Nope"})
    with pytest.raises(Misconfigured, match=r"no work item type 'Story'.*'User Story'"):
        await azure.check({"project": "Acme Shop", "type": "Story"})
    for path in ("Acme Shop\\Moon", "Moon", "Acme Operations", "Acme Shop\\Checkout\\Deep"):
        with pytest.raises(Misconfigured, match="has no area"):
            await azure.check({**SETTINGS, "area": path})
        with pytest.raises(Misconfigured, match="has no iteration"):
            await azure.check({**SETTINGS, "iteration": path})
    async with connected(site, url=f"{site.root}/_signin") as elsewhere:
        with pytest.raises((Misconfigured, LoginRejected)):
            await elsewhere.check(None)


@pytest.mark.parametrize("page", [False, True])
async def test_a_rejected_login_is_told_also_where_the_sign_in_page_comes(page: bool, house: House) -> None:
    async with opened(house, a_fake({"sign_in_page": page})) as site, connected(site, "expired") as stranger:
        with pytest.raises(LoginRejected) as caught:
            await stranger.check(None)
        assert "expired" not in caught.value.message
        with pytest.raises(LoginRejected):
            await stranger.update("1", {"summary": "x"})
        with pytest.raises(LoginRejected):
            async with stranger.download(Attachment(id="a", filename="a.html", location="a")):
                pytest.fail("the sign-in page was taken for the file")


async def test_a_created_item_carries_fields_and_marker(azure: AzureDevOpsConnector, site: AzureSite) -> None:
    marker = new_marker()
    settings = {**SETTINGS, "area": "Acme Shop\\Checkout", "iteration": "Acme Shop\\Sprint 1"}
    written = await azure.create(
        settings,
        {
            "summary": "Crash <b> & é😀",
            "description": MARKDOWN,
            "type": {"name": "bug"},
            "priority": {"name": "1"},
            "labels": [{"label": "Checkout"}, {"label": "sync"}],
            "assignee": BOB,
            "due": "2031-02-03",
            "Customer Reference": "ACME-7",
            "parentId": "2",
        },
        marker,
    )
    item = await azure.read(written.ref.id)
    assert (item.marker, item.ref, item.version, item.fields["status"]) == (marker, written.ref, "1", written.fields["status"])
    assert {name: item.fields[name] for name in written.fields} == written.fields
    assert item.ref.url == f"{site.url}/Acme%20Shop/_workitems/edit/{written.ref.id}"
    assert item.ref.key == f"#{written.ref.id}"
    assert item.fields["summary"] == "Crash <b> & é😀"
    assert item.fields["description"] == MARKDOWN
    assert item.fields["type"] == {"name": "Bug", "id": "Bug"}
    assert item.fields["status"] == {"name": "New", "id": "New", "category": "new"}
    assert item.fields["priority"] == {"name": "1", "id": "1"}
    assert item.fields["labels"] == [{"label": "checkout"}, {"label": "sync"}]
    assert item.fields["due"] == "2031-02-03"
    assert item.fields["parentId"] == "2"
    assert (item.fields["areaPath"], item.fields["iterationPath"]) == ("Acme Shop\\Checkout", "Acme Shop\\Sprint 1")
    assert item.fields["Customer Reference"] == "ACME-7"
    assert item.fields["Severity"] == "3 - Medium"
    bob, bot = item.fields["assignee"], item.fields["reporter"]
    assert isinstance(bob, dict)
    assert isinstance(bot, dict)
    assert (bob["email"], bob["displayName"]) == ("bob@acme.test", "Bob Baker")
    assert (bot["username"], item.fields["creator"]) == ("bot@acme.test", bot)
    raw = await site.see(written.ref.id)
    assert "<strong>Ann</strong>" in raw["fields"]["Microsoft.VSTS.TCM.ReproSteps"]
    assert "System.Description" not in raw["fields"]


async def test_the_marker_finds_the_item(azure: AzureDevOpsConnector) -> None:
    marker = new_marker()
    written = await azure.create(SETTINGS, {"summary": "Marked"}, marker)
    found = await azure.find_by_marker(SETTINGS, marker, an_hour_ago())
    assert found is not None
    assert (found.ref.id, found.fields["description"]) == (written.ref.id, None)
    assert await azure.find_by_marker(SETTINGS, marker[:-1], an_hour_ago()) is None
    assert await azure.find_by_marker(SCRUM, marker, an_hour_ago()) is None
    assert await azure.find_by_marker(SETTINGS, marker, datetime.now(UTC) + timedelta(minutes=1)) is None


async def test_a_create_whose_answer_was_lost_is_found(azure: AzureDevOpsConnector, site: AzureSite) -> None:
    marker = new_marker()
    await azure.check(SETTINGS)
    await site.control(lose_response=1)
    with pytest.raises(Ambiguous):
        await azure.create(SETTINGS, {"summary": "Lost"}, marker)
    found = await azure.find_by_marker(SETTINGS, marker, an_hour_ago())
    assert found is not None
    assert found.fields["summary"] == "Lost"


async def test_an_update_answers_what_was_written(azure: AzureDevOpsConnector) -> None:
    item_id = await created(azure, description="Old", assignee=BOB, labels=[{"label": "a"}, {"label": "b"}])
    written = await azure.update(
        item_id,
        {
            "summary": "New",
            "description": MARKDOWN + "\n\n\n",
            "status": {"name": "active"},
            "assignee": None,
            "priority": {"name": "4"},
            "labels": [{"label": "b"}],
            "due": None,
        },
    )
    item = await azure.read(item_id)
    assert written.version == item.version
    assert {name: item.fields[name] for name in written.fields} == written.fields
    assert written.fields == {
        "summary": "New",
        "description": MARKDOWN,
        "status": {"name": "Active", "id": "Active", "category": "indeterminate"},
        "assignee": None,
        "priority": {"name": "4", "id": "4"},
        "labels": [{"label": "b"}],
        "due": None,
    }
    closed = await azure.transition(item_id, "Closed", written.version)
    assert closed.fields["status"] == {"name": "Closed", "id": "Closed", "category": "done"}


async def test_a_field_edit_costs_one_read_and_one_write(azure: AzureDevOpsConnector, site: AzureSite) -> None:
    await azure.update("1", {"summary": "warm", "priority": {"name": "1"}})
    before = await site.calls()
    await azure.update("1", {"summary": "measured", "priority": {"name": "2"}})
    after = await site.calls()
    assert {method: after[method] - before[method] for method in after if after[method] != before[method]} == {"GET": 1, "PATCH": 1}


async def test_an_update_of_an_item_that_moved_on_is_stale_and_changes_nothing(azure: AzureDevOpsConnector, site: AzureSite) -> None:
    version = (await azure.read("1")).version
    await site.edit("ann", 1, Title="By Ann")
    with pytest.raises(Stale) as caught:
        await azure.update("1", {"summary": "By us", "priority": {"name": "1"}}, version)
    assert caught.value.version == f"{(await site.see(1))['rev']}/0"
    assert (await site.see(1))["fields"]["System.Title"] == "By Ann"
    assert (await azure.update("1", {"summary": "By us"}, caught.value.version)).fields == {"summary": "By us"}


async def test_what_has_no_place_is_refused_with_the_options(azure: AzureDevOpsConnector) -> None:
    item_id = await created(azure)
    with pytest.raises(Refused, match=r"'status' has no option 'Done' .options: 'New', 'Active', 'Closed', 'Removed'.") as status:
        await azure.update(item_id, {"status": {"name": "Done"}})
    assert status.value.field == "status"
    with pytest.raises(Refused, match=r"has no user \{'email': 'eve@acme\.test'\}") as user:
        await azure.update(item_id, {"assignee": {"email": "eve@acme.test"}})
    assert user.value.field == "assignee"
    with pytest.raises(Refused, match="has no field 'Weather'"):
        await azure.update(item_id, {"Weather": "fine"})
    with pytest.raises(Refused, match="does not let anybody write field 'State Change Date'"):
        await azure.update(item_id, {"State Change Date": "2031-01-01"})
    with pytest.raises(Refused, match="'priority' takes a number"):
        await azure.update(item_id, {"priority": {"name": "High"}})
    with pytest.raises(Refused, match="no comma or semicolon"):
        await azure.update(item_id, {"labels": [{"label": "a;b"}]})
    with pytest.raises(Refused, match="no work item '999' to be the parent") as parent:
        await azure.update(item_id, {"parentId": "999"})
    assert parent.value.field == "parentId"


async def test_the_platforms_own_refusals_name_the_field(azure: AzureDevOpsConnector) -> None:
    item_id = await created(azure)
    with pytest.raises(Refused, match="TF401320: Rule Error for field Title") as title:
        await azure.update(item_id, {"summary": ""})
    assert title.value.field == "summary"
    with pytest.raises(Refused, match="TF401320: Rule Error for field Priority") as priority:
        await azure.update(item_id, {"priority": {"name": "9"}})
    assert priority.value.field == "priority"
    with pytest.raises(Refused, match="TF401347: Invalid tree name") as area:
        await azure.update(item_id, {"areaPath": "Acme Shop\\Moon"})
    assert area.value.field == "areaPath"
    story = (await azure.create(SCRUM, {"summary": "Story"}, new_marker())).ref.id
    with pytest.raises(Refused, match="Required, InvalidEmpty") as required:
        await azure.update(story, {"status": {"name": "Done"}})
    assert required.value.field == "Custom.CustomerReference"
    done = await azure.update(story, {"status": {"name": "Done"}, "Customer Reference": "ACME-1"})
    assert done.fields["status"] == {"name": "Done", "id": "Done", "category": "done"}


async def test_own_fields_are_written_by_display_and_reference_name(azure: AzureDevOpsConnector) -> None:
    item_id = await created(azure)
    fields: Fields = {
        "Customer Reference": "ACME-7",
        "Custom.Regulated": True,
        "Seats": "12",
        "Channel": {"value": "Phone"},
        "Story Points": 1.5,
        "Approver": BOB,
        "Acceptance Criteria": "**All** of it",
    }
    written = await azure.update(item_id, fields)
    shown = (await azure.read(item_id)).fields
    assert written.fields["Approver"] == shown["Approver"]
    assert {name: value for name, value in written.fields.items() if name != "Approver"} == {
        "Customer Reference": "ACME-7",
        "Custom.Regulated": True,
        "Seats": 12,
        "Channel": "Phone",
        "Story Points": 1.5,
        "Acceptance Criteria": "**All** of it",
    }
    assert (shown["Regulated"], shown["Seats"]) == (True, 12)
    assert (await azure.update(item_id, {"Customer Reference": None, "Seats": None})).fields == {"Customer Reference": None, "Seats": None}


async def test_a_type_changes_with_its_description_and_states(azure: AzureDevOpsConnector) -> None:
    item_id = await created(azure)
    written = await azure.update(item_id, {"description": "Steps", "status": {"name": "Resolved"}, "type": {"name": "Bug"}})
    assert written.fields == {
        "type": {"name": "Bug", "id": "Bug"},
        "description": "Steps",
        "status": {"name": "Resolved", "id": "Resolved", "category": "indeterminate"},
    }


async def test_a_field_that_became_markdown_is_read_and_written_as_markdown(azure: AzureDevOpsConnector, site: AzureSite) -> None:
    item_id = await created(azure)
    operations = [
        {"op": "add", "path": "/fields/System.Description", "value": "1 < 2 & **bold**"},
        {"op": "add", "path": "/multilineFieldsFormat/System.Description", "value": "Markdown"},
    ]
    site.good(await site.call("ann", "PATCH", f"/_apis/wit/workitems/{item_id}", operations, PATCH))
    assert (await azure.read(item_id)).fields["description"] == "1 < 2 & **bold**"
    written = await azure.update(item_id, {"description": MARKDOWN})
    assert written.fields == {"description": MARKDOWN}
    assert [one.new for one in await azure.history(item_id, an_hour_ago()) if one.field == "description"][-1] == MARKDOWN
    raw = await site.see(item_id)
    assert (raw["fields"]["System.Description"], raw["multilineFieldsFormat"]["System.Description"]) == (MARKDOWN, "markdown")


async def test_a_deleted_item_is_gone_until_it_is_restored(azure: AzureDevOpsConnector, site: AzureSite) -> None:
    item_id = await created(azure)
    await site.delete("ann", item_id)
    with pytest.raises(Gone, match="recycle bin"):
        await azure.read(item_id)
    await site.restore("ann", item_id)
    assert (await azure.read(item_id)).fields["summary"] == "Printer on fire"
    site.good(await site.call("ann", "DELETE", f"/_apis/wit/workitems/{item_id}", destroy="true"))
    with pytest.raises(NotFound, match="TF401232"):
        await azure.read(item_id)


async def test_items_are_found_as_people_call_them(azure: AzureDevOpsConnector, site: AzureSite) -> None:
    for key in (
        "1",
        "#1",
        "AB#1",
        f"{site.url}/Acme%20Shop/_workitems/edit/1",
        f"{site.url}/_workitems/edit/1?tab=x",
        f"{site.url}/_boards/board?x=y&workitem=1",
    ):
        assert (await azure.find(SETTINGS, key)).id == "1"
    for key in ("999", "PRJ-1", "x", "4"):
        with pytest.raises(NotFound):
            await azure.find(SETTINGS, key)


async def test_queries_select_items(azure: AzureDevOpsConnector, site: AzureSite) -> None:
    bug = await created(azure, type={"name": "Bug"}, labels=[{"label": "sync"}])
    task = await created(azure, labels=[{"label": "sync"}])
    await azure.update(task, {"status": {"name": "Closed"}})
    tagged = "[System.Tags] CONTAINS 'sync'"
    queries = {
        tagged: {bug, task},
        f"{tagged} AND [System.State] <> 'Closed'": {bug},
        "SELECT [System.Id] FROM WorkItems WHERE [System.Tags] CONTAINS 'sync' AND [Work Item Type] = 'Task' ORDER BY [Title]": {task},
        f"({tagged}) OR [System.Title] = 'nothing'": {bug, task},
        "[System.WorkItemType] = 'Product Backlog Item'": set[str](),
    }
    assert {query: {one.id for one in await azure.search(SETTINGS, query, None)} for query in queries} == queries
    found = await azure.search(SETTINGS, tagged, an_hour_ago())
    assert {one.id: (one.key, one.version) for one in found} == {bug: (f"#{bug}", "1"), task: (f"#{task}", "2")}
    assert all(one.marker for one in found)
    assert await azure.search(SETTINGS, tagged, datetime.now(UTC) + timedelta(minutes=1)) == ()
    assert len(await azure.search(SETTINGS, "", None)) == 5
    await site.control(lag_s=60)
    assert await azure.search(SETTINGS, tagged, None) == ()


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("[System.Nope] = 1", "TF51005"),
        ("[System.State] = ", "Expecting a value"),
        ("[System.State] = 'New') OR ([System.Id] > 0", "parentheses"),
        ("[System.State] = 'New", "does not end"),
        ("SELECT [System.Id] FROM WorkItemLinks WHERE [System.Id] > 0", "single work items"),
        ("[System.Id] > 0 ASOF '2031-01-01'", "ASOF"),
    ],
)
async def test_bad_queries_are_told(azure: AzureDevOpsConnector, query: str, reason: str) -> None:
    with pytest.raises(BadInput, match=reason):
        await azure.check_query(SETTINGS, query)


async def test_good_queries_are_accepted(azure: AzureDevOpsConnector) -> None:
    await azure.check_query(SETTINGS, "[System.ChangedDate] > @Today - 7 AND [System.AssignedTo] = @Me")
    await azure.check_query(SETTINGS, "")


async def test_rules_get_their_answers(azure: AzureDevOpsConnector) -> None:
    bob = await azure.lookup(SETTINGS, "user_by_email", ("Bob@acme.test",))
    assert isinstance(bob, dict)
    answers = {
        ("issue_type", "bug"): {"name": "Bug", "id": "Bug"},
        ("default_issue_type", "*"): {"name": "Task", "id": "Task"},
        ("priority", "1"): {"name": "1", "id": "1"},
        ("status", "closed"): {"name": "Closed", "id": "Closed", "category": "done"},
        ("status", "Resolved"): None,
        ("user", str(bob["key"])): bob,
        ("user_by_username", "Bob Baker"): bob,
        ("custom_field", "Channel"): {"id": "Custom.Channel", "name": "Channel", "type": "string"},
        ("issue_type", "Story"): None,
        ("priority", "High"): None,
        ("status", "Done"): None,
        ("project", "Nope"): None,
        ("user_by_email", "eve@acme.test"): None,
        ("custom_field", "Weather"): None,
        ("resolution", "Fixed"): None,
        ("never heard of", "x"): None,
    }
    assert {ask: await azure.lookup(SETTINGS, ask[0], (ask[1],)) for ask in answers} == answers
    resolved = {"name": "Resolved", "id": "Resolved", "category": "indeterminate"}
    assert await azure.lookup(SETTINGS, "status", ("Resolved", "Bug")) == resolved
    assert await azure.lookup(SETTINGS, "option", ("Channel", "phone")) == {"value": "Phone", "id": "Phone"}
    assert await azure.lookup(SETTINGS, "user_assignable", ("Acme Shop", str(bob["key"]))) is True
    project = await azure.lookup(SETTINGS, "project", ("Acme Operations",))
    assert isinstance(project, dict)
    assert project["name"] == "Acme Operations"
    answer = await azure.lookup(SETTINGS, "http", ("GET", "/_apis/wit/workitems/1", '{"api-version": "7.1"}'))
    assert isinstance(answer, dict)
    assert answer["code"] == 200


async def test_faults_become_our_errors(azure: AzureDevOpsConnector, site: AzureSite) -> None:
    await site.control(down=True)
    with pytest.raises(Unavailable):
        await azure.read("1")
    await site.control(down=False, lose_response=1)
    with pytest.raises(Ambiguous):
        await azure.update("1", {"summary": "Perhaps"})
    assert (await azure.read("1")).fields["summary"] == "Perhaps"
    await site.control(reject_next=1)
    with pytest.raises(RateLimited) as caught:
        await azure.read("1")
    assert caught.value.retry_after == 1


async def test_a_pause_that_comes_with_a_good_answer_is_kept(house: House) -> None:
    async with opened(house, a_fake({"calls_until_delay": 0})) as site, connected(site) as azure:
        await azure.changes(SETTINGS, "")
        before = await site.calls()
        with pytest.raises(RateLimited) as caught:
            await azure.read("1")
        assert 0 < caught.value.retry_after <= 1
        assert await site.calls() == before


async def test_rich_text_is_told_as_it_will_be_read(azure: AzureDevOpsConnector) -> None:
    assert azure.as_read("Hello  **Ann**  \n\n\n* a\n* b\n") == "Hello **Ann**\n\n- a\n- b"


async def test_where_a_work_item_went(azure: AzureDevOpsConnector, site: AzureSite) -> None:
    item = await azure.read("1")
    assert await azure.whereabouts({"project": "acme shop"}, item) == ""
    assert await azure.whereabouts({"project": "Acme Operations"}, item) == "was moved to project 'Acme Shop'"
    assert await azure.whereabouts({"project": "Its old name"}, item) == ""
