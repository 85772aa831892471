from datetime import UTC, datetime, timedelta

import pytest
from github_site import SETTINGS, USER, GitHubSite, access, connected, running
from pydantic import JsonValue

from connectors.github.connector import GitHubConnector
from model.errors import Ambiguous, BadInput, Gone, LoginRejected, Misconfigured, NotFound, RateLimited, Refused, Unavailable
from model.item import Fields

MARKER = "acme-1:left:0001"


ANN: Fields = {"key": "1002", "username": "ann", "email": "ann@acme.test", "displayName": "ann"}


async def test_what_is_created_is_read_back(github: GitHubConnector, site: GitHubSite) -> None:
    wanted: Fields = {
        "summary": "Anvil arrives bent",
        "description": "Seen **twice**",
        "labels": [{"label": "sync"}, {"label": "bug"}],
        "type": {"name": "bug"},
        "assignee": {"username": "ann"},
    }
    written = await github.create(SETTINGS, wanted, MARKER)
    item = await github.read(written.ref.id)
    assert (written.ref.id, written.ref.key, item.marker, item.version) == ("acme/app#5", "acme/app#5", MARKER, written.version)
    assert written.fields == {name: item.fields[name] for name in (*wanted, "status")}
    assert (item.fields["description"], item.fields["assignee"]) == ("Seen **twice**", ANN)
    assert item.fields["labels"] == [{"label": "bug"}, {"label": "sync"}]
    assert item.fields["type"] == {"name": "Bug", "id": "100"}
    assert await site.writes(USER) == ["issue.created"]


async def test_an_issue_without_description_carries_the_marker_too(github: GitHubConnector) -> None:
    written = await github.create(SETTINGS, {"summary": "Empty"}, MARKER)
    item = await github.read(written.ref.id)
    assert (item.marker, item.fields["description"]) == (MARKER, None)
    assert written.fields == {"summary": "Empty", "status": item.fields["status"]}


async def test_the_repository_may_be_typed_in_any_case(github: GitHubConnector) -> None:
    written = await github.create({"repository": "Acme/APP"}, {"summary": "Case"}, MARKER)
    assert written.ref.id == "acme/app#5"


async def test_an_edit_costs_one_call_and_keeps_the_marker(github: GitHubConnector, site: GitHubSite) -> None:
    item = (await github.create(SETTINGS, {"summary": "Before", "description": "old"}, MARKER)).ref.id
    before = await site.calls()
    written = await github.update(item, {"description": "new", "summary": "After"})
    assert await site.calls() == before + 1
    assert written.fields == {"description": "new", "summary": "After"}
    assert (await github.read(item)).marker == MARKER


async def test_a_connector_that_never_saw_the_issue_keeps_the_marker(github: GitHubConnector, site: GitHubSite) -> None:
    item = (await github.create(SETTINGS, {"summary": "Before", "description": "old"}, MARKER)).ref.id
    other = GitHubConnector(access(site.url))
    await other.update(item, {"description": "new"})
    await other.aclose()
    read = await github.read(item)
    assert (read.marker, read.fields["description"]) == (MARKER, "new")


async def test_status_and_resolution(github: GitHubConnector) -> None:
    written = await github.update("acme/app#1", {"status": {"name": "Closed"}, "resolution": {"name": "Not planned"}})
    assert written.fields["status"] == {"name": "closed", "id": "closed", "category": "done"}
    assert written.fields["resolution"] == {"name": "not_planned", "id": "not_planned"}
    changed = await github.update("acme/app#1", {"resolution": {"name": "duplicate"}})
    assert changed.fields["resolution"] == {"name": "duplicate", "id": "duplicate"}
    reopened = await github.transition("acme/app#1", "open")
    assert reopened.fields["status"] == {"name": "open", "id": "open", "category": "new"}
    assert (await github.read("acme/app#1")).fields["resolution"] is None


