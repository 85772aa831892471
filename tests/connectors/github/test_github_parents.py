"""Sub-issues: an issue is read with its parent, put below one, and taken away from it."""

import pytest
from github_site import SETTINGS, USER, GitHubSite
from pydantic import JsonValue

from connectors.github.connector import GitHubConnector
from model.errors import Refused, Stale

CHILD, PARENT, OTHER = "acme/app#2", "acme/app#1", "acme/app#3"


@pytest.fixture(autouse=True)
async def issues(site: GitHubSite) -> None:
    while len([one for one in await _issues(site) if "pull_request" not in one]) < 3:
        await site.call("ann", "POST", "/repos/acme/app/issues", {"title": "One more"})


async def _issues(site: GitHubSite) -> list[dict[str, JsonValue]]:
    return (await site.call("ann", "GET", "/repos/acme/app/issues?state=all")).json()


async def _below(site: GitHubSite, item: str) -> list[int]:
    number = item.partition("#")[2]
    return [int(one["number"]) for one in (await site.call("ann", "GET", f"/repos/acme/app/issues/{number}/sub_issues")).json()]


async def test_it_is_put_below_and_elsewhere_and_taken_away(github: GitHubConnector, site: GitHubSite) -> None:
    assert (await github.read(CHILD)).fields["parentId"] is None
    assert (await github.update(CHILD, {"parentId": PARENT})).fields == {"parentId": PARENT}
    assert ((await github.read(CHILD)).fields["parentId"], await _below(site, PARENT)) == (PARENT, [2])
    assert (await github.update(CHILD, {"parentId": OTHER})).fields == {"parentId": OTHER}
    assert (await _below(site, PARENT), await _below(site, OTHER)) == ([], [2])
    assert (await github.update(CHILD, {"parentId": None})).fields == {"parentId": None}
    assert ((await github.read(CHILD)).fields["parentId"], await _below(site, OTHER)) == (None, [])


@pytest.mark.parametrize("told", ["acme/app#1", "ACME/App#1", "#1", "1", 1])
async def test_the_parent_is_told_as_people_do(github: GitHubConnector, site: GitHubSite, told: JsonValue) -> None:
    assert (await github.update(CHILD, {"parentId": told})).fields == {"parentId": PARENT}
    assert await _below(site, PARENT) == [2]


async def test_what_is_so_already_is_not_written(github: GitHubConnector, site: GitHubSite) -> None:
    await github.update(CHILD, {"parentId": PARENT})
    before = await site.writes(USER)
    await github.update(CHILD, {"parentId": PARENT})
    await github.update(OTHER, {"parentId": None})
    assert await site.writes(USER) == before


@pytest.mark.parametrize("told", ["acme/app#9999", "nonsense/", {"name": "x"}, True])
async def test_what_is_no_parent_is_refused_by_name(github: GitHubConnector, told: JsonValue) -> None:
    with pytest.raises(Refused, match="parent") as refused:
        await github.update(CHILD, {"parentId": told})
    assert refused.value.field == "parentId"


async def test_an_edit_of_the_meantime_is_not_passed_over(github: GitHubConnector, site: GitHubSite) -> None:
    with pytest.raises(Stale):
        await github.update(CHILD, {"parentId": PARENT}, "2001-01-01T00:00:00Z-0")
    assert await _below(site, PARENT) == []


async def test_a_new_parent_is_a_new_version(github: GitHubConnector) -> None:
    before = await github.read(CHILD)
    await github.update(CHILD, {"parentId": PARENT})
    assert (await github.read(CHILD)).version != before.version
    assert (await github.find(SETTINGS, "2")).version != before.version
