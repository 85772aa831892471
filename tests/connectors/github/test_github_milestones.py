"""Milestones: properties of issues, and what rules know as versions."""

import asyncio
from typing import Any, cast

import pytest
from github_site import SETTINGS, USER, GitHubSite, connected
from pydantic import JsonValue

from connectors.github.connector import GitHubConnector
from model.errors import Refused

ITEM = "acme/app#1"
MILESTONES = "/repos/acme/app/milestones"


async def _made(site: GitHubSite, title: str, repository: str = "acme/app", **more: object) -> int:
    made = await site.call("ann", "POST", f"/repos/{repository}/milestones", {"title": title, **more})
    return int(made.json()["number"])


async def _number(site: GitHubSite, item: str = ITEM) -> JsonValue:
    return (await site.raw(item))["milestone"]


@pytest.mark.parametrize("value", ["Spring", "spring", {"name": "Spring", "id": "77", "description": None}])
async def test_it_is_set_by_its_title_and_taken_away(github: GitHubConnector, site: GitHubSite, value: JsonValue) -> None:
    await _made(site, "Winter")
    spring = await _made(site, "Spring")
    assert (await github.update(ITEM, {"milestone": value})).fields == {"milestone": "Spring"}
    assert (await _number(site), (await github.read(ITEM)).fields["milestone"]) == (spring, "Spring")
    assert (await github.update(ITEM, {"milestone": None})).fields == {"milestone": None}
    assert await _number(site) is None


async def test_a_new_issue_has_it_from_the_start(github: GitHubConnector, site: GitHubSite) -> None:
    await _made(site, "Spring")
    written = await github.create(SETTINGS, {"summary": "x", "milestone": "Spring"}, "acme-1:left:1")
    assert (written.fields["milestone"], await site.writes(USER)) == ("Spring", ["issue.created"])


async def test_an_open_one_goes_before_a_closed_one(github: GitHubConnector, site: GitHubSite) -> None:
    closed, opened = await _made(site, "Spring", state="closed"), await _made(site, "SPRING")
    alone = await _made(site, "Summer", state="closed")
    await github.update(ITEM, {"milestone": "Spring"})
    assert await _number(site) == opened != closed
    await github.update(ITEM, {"milestone": "summer"})
    assert await _number(site) == alone


async def test_it_is_found_on_every_page_and_the_list_is_remembered(github: GitHubConnector, site: GitHubSite) -> None:
    for number in range(101):
        await _made(site, f"M{number}")
    await github.update(ITEM, {"milestone": "M100"})
    before = await site.calls()
    await github.update(ITEM, {"milestone": "M7"})
    assert await site.calls() == before + 2


async def test_one_that_somebody_just_made_is_found(github: GitHubConnector, site: GitHubSite) -> None:
    await _made(site, "Winter")
    await github.update(ITEM, {"milestone": "Winter"})
    await _made(site, "Spring")
    assert (await github.update(ITEM, {"milestone": "Spring"})).fields == {"milestone": "Spring"}


async def test_an_unknown_one_is_refused_with_what_there_is(github: GitHubConnector, site: GitHubSite) -> None:
    await _made(site, "Old", state="closed")
    for number in range(11):
        await _made(site, f"M{number}")
    words = r"no milestone 'Spring' \(open: 'M0', .*'M9', \.\.\.\); make it there, or by 'nodeHelper.createVersion\(issue, 'Spring'\)'"
    with pytest.raises(Refused, match=words) as refused:
        await github.update(ITEM, {"summary": "x", "milestone": "Spring"})
    assert (refused.value.field, await site.writes(USER)) == ("milestone", [])
    with pytest.raises(Refused, match="open: none"):
        await github.create({"repository": "acme/tools"}, {"summary": "x", "milestone": "Spring"}, "acme-1:left:1")


@pytest.mark.parametrize("value", [7, ["Spring"], {"id": "1"}])
async def test_what_is_no_name_is_refused(github: GitHubConnector, value: Any) -> None:
    with pytest.raises(Refused, match="milestone"):
        await github.update(ITEM, {"milestone": value})


async def test_a_transferred_issue_gets_the_milestone_of_where_it_is(github: GitHubConnector, site: GitHubSite) -> None:
    await _made(site, "Spring")
    await _made(site, "Winter", "acme/tools")
    there = await _made(site, "Spring", "acme/tools")
    issue = (await site.call("ann", "GET", "/repos/acme/app/issues/1")).json()
    target = (await site.call("ann", "GET", "/repos/acme/tools")).json()
    given = f'issueId: "{issue["node_id"]}", repositoryId: "{target["node_id"]}"'
    await site.call("ann", "POST", "/graphql", {"query": f"mutation {{ transferIssue(input: {{{given}}}) {{ issue {{ number }} }} }}"})
    assert (await github.update(ITEM, {"milestone": "Spring"})).fields == {"milestone": "Spring"}
    assert await _number(site, "acme/tools#1") == there


async def test_rules_find_and_make_them_as_versions(github: GitHubConnector, site: GitHubSite) -> None:
    assert await github.lookup(SETTINGS, "version", ("1.0", None)) is None
    made = cast("dict[str, JsonValue]", await github.lookup(SETTINGS, "create_version", ("1.0", "acme/app", "First")))
    assert made == {"name": "1.0", "id": "1", "description": "First"}
    assert await github.lookup(SETTINGS, "version", ("1.0", None)) == made
    assert await github.lookup(SETTINGS, "create_version", ("1.0", None, None)) == made
    assert [one["title"] for one in (await site.call("ann", "GET", MILESTONES)).json()] == ["1.0"]
    await github.lookup(SETTINGS, "create_version", ("1.0", "acme/tools", None))
    assert (await github.update(ITEM, {"milestone": made})).fields == {"milestone": "1.0"}


async def test_several_that_make_it_at_once_have_the_same(github: GitHubConnector, site: GitHubSite) -> None:
    async with connected(site) as other:
        first, *others = await asyncio.gather(*(one.lookup(SETTINGS, "create_version", ("1.0", None, None)) for one in (github, other) * 2))
    assert isinstance(first, dict)
    assert others == [first] * 3


@pytest.mark.parametrize("arguments", [(), (None, None), ("1.0", "acme/none"), ("1.0", "APP"), ("1.0", "../user")])
async def test_versions_of_nowhere(github: GitHubConnector, site: GitHubSite, arguments: tuple[str | None, ...]) -> None:
    assert await github.lookup(SETTINGS, "version", arguments) is None
    assert await github.lookup(SETTINGS, "create_version", arguments) is None
    assert await site.writes(USER) == []