async def test_a_resolution_needs_the_status(github: GitHubConnector, site: GitHubSite) -> None:
    with pytest.raises(Refused, match="together with status 'closed'"):
        await github.update("acme/app#1", {"resolution": {"name": "completed"}})
    with pytest.raises(Refused, match="together with status 'closed'"):
        await github.create(SETTINGS, {"summary": "x", "resolution": {"name": "completed"}}, MARKER)
    assert await site.writes(USER) == []


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"status": {"name": "Doing"}}, "status", "options: 'closed', 'open'"),
        ({"type": {"name": "Epic"}}, "type", "options: 'Bug', 'Feature', 'Task'"),
        ({"status": {"name": "closed"}, "resolution": {"name": "Fixed"}}, "resolution", "'not_planned'"),
        ({"assignee": {"username": "nobody"}}, "assignee", "'nobody'"),
        ({"assignee": {"email": "ann@acme.test"}}, "assignee", "names no GitHub user"),
        ({"priority": {"name": "High"}}, "priority", "no field 'priority'"),
        ({"labels": "bug"}, "labels", "list of labels"),
        ({"summary": "x" * 257}, "summary", "too long"),
        ({"description": "x" * 65_537}, "description", "too long"),
    ],
)
async def test_a_value_without_a_place_is_refused_by_name(github: GitHubConnector, fields: Fields, field: str, words: str) -> None:
    with pytest.raises(Refused, match=words) as refused:
        await github.update("acme/app#1", fields)
    assert refused.value.field == field


async def test_the_assignee_may_be_named_by_id_and_taken_away(github: GitHubConnector) -> None:
    ann = await github.lookup(SETTINGS, "user_by_username", ("ann",))
    assert isinstance(ann, dict)
    written = await github.update("acme/app#1", {"assignee": {"key": ann["key"]}})
    assert written.fields["assignee"] == ann
    assert (await github.update("acme/app#1", {"assignee": None})).fields == {"assignee": None}


async def test_labels_are_replaced_and_made(github: GitHubConnector) -> None:
    written = await github.update("acme/app#1", {"labels": [{"label": "brand-new"}]})
    assert written.fields["labels"] == [{"label": "brand-new"}]


async def test_comments_carry_their_marker_through_edits(github: GitHubConnector, site: GitHubSite) -> None:
    added = await github.add_comment("acme/app#1", "see @bob and #2", internal=False, marker="c-1")
    edited = await github.edit_comment("acme/app#1", added.id, "really")
    assert (added.body, added.marker, edited.body, edited.marker) == ("see @bob and #2", "c-1", "really", "c-1")
    read = await github.read("acme/app#1")
    assert [(one.body, one.marker) for one in read.comments] == [("I can reproduce it.", None), ("really", "c-1")]
    assert await site.writes(USER) == ["comment.created", "comment.updated"]
    await github.delete_comment("acme/app#1", added.id)
    await github.delete_comment("acme/app#1", added.id)
    with pytest.raises(NotFound):
        await github.edit_comment("acme/app#1", added.id, "gone")


async def test_an_internal_comment_never_becomes_public(github: GitHubConnector, site: GitHubSite) -> None:
    with pytest.raises(Refused, match="no internal comments"):
        await github.add_comment("acme/app#1", "secret", internal=True, marker="c-1")
    assert await site.writes(USER) == []


async def test_foreign_mentions_do_not_ring(github: GitHubConnector, site: GitHubSite) -> None:
    written = await github.create(SETTINGS, {"summary": "x", "description": "@ann, see #1"}, MARKER)
    raw = str((await site.raw(written.ref.id))["body"])
    assert "@ann" not in raw
    assert "#1" not in raw
    assert written.fields["description"] == "@ann, see #1"


async def test_a_comment_is_found_on_every_page() -> None:
    comments: list[JsonValue] = [{"user": "ann", "body": f"{number}\n\n<!-- twinline:c-{number} -->"} for number in range(203)]
    issue: JsonValue = {"title": "Talk", "comments": comments}
    async with running({"repositories": [{"name": "acme/app", "issues": [issue]}]}) as site, connected(site) as github:
        found = [await github.find_comment("acme/app#1", f"c-{number}") for number in (0, 99, 100, 150, 202, 203)]
        assert [one and one.body for one in found] == ["0", "99", "100", "150", "202", None]
        assert len((await github.read("acme/app#1")).comments) == 203


