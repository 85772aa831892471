"""Whole issues and pull requests, with comments, as they are now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import monotonic

from pydantic import JsonValue

from connectors.github import mapping, payloads, several
from connectors.github.client import GitHubClient
from connectors.github.links import links
from connectors.github.metadata import Metadata
from connectors.github.several import Around, Found, Further, Place, Said
from connectors.kit.together import Together
from model.errors import Misconfigured, NotFound, Refused, Unavailable

MOST = 50
"""How many issues one question asks for, so that it is answered within the ten seconds that GitHub takes for one."""
ASIDE_SECONDS = 300.0
"""How long GraphQL is not asked again where it was not to be had."""
REMEMBERED = 20_000


@dataclass(frozen=True)
class Read:
    """As REST tells it; `pull` where the issue is a pull request."""

    issue: payloads.Issue
    comments: tuple[payloads.Comment, ...] = ()
    links: Sequence[JsonValue] = ()
    pull: payloads.Pull | None = None


class Reading:
    """Reads issues by REST, and those that are asked for together by one question of GraphQL, which has a quota of its own.

    What GraphQL does not tell as REST does is read by REST: an item must not look changed because it was read in another way. So is
    everything while GraphQL's quota is used up, or for `ASIDE_SECONDS` after it could not be had, as on a server that keeps it shut.
    """

    def __init__(self, client: GitHubClient, metadata: Metadata) -> None:
        self._client = client
        self._metadata = metadata
        self._issues = Together(self._one, self._several, MOST)
        self._aside_until = 0.0
        self._logins: dict[int, str] = {}

    async def item(self, item_id: str) -> Read:
        """NotFound or Gone if there is none."""
        return await self._issues.get(item_id)

    async def _one(self, item_id: str) -> Read:
        repository, number = mapping.address(item_id)
        issue = await self._client.issue(repository, number)
        where = mapping.place(issue.html_url) or (repository, number)
        pull = await self._client.pull(*where) if issue.pull_request is not None else None
        comments = await self._client.comments(*where) if issue.comments else ()
        if len(self._logins) >= REMEMBERED:
            self._logins.clear()
        people = (issue.user, *issue.assignees, *(one.user for one in comments))
        self._logins.update({one.id: one.login for one in people if one is not None})
        return Read(issue, comments, await links(self._client, issue), pull)

    async def _several(self, item_ids: Sequence[str]) -> Mapping[str, Read]:
        """By id; those of each owner by a question of its own, since they may have another token."""
        places: dict[str, Place] = {}
        for one in item_ids:
            try:
                places[one] = mapping.address(one)
            except NotFound:
                continue
        found: dict[Place, Read] = {}
        for owner in dict.fromkeys(repository.partition("/")[0] for repository, _ in places.values()):
            found |= await self._of_owner(owner, [one for one in places.values() if one[0].partition("/")[0] == owner])
        return {item_id: found[place] for item_id, place in places.items() if place in found}

    async def _of_owner(self, owner: str, places: Sequence[Place]) -> Mapping[Place, Read]:
        if monotonic() < self._aside_until:
            return {}
        try:
            answer = await self._client.ask(owner, several.question(places, server=self._client.is_server))
            found = {} if answer is None else answer.of(places, Found)
            said = await self._all_said(owner, found)
        except (Misconfigured, Refused, Unavailable):
            self._aside_until = monotonic() + ASIDE_SECONDS
            return {}
        if answer is not None and not found and answer.is_no_use:
            self._aside_until = monotonic() + ASIDE_SECONDS
        read: dict[Place, Read] = {}
        for place, one in found.items():
            around = Around(self._logins, await self._metadata.type_ids(place[0]) if one.issue_type else {})
            whole = several.whole(one, said[place], place, around)
            if whole is not None:
                read[place] = Read(whole.issue, whole.comments)
        return read

    async def _all_said(self, owner: str, found: Mapping[Place, Found]) -> Mapping[Place, list[Said]]:
        """All comments of the issues; fewer than there are where a further page was not answered."""
        said = {place: [*one.comments.nodes] for place, one in found.items()}
        pages = {place: one.comments.page_info for place, one in found.items()}
        while further := {place: one.end_cursor for place, one in pages.items() if one.has_next_page and one.end_cursor}:
            answer = await self._client.ask(owner, several.question_further(further))
            pages = {}
            for place, part in ({} if answer is None else answer.of(further, Further)).items():
                said[place] += part.comments.nodes
                pages[place] = part.comments.page_info
        return said
