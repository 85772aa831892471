"""Dependencies: an issue is read with them, and they are added and removed wherever the other issue is."""

import pytest
from github_site import SETTINGS, USER, GitHubSite
from pydantic import JsonValue

from connectors.github.connector import GitHubConnector
from connectors.github.links import BLOCKS
from model.errors import Refused
from model.item import Fields
from model.links import LINKS, LinkChange

ONE, OTHER, AWAY, PULL = "acme/app#1", "acme/app#2", "acme/tools#1", "acme/app#3"
BLOCKED_BY = "/repos/acme/app/issues/{}/dependencies/blocked_by"


@pytest.fixture(autouse=True)
async def away(site: GitHubSite) -> None:
    await site.call(USER, "POST", "/repos/acme/tools/issues", {"title": "Elsewhere"})


def added(*links: Fields) -> Fields:
    return {LINKS: LinkChange(added=links).as_field()}


def removed(*links: Fields) -> Fields:
    return {LINKS: LinkChange(removed=links).as_field()}


async def links(github: GitHubConnector, item: str) -> JsonValue:
    return (await github.read(item)).fields[LINKS]


async def _id(site: GitHubSite, item: str) -> int:
    repository, _, number = item.partition("#")
    return int((await site.call("ann", "GET", f"/repos/{repository}/issues/{number}")).json()["id"])


async def test_what_people_made_is_read_from_both_ends(github: GitHubConnector, site: GitHubSite) -> None:
    assert await links(github, ONE) == []
    for blocker in (OTHER, AWAY):
        await site.call("ann", "POST", BLOCKED_BY.format(1), {"issue_id": await _id(site, blocker)})
    assert await links(github, ONE) == [BLOCKS.link(OTHER, outward=False), BLOCKS.link(AWAY, outward=False)]
    assert await links(github, OTHER) == await links(github, AWAY) == [BLOCKS.link(ONE, outward=True)]


async def test_a_blocker_that_is_closed_is_a_link_still(github: GitHubConnector, site: GitHubSite) -> None:
    await github.update(ONE, added(BLOCKS.link(OTHER, outward=False)))
    for number in (1, 2):
        await site.call("ann", "PATCH", f"/repos/acme/app/issues/{number}", {"state": "closed"})
    assert await links(github, ONE) == [BLOCKS.link(OTHER, outward=False)]
    assert await links(github, OTHER) == [BLOCKS.link(ONE, outward=True)]


async def test_they_go_to_other_repositories_both_ways(github: GitHubConnector) -> None:
    both = (BLOCKS.link(AWAY, outward=True), BLOCKS.link(AWAY, outward=False))
    for one in both:
        assert (await github.update(ONE, added(one))).fields == {LINKS: [one]}
        assert await links(github, AWAY) == [BLOCKS.link(ONE, outward=not one["isOutward"])]
        assert (await github.update(ONE, removed(one))).fields == {LINKS: []}
        assert await links(github, AWAY) == []


async def test_what_is_so_already_is_not_written(github: GitHubConnector, site: GitHubSite) -> None:
    link = BLOCKS.link(OTHER, outward=False)
    await github.update(ONE, added(link))
    before = await site.writes(USER)
    await github.update(ONE, added(link))
    await github.update(ONE, removed(BLOCKS.link(AWAY, outward=True)))
    assert await site.writes(USER) == before


async def test_an_issue_that_was_transferred_is_not_blocked_twice(github: GitHubConnector, site: GitHubSite) -> None:
    """It is known by the address it had."""
    await github.update(ONE, added(BLOCKS.link(OTHER, outward=False)))
    issue = (await site.call("ann", "GET", "/repos/acme/app/issues/2")).json()
    target = (await site.call("ann", "GET", "/repos/acme/tools")).json()
    query = "mutation($input: TransferIssueInput!) { transferIssue(input: $input) { clientMutationId } }"
    given = {"issueId": issue["node_id"], "repositoryId": target["node_id"]}
    await site.call("ann", "POST", "/graphql", {"query": query, "variables": {"input": given}})
    moved = BLOCKS.link("acme/tools#2", outward=False)
    assert await links(github, ONE) == [moved]
    assert (await github.update(ONE, added(BLOCKS.link(OTHER, outward=False)))).fields == {LINKS: [moved]}


@pytest.mark.parametrize("other", ["acme/app#9999", "acme/none#1", "PROJ-7"])
@pytest.mark.parametrize("outward", [True, False])
async def test_what_is_not_there_is_refused(github: GitHubConnector, other: str, outward: bool) -> None:
    with pytest.raises(Refused, match="no item") as refused:
        await github.update(ONE, added(BLOCKS.link(other, outward=outward)))
    assert refused.value.field == LINKS
    await github.update(ONE, removed(BLOCKS.link(other, outward=outward)))


async def test_what_github_does_not_take_is_refused_in_its_words(github: GitHubConnector) -> None:
    with pytest.raises(Refused, match="Target issue") as refused:
        await github.update(ONE, added(BLOCKS.link(ONE, outward=True)))
    assert refused.value.field == LINKS


async def test_pull_requests_are_not_linked(github: GitHubConnector, site: GitHubSite) -> None:
    with pytest.raises(Refused, match="pull request"):
        await github.update(PULL, added(BLOCKS.link(ONE, outward=True)))
    assert await site.writes(USER) == ["issue.created"]


async def test_a_new_dependency_is_a_new_version(github: GitHubConnector) -> None:
    for item, outward in ((ONE, False), (AWAY, True)):
        before = await github.read(item)
        await github.update(item, added(BLOCKS.link(OTHER, outward=outward)))
        assert (await github.read(item)).version != before.version
    before = await github.read(OTHER)
    assert before.version == (await github.find(SETTINGS, "2")).version
    written = await github.update(OTHER, added(BLOCKS.link(ONE, outward=False)))
    assert before.version != written.version == (await github.read(OTHER)).version