async def test_an_item_is_found_by_its_marker_before_the_index_knows_it(github: GitHubConnector, site: GitHubSite) -> None:
    await site.control(lag_s=600)
    since = datetime.now(UTC) - timedelta(minutes=5)
    written = await github.create(SETTINGS, {"summary": "x"}, MARKER)
    found = await github.find_by_marker(SETTINGS, MARKER, since)
    assert found is not None
    assert found.ref == written.ref
    assert await github.find_by_marker(SETTINGS, "acme-1:left:0002", since) is None


async def test_a_write_whose_answer_is_lost_is_ambiguous_and_found(github: GitHubConnector, site: GitHubSite) -> None:
    await site.control(lose_response=1)
    with pytest.raises(Ambiguous):
        await github.create(SETTINGS, {"summary": "x"}, MARKER)
    assert await github.find_by_marker(SETTINGS, MARKER, datetime.now(UTC) - timedelta(minutes=1)) is not None


async def test_keys_that_people_type(github: GitHubConnector, site: GitHubSite) -> None:
    keys = ("1", "#1", "acme/app#1", "Acme/App#1", f"{site.url}/acme/app/issues/1", f"{site.url}/repos/acme/app/issues/1")
    assert {(await github.find(SETTINGS, key)).id for key in keys} == {"acme/app#1"}


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("99", "acme/app#99 does not exist"),
        ("acme/tools#1", "not in the repository"),
        ("PROJ-1", "no GitHub issue"),
    ],
)
async def test_keys_that_name_nothing(github: GitHubConnector, key: str, words: str) -> None:
    with pytest.raises(NotFound, match=words):
        await github.find(SETTINGS, key)


async def test_a_deleted_issue_is_gone(github: GitHubConnector, site: GitHubSite) -> None:
    node = (await site.call("ann", "GET", "/repos/acme/app/issues/1")).json()["node_id"]
    query = "mutation($input: DeleteIssueInput!) { deleteIssue(input: $input) { clientMutationId } }"
    await site.call("ann", "POST", "/graphql", {"query": query, "variables": {"input": {"issueId": node}}})
    with pytest.raises(Gone, match="acme/app#1 was deleted"):
        await github.read("acme/app#1")


async def test_a_transferred_issue_is_followed(github: GitHubConnector, site: GitHubSite) -> None:
    issue = (await site.call("ann", "GET", "/repos/acme/app/issues/1")).json()
    target = (await site.call("ann", "GET", "/repos/acme/tools")).json()
    given = f'issueId: "{issue["node_id"]}", repositoryId: "{target["node_id"]}"'
    query = f"mutation {{ transferIssue(input: {{{given}}}) {{ issue {{ number }} }} }}"
    await site.call("ann", "POST", "/graphql", {"query": query})
    read = await github.read("acme/app#1")
    assert (read.ref.id, read.ref.key, len(read.comments)) == ("acme/app#1", "acme/tools#1", 1)
    wheres = [await github.whereabouts({"repository": name}, read) for name in ("acme/app", "acme/tools", "acme/unknown")]
    assert wheres == ["was transferred to repository 'acme/tools'", "", ""]
    written = await github.update("acme/app#1", {"summary": "Moved"})
    assert (written.ref.key, written.fields) == ("acme/tools#1", {"summary": "Moved"})


async def test_check(github: GitHubConnector, site: GitHubSite) -> None:
    await github.check(None)
    await github.check(SETTINGS)
    with pytest.raises(Misconfigured, match=r"'acme/shop' does not exist.*it sees: acme/app, acme/sync, acme/tools"):
        await github.check({"repository": "acme/shop"})
    wrong = GitHubConnector(access(site.url, "wrong-token"))
    with pytest.raises(LoginRejected) as rejected:
        await wrong.check(None)
    await wrong.aclose()
    assert "wrong-token" not in rejected.value.message


