"""Dependencies: an issue blocks another one, wherever that is. https://docs.github.com/en/rest/issues/issue-dependencies."""

from collections.abc import Iterable

from pydantic import JsonValue

from connectors.github import mapping
from connectors.github.client import GitHubClient
from connectors.github.payloads import Issue
from connectors.kit.links import absent, change_of
from model.errors import Gone, Misconfigured, NotFound, Refused
from model.item import Fields
from model.links import LINKS, LinkType

BLOCKS = LinkType(name="Blocks", outward="blocks", inward="is blocked by")
LINK_TYPES = (BLOCKS,)

Dependency = tuple[str, int, int]
"""Repository and number of the issue that is blocked, and the id, not the number, of the one that blocks it."""


async def links(client: GitHubClient, issue: Issue) -> list[JsonValue]:
    """Those that the account may see; no call where the issue counts none."""
    counts, where = issue.issue_dependencies_summary, mapping.place(issue.html_url)
    if counts is None or where is None:
        return []
    blocking = await client.blocking(*where) if counts.total_blocking else ()
    blocked_by = await client.blocked_by(*where) if counts.total_blocked_by else ()
    return [*_to(blocking, outward=True), *_to(blocked_by, outward=False)]


async def change_links(client: GitHubClient, item_id: str, value: JsonValue) -> None:
    """Refused if there is no such issue or type, or GitHub does not take the dependency."""
    change = change_of(client.system, value, LINK_TYPES)
    issue = await client.issue(*mapping.address(item_id))
    there: JsonValue = await links(client, issue)
    for one in change.left(there):
        await _remove(client, issue, one)
    for one in change.missing(there):
        await _add(client, issue, one)


def _to(others: Iterable[Issue], *, outward: bool) -> list[Fields]:
    return [BLOCKS.link(mapping.item_id(*where), outward=outward) for one in others if (where := mapping.place(one.html_url))]


async def _remove(client: GitHubClient, issue: Issue, link: Fields) -> None:
    try:
        await client.remove_blocked_by(*await _dependency(client, issue, link))
    except (NotFound, Gone):
        return


async def _add(client: GitHubClient, issue: Issue, link: Fields) -> None:
    """An issue that was transferred may have the dependency already, under its new name."""
    try:
        repository, number, blocker = await _dependency(client, issue, link)
        await _block(client, repository, number, blocker)
    except (NotFound, Gone, Misconfigured) as nothing:
        raise absent(client.system, link["otherIssueId"]) from nothing


async def _block(client: GitHubClient, repository: str, number: int, blocker: int) -> None:
    try:
        await client.add_blocked_by(repository, number, blocker)
    except Refused as refused:
        if blocker not in [one.id for one in await client.blocked_by(repository, number)]:
            raise Refused(refused.message, LINKS) from refused


async def _dependency(client: GitHubClient, issue: Issue, link: Fields) -> Dependency:
    """NotFound or Gone if the other issue is not there, as far as that had to be read."""
    there = mapping.address(str(link["otherIssueId"]))
    if link["isOutward"]:
        return (*there, issue.id)
    here = mapping.place(issue.html_url)
    if here is None:
        raise NotFound(f"{issue.html_url!r} is no address of a GitHub issue")
    return (*here, (await client.issue(*there)).id)
