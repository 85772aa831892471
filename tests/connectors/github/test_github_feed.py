import json
from datetime import UTC, datetime, timedelta

import pytest
from github_site import SETTINGS, GitHubSite, connected, running
from pydantic import JsonValue

from connectors.github.connector import GitHubConnector
from connectors.kit.interface import Change
from model.errors import BadInput


def _earlier(cursor: str, since: datetime) -> str:
    """The cursor of somebody who read until `since`."""
    place = {"since": since.strftime("%Y-%m-%dT%H:%M:%SZ")}
    return json.dumps({**json.loads(cursor), "issues": place, "comments": place})


async def _drain(github: GitHubConnector, cursor: str) -> tuple[list[Change], str]:
    found: list[Change] = []
    while True:
        page = await github.changes(SETTINGS, cursor)
        found += page.changes
        cursor = page.cursor
        if not page.more:
            return found, cursor


async def test_the_feed_starts_now(github: GitHubConnector) -> None:
    page = await github.changes(SETTINGS, "")
    assert page.changes == ()
    assert (await github.changes(SETTINGS, page.cursor)).changes == ()


async def test_an_edit_is_handed_out_until_stored_and_then_no_more(github: GitHubConnector, site: GitHubSite) -> None:
    start = (await github.changes(SETTINGS, "")).cursor
    await site.call("ann", "PATCH", "/repos/acme/app/issues/2", {"title": "Export as CSV and PDF"})
    page = await github.changes(SETTINGS, start)
    again = await github.changes(SETTINGS, start)
    assert [one.id for one in page.changes] == [one.id for one in again.changes] == ["acme/app#2"]
    assert (await github.changes(SETTINGS, page.cursor)).changes == ()


async def test_two_edits_in_one_second_have_two_versions(github: GitHubConnector, site: GitHubSite) -> None:
    cursor = (await github.changes(SETTINGS, "")).cursor
    versions: set[str] = set()
    for number in range(4):
        await site.call("ann", "PATCH", "/repos/acme/app/issues/2", {"title": f"Edit {number}"})
        page = await github.changes(SETTINGS, cursor)
        cursor = page.cursor
        versions |= {one.version for one in page.changes}
    assert len(versions) == 4


async def test_a_comment_edit_is_a_change_of_its_item(github: GitHubConnector, site: GitHubSite) -> None:
    comment = (await site.call("bob", "GET", "/repos/acme/app/issues/1/comments")).json()[0]
    cursor = (await github.changes(SETTINGS, "")).cursor
    versions: list[str] = []
    for body in ("One.", "Two."):
        await site.call("bob", "PATCH", f"/repos/acme/app/issues/comments/{comment['id']}", {"body": body})
        page = await github.changes(SETTINGS, cursor)
        assert [one.id for one in page.changes] == ["acme/app#1"]
        versions.append(page.changes[0].version)
    assert len(set(versions)) == 2
    assert (await github.read("acme/app#1")).version == versions[1]


async def test_new_and_deleted_comments_are_changes(github: GitHubConnector, site: GitHubSite) -> None:
    cursor = (await github.changes(SETTINGS, "")).cursor
    added = (await site.call("bob", "POST", "/repos/acme/app/issues/2/comments", {"body": "Hello"})).json()
    first = await github.changes(SETTINGS, cursor)
    await site.call("bob", "DELETE", f"/repos/acme/app/issues/comments/{added['id']}")
    second = await github.changes(SETTINGS, first.cursor)
    assert [one.id for one in first.changes] == [one.id for one in second.changes] == ["acme/app#2"]
    assert first.changes[0].version != second.changes[0].version


async def test_the_version_of_the_feed_is_that_of_the_read(github: GitHubConnector, site: GitHubSite) -> None:
    cursor = (await github.changes(SETTINGS, "")).cursor
    await site.call("bob", "POST", "/repos/acme/app/issues/2/comments", {"body": "Hello"})
    page = await github.changes(SETTINGS, cursor)
    assert page.changes[0].version == (await github.read("acme/app#2")).version


async def test_what_we_created_names_its_twin(github: GitHubConnector) -> None:
    cursor = (await github.changes(SETTINGS, "")).cursor
    await github.create(SETTINGS, {"summary": "x"}, "acme-1:left:1")
    assert [one.marker for one in (await github.changes(SETTINGS, cursor)).changes] == ["acme-1:left:1"]


async def test_a_long_absence_is_read_to_the_end() -> None:
    """All issues of the seed have one time, as after an import: more than a page within one second."""
    issues: list[JsonValue] = [{"title": f"Parcel {number}", "comments": [{"user": "ann", "body": "Sent."}]} for number in range(130)]
    async with running({"repositories": [{"name": "acme/app", "issues": issues}]}) as site, connected(site) as github:
        start = (await github.changes(SETTINGS, "")).cursor
        await site.call("ann", "PATCH", "/repos/acme/app/issues/7", {"title": "Parcel of today"})
        found, cursor = await _drain(github, _earlier(start, datetime.now(UTC) - timedelta(days=2)))
        assert {one.id for one in found} == {f"acme/app#{number}" for number in range(1, 131)}
        page = await github.changes(SETTINGS, cursor)
        assert [one.id for one in page.changes] == ["acme/app#7"]
        assert (await github.changes(SETTINGS, page.cursor)).changes == ()


async def test_a_quiet_poll_is_two_unchanged_answers(github: GitHubConnector, site: GitHubSite) -> None:
    start = (await github.changes(SETTINGS, "")).cursor
    page = await github.changes(SETTINGS, start)
    before = await site.calls()
    quiet = await github.changes(SETTINGS, page.cursor)
    assert (quiet.cursor, await site.calls() - before) == (page.cursor, 2)


async def test_old_changes_move_the_cursor(github: GitHubConnector) -> None:
    """Seeded issues are a day old: once read, they are behind the cursor."""
    start = (await github.changes(SETTINGS, "")).cursor
    found, cursor = await _drain(github, _earlier(start, datetime.now(UTC) - timedelta(days=2)))
    assert len(found) == 4
    assert json.loads(cursor)["issues"]["since"] > (datetime.now(UTC) - timedelta(days=1, minutes=1)).strftime("%Y-%m-%dT%H:%M:%SZ")


async def test_a_foreign_cursor_is_refused(github: GitHubConnector) -> None:
    with pytest.raises(BadInput, match="no cursor"):
        await github.changes(SETTINGS, "2026-01-01")


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("is:open", {1, 2}),
        ("label:bug", {1}),
        ("label:bug OR label:enhancement", {1, 2}),
        ("-label:bug is:open", {2}),
        ('"expired card" in:title', {1}),
        ("reason:completed", {4}),
        ("author:bob", {2}),
        ("assignee:bob is:open", {1}),
        ("repo:acme/tools", {1, 2, 4}),
    ],
)
async def test_triggers(github: GitHubConnector, query: str, numbers: set[int]) -> None:
    found = await github.search(SETTINGS, query, None)
    assert {one.id for one in found} == {f"acme/app#{number}" for number in numbers}


async def test_a_trigger_sees_what_changed_since_once_the_index_does(github: GitHubConnector, site: GitHubSite) -> None:
    since = datetime.now(UTC) - timedelta(minutes=1)
    await site.control(lag_s=600)
    await site.call("ann", "PATCH", "/repos/acme/app/issues/2", {"labels": ["sync"]})
    assert await github.search(SETTINGS, "label:sync", since) == ()
    await site.control(lag_s=0)
    assert [one.id for one in await github.search(SETTINGS, "label:sync", since)] == ["acme/app#2"]
    assert await github.search(SETTINGS, "label:bug", since) == ()