async def test_check_tells_an_address_that_is_no_api(site: GitHubSite) -> None:
    page = GitHubConnector(access(f"{site.url}/acme"))
    with pytest.raises(Misconfigured, match="no address of GitHub's API"):
        await page.check(None)
    await page.aclose()


async def test_enterprise_server_by_base_url(site: GitHubSite) -> None:
    enterprise = GitHubConnector(access(f"{site.url}/api/v3"))
    written = await enterprise.create(SETTINGS, {"summary": "On our own server"}, MARKER)
    await enterprise.check(SETTINGS)
    assert (await enterprise.read(written.ref.id)).ref.key == "acme/app#5"
    await enterprise.aclose()


async def test_limits_and_outages_are_told_apart(github: GitHubConnector, site: GitHubSite) -> None:
    await github.read("acme/app#1")
    await site.control(down=True)
    with pytest.raises(Unavailable):
        await github.read("acme/app#1")
    with pytest.raises(Ambiguous):
        await github.update("acme/app#1", {"summary": "x"})
    await site.control(down=False, reject_next=1)
    with pytest.raises(RateLimited) as limited:
        await github.update("acme/app#1", {"summary": "x"})
    assert limited.value.retry_after == 1


async def test_while_a_limit_lasts_no_call_is_made(github: GitHubConnector, site: GitHubSite) -> None:
    await site.control(reject_next=1)
    with pytest.raises(RateLimited):
        await github.read("acme/app#1")
    before = await site.calls()
    with pytest.raises(RateLimited, match="wants no call for"):
        await github.update("acme/app#1", {"summary": "x"})
    assert await site.calls() == before


async def test_lookups(github: GitHubConnector, site: GitHubSite) -> None:
    ann = await github.lookup(SETTINGS, "user_by_email", ("Ann@acme.test",))
    assert isinstance(ann, dict)
    assert (ann["username"], ann["email"]) == ("ann", "ann@acme.test")
    assert await github.lookup(SETTINGS, "user", (str(ann["key"]),)) == ann
    assert await github.lookup(SETTINGS, "user", ("ann",)) == ann
    before = await site.calls()
    assert await github.lookup(SETTINGS, "user_by_email", ("ann@acme.test",)) == ann
    assert await site.calls() == before
    repository = await github.lookup(SETTINGS, "http", ("GET", "/repos/acme/app", None, None, None))
    assert isinstance(repository, dict)
    assert isinstance(repository["body"], dict)
    assert (repository["code"], repository["body"]["full_name"]) == (200, "acme/app")
    assert await github.lookup(SETTINGS, "status", ("Closed",)) == {"name": "closed", "id": "closed", "category": "done"}
    assert await github.lookup(SETTINGS, "issue_type", ("bug",)) == {"name": "Bug", "id": "100"}
    assert await github.lookup(SETTINGS, "project", ("acme/tools",)) == {"key": "acme/tools", "name": "tools", "id": "acme/tools"}


@pytest.mark.parametrize(
    ("name", "argument"),
    [
        ("user_by_email", "nobody@acme.test"),
        ("user_by_email", "acme.test"),
        ("user_by_username", "nobody"),
        ("user", "999999"),
        ("status", "Doing"),
        ("issue_type", "Epic"),
        ("priority", "High"),
        ("option", "x"),
        ("project", "acme/none"),
        ("project", "../user"),
        ("user", None),
    ],
)
async def test_lookups_without_an_answer(github: GitHubConnector, name: str, argument: str | None) -> None:
    assert await github.lookup(SETTINGS, name, (argument,)) is None


async def test_a_repository_without_issue_types(github: GitHubConnector) -> None:
    with pytest.raises(Refused, match="options: none"):
        await github.create({"repository": "acme/tools"}, {"summary": "x", "type": {"name": "Bug"}}, MARKER)


async def test_a_trigger_query_is_checked_by_github(github: GitHubConnector) -> None:
    await github.check_query(SETTINGS, 'is:open label:"sync"')
    with pytest.raises(BadInput, match="not a recognized date/time format"):
        await github.check_query(SETTINGS, "updated:>=yesterday")
