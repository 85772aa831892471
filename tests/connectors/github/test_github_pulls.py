"""Pull requests: items that are read, found and followed, of which only comments are written."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from github_site import SETTINGS, USER, GitHubSite, connected

from connectors.github import DECLARATION
from connectors.github.connector import GitHubConnector
from connectors.kit.interface import Change
from connectors.kit.webhooks import hex_signature
from model.errors import NotFound, Refused, Stale
from model.item import Fields

REPO = "/repos/acme/app"
PULL, SECRET = "acme/app#3", "hook-secret"
REMEDY = r"is a pull request, of which only comments are written; leave its fields out .* 'if \(issue.typeName != \"Pull request\"\)'"


async def _opened(site: GitHubSite, **more: object) -> int:
    given = {"title": "Weigh parcels twice", "head": "bob:scales", "base": "main", **more}
    made = await site.call("bob", "POST", f"{REPO}/pulls", given)
    assert made.status_code == 201
    return int(made.json()["number"])


async def test_an_open_one_is_read(github: GitHubConnector, site: GitHubSite) -> None:
    number = await _opened(site, draft=True, body="See\n\n<!-- twinline:copied:left:1 -->")
    item = await github.read(f"acme/app#{number}")
    assert (item.ref.key, item.ref.url) == (f"acme/app#{number}", f"{site.url}/acme/app/pull/{number}")
    wanted: Fields = {
        "summary": "Weigh parcels twice",
        "description": "See",
        "status": {"name": "open", "id": "open", "category": "new"},
        "resolution": None,
        "type": {"name": "Pull request", "id": "pull_request"},
        "draft": True,
        "merged": False,
        "headBranch": "scales",
        "baseBranch": "main",
    }
    assert {name: item.fields[name] for name in wanted} == wanted
    assert item.marker is None


@pytest.mark.parametrize("merged", [True, False])
async def test_a_closed_one_tells_whether_it_was_merged(github: GitHubConnector, site: GitHubSite, merged: bool) -> None:
    if merged:
        await site.call("ann", "PUT", f"{REPO}/pulls/3/merge")
    else:
        await site.call("ann", "PATCH", f"{REPO}/issues/3", {"state": "closed"})
    found = (await github.read(PULL)).fields
    assert found["status"] == {"name": "closed", "id": "closed", "category": "done"}
    assert (found["resolution"], found["merged"]) == ({"name": "merged", "id": "merged"} if merged else None, merged)


async def test_an_issue_has_none_of_that(github: GitHubConnector) -> None:
    assert {"draft", "merged", "headBranch", "baseBranch"}.isdisjoint((await github.read("acme/app#1")).fields)


async def test_it_is_found_by_what_people_type(github: GitHubConnector, site: GitHubSite) -> None:
    keys = ("3", "#3", "acme/app#3", f"{site.url}/acme/app/pull/3", f"{site.url}{REPO}/pulls/3")
    assert {(await github.find(SETTINGS, key)).id for key in keys} == {PULL}


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("is:open", {1, 2}),
        ("author:bob", {2}),
        ("-is:pr", {1, 2, 4}),
        ('"is:pr"', set[int]()),
        ("is:merged", set[int]()),
        ("is:pr", {3}),
        ("type:PR is:open", {3}),
        ("is:pull-request author:bob", {3}),
        ("is:pr is:merged", set[int]()),
        ("is:pr OR is:issue", {1, 2, 3, 4}),
        ("is:pr draft:true", set[int]()),
        ("is:pr base:main", {3}),
    ],
)
async def test_a_trigger_finds_them_where_it_says_so(github: GitHubConnector, query: str, numbers: set[int]) -> None:
    await github.check_query(SETTINGS, query)
    assert {one.id for one in await github.search(SETTINGS, query, None)} == {f"acme/app#{number}" for number in numbers}


@pytest.mark.parametrize("fields", [{"summary": "x"}, {"description": None}, {"status": {"name": "closed"}}, {"labels": []}])
async def test_its_fields_are_not_written(github: GitHubConnector, site: GitHubSite, fields: dict[str, Any]) -> None:
    with pytest.raises(Refused, match=REMEDY):
        await github.update(PULL, fields)
    await github.read(PULL)
    with pytest.raises(Refused, match=REMEDY):
        await github.transition(PULL, "closed")
    assert await site.writes(USER) == []
    assert (await github.update(PULL, {})).fields == {}


async def test_an_issue_that_was_read_is_written_in_one_call(site: GitHubSite) -> None:
    async with connected(site) as github:
        await github.read("acme/app#2")
        before = await site.calls()
        await github.update("acme/app#2", {"summary": "x", "description": "y"})
        assert await site.calls() == before + 1


async def test_its_comments_cross(github: GitHubConnector, site: GitHubSite) -> None:
    await site.call("bob", "POST", f"{REPO}/issues/3/comments", {"body": "Ready."})
    added = await github.add_comment(PULL, "Thanks", internal=False, marker="c-1")
    found = await github.find_comment(PULL, "c-1")
    assert found == added
    await github.edit_comment(PULL, added.id, "Thank you")
    assert [one.body for one in (await github.read(PULL)).comments] == ["Ready.", "Thank you"]
    await github.delete_comment(PULL, added.id)
    assert [one.body for one in (await github.read(PULL)).comments] == ["Ready."]


async def test_the_feed_tells_its_changes(github: GitHubConnector, site: GitHubSite) -> None:
    cursor = (await github.changes(SETTINGS, "")).cursor
    versions: list[str] = []
    for method, path, body in (
        ("PATCH", f"{REPO}/issues/3", {"title": "Bump more fonts"}),
        ("PUT", f"{REPO}/pulls/3/merge", None),
        ("POST", f"{REPO}/issues/3/comments", {"body": "Hello"}),
    ):
        await site.call("bob", method, path, body)
        page = await github.changes(SETTINGS, cursor)
        cursor = page.cursor
        assert [one.id for one in page.changes] == [PULL]
        versions.append(page.changes[0].version)
        assert (await github.read(PULL)).version == versions[-1]
    assert len(set(versions)) == 3


async def test_a_comment_edit_is_a_change_of_it(github: GitHubConnector, site: GitHubSite) -> None:
    comment = (await site.call("bob", "POST", f"{REPO}/issues/3/comments", {"body": "One."})).json()["id"]
    cursor = (await github.changes(SETTINGS, "")).cursor
    await site.call("bob", "PATCH", f"{REPO}/issues/comments/{comment}", {"body": "Two."})
    assert [one.id for one in (await github.changes(SETTINGS, cursor)).changes] == [PULL]


async def _delivered(site: GitHubSite, hook: int) -> list[tuple[str, str, Change]]:
    """What the fake sent, oldest first, as the connector understands it."""
    found: list[tuple[str, str, Change]] = []
    path = f"{REPO}/hooks/{hook}/deliveries"
    for one in (await site.call("ann", "GET", f"{path}?per_page=100")).json():
        request = (await site.call("ann", "GET", f"{path}/{one['id']}")).json()["request"]
        body = json.dumps(request["payload"]).encode()
        headers = {"x-github-event": str(one["event"]), "x-github-delivery": "1", "x-hub-signature-256": hex_signature(body, SECRET)}
        changes = DECLARATION.parse_webhook(headers, body, SECRET).changes
        found += [(str(one["event"]), str(one["action"]), change) for change in changes]
    return found[::-1]


async def test_webhooks_tell_them_with_the_versions_of_reads(github: GitHubConnector, site: GitHubSite) -> None:
    wanted = ["issues", "issue_comment", "pull_request"]
    made = await site.call("ann", "POST", f"{REPO}/hooks", {"config": {"url": "http://127.0.0.1:9/none"}, "events": wanted})
    number = await _opened(site, draft=True)
    opened = (await github.read(f"acme/app#{number}")).version
    await site.call("bob", "PATCH", f"{REPO}/pulls/3", {"title": "Fonts", "base": "next"})
    edited = (await github.read(PULL)).version
    await site.call("bob", "POST", f"{REPO}/issues/3/comments", {"body": "Hello"})
    said = (await github.read(PULL)).version
    await site.call("ann", "PUT", f"{REPO}/pulls/3/merge")
    merged = (await github.read(PULL)).version
    told = await _delivered(site, int(made.json()["id"]))
    assert [(event, action, one.id) for event, action, one in told] == [
        ("pull_request", "opened", f"acme/app#{number}"),
        ("pull_request", "edited", PULL),
        ("issue_comment", "created", PULL),
        ("pull_request", "closed", PULL),
    ]
    versions = [one.version for _, _, one in told]
    assert versions[0] == opened
    assert versions[1] == edited
    assert versions[2] == said
    assert len({opened, edited, said, merged}) == 4


async def test_a_pull_request_that_is_not_there(github: GitHubConnector) -> None:
    with pytest.raises(NotFound, match="acme/app#99 does not exist"):
        await github.update("acme/app#99", {"summary": "x"})


async def test_nobody_takes_what_was_copied_into_one_for_a_marker(github: GitHubConnector, site: GitHubSite) -> None:
    start = datetime(2020, 1, 1, tzinfo=UTC)
    await _opened(site, body="<!-- twinline:acme-1:left:1 -->")
    assert await github.find_by_marker(SETTINGS, "acme-1:left:1", start) is None
    assert [one.marker for one in await github.search(SETTINGS, "is:pr scales OR is:pr weigh", None)] == [None]


async def test_the_fake_opens_edits_and_merges(site: GitHubSite) -> None:
    assert (await site.call("bob", "POST", f"{REPO}/pulls", {"title": "x", "head": "main", "base": "main"})).status_code == 422
    assert (await site.call("bob", "GET", f"{REPO}/pulls/1")).status_code == 404
    number = await _opened(site, draft=True)
    assert (await site.call("bob", "PUT", f"{REPO}/pulls/{number}/merge")).status_code == 405
    edited = (await site.call("bob", "PATCH", f"{REPO}/pulls/{number}", {"title": "Scales", "base": "next", "state": "closed"})).json()
    assert (edited["title"], edited["base"]["ref"], edited["head"]["ref"], edited["draft"]) == ("Scales", "next", "scales", True)
    assert (await site.call("bob", "GET", f"{REPO}/issues/{number}")).json()["state_reason"] is None
    assert (await site.call("bob", "PUT", f"{REPO}/pulls/3/merge")).json()["merged"] is True
    assert (await site.call("bob", "PUT", f"{REPO}/pulls/3/merge")).status_code == 405


async def test_what_is_read_to_tell_an_issue_from_a_pull_request_shows_a_later_edit(github: GitHubConnector, site: GitHubSite) -> None:
    before = (await github.read("acme/app#1")).version
    later = f"2999{before.removeprefix('c')[4:]}"
    async with connected(site) as fresh:
        with pytest.raises(Stale, match="acme/app#1 changed since the plan was made"):
            await fresh.update("acme/app#1", {"summary": "Overwritten"}, f"1999{before.removeprefix('c')[4:]}")
    assert (await github.read("acme/app#1")).version == before
    async with connected(site) as fresh:
        assert (await fresh.update("acme/app#1", {"summary": "Written"}, later)).fields == {"summary": "Written"}
