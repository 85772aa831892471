"""The milestones of a repository, which rules know as versions: https://docs.github.com/en/rest/issues/milestones."""

import re
from collections.abc import Iterable

from pydantic import JsonValue

from connectors.github import mapping
from connectors.github.client import GitHubClient
from connectors.github.config import REPOSITORY
from connectors.github.payloads import Milestone
from connectors.kit.fresh import Fresh
from model.errors import Misconfigured, Refused

LOOKUPS = frozenset({"version", "create_version"})
_SHOWN = 10


class Milestones:
    """Found by title, whatever its case; an open one rather than a closed one. The list is kept for a few minutes, as far as it answers."""

    def __init__(self, client: GitHubClient) -> None:
        self._client = client
        self._kept: Fresh[tuple[Milestone, ...]] = Fresh()

    async def number(self, repository: str, title: str) -> int:
        """What GitHub calls the milestone by; Refused with what to do where there is none of that title."""
        found = await self._found(repository, title)
        if found is None:
            known = [repr(one.title) for one in await self._all(repository) if one.state == "open"]
            options = ", ".join([*known[:_SHOWN], *(["..."] if len(known) > _SHOWN else [])])
            remedy = f"make it there, or by 'nodeHelper.createVersion(issue, {title!r})' in the incoming rules"
            raise Refused(f"field 'milestone': {repository} has no milestone {title!r} (open: {options or 'none'}); {remedy}", "milestone")
        return found.number

    async def lookup(self, side: str, name: str, arguments: tuple[str | None, ...]) -> JsonValue:
        """Given title, repository (the side's where there is none) and description; None for "no such thing"."""
        title, given, description = (*arguments, None, None, None)[:3]
        repository = given or side
        if not title or not re.fullmatch(REPOSITORY, repository):
            return None
        try:
            found = await self._found(repository, title)
        except Misconfigured:
            return None
        if found is None and name == "create_version":
            found = await self._made(repository, title, description or "")
        return None if found is None else mapping.milestone(found)

    async def _made(self, repository: str, title: str, description: str) -> Milestone:
        """GitHub refuses a second one of that title: it may have been made since we looked."""
        try:
            made = await self._client.create_milestone(repository, title, description)
        except Refused:
            known = await self._found(repository, title)
            if known is None:
                raise
            return known
        self._kept.forget(repository)
        return made

    async def _found(self, repository: str, title: str) -> Milestone | None:
        """Asks again where the kept list has none, since somebody may have made it a moment ago."""
        found = _named(title, await self._all(repository))
        if found is None:
            self._kept.forget(repository)
            found = _named(title, await self._all(repository))
        return found

    async def _all(self, repository: str) -> tuple[Milestone, ...]:
        return await self._kept.get(repository, lambda: self._client.milestones(repository))


def _named(title: str, offered: Iterable[Milestone]) -> Milestone | None:
    alike = [one for one in offered if one.title.casefold() == title.casefold()]
    return min(alike, key=lambda one: (one.state != "open", one.title != title), default=None)
