"""Trigger queries in the language of GitHub's issue search."""

import re
from datetime import datetime

from connectors.github import mapping
from connectors.github.client import PAGE, GitHubClient, Parameters
from connectors.github.payloads import Issue, IssuesFound
from connectors.kit.interface import Change
from model.errors import BadInput, Refused, Unavailable

_BOOLEAN = re.compile(r"\b(?:OR|AND|NOT)\b|[()]")
_QUOTED = re.compile(r'"[^"]*"')
_PULLS = re.compile(r"(?<![\w-])(?:is|type):(?:pr|pull-request)\b", re.IGNORECASE)
_SYNTAX = "https://docs.github.com/en/search-github/searching-on-github/searching-issues-and-pull-requests"


async def check(client: GitHubClient, repository: str, query: str) -> None:
    """BadInput with GitHub's words if it does not take the query."""
    await _page(client, repository, query, {"q": _whole(repository, query, None), "per_page": 1})


def entity(query: str) -> str:
    """What the query finds: issues, unless it says that it wants pull requests."""
    return "pull request" if _asks_for_pulls(query) else "issue"


async def matching(client: GitHubClient, repository: str, query: str, since: datetime | None) -> tuple[Change, ...]:
    """The repository's issues that match, whatever else the query reaches; pull requests only where it says so. BadInput as in `check`.

    GitHub ends every search after 1000 results; a longer one goes on from the last result's time.
    """
    found: dict[int, Issue] = {}
    start = since
    while True:
        last, cut = await _window(client, repository, query, start, found)
        if not cut or last is None or last == start:
            break
        start = last
    wanted = (one for one in found.values() if since is None or one.updated_at >= since.replace(microsecond=0))
    return tuple(mapping.change(repository, one) for one in wanted)


async def _window(
    client: GitHubClient, repository: str, query: str, start: datetime | None, found: dict[int, Issue]
) -> tuple[datetime | None, bool]:
    parameters: Parameters = {"q": _whole(repository, query, start), "sort": "updated", "order": "asc", "per_page": PAGE}
    last: datetime | None = None
    read = 0
    while True:
        result, following = await _page(client, repository, query, parameters)
        if result.incomplete_results:
            raise Unavailable(f"{client.system}: GitHub's search ran out of time on {query!r}; it is tried again")
        for one in result.items:
            last = one.updated_at
            where = mapping.place(one.html_url)
            if (one.pull_request is None or _asks_for_pulls(query)) and where is not None and where[0].lower() == repository:
                found[one.number] = one
        read += len(result.items)
        if following is None:
            return last, read >= 1000
        parameters = following


async def _page(client: GitHubClient, repository: str, query: str, parameters: Parameters) -> tuple[IssuesFound, Parameters | None]:
    try:
        return await client.search_issues(repository, parameters)
    except Refused as error:
        raise BadInput(f"GitHub does not accept the query {query!r}: {error.message}; its syntax: {_SYNTAX}") from error


def _whole(repository: str, query: str, since: datetime | None) -> str:
    own = f"({query})" if _BOOLEAN.search(query) else query.strip()
    kind = "" if _asks_for_pulls(query) else "is:issue"
    updated = f"updated:>={mapping.stamp(since)}" if since else ""
    return " ".join(part for part in (own, f"repo:{repository}", kind, updated) if part)


def _asks_for_pulls(query: str) -> bool:
    """By `is:pr` or its other spellings, outside of quotation marks."""
    return _PULLS.search(_QUOTED.sub("", query)) is not None
